"""Each page is played in a process of its own: what it does there ends with it, and is one line if it goes wrong."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from conftest import literate

from literate.page import Page
from literate.play import apart, begin, play, template
from literate.write import MarkdownForm

CANARY = """\
import decimal, gc, json, locale, logging, math, os, random, signal, sys
import numpy as np
import matplotlib as mpl
from functools import lru_cache
from textwrap import TextWrapper
print(np.geterr()["over"], np.dot([1], [2]), json.dumps([1]), math.sqrt(4), "stray" in sys.modules, "STRAY" in os.environ)
print("stray" in sys.path, sys.getrecursionlimit(), decimal.getcontext().prec, mpl.rcParams["lines.linewidth"])
print(logging.getLogger().level, logging.getLogger().handlers, signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
print(gc.isenabled(), sys.excepthook is sys.__excepthook__, locale.setlocale(locale.LC_NUMERIC), TextWrapper.width)
print(np.get_printoptions()["precision"], len("abc"), hasattr(math, "stray"), os.path.basename(os.getcwd()))
""".replace("TextWrapper.width", "TextWrapper().width")

# What a program or a fence may change for all that follows in its process.
LEAKS = """\
import decimal, gc, json, locale, logging, math, os, random, signal, sys, threading, time, types
import numpy as np
import matplotlib as mpl
from textwrap import TextWrapper
np.seterr(all="ignore")
np.dot = lambda *a: 0
math.sqrt = lambda x: 0
math.stray = 1
sys.modules["stray"] = math
os.environ["STRAY"] = "1"
sys.path.append("stray")
sys.setrecursionlimit(2345)
decimal.getcontext().prec = 3
mpl.rcParams["lines.linewidth"] = 9
logging.basicConfig(level=1)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
gc.disable()
locale.setlocale(locale.LC_ALL, "C.UTF-8")
sys.excepthook = lambda *a: None
TextWrapper.__init__.__defaults__ = (1, *TextWrapper.__init__.__defaults__[1:])
os.mkdir("stray")
os.chdir("stray")
threading.Thread(target=time.sleep, args=[1000], daemon=True).start()
"""

# Each name: the code, what it prints, and what is said of it, as a program and as a fence; None where nothing is wrong.
TOO_LONG = "this has not ended after {limit} seconds{inside}; make it end sooner"
ENDS = "this ends Python itself ({how}){inside}; leave out what does"
ODD = {
    "exit at once": ("import os\nos._exit(0)", "", ENDS.format(how="exit code 0", inside="")),
    "sleep": ("import time\ntime.sleep(1000)", "", TOO_LONG),
    "power": ("x = 9 ** 9 ** 9", "", TOO_LONG),
    "regular expression": ("import re\nre.match('(a+)+$', 'a' * 40 + 'b')", "", TOO_LONG),
    "loop": ("while True: pass", "", TOO_LONG),
    "a loop that catches all": ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "", TOO_LONG),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)", "", ENDS.format(how="SIGSEGV", inside="{inside}")),
    "stack": (
        "import sys\nsys.setrecursionlimit(10 ** 9)\nf = lambda *a: max([0], key=f)\nf()",
        "",
        ENDS.format(how="SIGSEGV", inside="{inside}"),
    ),
    "out of memory": ("x = bytearray(10 ** 11)", "", "MemoryError"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "", ENDS.format(how="SIGKILL", inside="")),
    "an interrupt of its own": ("import signal\nsignal.raise_signal(signal.SIGINT)", "", "KeyboardInterrupt"),
    "exit with a status": ("import sys\nsys.exit(3)", "", "SystemExit: 3"),
    "flood": ("while True: print('x' * 100)", "", "prints more than 1,000,000 characters; print less"),
    "a flood from a function": (
        "def f():\n    while True: print('x' * 100)\nf()",
        "",
        "prints more than 1,000,000 characters; print less",
    ),
    "input": ("input()", "", "EOFError: EOF when reading a line"),
    "what a thread prints": (
        "import threading, time\ndef f():\n    time.sleep(.1)\n    print('late')\n"
        "t = threading.Thread(target=f)\nt.start()\nt.join()",
        "late\n",
        None,
    ),
    "arguments": ("import sys\nprint(len(sys.argv), 'pytest' in sys.argv[0])", "1 False\n", None),
    "argparse": ("import argparse\nprint(argparse.ArgumentParser().parse_args())", "Namespace()\n", None),
    "its file": ("import os\nprint(os.path.isfile(__file__))", "True\n", None),
    "a module beside it": ("import beside\nprint(beside.x)", "5\n", None),
    "an own class": ("import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__name__)", "A\n", None),
    "a pool": (
        "from concurrent.futures import ProcessPoolExecutor\ndef f(x): return x * x\n"
        "if __name__ == '__main__':\n    with ProcessPoolExecutor(2) as pool:\n        print([*pool.map(f, [2, 3])])",
        "[4, 9]\n",
        None,
    ),
    "the buffer": ("import sys\nprint('a')\nsys.stdout.buffer.write(b'b\\n')\nprint('c')", "a\nb\nc\n", None),
    "a process": ("import subprocess\nprint('a')\nsubprocess.run(['echo', 'b'])\nprint('c')", "a\nb\nc\n", None),
    "a sentinel": ("NONE = object()\ndef f(x=NONE): return x is NONE\nprint(f())", "True\n", None),
    "a long list of links": ("last = None\nfor turn in range(2000):\n    last = [last]\nprint(len(last))", "1\n", None),
    "what cannot be compared": (
        "class A:\n    def __eq__(self, other): raise ValueError\na = A()\nfor turn in range(3):\n    b = a\nprint('ok')",
        "ok\n",
        None,
    ),
    "a file that nobody closes": ("open('new.txt', 'w').write('x')\nprint(1)", "1\n", None),
    "leaks": (LEAKS + "print(1)", "1\n", None),
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What the canary prints in a Python that nobody has touched."""
    folder = tmp_path_factory.mktemp("here")
    said = subprocess.run([sys.executable, "-c", CANARY], capture_output=True, text=True, check=True, cwd=folder).stdout
    return said.replace(folder.name, "here")


@pytest.fixture
def project(tmp_path, clean):
    """A folder of pages and programs, with a canary behind every other page."""
    for folder in ("docs", "snippets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "snippets" / "beside.py").write_text("x = 5\n")
    (tmp_path / "snippets" / "odd.py").write_text("pass\n")
    (tmp_path / "docs" / "program.md").write_text('---\nprogram: odd.py\n---\n# All of it\n\n```python\n--8<-- "odd.py"\n```\n')
    (tmp_path / "docs" / "zcanary.md").write_text("# Canary\n\n" + fence(CANARY, clean))
    return tmp_path


def fence(code, printed):
    mark = f"\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{printed}```\n" if printed else ""
    return f"```python\n{code.rstrip()}\n```\n{mark}"


@pytest.mark.parametrize("name", ODD)
def test_a_program_and_a_fence_that_are_odd_are_right_or_one_line_each(name, project, monkeypatch):
    """And the canary's page, which is checked with them, is unharmed."""
    code, printed, wrong = ODD[name]
    monkeypatch.setattr(apart, "LIMIT", 3 if wrong is TOO_LONG else 30)
    (project / "snippets" / "odd.py").write_text(f"{code.rstrip()}\n")
    (project / "snippets" / "even.py").write_text("pass\n")
    shown = fence('--8<-- "odd.py"', printed)
    (project / "docs" / "program.md").write_text(f"---\nprogram: odd.py\n---\n# All of it\n\n{shown}")
    (project / "docs" / "fence.md").write_text(f"---\nprogram: even.py\n---\n# A fence\n\n{fence(code, printed)}")
    status, said, summary = literate(project, "check", "docs")
    assert summary.startswith("3 pages checked, "), "every page is played"
    if wrong is None:
        assert said == "" and status == 0
        return
    assert status == 1
    of_fence, of_program = sorted(said.splitlines())
    assert of_fence.startswith("docs/fence.md:") and wrong.format(limit=3, inside="") in of_fence
    of_program = re.sub(r" in line [1-4] of odd\.py", " in a line", of_program)
    assert of_program.startswith("docs/program.md:6: ") and wrong.format(limit=3, inside=" in a line") in of_program


def test_a_library_that_a_page_changes_for_the_engine_too_is_one_line_or_does_no_harm(project):
    code = "import json\njson.dumps = lambda value: 'stray'\nprint(1)\n"
    (project / "docs" / "fence.md").write_text("# A\n\n" + fence(code, "1\n"))
    (project / "snippets" / "odd.py").write_text(code)
    (project / "docs" / "program.md").write_text("---\nprogram: odd.py\n---\n# All of it\n\n" + fence('--8<-- "odd.py"', "1\n"))
    _, said, summary = literate(project, "check", "docs")
    assert said.startswith("docs/program.md:6: the engine cannot go on: ") and "Error: " in said and said.count("\n") == 1
    assert summary.startswith("3 pages checked, ")


def test_what_a_fence_leaves_in_a_function_or_a_cache_goes_with_its_page(tmp_path, monkeypatch):
    """A library of the site's own is imported by both pages; what the first leaves in it, the second does not see."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / "own.py").write_text(
        textwrap.dedent("""\
        from functools import lru_cache
        calls = []
        @lru_cache
        def cached(x): return calls.append(x) or len(calls)
        def default(x=[]): return x.append(1) or len(x)
        class Counter: n = 0
        """)
    )
    code = (
        "import own\nown.Counter.n += 1\nown.default.n = getattr(own.default, 'n', 0) + 1\n"
        "print(own.cached(len(own.calls)), own.default(), own.Counter.n, own.default.n)"
    )
    text = "# A\n\n" + fence(code, "1 1 1 1\n")
    pages = [Page(tmp_path / f"{name}.md", text) for name in "abcd"]
    for page in pages:
        begin(page, MarkdownForm(page))
    assert [play(page, MarkdownForm(page)).errors for page in pages] == [[]] * 4


def test_an_expression_that_ends_python_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text("# A\n\nIt is\n`{python} __import__('os')._exit(0)`.\n")
    status, said, _ = literate(tmp_path, "check", "page.md")
    assert status == 1
    assert said == "page.md:4: this ends Python itself (exit code 0); leave out what does\n"
    (tmp_path / "page.md").write_text("# A\n\nIt is `{python} exit()`.\n")
    assert literate(tmp_path, "check", "page.md")[1].startswith("page.md:3: {python} exit(): SystemExit: None; ")


def test_an_expression_that_never_ends_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(apart, "LIMIT", 2)
    (tmp_path / "page.md").write_text("# A\n\nIt is `{python} 9 ** 9 ** 9`.\n")
    assert literate(tmp_path, "check", "page.md")[1] == ("page.md:3: this has not ended after 2 seconds; make it end sooner\n")


def test_a_busy_machine_gives_a_page_more_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(apart, "LIMIT", 1)
    (tmp_path / "page.md").write_text("# A\n\nIt is `{python} __import__('time').sleep(3) or 1`.\n")
    monkeypatch.setattr(os, "getloadavg", lambda: (0, 0, 0))
    assert "this has not ended after 1 seconds" in literate(tmp_path, "check", "page.md")[1]
    monkeypatch.setattr(os, "getloadavg", lambda: (20 * os.cpu_count(), 0, 0))
    assert "this has not ended" not in literate(tmp_path, "check", "page.md")[1]


def test_a_thread_that_goes_on_ends_with_its_page(project, monkeypatch):
    """The program would not end in a terminal either; a fence has done what it does."""
    monkeypatch.setattr(apart, "LIMIT", 3)
    code = "import threading, time\nthreading.Thread(target=time.sleep, args=[1000]).start()\nprint(1)\n"
    (project / "docs" / "fence.md").write_text("# A fence\n\n" + fence(code, "1\n"))
    (project / "snippets" / "odd.py").write_text(code)
    said = literate(project, "check", "docs")[1]
    assert said == "docs/program.md:6: this has not ended after 3 seconds; make it end sooner\n"


@pytest.mark.parametrize("page", ["ledger.md", "program.md"])
def test_a_value_whose_text_never_comes_is_one_line(project, monkeypatch, page):
    monkeypatch.setattr(apart, "LIMIT", 2)
    (project / "snippets" / "odd.py").write_text(
        "class Endless:\n    def __repr__(self):\n        while True: pass\nfor turn in range(3):\n    a = Endless()\n"
    )
    (project / "docs" / "ledger.md").write_text(
        '---\nprogram: odd.py\n---\n# A ledger\n\n```python\n--8<-- "odd.py:a ="\n```\n\n<!--ledger-->\n\n'
        "| Turn | A |\n| :-- | :-- |\n| `{python} turn` | `{python} a` |\n"
    )
    said = literate(project, "check", f"docs/{page}")[1]
    assert re.fullmatch(
        rf"docs/{page}:\d+: this has not ended after 2 seconds in line 3 of odd\.py; make it end sooner, .*\n", said
    )


def test_where_nothing_can_be_forked_a_page_has_a_new_python(project, monkeypatch):
    """As on Windows and macOS."""
    monkeypatch.setattr(template, "FORKS", False)
    (project / "docs" / "fence.md").write_text("# A fence\n\n" + fence("print(1)", "2\n"))
    status, said, _ = literate(project, "check", "docs/fence.md", "docs/program.md")
    assert status == 1 and said.count("\n") == 1 and said.startswith("docs/fence.md:10: line 1 of this output")


def test_what_a_page_writes_is_in_no_folder_of_the_project(project):
    (project / "snippets" / "odd.py").write_text("with open('new.txt', 'w') as file:\n    file.write('x')\n")
    (project / "docs" / "fence.md").write_text(
        "# A fence\n\n"
        + fence("from pathlib import Path\nPath('mine').write_text('x')\nPath('snippets', 'odd.py').write_text('pass')", "")
    )
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert literate(project, "check", "docs")[:2] == (0, "")
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups here")
def test_no_process_is_left_behind(project):
    """Neither what a page has started, nor the process that it was forked from."""
    (project / "docs" / "fence.md").write_text(
        "# A fence\n\n"
        + fence("import subprocess\nimport sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(321)'])", "")
    )
    command = begun(project, "-m", "literate", "check", "docs", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = command.communicate(timeout=120)
    assert command.returncode == 0, said
    deadline = time.monotonic() + 20
    while (left := children_of(project)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


# Sends an interrupt while the first process that others are forked from is being started.
SOON = """
import os, signal, time
from literate.play import template
start = template._fresh
def fresh(*arguments):
    started = start(*arguments)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
    return started
template._fresh = fresh
"""


@pytest.mark.parametrize("before", ["", SOON], ids=["later", "as it begins"])
def test_an_interrupt_ends_the_command_and_its_pages(project, before):
    (project / "docs" / "fence.md").write_text(f"# A fence\n\n{fence('while True: pass', '')}")
    # As in a terminal, even if these tests run in the background, where an interrupt is ignored.
    run = (
        f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{before}\n"
        "from literate.check.command import main; main(['check', 'docs'])"
    )
    command = begun(project, "-c", run, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 60
    if not before:
        while len(children_of(project)) < 4:  # the command, a tracker of Python's own, a template and a page
            assert time.monotonic() < deadline
            time.sleep(0.1)
        os.killpg(command.pid, signal.SIGINT)
    assert "KeyboardInterrupt" in command.communicate(timeout=20)[1] and command.returncode
    while (left := children_of(project)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


def test_a_command_that_is_killed_leaves_no_page_running(project):
    """Not even those of a page that plays pages itself."""
    inner = "from literate.site.pages import errors\nerrors('endless.md')"
    (project / "endless.md").write_text(f"# A fence\n\n{fence('while True: pass', '')}")
    (project / "docs" / "outer.md").write_text(
        f"# Outer\n\n{fence(f'import os{chr(10)}os.chdir({str(project)!r}){chr(10)}{inner}', '')}"
    )
    command = begun(project, "-m", "literate", "check", "docs", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(children_of(project)) < 4:  # the command, a tracker, a template and a page, which plays the other itself
        assert time.monotonic() < deadline
        time.sleep(0.1)
    command.kill()
    command.wait()
    while (left := children_of(project)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


def children_of(project):
    """Return the processes that a command which `begun` has begun in a project has started, and that command."""
    found = []
    for folder in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if folder.isdecimal() and f"PROJECT={project}" in Path("/proc", folder, "environ").read_text().split("\0"):
                found.append(folder)
    return found


def begun(project, *arguments, **options):
    """Begin a Python in a project's folder; all that it starts can be told by its environment."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=project, text=True, env={**os.environ, "PROJECT": str(project)}, **options
    )
