"""Programs run in the page: real Python and real NumPy in a worker, from a folder on another host."""

import base64
import gzip
import json
import re
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, pages

from browser import pyodide
from browser.conftest import ready
from browser.test_pages import AXE, address, violations
from literate.look.far import recorded
from literate.program import Program

NN = Program.read(ROOT / "snippets" / "nn.py")
ENDLESS = "print('begun')\nwhile True:\n    pass\n"


@pytest.fixture(scope="module")
def context(browser):
    made = browser.new_context(service_workers="block", viewport={"width": 1440, "height": 900}, accept_downloads=True)
    made.set_default_timeout(60_000)
    yield made
    made.close()


def opened(context, url):
    tab = context.new_page()
    tab.wrong = []
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.goto(url)
    ready(tab)
    return tab


class Runner:
    """One runner of a page, as its reader sees it."""

    def __init__(self, tab, number=0):
        self.tab, self.place = tab, tab.locator(".runner").nth(number)

    def button(self, name):
        return self.place.get_by_role("button", name=name)

    def run(self, text=None):
        """Run, with another text if there is one, and wait for the end."""
        if text is not None:
            self.write(text)
        self.button("Run").click()
        return self.ended()

    def ended(self):
        self.place.locator(".start:not([aria-disabled])").wait_for()
        return self.status()

    def write(self, text):
        if not self.place.locator("textarea").is_visible():
            self.button("Edit").click()
        self.place.locator("textarea").fill(text)

    def text(self):
        return self.place.locator("textarea").input_value()

    def status(self):
        return self.place.get_by_role("status").inner_text()

    def output(self):
        return self.place.get_by_role("region", name="Output here").text_content()


@pytest.fixture(scope="module")
def loaded(context, sites):
    """A runner on the program's page, once Python is there: shared, as loading is what takes time."""
    tab = opened(context, sites("good") + "program/")
    runner = Runner(tab)
    runner.run()
    return runner


@pytest.fixture
def runner(loaded):
    """The shared runner, with the program's own text."""
    if loaded.button("Reset").is_visible():
        loaded.button("Reset").click()
    yield loaded
    assert loaded.tab.wrong == []


def test_the_program_prints_in_the_page_what_it_printed_when_the_page_was_made(runner):
    status = runner.run()
    assert runner.output() == NN.transcript and "0.99211957" in runner.output()
    assert "The output is the same as the recorded output." in status
    compared = runner.place.locator(".verdict").inner_text()
    assert re.search(r"Here: Python 3\.13\.\d+ and NumPy 2\.2\.5, in WebAssembly. Recorded: Python 3\S+ and NumPy 2", compared)


def test_a_page_on_which_nobody_clicks_asks_no_other_host(browser, sites, hosts):
    context, asked = browser.new_context(service_workers="block"), len(hosts[1])
    context.set_default_timeout(60_000)
    tab = context.new_page()
    foreign = []
    tab.on("request", lambda request: request.url.startswith(sites("good")) or foreign.append(request.url))
    for page in pages()[::3]:  # all have the same scripts, and test_light counts what each of them asks for
        tab.goto(sites("good") + address(page))
        ready(tab)
    assert foreign == [] and hosts[1][asked:] == []
    tab.goto(sites("good") + "look/delta/")
    ready(tab)
    Runner(tab).place.evaluate("place => place.closest('details').open = true")
    Runner(tab).button("Run").click()
    Runner(tab).ended()
    context.close()
    assert {path.rpartition("/")[2] for path in hosts[1][asked:]} == {
        *pyodide.CORE
    }  # the files that the guide lists, all of them


def test_python_begins_to_load_under_the_pointer_and_never_before_a_first_click(browser, sites, hosts):
    """Who has run something before has told the other host already."""
    context, asked = browser.new_context(service_workers="block"), len(hosts[1])
    tab = context.new_page()
    for had in (False, True):
        tab.goto(sites("good") + "program/")
        ready(tab)
        frame = tab.locator("iframe[title=Python]")
        assert frame.count() == 0
        Runner(tab).button("Run").hover()
        if had:
            frame.wait_for(state="attached")
        else:
            tab.wait_for_timeout(300)
        assert (len(hosts[1]) > asked, frame.count()) == (had, had)
        tab.mouse.move(0, 0)
        tab.evaluate("path => localStorage.setItem(`python ${path}`, 'yes')", urlsplit(sites("good")).path)
    context.close()


