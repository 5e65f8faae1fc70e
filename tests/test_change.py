"""What-ifs: a diff is found by its text, applied in one place, run to its end, and shown with the program's numbers."""

import pytest

from literate import program as programs
from literate.change import apply
from literate.program import Program, ProgramError

COUNT = Program("count.py", "def half(n):\n    return 10 / n\n\ntotal = 0\nfor turn in range(3):\n    total += turn\n\nprint(total)\n")


def test_a_diff_of_two_hunks():
    changed, shown = apply(COUNT, "+start = 1\n total = 0\n@@\n-    total += turn\n+    total += 2 * turn\n+    total += start\n")
    assert changed.text == ("def half(n):\n    return 10 / n\n\nstart = 1\ntotal = 0\nfor turn in range(3):\n"
                            "    total += 2 * turn\n    total += start\n\nprint(total)\n")
    assert [(line.sign, line.number, line.text) for line in shown] == [
        ("+", 3, "start = 1"), (" ", 4, "total = 0"), ("-", 6, "    total += turn"),
        ("+", 6, "    total += 2 * turn"), ("+", 6, "    total += start")]
    assert changed.transcript == "9\n"
    assert COUNT.transcript == "3\n"


def test_a_transcript_is_what_a_terminal_shows():
    changed, _ = apply(COUNT, "-total = 0\n+total = 0\n+import warnings; warnings.warn('careful')\n@@\n+half(0)\n print(total)\n")
    run = changed.attempt()
    assert run.transcript == (
        "count.py:5: UserWarning: careful\n  import warnings; warnings.warn('careful')\n"
        "Traceback (most recent call last):\n"
        '  File "count.py", line 9, in <module>\n    half(0)\n'
        '  File "count.py", line 2, in half\n    return 10 / n\n'
        "ZeroDivisionError: division by zero\n")
    assert run.namespace["total"] == 3


@pytest.mark.parametrize("endless", ["while True: pass", "def forever():\n    while True: total = 1\nforever()"])
def test_a_program_without_an_end_is_stopped(endless, monkeypatch):
    monkeypatch.setattr(programs, "LIMIT", 0.2)
    with pytest.raises(ProgramError, match="count.py has not ended after 0.2 seconds; make its loops end sooner"):
        Program("count.py", endless).attempt()
