"""The pair of commands: pytest and `check` say what is wrong, `update` mends the outputs, and nothing else."""

import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, literate, run_pytest
from test_bad_pages import LISTING, PROGRAM

PAGE = b"""---
program: count.py
---
# A page\x0c with odd white space\xe2\x80\xa8 that ends no line \t

```python
--8<-- "count.py:print(total)"
```

<!--pytest-codeblocks:expected-output-->

```text
3
```

1. In a list:

    ```python
    print("one\\n\\ntwo  ")
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    one

    two  
    ```

!!! note "What if?"

    ```diff
    -    total += turn
    +    total += 10 * turn
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    30
    ```

The total is `{python} total`.\r
"""


@pytest.fixture
def project(tmp_path):
    for path, text in {"snippets/count.py": PROGRAM, "docs/program.md": LISTING}.items():
        tmp_path.joinpath(path).parent.mkdir()
        tmp_path.joinpath(path).write_text(text)
    (tmp_path / "docs" / "page.md").write_bytes(PAGE)
    return tmp_path


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_an_output_that_is_right_now_is_mended_by_the_command_that_the_message_says(project, end):
    page = project / "docs" / "page.md"
    right = PAGE.replace(b"\r\n", b"\n").replace(b"\n", end)
    wrong = right.replace(end + b"3" + end, end + b"4" + end + b"5" + end).replace(b"    two  " + end, b"    too" + end)
    wrong = wrong.replace(b"    30" + end, b"    31" + end)
    page.write_bytes(wrong)
    assert run_pytest(project)[0] == 1
    status, said, _ = literate(project, "check", "docs/page.md")
    assert status == 1
    messages = said.splitlines()
    assert [message.partition(" ")[0] for message in messages] == ["docs/page.md:13:", "docs/page.md:28:", "docs/page.md:41:"]
    [command] = {message.partition("if that is right now: python -m literate ")[2] for message in messages}

    status, said, summary = literate(project, *command.split())
    assert status == 0
    assert page.read_bytes() == right
    changes = [line for line in said.splitlines() if line[:1] in ("+", "-") and not line.startswith(("+++", "---"))]
    assert changes == ["-4", "-5", "+3", "-    too", "+    two", "-    31", "+    30"]
    assert summary == "1 page run, 1 page rewritten.\n"
    assert run_pytest(project)[0] == 0
    assert literate(project, "check")[:2] == (0, "")
    assert literate(project, "update") == (0, "", "2 pages run, 0 pages rewritten.\n")


def test_a_page_with_another_error_is_left_alone_and_says_so(project):
    page = project / "docs" / "page.md"
    wrong = PAGE.replace(b"\n3\n", b"\n4\n").replace(b"{python} total", b"{python} totl")
    page.write_bytes(wrong)
    status, said, summary = literate(project, "update")
    assert status == 1 and page.read_bytes() == wrong
    assert said == ("docs/page.md:43: {python} totl: NameError: name 'totl' is not defined; did you mean total\n")
    assert summary == (
        "2 pages run, 0 pages rewritten, 1 left alone: first mend what the lines above say, then run this again.\n"
    )


def test_an_output_below_an_error_is_not_called_right(project):
    (project / "docs" / "page.md").write_bytes(PAGE.replace(b'"one', b"one").replace(b"total += 10 *", b"total += 20 *"))
    status, said, _ = literate(project, "check", "docs/page.md")
    assert status == 1 and said.splitlines()[1:] == [
        "docs/page.md:40: what is printed here may follow from line 19; mend that line first"
    ]
    assert literate(project, "update", "docs/page.md")[0] == 1


def test_what_cannot_stand_in_a_fence_is_not_written_there(project):
    page = project / "docs" / "page.md"
    wrong = PAGE.replace(b'print("one', b'print("```')
    page.write_bytes(wrong)
    status, said, _ = literate(project, "update")
    assert status == 1 and page.read_bytes() == wrong
    assert said == "docs/page.md:24: what is printed here cannot stand in a fence; print it otherwise\n"


def test_a_page_that_is_not_there_is_said(project):
    """And it is typed as a contributor types it: what the other tests call is what the command runs."""
    command = [sys.executable, "-m", "literate", "check", "docs/pgae.md"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 2 and "there is no docs/pgae.md here; give the path of a page from where you are" in done.stderr


def test_the_walk_is_mended_after_a_change_of_the_program(tmp_path):
    """The seed of the real program is changed: what the pages print changes, and one command follows."""
    for folder in ("docs", "snippets"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("literate", "__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    program = tmp_path / "snippets" / "nn.py"
    program.write_text(program.read_text().replace("seed(1)", "seed(2)"))
    status, said, _ = literate(tmp_path, "update", "docs/walk/update.md", "docs/walk/result.md")
    assert status == 0
    said = literate(tmp_path, "check", "docs/walk/update.md", "docs/walk/result.md")[1]
    assert all("this is no longer so" in line for line in said.splitlines()), "a sentence is for its author to rewrite"