def test_an_edited_text_runs_and_is_compared(runner):
    status = runner.run(NN.text.replace("syn0 += np", "syn0 -= np"))
    assert "[9.99818039e-01]" in runner.output()
    assert "differs from the recorded output of the unchanged nn.py, from line 2 on" in status
    shown = runner.place.locator(".verdict .what-if pre").inner_text()
    assert "[[0.00966449]" in shown and "[[9.99818039e-01]" in shown
    runner.place.get_by_text("Your text differs from nn.py").click()
    changes = runner.place.locator(".changes")
    assert changes.locator("del").inner_text().split("-", 1)[1].strip() == "syn0 += np.dot(l0.T, l1_delta)"
    assert changes.locator("ins").inner_text().split("+", 1)[1].strip() == "syn0 -= np.dot(l0.T, l1_delta)"
    assert changes.locator("del .linenos").get_attribute("data-linenos").strip() == "39"
    runner.tab.evaluate(AXE)
    assert violations(runner.tab) == []
    runner.place.get_by_text("Your text differs from nn.py").click()


def test_a_readers_own_run_is_walked_through_like_the_programs(runner):
    """Recorded in the page by the engine's own recorder, from the same seed; so what is not changed is the same."""
    tab = runner.tab
    text = NN.text.replace("10000", "24").replace("import numpy as np\n", "import numpy as np\nmine = {'a': [1]}\n")
    text += "def work(n):\n    total = 0\n    for step in range(n):\n        total += step\n    return total\nwork(3)\nwork(5)\n"
    assert runner.run(text + "1 / 0\n").startswith("ZeroDivisionError: division by zero, on line 51.")
    runner.button("Walk through it").click()
    inspector = tab.locator(".inspector")
    inspector.get_by_label("Your run").wait_for()
    assert "It did not come to its end: ZeroDivisionError: division by zero, on line 51." in inspector.inner_text()
    assert tab.locator(".listing code").inner_text().startswith("import numpy as np\nmine = {'a': [1]}\n")
    assert tab.locator(".gutter .own").all_inner_texts() == ["2", "26", *map(str, range(44, 52))]
    assert tab.locator(".gutter [aria-current]").inner_text() == "2"  # where it begins to be another one
    tab.evaluate("location.hash = '#L47'")
    inspector.locator("h2 small", has_text="iteration 1 of 3, call 1 of 2").wait_for()
    inspector.get_by_label("Call of work").select_option("2")
    inspector.get_by_label("Iteration, as a number").fill("4")
    inspector.get_by_label("Iteration, as a number").press("Enter")
    inspector.locator("h2 small", has_text="iteration 4 of 5, call 2 of 2").wait_for()
    assert inspector.locator('.card[data-name="total"]').inner_text().split()[-1] == "6" and "call=2" in tab.url

    def delta():
        card = inspector.locator('.card[data-name="l1_delta"]')
        inside = inspector.locator(".inside td span:visible").all_inner_texts()
        return card.locator("td:not(.was) span").all_inner_texts(), inside

    tab.evaluate("location.hash = '#L37'")
    field = inspector.get_by_label("Iteration, as a number")
    for number in ("24", "10"):
        field.fill(number)
        field.press("Enter")
    inspector.locator("h2 small", has_text="iteration 10 of 24").wait_for()
    own = delta()
    assert len(own[1]) == 4 and own[0] == [f"{n:+.6f}".replace("-", "−") for n in NN.run(36, 10).namespace["l1_delta"].ravel()]
    assert inspector.locator(".network:has(svg.at-delta:visible)").inner_text().endswith("These are the numbers of your run.")
    inspector.get_by_label("The program’s run").check()
    inspector.locator("h2 small", has_text="of 10,000").wait_for()
    assert "your run" not in inspector.locator(".network:has(svg.at-delta:visible)").inner_text()
    assert "?iteration=10#L36" in tab.url and delta() == own  # the same line, which has another number there
    assert tab.locator(".listing code").inner_text().startswith("import numpy as np\n\n")
    # Between the kept iterations, Python here can go to one: of the program's run, and of the reader's.
    for whose, last, number in (("The program’s run", "10,000", "150"), ("Your run", "24", "16")):
        inspector.get_by_label(whose).check()
        field.fill(number)
        field.press("Enter")
        assert f"Iteration {number} is not kept" in inspector.locator(".answer").inner_text()
        reach = inspector.locator(".reach")
        assert reach.get_by_role("status").inner_text() == ""  # it takes nothing more
        reach.get_by_role("button", name=f"Run to iteration {number}").click()
        inspector.locator("h2 small", has_text=f"iteration {number} of {last}, run here").wait_for()
        assert f"?iteration={number}#" in tab.url and inspector.locator(".answer").inner_text() == "" and not reach.count()
        shown = delta()
        expected = NN.run(36, int(number)).namespace["l1_delta"].ravel()
        assert len(shown[1]) == 4 and shown[0] == [f"{n:+.6f}".replace("-", "−") for n in expected]
        words = f"Python in this page ran to {number}, and on its way had the recorded numbers, to six digits."
        assert inspector.locator("#kept").inner_text().endswith(f"and so on, ever fewer. {words}")
        assert field.evaluate("field => field === document.activeElement") and field.input_value() == number
        field.press("Tab")
        inspector.get_by_role("button", name="Next kept iteration").click()
        inspector.locator(f"h2 small:not(:text('{number} of'))").wait_for()
        assert "run here" not in inspector.locator("h2").inner_text()
    runner.button("Reset").click()


