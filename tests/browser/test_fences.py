"""Fences in a browser, with real Python: each runs where it stands, in the state of its place, and a change above it counts."""

import re
from urllib.parse import quote, unquote

import pytest
from conftest import article
from playwright.sync_api import expect

from browser.test_pages import AXE, violations
from browser.test_run import Runner, opened


@pytest.fixture(scope="module")
def descent(browser, sites):
    context = browser.new_context(service_workers="block", viewport={"width": 320, "height": 640})
    context.set_default_timeout(60_000)
    yield opened(context, sites("good") + "descent/")
    context.close()


PLAIN = ".fence:not(details.figure .fence)"


@pytest.fixture
def fresh(browser):
    """A context that nobody has been in, as narrow as a telephone."""
    made = browser.new_context(service_workers="block", viewport={"width": 360, "height": 740})
    made.set_default_timeout(60_000)
    yield made
    made.close()


class Fence(Runner):
    """One fence of a page, as its reader sees what runs it."""

    def __init__(self, tab, number):
        self.tab, self.place = tab, tab.locator(PLAIN).nth(number)


def test_a_fence_runs_where_it_stands_and_what_is_changed_above_it_counts(descent):
    functions, measured, last = Fence(descent, 0), Fence(descent, 1), Fence(descent, descent.locator(PLAIN).count() - 1)
    assert "Your text stays here" in descent.locator(".fence, .runner").first.inner_text()
    same = "The output is the same as the recorded output."
    assert measured.run().endswith(same) and measured.output().startswith("measured +0.05289153")
    assert last.run().endswith(same)  # behind another embed, a hundred iterations on
    functions.button("Edit").click()
    functions.write(functions.text().replace(".sum() / 2", ".sum()"))
    assert functions.place.get_by_text("Your text differs from this fence").is_visible()
    assert "The output differs from the recorded output, from line 1 on." in measured.run()
    assert measured.output().startswith("measured +0.10578305")
    functions.write("1 / 0\n")
    assert measured.run() == "It has not come as far as this. Above it stands what ends in ZeroDivisionError: division by zero."
    assert functions.run() == "ZeroDivisionError: division by zero, on line 1."
    functions.write("while True: pass\n")
    measured.button("Run").click()
    expect(measured.place.get_by_role("status")).to_have_text("Running.")
    measured.button("Stop").click()
    assert measured.ended().startswith("Stopped after")
    functions.button("Reset").click()
    assert measured.run().endswith(same)
    descent.evaluate(AXE)
    assert violations(descent) == []


def test_what_a_reader_has_changed_is_there_again_and_counts(descent):
    functions = Fence(descent, 0)
    functions.write(functions.text().replace(".sum() / 2", ".sum()"))
    descent.reload()
    descent.locator("html[data-ready]").wait_for(state="attached")
    assert functions.place.get_by_text("Your text differs from this fence").is_visible()
    assert "differs" in Fence(descent, 1).run()
    assert not Fence(descent, 1).button("Copy a link").count() and not Fence(descent, 1).button("Save fence.py").count()
    descent.goto(descent.url.replace("descent/", "hidden/back/"))  # a fence of the other program, after the line of its page
    descent.locator("html[data-ready]").wait_for(state="attached")
    assert Fence(descent, 0).run().endswith("The output is the same as the recorded output.")


def test_without_a_script_there_is_nothing_that_could_not_run(browser, base):
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(f"{base}descent/")
    assert tab.locator(".fence").count() > 3 and not tab.locator(".fence >> visible=true").count()
    tab.close()


class Figure(Fence):
    """The fence of a figure, whose code is folded."""

    def __init__(self, tab, number=0):
        code = tab.locator("details.figure").nth(number)
        code.evaluate("code => code.open = true")
        self.tab, self.place = tab, code.locator(".fence")

    def picture(self):
        """The SVG that is shown, as text; it must be one that the browser can read."""
        image = self.place.locator("img")
        image.evaluate("image => image.decode()")
        return unquote(image.get_attribute("src").partition(",")[2])


