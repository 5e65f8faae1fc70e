"""What-ifs: a diff is found by its text, applied in one place, run to its end, and shown with the program's numbers."""

import pytest
from bs4 import BeautifulSoup

from literate.page import Page
from literate.program import Program, ProgramError, apply, compared
from literate.site.pages import to_markdown
from literate.write.what_if import lines_of

COUNT = Program(
    "count.py", "def half(n):\n    return 10 / n\n\ntotal = 0\nfor turn in range(3):\n    total += turn\n\nprint(total)\n"
)


def test_a_diff_of_two_hunks():
    changed, shown = apply(COUNT, "+start = 1\n total = 0\n@@\n-    total += turn\n+    total += 2 * turn\n+    total += start\n")
    assert changed.text == (
        "def half(n):\n    return 10 / n\n\nstart = 1\ntotal = 0\nfor turn in range(3):\n"
        "    total += 2 * turn\n    total += start\n\nprint(total)\n"
    )
    assert [(line.sign, line.number, line.text) for line in shown] == [
        ("+", 3, "start = 1"),
        (" ", 4, "total = 0"),
        ("-", 6, "    total += turn"),
        ("+", 6, "    total += 2 * turn"),
        ("+", 6, "    total += start"),
    ]
    assert changed.transcript == "9\n"
    assert COUNT.transcript == "3\n"


def test_a_transcript_is_what_a_terminal_shows():
    changed, _ = apply(COUNT, " total = 0\n+import warnings; warnings.warn('careful')\n@@\n+half(0)\n print(total)\n")
    run = changed.attempt()
    assert run.transcript == (
        "count.py:5: UserWarning: careful\n  import warnings; warnings.warn('careful')\n"
        "Traceback (most recent call last):\n"
        '  File "count.py", line 9, in <module>\n    half(0)\n'
        '  File "count.py", line 2, in half\n    return 10 / n\n'
        "ZeroDivisionError: division by zero\n"
    )
    assert run.namespace["total"] == 3


def test_a_program_that_prints_without_an_end_is_stopped():
    with pytest.raises(ProgramError, match="count.py prints more than 1,000,000 characters; print less"):
        Program("count.py", "while True:\n    try: print('so' * 1000)\n    except Exception: pass\n").attempt()


def test_the_same_change_makes_the_same_program_whose_runs_share_nothing():
    twice = [apply(COUNT, "-total = 0\n+total = 2\n+seen = [total]\n")[0] for _ in range(2)]
    assert twice[0] is twice[1]
    first, second = (changed.attempt() for changed in twice)
    first.namespace["seen"].append(3)
    assert first.transcript == second.transcript == "5\n" and second.namespace["seen"] == [2]
    assert second.namespace["half"].__globals__ is second.namespace


@pytest.mark.parametrize(
    "diff, text",
    [
        ("-def half(n):\n+def half(n, of=10):\n", "def half(n, of=10):\n    return 10 / n\n"),  # the file's first line
        ("+import math\n def half(n):\n", "import math\ndef half(n):\n"),
        (" print(total)\n+print(turn)\n", "    total += turn\n\nprint(total)\nprint(turn)\n"),  # and its last
        ("     return 10 / n\n\n-total = 0\n+total = 1\n", "    return 10 / n\n\ntotal = 1\n"),  # an empty line, kept
        ("     return 10 / n\n \n-total = 0\n+total = 1\n", "    return 10 / n\n\ntotal = 1\n"),
        ("-\n-total = 0\n+total = 1   \n", "    return 10 / n\ntotal = 1   \n"),  # taken out, and white space at an end
        ("-    total += turn\n+\ttotal += turn\n", "for turn in range(3):\n\ttotal += turn\n"),
        (
            "-for turn in range(3):\n-    total += turn\n+for k in range(3):\n+    total += k\n",
            "for k in range(3):\n    total += k\n",
        ),
    ],
)
def test_a_hunk_may_stand_anywhere_and_hold_any_white_space(diff, text):
    changed, _ = apply(COUNT, diff)
    assert text in changed.text and not changed.attempt().error