def test_one_run_leaves_nothing_to_the_next(runner):
    runner.run(
        "import numpy as np, builtins\nnp.dot = print = builtins.len = None\nleft = 1\n"
        "np.set_printoptions(precision=2)\nnp.random.seed(1)\n"
    )
    runner.run(
        "import numpy as np\nseeded = round(np.random.rand(), 9) == 0.417022005\n"
        "print(len('ab'), np.dot(1, 2), 'left' in globals(), np.array([1 / 3]), seeded)\n"
    )
    assert runner.output() == "2 2 False [0.33333333] False\n"


def test_an_exception_shows_its_traceback_and_selects_its_line(runner):
    status = runner.run("def half(n):\n    return n / 0\n\nprint('before')\nhalf(1)\n")
    assert runner.output() == (
        'before\nTraceback (most recent call last):\n  File "nn.py", line 5, in <module>\n    half(1)\n'
        '  File "nn.py", line 2, in half\n    return n / 0\nZeroDivisionError: division by zero\n'
    )
    assert status.startswith("ZeroDivisionError: division by zero, on line 2.")
    assert selected(runner) == "    return n / 0"
    assert runner.place.locator(".pce-line.failed").inner_text().strip() == "return n / 0"
    assert runner.run("x = (1,\ny = 2\n").startswith("SyntaxError: '(' was never closed")
    assert selected(runner) == "x = (1,"


def selected(runner):
    return runner.place.locator("textarea").evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")


def test_a_warning_is_shown_as_a_terminal_shows_it(runner):
    runner.run("import warnings\nwarnings.warn('careful')\nprint('after')\n")
    assert runner.output() == "nn.py:2: UserWarning: careful\n  warnings.warn('careful')\nafter\n"


def test_what_no_browser_can_warn_of_is_said(runner):
    runner.run("import numpy as np\nprint(np.array([1e308]) * 10)\n")
    assert runner.output() == "[inf]\n"
    assert "cannot notice that a number overflows" in runner.place.locator(".verdict").inner_text()


def test_what_asks_for_more_than_is_there_fails_as_it_would_in_a_terminal(runner):
    assert runner.run("name = input('Who? ')\n").startswith("EOFError")
    assert runner.run("import pandas\n").startswith("ModuleNotFoundError")
    assert runner.run("def down(): down()\ndown()\n").startswith("RecursionError")
    assert runner.run("import sys\nprint('before')\nsys.exit()\n").startswith("It ran") and runner.output() == "before\n"


def test_a_long_output_is_bounded_and_says_what_is_left_out(runner):
    status = runner.run("for n in range(100_000):\n    print('line', n)\nraise ValueError('the end')\n")
    output = runner.output()
    assert output.startswith("line 0\nline 1\n") and len(output) < 25_000
    assert output.endswith("ValueError: the end\n") and "line 99999\n" in output
    left = int(re.search(r"… ([\d,]+) lines are left out here …", output)[1].replace(",", ""))
    assert abs(left + output.count("line ") - 100_000) <= 3  # a line that is cut counts on both sides
    assert "too long to be compared" in status


def test_stop_ends_a_loop_without_end_at_once_and_output_comes_as_it_is_printed(runner):
    runner.write(ENDLESS)
    runner.button("Run").click()
    runner.place.get_by_text("begun", exact=True).wait_for()
    assert runner.tab.evaluate("new Promise(done => setTimeout(() => done('alive'), 0))") == "alive"
    assert len(holding_python(runner.tab)) == 1
    runner.tab.evaluate("began = performance.now()")
    runner.button("Stop").click()
    assert re.fullmatch(r"Stopped after \d+\.\d s\.", runner.ended())
    assert runner.tab.evaluate("performance.now() - began") < 1000
    assert not runner.button("Stop").is_visible()
    assert runner.output() == "begun\n"
    for _ in range(50):
        if holding_python(runner.tab):
            runner.tab.wait_for_timeout(100)
    assert not holding_python(runner.tab)  # it is not only ignored
    runner.write("while True: print('flood ' * 50)\n")
    runner.button("Run").click()
    runner.place.get_by_text("lines are left out here").wait_for()
    runner.button("Stop").click()
    runner.ended()
    assert runner.run("print(6 * 7)\n") and runner.output() == "42\n"