def test_a_fence_that_draws_draws_its_picture_where_it_stands(fresh, site, sites, hosts):
    """What it draws is what the page shows, in the reader's colours; a change is seen; and Matplotlib comes for it alone."""
    asked = hosts[1]
    tab = opened(fresh, sites("strict") + "walk/delta/")
    before, figure = len(asked), Figure(tab)
    assert "and with Matplotlib (about 10 MB more, once)" in figure.place.inner_text()
    assert "same as the recorded output" in Fence(tab, 0).run()
    assert not any("matplotlib" in path for path in asked[before:])
    assert re.fullmatch(r"It ran in [\d.]+ s\.", figure.run())
    assert any("matplotlib" in path for path in asked[before:])
    shown, drawn = str(article(site, "walk/delta.md").select_one(".figure > svg")), figure.picture()
    for text in (shown, drawn):
        assert re.findall(r"<text[^>]*>([^<]+)", text)[-4:] == ["target", "error", "delta", "guess"]
    paths = [re.findall(r"<path [^>]*?\bd=\"([^\"]*)", text) for text in (shown, drawn)]
    assert [list(map(len, map(str.split, one))) for one in paths][0] == [list(map(len, map(str.split, one))) for one in paths][1]
    places = [[float(number) for path in one for number in re.findall(r"-?\d[\d.]*", path)] for one in paths]
    assert len(places[0]) > 100 and places[1] == pytest.approx(places[0], abs=1.5)  # another Matplotlib lays it out
    told = figure.place.locator("img").get_attribute("alt")
    assert told.startswith("The four guesses between 0 and 1") and figure.place.locator("img").bounding_box()["width"] < 360
    light = re.escape(quote(re.search(r"--v6: ([^;]+)", drawn)[1], safe="()"))
    expect(figure.place.locator("img")).to_have_attribute("src", re.compile(light))
    tab.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    expect(figure.place.locator("img")).not_to_have_attribute("src", re.compile(light))
    figure.picture()
    tab.evaluate(AXE)
    assert violations(tab) == []
    figure.button("Edit").click()
    figure.write(figure.text().replace('"example"', '"another word"'))
    assert figure.run().startswith("It ran in") and ">another word<" in figure.picture()
    assert figure.place.locator("img").get_attribute("alt").startswith("What your text draws.")
    figure.write("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title = 'x'\nraise SystemExit\n")
    assert re.fullmatch(r"It ran in [\d.]+ s\.", figure.run()) and figure.picture()
    figure.write("import matplotlib.pyplot as plt\nplt.title('mine')\n")
    assert figure.run().startswith("It ran in") and ">mine<" in figure.picture()
    figure.write("print(l1.shape)\n")
    assert figure.run().endswith("Nothing is drawn.") and not figure.place.locator("img").count()
    figure.write("1 / 0\n")
    assert figure.run() == "ZeroDivisionError: division by zero, on line 1."
    assert tab.wrong == []


def test_fences_that_draw_see_what_those_above_them_have_bound(fresh, sites):
    tab = opened(fresh, sites("good") + "hidden/nodes/")
    first, second = Figure(tab, 0), Figure(tab, 1)
    for figure in (first, second):
        figure.button("Edit").click()
    first.write("mine = 3\n" + first.text())
    second.write(second.text() + "\nprint(mine)\n")
    second.run()
    assert second.output() == "3\n" and second.picture().count("<svg") == 1
    second.button("Reset").click()
    second.run()
    assert second.place.locator("img").get_attribute("alt").startswith("What your text draws.")  # with what stands above it


def test_without_matplotlib_a_fence_says_so_and_the_others_run(fresh, sites):
    tab = opened(fresh, sites("undrawn") + "walk/delta/")
    said = Figure(tab).run()
    assert said.startswith("Matplotlib could not be loaded from 127.0.0.1") and "Your text is kept" in said
    assert Fence(tab, 0).run().endswith("The output is the same as the recorded output.")
    assert Figure(tab).run().startswith("Matplotlib could not be loaded")


FORGED = """
import matplotlib.figure as figures
EVIL = '<svg xmlns="http://www.w3.org/2000/svg" onload="top.document.title = 1"><script>top.document.title = 2</script>'
EVIL += '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{0}frame"/></foreignObject>'
EVIL += '<image href="{0}image"/><use href="{0}use#x"/><style>@import "{0}style"; svg {{ background: url({0}url) }}</style></svg>'
figures.Figure.savefig = lambda self, file, **options: file.write(EVIL)
import matplotlib.pyplot as plt
plt.subplots()
"""


def test_what_stands_in_a_picture_runs_nothing_and_asks_for_nothing(fresh, sites, hosts):
    tab = opened(fresh, sites("good") + "walk/delta/")
    title, figure = tab.title(), Figure(tab)
    figure.run()
    asked = len(hosts[1])
    figure.write(FORGED.format(hosts[0]))
    assert figure.run().startswith("It ran in") and "onload" in figure.picture()
    tab.wait_for_timeout(300)
    assert tab.title() == title and hosts[1][asked:] == [] and tab.wrong == []
    figure.write("import matplotlib.pyplot as plt\nfor n in range(21): plt.figure()\n")
    assert figure.run() == "TooLarge: these are 21 figures, and a page shows 20."


def test_who_is_faster_than_the_files_is_told_nothing_false(fresh, sites):
    """A second run while Python or Matplotlib is on its way for the first one has its own; and what is stopped does not run."""
    tab = opened(fresh, sites("good") + "hidden/nodes/")
    first, second = Figure(tab, 0), Figure(tab, 1)
    wheels = re.compile(r"matplotlib-|pyodide\.asm\.wasm")
    tab.route(wheels, lambda route: None)  # on their way for ever
    first.button("Run").click()
    expect(first.place.locator(".start")).to_contain_text("Loading")
    tab.unroute(wheels)
    assert second.run().startswith("It ran in") and first.status() == "Stopped before Python was there."
    tab.reload()
    tab.locator("html[data-ready]").wait_for(state="attached")
    first, second = Figure(tab, 0), Figure(tab, 1)
    files = re.compile(r"fence\.\w+\.py")
    held = []
    tab.route(files, lambda route: held.append(route))
    first.button("Run").click()
    first.button("Stop").click()
    for route in held:
        route.continue_()
    tab.unroute(files)
    assert first.ended() == "Stopped before Python was there."
    assert second.run().startswith("It ran in")