def test_what_is_printed_to_stderr_stands_where_a_terminal_shows_it():
    program = Program("count.py", "import sys\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)\n")
    assert program.attempt().transcript == "1\n2\n3\n"


WHAT_IFS = """\
---
program: count.py
---
```diff
-total = 0
+total = 10
```
<!--pytest-codeblocks:expected-output-->
```text
13
```

`{python} total`

```diff{option}
 for turn in range(3):
-    total += turn
+    total += 2 * turn
```
<!--pytest-codeblocks:expected-output-->
```text
{printed}
```

```python
print(total, half(5))
```
<!--pytest-codeblocks:expected-output-->
```text
{printed} 2.0
```

`{python} total`
"""


@pytest.mark.parametrize("option, printed", [("", "6"), (' continues="above"', "16")])
def test_a_page_speaks_of_the_program_that_the_what_if_has_made(option, printed, tmp_path):
    """Each starts from the program as it is, unless it says that it goes on from the one above."""
    (tmp_path / "count.py").write_text(COUNT.text)
    text = WHAT_IFS.replace("{option}", option).replace("{printed}", printed)
    written = to_markdown(Page(tmp_path / "page.md", text), tmp_path)
    assert [line for line in written.splitlines() if ".value" in line] == ["`13`{.value}", f"`{printed}`{{.value}}"]


def test_the_lines_taken_out_and_put_in_are_both_highlighted_as_python(tmp_path):
    (tmp_path / "count.py").write_text(COUNT.text)
    written = to_markdown(
        Page(
            tmp_path / "page.md",
            "---\nprogram: count.py\n---\n```diff\n-def half(n):\n-    return 10 / n\n"
            "+def half(n):\n+    return n / 2  # rightly\n```\n",
        ),
        tmp_path,
    )
    soup = BeautifulSoup(written, "html.parser")
    for sign, words in (
        ("del", {"k": ["def", "return"], "nf": ["half"], "mi": ["10"]}),
        ("ins", {"k": ["def", "return"], "nf": ["half"], "mi": ["2"], "c1": ["# rightly"]}),
    ):
        for kind, shown in words.items():
            assert [word.text for word in soup.select(f"{sign}.line .{kind}")] == shown, (sign, kind)


def test_a_program_is_compared_with_another_by_its_own_numbers():
    old = Program("old.py", "import sys\n\na = 1\nb = 2\n\nprint(a)\n\nprint(sys)\n")
    new = Program("new.py", "import sys\n\na = 1\nb = 3\nc = 4\n\nprint(a)\n\nprint(sys)\nprint(c)\n")
    assert list(compared(old, new)) == [
        (" ", 3, False, "a = 1"),
        ("-", None, False, "b = 2"),
        ("+", 4, False, "b = 3"),
        ("+", 5, False, "c = 4"),
        (" ", 6, False, ""),
        (" ", 9, True, "print(sys)"),
        ("+", 10, False, "print(c)"),
    ]
    assert compared(old, old) == ()


LOOP = Program("loop.py", "import sys\n\na = []\nfor n in range(3):\n    b = n\n    # More.\n    b += 1\n\nprint(b)\n")


@pytest.mark.parametrize(
    "diff, lines",
    [
        ("     # More.\n-    b += 1\n+    b += 2\n+    b += 3\n", (7, 7)),
        (" a = []\n+c = []\n@@\n     b = n\n+    c.append(b)\n@@\n-print(b)\n+print(c)\n", (5, 5)),  # what is done in the loop
        ("-a = []\n+a = {}\n@@\n-print(b)\n+print(a)\n", (3, 3)),
        ("+import os\n import sys\n", (1, 1)),
        ("-a = []\n-for n in range(3):\n+for n in range(4):\n     b = n\n", (3, 4)),
    ],
)
def test_a_what_if_is_about_the_lines_that_it_changes(diff, lines):
    found = lines_of(LOOP, apply(LOOP, diff)[1])
    assert (found[0], found[-1]) == lines