def holding_python(tab):
    return [worker.url for worker in tab.workers if worker.url.startswith("blob:")]


def test_reset_brings_the_programs_text_back_and_can_be_undone(runner):
    runner.write("print('mine')\n")
    assert runner.place.get_by_text("Your text differs from nn.py").is_visible()
    runner.button("Reset").click()
    assert runner.text() == NN.text
    assert not runner.place.get_by_text("Your text differs from nn.py").is_visible()
    assert runner.tab.evaluate("document.activeElement.textContent") == "Run"  # Reset is gone, the focus is not
    runner.place.locator("textarea").press("Control+z")
    assert runner.text() == "print('mine')\n"


def test_the_editor_does_not_trap_the_keyboard(runner):
    runner.write("for n in range(3):")
    area = runner.place.locator("textarea")
    area.press("End")
    area.press("Enter")
    area.press_sequentially("print(n)")
    assert runner.text() == "for n in range(3):\n    print(n)"
    assert runner.place.locator(".token.keyword").all_inner_texts() == ["for", "in", "print"]
    area.press("Control+Enter")
    runner.place.get_by_text("0\n1\n2\n", exact=True).wait_for()
    area.press("Tab")
    assert not area.evaluate("area => area === document.activeElement")
    runner.tab.keyboard.press("Shift+Tab")
    assert area.evaluate("area => area === document.activeElement")
    runner.tab.keyboard.press("Shift+Tab")
    assert not area.evaluate("area => area === document.activeElement")
    assert runner.text() == "for n in range(3):\n    print(n)"


def test_a_text_can_be_taken_along_as_a_program_and_as_a_notebook(runner):
    import nbformat

    runner.write(NN.text.replace("range(10000)", "range(10)") + "\n\ntable = [\n\n1]\n\nprint(table)\n")
    files = {}
    for name in ("Save nn.py", "Save a notebook"):
        with runner.tab.expect_download() as download:
            runner.button(name).click()
        files[download.value.suggested_filename] = Path(download.value.path()).read_text()
    assert files["nn.py"] == runner.text()
    notebook = nbformat.reads(files["nn.ipynb"], as_version=4)
    nbformat.validate(notebook)
    cells = [cell.source for cell in notebook.cells]
    assert cells[0] == "import numpy as np" and cells[-2:] == ["table = [\n\n1]", "print(table)"]
    assert [line for line in "\n".join(cells).split("\n") if line] == [line for line in runner.text().split("\n") if line]
    space = {}
    for cell in cells:
        exec(cell, space)
    assert space["table"] == [1]


def test_a_readers_text_survives_a_reload_and_never_becomes_the_programs(context, sites):
    tab = opened(context, sites("good") + "program/")
    runner = Runner(tab)
    runner.write("print('mine')\n")
    tab.reload()
    ready(tab)
    assert runner.place.get_by_text("Your text differs from nn.py").is_visible()
    runner.button("Edit").click()
    assert runner.text() == "print('mine')\n"
    assert tab.locator(".listing code").text_content() == NN.text
    tab.goto(sites("good") + "break/")
    ready(tab)
    assert not tab.get_by_text("Your text differs").first.is_visible()
    tab.goto(sites("good") + "program/")
    ready(tab)
    runner.button("Reset").click()
    tab.reload()
    ready(tab)
    runner.button("Edit").click()
    assert runner.text() == NN.text
    tab.close()


def test_a_link_holds_the_text_and_runs_nothing(context, sites, hosts):
    tab = opened(context, sites("good") + "program/")
    runner = Runner(tab)
    text = "print('sent ✓')\n" + '"</textarea><img src=x onerror=alert(1)>"\n'
    runner.write(text)
    runner.button("Copy a link").click()
    runner.place.get_by_label("The link").wait_for()
    address = runner.place.get_by_label("The link").input_value()
    assert re.fullmatch(re.escape(sites("good")) + r"program/#run=[\w-]+", address)
    runner.write("print('mine')\n")
    asked = len(hosts[1])
    other = opened(context, address)
    there = Runner(other)
    there.place.get_by_text("This text came with the link.").wait_for()
    assert there.text() == text and not there.place.get_by_role("region").is_visible()
    assert other.locator(".runner img").count() == 0 and "#run" not in other.url
    assert len(hosts[1]) == asked  # nothing has been loaded to run it
    requested = other.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not any("assets/worker" in name for name in requested) and other.locator("iframe").count() == 0
    there.run()
    assert there.output() == "sent ✓\n"
    there.button("Back to my own text").click()
    assert there.text() == "print('mine')\n"
    there.button("Reset").click()
    assert other.wrong == []
    other.close()
    tab.close()


@pytest.mark.parametrize(
    ("page", "listing", "begins"),
    [
        ("hidden/eleven/program/?iteration=1", "hidden/eleven/program/", "import numpy"),  # it has links to lines of hidden.py
        ("hidden/break/", "hidden/program/", "import numpy"),  # it has no link to a line
    ],
)
def test_a_link_leads_to_the_program_whose_text_it_holds(context, sites, page, listing, begins):
    tab = opened(context, sites("good") + page)
    runner = Runner(tab)
    runner.place.evaluate("place => place.closest('details')?.setAttribute('open', '')")
    runner.button("Edit").click()
    text = runner.text()
    runner.button("Copy a link").click()
    runner.place.get_by_label("The link").wait_for()
    assert runner.place.get_by_label("The link").input_value() == f"{sites('good')}{listing}#run={packed(text)}"
    assert tab.locator(".program-link").evaluate("link => link.href") == sites("good") + listing
    tab.close()


def packed(text):
    packer = zlib.compressobj(9, wbits=-15)
    return base64.urlsafe_b64encode(packer.compress(text.encode()) + packer.flush()).decode().rstrip("=")


@pytest.fixture
def page(browser, sites):
    """Return a function that opens an address below the site, in a browser that has kept nothing yet."""
    made = browser.new_context(service_workers="block", viewport={"width": 1440, "height": 900})
    made.set_default_timeout(30_000)
    tabs = []

    def open_page(path):
        tabs.append(opened(made, sites("good") + path))
        return tabs[-1]

    yield open_page
    assert [wrong for tab in tabs for wrong in tab.wrong] == []
    made.close()


def took(runner, text):
    """Wait until the editor holds a text."""
    for _ in range(100):
        if runner.place.locator("textarea").is_visible() and runner.text() == text:
            return
        runner.tab.wait_for_timeout(50)
    raise AssertionError(runner.text())


def test_nothing_that_a_reader_typed_is_lost(page):
    """Own text, a link, an edit, another link in the same tab, and Reset: each own text comes back, those of the links do not."""
    tab = page("program/")
    runner = Runner(tab)
    runner.write("first = 1\n")
    tab.evaluate("(text) => (location.hash = `run=${text}`)", packed("linked = 1\n"))
    took(runner, "linked = 1\n")
    assert "#run" not in tab.url
    runner.write("linked = 2  # mine\n")
    tab.evaluate("(text) => (location.hash = `run=${text}`)", packed("other = 1\n"))
    took(runner, "other = 1\n")
    tab.reload()
    ready(tab)
    runner.button("Edit").click()
    assert runner.text() == "other = 1\n"
    runner.button("Back to my own text").click()
    assert runner.text() == "linked = 2  # mine\n"
    runner.button("Back to my own text").click()
    assert runner.text() == "first = 1\n"
    runner.button("Reset").click()
    runner.button("Back to my own text").click()
    assert runner.text() == "first = 1\n"
    runner.button("Back to my own text").click()
    assert runner.text() == "linked = 2  # mine\n"


def test_what_two_tabs_write_is_all_kept(page):
    one, two = page("program/"), page("program/")
    Runner(one).write("one = 1\n")
    Runner(two).write("two = 2\n")
    one.close()
    two.reload()
    ready(two)
    runner = Runner(two)
    runner.button("Edit").click()
    assert runner.text() == "two = 2\n"
    runner.button("Back to my own text").click()
    assert runner.text() == "one = 1\n"


def test_a_browser_that_has_no_room_says_so_and_still_drops_nothing(page):
    tab = page("program/")
    tab.evaluate("""() => {
      let room = "x".repeat(1 << 20);
      while (room) {
        try {
          for (;;) localStorage.setItem(`full ${Math.random()}`, room);
        } catch { room = room.slice(room.length / 2 + 1); }
      }
    }""")
    runner = Runner(tab)
    runner.write("mine = 1\n" * 10)
    assert "cannot keep your text" in runner.status()
    runner.button("Reset").click()
    assert runner.text() == NN.text
    runner.button("Back to my own text").click()
    assert runner.text() == "mine = 1\n" * 10


@pytest.mark.parametrize(
    "key, value",
    [
        ("", "x = 1\n" * 50_000),
        ("", "\n" * 99_000),
        (" own", "y\n" * 50_000),
        (" texts", "{"),
        (" texts", "7"),
        (" texts", "null"),
        (" texts", '{"0": "x"}'),
        (" texts", '[1, null, [], {"a": 1}, "mine = 1"]'),
        (" came", "["),
        (" texts", "[" * 100_000),
    ],
)
def test_what_is_stored_for_a_runner_cannot_harm(page, key, value):
    tab = page("program/")
    tab.evaluate("([key, value]) => localStorage.setItem(`run /some/where/ nn.py${key}`, value)", [key, value])
    tab.reload()
    ready(tab)
    runner = Runner(tab)
    tab.evaluate("began = performance.now()")
    runner.button("Edit").click()
    runner.place.locator("textarea").wait_for()
    assert tab.evaluate("performance.now() - began") < 3000
    assert runner.text() == NN.text
    if key == "":
        assert "too long to open" in page("program/").locator(".runner [role=status]").inner_text()
    if len(value) > 90_000 and key in ("", " own"):
        if key:
            runner.button("Back to my own text").click()
        else:
            runner.write("short = 1\n")  # and the long one is set aside
            runner.button("Back to my own text").click()
        with tab.expect_download() as download:
            runner.button("Save it").click()
        assert Path(download.value.path()).read_text() == value
    if "mine" in value:
        runner.button("Back to my own text").click()
        assert runner.text() == "mine = 1"


@pytest.mark.parametrize("text", ["\n" * 99_999, "x\n" * 49_000, "\n" * 1000])
def test_a_link_with_too_many_lines_is_refused_at_once(page, text):
    tab = page("program/#run=" + packed(text))
    runner = Runner(tab)
    runner.place.get_by_role("status").get_by_text("too long").wait_for()
    tab.evaluate("began = performance.now()")
    assert tab.evaluate("new Promise((done) => setTimeout(() => done(performance.now() - began)))") < 1000


def test_as_long_a_link_as_is_taken_does_not_freeze_the_page(page):
    text = "x=(\n\n" * 499
    tab = page("program/#run=" + packed(text))
    runner = Runner(tab)
    took(runner, text)
    tab.evaluate("""() => {
      window.longest = 0;
      let last = performance.now();
      setInterval(() => { longest = Math.max(longest, performance.now() - last); last = performance.now(); }, 1);
    }""")
    runner.place.get_by_text("Your text differs from nn.py").click()
    runner.place.locator(".changes del").first.wait_for()
    with tab.expect_download():
        runner.button("Save a notebook").click()
    assert tab.evaluate("longest") < 2000


def test_long_output_that_differs_everywhere_does_not_freeze_the_page(runner):
    runner.run("print('\\n' * 19_000)\n")
    assert "too much differs to be shown" in runner.place.locator(".verdict").inner_text()
    runner.button("Reset").click()  # its text would be kept for the next page


@pytest.mark.parametrize(
    "text, seen",
    [
        (
            "access = 'user'\nif access != 'none\u202e\u2066# check\u2069\u2066':\n    pass\n",
            ["2 ", "U+202E", "U+2066", "U+2069"],
        ),
        ("x = 1" + " " * 5000 + "; import js\n", ["1 ", "5,000 spaces", "; import js"]),
        ("a\u200bb = 1\nc\u2060\U000e0041 = 2\n", ["U+200B", "U+2060", "U+E0041"]),
        ("x = '" + "y" * 300 + "'\n", ["y" * 300]),
        ("x = 'a\x08\x1b[31m'\n", ["U+0008", "U+001B"]),
    ],
)
def test_what_is_not_seen_in_a_link_is_shown_and_said(page, text, seen):
    tab = page("program/#run=" + packed(text))
    runner = Runner(tab)
    runner.place.get_by_text("It is not what it seems").wait_for()
    listed = runner.place.locator(".concealed pre")
    for words in seen:
        assert words in listed.inner_text()
    assert listed.evaluate("list => list.scrollWidth <= list.clientWidth && document.documentElement.scrollWidth <= innerWidth")
    runner.place.get_by_text("Your text differs from nn.py").click()
    runner.place.locator(".changes ins").first.wait_for()
    for words in seen:
        assert words == "y" * 300 or words.strip().isdigit() or words in runner.place.locator(".changes .what-if").inner_text()
    runner.button("Reset").click()
    assert not listed.is_visible()


def test_an_endless_program_in_a_tab_behind_leaves_the_page_alive(page):
    tab = page("program/")
    runner = Runner(tab)
    runner.write("while True: print('flood ' * 50)\n")
    runner.button("Run").click()
    runner.place.get_by_text("lines are left out here").wait_for(timeout=90_000)
    front = page("walk/error/")
    front.bring_to_front()
    front.wait_for_timeout(2000)
    assert front.evaluate("1 + 1") == 2
    began = tab.evaluate("performance.now()")
    assert tab.evaluate("new Promise((done) => setTimeout(() => done(performance.now())))") - began < 2000
    tab.bring_to_front()
    runner.button("Stop").click()
    assert runner.ended().startswith("Stopped after") and len(runner.output()) < 25_000


@pytest.mark.parametrize(
    "fragment, said",
    [
        ("not%20base64!", "cannot be read"),
        ("<img src=x onerror=alert(1)>", "cannot be read"),
        ("AAAA", "cannot be read"),
        ("", "cannot be read"),
        ("bomb", "too long"),
        ("A" * 300_000, "too long"),
    ],
)
def test_a_damaged_or_hostile_link_is_told_in_plain_words(context, sites, fragment, said):
    if fragment == "bomb":
        fragment = packed("#" * 50_000_000)
    tab = opened(context, f"{sites('good')}program/#run={fragment}")
    runner = Runner(tab)
    runner.place.get_by_role("status").get_by_text(said).wait_for()
    assert tab.locator(".runner img").count() == 0 and tab.wrong == []
    runner.button("Edit").click()
    assert runner.text() == NN.text
    tab.close()


def test_a_what_if_runs_under_its_diff(context, sites):
    """Every fourth one is tried: it gives the output of its page, but for warnings of overflow, which WebAssembly cannot give."""
    tab = opened(context, sites("good") + "break/")
    tab.evaluate("for (const asked of document.querySelectorAll('fieldset.asked')) asked.querySelector('input').click()")
    tab.evaluate("for (const answer of document.querySelectorAll('article details')) answer.open = true")
    places = tab.locator(".runner")
    told = {}
    for number in range(0, places.count(), 4):
        runner = Runner(tab, number)
        status = runner.run()
        data = runner.place.evaluate("place => ({...place.dataset})")
        told[data["key"]] = status, runner.output(), data
    for key, (status, output, data) in told.items():
        assert output in (data["printed"], data["quiet"]), key
        assert "The output is the same as the recorded output" in status
        assert output == data["printed"] or "but for the warnings" in status
    # Its run can be walked through on the program's page, which runs nothing that has only come with a link.
    with context.expect_page() as opening:
        runner.place.get_by_role("link", name="Walk through it on the program’s page").click()
    there = opening.value
    there.get_by_label("Your run").wait_for()
    assert re.search(r"/program/#L\d+$", there.url)
    assert there.locator(".listing code").inner_text().strip() == data["text"].strip()
    own = there.locator(".gutter .own").all_inner_texts()
    assert own and [data["text"].split("\n")[int(line) - 1] for line in own] == [
        line for line in data["text"].split("\n") if line.strip() and line not in NN.text.split("\n")
    ]
    assert there.evaluate("localStorage.getItem('run /some/where/ walk')") == ""
    assert "Your run stands beside your program" in Runner(there).status()
    there.set_viewport_size({"width": 320, "height": 740})
    there.locator(".listing code[tabindex]").wait_for()  # it is wider than that
    there.evaluate(AXE)
    assert violations(there) == []
    Runner(there).button("Reset").click()
    there.close()
    tab.close()


def test_a_readers_own_run_stands_where_the_programs_stood_on_a_page_of_prose(context, sites):
    tab = opened(context, sites("strict") + "walk/delta/")
    number = tab.locator(".runner").evaluate_all("all => all.findIndex(one => !('changed' in one.dataset))")
    runner = Runner(tab, number)
    text = NN.text.replace("np.random.seed(1)", "np.random.seed(4)").replace("10000", "30")
    runner.run(text)
    asked = json.dumps(
        {"text": NN.text, "lines": [36], "ledgers": [json.loads(tab.locator(".ledger").get_attribute("data-cells"))]}
    )
    runner.button("Show it on this page").click()
    tab.locator(".ledger .whose").wait_for()
    assert "Your run stands where the program’s stood." in runner.ended()
    [filled] = json.loads(recorded("nn.py", text, asked=asked))["ledgers"]
    cells = tab.locator(".ledger :is(.value, .curve > g)")
    shown = cells.evaluate_all(
        "all => all.map(one => one.textContent || one.getAttribute('transform').match(/[-.\\d]+/g).join(' '))"
    )
    assert shown == [texts[0] for texts in filled["cells"]]
    assert all("These are the numbers of your run." in tab.locator(one).inner_text() for one in (".ledger", ".network"))
    assert tab.locator(".network").evaluate("one => one.getBoundingClientRect().top >= 0")  # it has been brought into view
    assert tab.wrong == []
    runner.button("Reset").click()
    tab.close()


def test_a_host_that_cannot_be_reached_is_told_and_the_text_kept(context, sites):
    tab = opened(context, sites("gone") + "program/")
    runner = Runner(tab)
    runner.write("print('kept')\n")
    status = runner.run()
    assert status.startswith("Python could not be loaded from 127.0.0.1:9.")
    assert "Your text is kept" in status and "python nn.py" in status
    assert runner.text() == "print('kept')\n"
    assert runner.button("Save nn.py").is_visible() and runner.button("Save a notebook").is_visible()
    assert runner.button("Run").is_enabled()
    runner.button("Reset").click()
    tab.close()


def test_a_file_of_numpy_with_another_digest_is_refused(context, sites):
    tab = opened(context, sites("wrong") + "program/")
    runner = Runner(tab)
    status = runner.run()
    assert status.startswith("NumPy could not be loaded") and "SHA-256" in status
    assert not runner.place.get_by_role("region").is_visible()
    tab.close()


def test_the_shipped_headers_let_python_come_and_run(context, sites):
    tab = context.new_page()
    refused = []
    tab.on("console", lambda message: "Content Security Policy" in message.text and refused.append(message.text))
    tab.goto(sites("strict") + "look/delta/")
    ready(tab)
    runner = Runner(tab)
    runner.place.evaluate("place => place.closest('details').open = true")
    runner.run(NN.text.replace("range(10000)", "range(1)"))
    assert runner.output().startswith("After training:\n[[0.26") and refused == []
    runner.button("Reset").click()
    tab.close()


def test_the_runner_fits_a_narrow_screen_and_without_a_script_there_is_none(browser, sites):
    for options in ({"color_scheme": "dark"}, {"java_script_enabled": False}):
        context = browser.new_context(viewport={"width": 360, "height": 740}, **options)
        tab = context.new_page()
        tab.goto(sites("good") + "break/")
        if options.get("java_script_enabled", True):
            ready(tab)
            Runner(tab).button("Edit").click()
            tab.locator(".prism-code-editor").wait_for()
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360
            tab.evaluate(AXE)
            assert violations(tab) == []
        else:
            assert tab.get_by_role("button", name="Run").count() == 0
            assert tab.locator(".runner").first.bounding_box()["height"] == 0
        context.close()


def test_the_size_that_is_named_is_that_of_the_files():
    """What they come to unpacked is what the page counts to; what they come to compressed is what the page says."""
    folder = pyodide.folder()
    python = "".join((ROOT / "docs" / "assets" / name).read_text() for name in ("python.js", "frame.js"))
    core, plots = ("SIZE", r"about (\d+) MB\" :", pyodide.CORE), ("PLOTS_SIZE", r"about (\d+) MB more", pyodide.PLOTS)
    for size, compressed, names in (core, plots):
        files = [(folder / name).read_bytes() for name in names]
        assert int(re.search(rf"\b{size} = ([\d_]+)", python)[1]) == pytest.approx(sum(map(len, files)), rel=0.02)
        packed = sum(len(gzip.compress(file)) for file in files) / 1e6
        assert int(re.search(compressed, python)[1]) == pytest.approx(packed, abs=0.5)
    assert {*re.findall(r"about \d+ MB", python)} == {"about 9 MB", "about 10 MB"}  # wherever they are named


def test_the_digests_that_the_site_holds_are_those_of_the_published_files():
    """Of Pyodide itself they are npm's, and of the rest those of Pyodide's own list."""
    held = pyodide.digests()
    assert {*held} == {*pyodide.CORE}
    assert {name: pyodide.digest(name) for name in held} == held
    packages = json.loads((pyodide.folder() / "pyodide-lock.json").read_text())["packages"]
    digests = {one["file_name"]: base64.b64encode(bytes.fromhex(one["sha256"])).decode() for one in packages.values()}
    [wheel] = [name for name in held if name.endswith(".whl")]
    assert held[wheel] == digests[wheel]
    taken = ["matplotlib"]
    for name in taken:
        taken += [other for other in packages[name]["depends"] if other not in [*taken, "numpy"]]
    assert {packages[name]["file_name"] for name in taken} == {*pyodide.PLOTS}
    assert {name: pyodide.digest(name) for name in pyodide.PLOTS} == {name: digests[name] for name in pyodide.PLOTS}
