"""What a contributor sees when a page is wrong: the build and the tests stop, and one line says where and what to do.

Each page stands here whole, as it would in docs/, beside a program of its own.
"""

import logging
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, literate, run_pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

PROGRAM = """\
def half(n):
    return 10 / n

total = 0
for turn in range(3):
    total += turn

print(total)
"""

LISTING = """\
---
program: count.py
---
```python
--8<-- "count.py"
```
"""

BAD = {
    "unknown selector": (
        """\
---
program: count.py
---
# A page

```python
--8<-- "count.py:totl = 0"
```
""",
        '7: "totl = 0" is on no line of count.py; the nearest is line 4, "total = 0"; copy some text of the line you mean',
    ),
    "comparison of a part": (
        """\
---
program: count.py
---
```python against="count.py"
--8<-- "count.py:total = 0"
```
""",
        '4: programs are compared whole; write --8<-- "count.py", or delete against="count.py"',
    ),
    "comparison with nothing": (
        """\
---
program: count.py
---
```python against=""
--8<-- "count.py"
```
""",
        '4: against="" names no program; write its file, or delete the option',
    ),
    "comparison with itself": (
        """\
---
program: count.py
---
```python against="count.py"
--8<-- "count.py"
```
""",
        '4: count.py is the same as count.py; name another, or delete against="count.py"',
    ),
    "comparison with what is not there": (
        """\
---
program: count.py
---
```python against="conut.py"
--8<-- "count.py"
```
""",
        "4: there is no program snippets/conut.py; name a file of that folder",
    ),
    "ambiguous selector": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total"
```
""",
        '5: "total" is on lines 4, 6 and 8 of count.py; give more of the line',
    ),
    "reversed range": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total +=..total ="
```
""",
        '5: "total +=" (line 6) comes after "total =" (line 4) in count.py; swap them',
    ),
    "numeric range": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:4:6"
```
""",
        '5: "4:6" gives line numbers, which go stale; give some text of the line, or first..last',
    ),
    "include among other lines": (
        """\
---
program: count.py
---
```python
x = 1
--8<-- "count.py:total ="
```
""",
        '5: an embed is one line by itself: --8<-- "program.py:some text of the line"',
    ),
    "unknown program": (
        """\
```python
--8<-- "cuont.py:total ="
```
""",
        "2: there is no program snippets/cuont.py; name a file of that folder",
    ),
    "a turn that the loop does not have": (
        """\
---
program: count.py
---
```python iteration="4"
--8<-- "count.py:total +="
```
""",
        "4: line 6 of count.py is in a loop that turns 3 times; there is no iteration 4; write one from 1 to 3",
    ),
    "a turn that is no number": (
        """\
```python iteration="second"
--8<-- "count.py:total +="
```
""",
        '1: iteration="second" is no turn of a loop; write a number from 1, "first" or "last"; for loops in each other, "2.3"',
    ),
    "unknown option": (
        """\
```python turn="2"
--8<-- "count.py:total +="
```
""",
        "1: an embed has no option 'turn'; delete it, or write iteration",
    ),
    "name that is bound further on": (
        """\
---
program: count.py
---
The total is `{python} total`.
""",
        "4: {python} total: NameError: name 'total' is not defined; embed line 4 of count.py above this, where the name is bound, "
        "or let the page begin after it, with `after:` in the front matter",
    ),
    "expression that raises": (
        """\
---
program: count.py
---
The total is

`{python} totl`.
""",
        "6: {python} totl: NameError: name 'totl' is not defined; did you mean total",
    ),
    "expression that is none": (
        """\
The total is `{python} 1 +`.
""",
        "1: {python} 1 +: this is not an expression; write one, as in {python} x.shape or {python} x[0, 0]:.3f",
    ),
    "expression of two lines": (
        """\
The total is `{python} chr(10).join("ab")`.
""",
        '1: {python} chr(10).join("ab") has more than one line; print it in a python fence',
    ),
    "unknown role": (
        """\
The total is `{pyhton} 1 + 1`.
""",
        "1: `{pyhton} 1 + 1` is not known; write {python} an expression, {line} some text of the line, or {text} what is "
        "to stand as it is",
    ),
    "line reference to nowhere": (
        """\
---
program: count.py
---
See `{line} totl`.
""",
        '4: "totl" is on no line of count.py; the nearest is line 4, "total = 0"; copy some text of the line you mean',
    ),
    "line reference without a program": (
        """\
See `{line} total = 0`.
""",
        "1: the page names no program; write `program: its-file.py` in its front matter",
    ),
    "unknown name": (
        """\
---
program: count.py
---
Look at `totl`.
""",
        "4: `totl` is no name of count.py or of a fence on this page; did you mean total, or write `{text} totl` if it is "
        "not code of the program",
    ),
    "link to a page that is not there": (
        """\
# A page

There is [a listing
of the program](progam.md#L1), [a site](https://example.org/no.md) and `[code](no.md)`.
""",
        "4: there is no progam.md to link to; did you mean program.md",
    ),
    "link to a place that is not there": (
        """\
---
program: count.py
---
# Half of it

See [below](#rest), and [above](#halv-of-it).

## The rest { #rest }
""",
        "6: this page has no place #halv-of-it to link to; did you mean #half-of-it",
    ),
    "link to no place at all": (
        """\
See [the other page](program.md#nowhere).
""",
        "1: program.md has no place #nowhere to link to; write { #nowhere } behind the heading that you mean",
    ),
    "link to a typed line": (
        """\
See [the line](program.md#L4).
""",
        "1: #L4 is a typed line number and would go stale; write `{line} some text of the line`",
    ),
    "link to nothing like a page": (
        """\
See [that](../else/where.txt).
""",
        "1: there is no ../else/where.txt to link to; give a path from this page's folder",
    ),
    "typed line number": (
        """\
---
program: count.py
---
Look at line 6.
""",
        '4: "line 6" is typed and would go stale; write `{line} some text of the line`, or `{text} line 6` if it is not '
        "the program's",
    ),
    "typed number": (
        """\
---
program: count.py
---
Half of it is
1.5.
""",
        '5: "1.5" is typed and would go stale; write `{python} an expression`, or `{text} 1.5` if no run could give it',
    ),
    "fence that raises": (
        """\
# A page

```python
a = 1
b = a / 0
```
""",
        "5: ZeroDivisionError: division by zero; mend the fence",
    ),
    "fence that raises in the program": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:def half..return"
```

```python
print(half(5))
half(0)
```
""",
        "10: ZeroDivisionError: division by zero (raised at count.py:2); mend the fence",
    ),
    "fence that exits": (
        """\
```python
raise SystemExit("bye")
```
""",
        "2: SystemExit: bye; mend the fence",
    ),
    "fence that is not Python": (
        """\
Text.

```python
a = 1
b = = 2
```
""",
        "5: SyntaxError: invalid syntax; mend the fence",
    ),
    "fence that warns": (
        """\
```python
import warnings
warnings.warn("careful")
```
""",
        "1: UserWarning: careful; change the fence so that it does not warn",
    ),
    "fence that prints unseen": (
        """\
```python
print("unseen")
```
""",
        "1: the page does not show what this prints ('unseen', to begin with); add an output fence below it",
    ),
    "wrong output": (
        """\
```python
print("one")
print("two")
```

<!--pytest-codeblocks:expected-output-->

```text
one
too
```
""",
        "10: line 2 of this output is not what is printed: the page has 'too'; write 'two'"
        "; if that is right now: python -m literate update docs/wrong-output.md",
    ),
    "output that is too long": (
        """\
```python
print("one")
```
<!--pytest-codeblocks:expected-output-->
```text
one
two
```
""",
        "7: line 2 of this output is not what is printed: the page has 'two'; delete it"
        "; if that is right now: python -m literate update docs/output-that-is-too-long.md",
    ),
    "output of nothing": (
        """\
```python
one = 1
```
<!--pytest-codeblocks:expected-output-->
```text
one
```
""",
        "5: nothing is printed here; delete this output, or print something above it",
    ),
    "output that shows nothing": (
        """\
```python
one = 1
```
<!--pytest-codeblocks:expected-output-->
```text
```
""",
        "5: nothing is printed here; delete this output, or print something above it",
    ),
    "output whose last line does not end": (
        """\
```python
print("one", end="")
```
<!--pytest-codeblocks:expected-output-->
```text
one
```
""",
        "1: the last line that this prints ('one') does not end; print it with a line end",
    ),
    "output with no fence before it": (
        """\
Text.

<!--pytest-codeblocks:expected-output-->

```text
one
```
""",
        "5: no fence stands before this output; put the python fence that prints it above it",
    ),
    "two outputs": (
        """\
```python
print("one")
```
<!--pytest-codeblocks:expected-output-->
```text
one
```
<!--pytest-codeblocks:expected-output-->
```text
one
```
""",
        "9: the fence on line 1 has an output already; delete one of the two",
    ),
    "output of an odd language": (
        """\
```python
print("one")
```
<!--pytest-codeblocks:expected-output-->
```console
one
```
""",
        "5: an output is a text fence: write ```text for ```console",
    ),
    "what-if that fits nowhere": (
        """\
---
program: count.py
---
```diff
 for turn in range(3):
-    total = turn
+    total -= turn
```
""",
        '5: this hunk fits nowhere in count.py: it has "    total = turn"; the nearest is line 6, "    total += turn"; copy that',
    ),
    "what-if that fits in two places": (
        """\
---
program: count.py
---
```diff
+# A comment.
 
```
""",
        "5: this hunk fits in 2 places of count.py (lines 3 and 7); keep more of the lines around it",
    ),
    "what-if that is empty": (
        """\
---
program: count.py
---
```diff
```
""",
        "5: this hunk changes nothing; begin a line with - or +",
    ),
    "what-if that changes nothing": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = 1
@@
 print(total)
```
""",
        "8: this hunk changes nothing; begin a line with - or +",
    ),
    "what-if without a place": (
        """\
---
program: count.py
---
```diff
+print(1)
```
""",
        "5: this hunk only adds, so it has no place; keep the line before it, with a space in front",
    ),
    "what-if that is no diff": (
        """\
---
program: count.py
---
```diff
-total = 0
total = 1
```
""",
        '6: "total = 1" is no line of a diff; begin it with a space, - or +',
    ),
    "what-if with line numbers": (
        """\
---
program: count.py
---
```diff
@@ -4,1 +4,1 @@
-total = 0
+total = 1
```
""",
        "5: a hunk is found by its text, so it has no numbers; write @@ by itself",
    ),
    "what-if that names files": (
        """\
---
program: count.py
---
```diff
--- a/count.py
+++ b/count.py
-total = 0
+total = 1
```
""",
        '5: "--- a/count.py" names a file, and a what-if changes the page\'s program; delete this line',
    ),
    "what-if that puts in what it takes out": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = 0
```
""",
        '5: "total = 0" is taken out and put in again; keep it, with a space in front',
    ),
    "what-if that changes how numbers are printed": (
        """\
---
program: count.py
---
```diff
+import numpy
+numpy.set_printoptions(precision=2)
 total = 0
```
""",
        "4: this what-if changes how NumPy prints for what follows; change it in a `with` block, or put it back",
    ),
    "what-if whose last line does not end": (
        """\
---
program: count.py
---
```diff
-print(total)
+print(total, end="")
```
<!--pytest-codeblocks:expected-output-->
```text
3
```
""",
        "4: the last line that this prints ('3') does not end; print it with a line end",
    ),
    "what-if that prints without an end": (
        """\
---
program: count.py
---
```diff
-    total += turn
+    while True:
+        print("again")
```
""",
        "4: count.py prints more than 1,000,000 characters; print less, or cut it, with `until:` in the front matter of the page that lists it",
    ),
    "what-if that is no Python": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = = 0
```
""",
        "4: count.py:4: SyntaxError: invalid syntax; mend that line",
    ),
    "what-if whose output is not shown": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = 1
```
""",
        "4: the page does not show what this prints ('4', to begin with); add an output fence below it",
    ),
    "what-if with another output": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = 1
```
<!--pytest-codeblocks:expected-output-->
```text
3
```
""",
        "10: line 1 of this output is not what is printed: the page has '3'; write '4'"
        "; if that is right now: python -m literate update docs/what-if-with-another-output.md",
    ),
    "what-if that raises unannounced": (
        """\
---
program: count.py
---
```diff
-total = 0
+total = half(0)
```
""",
        "4: this what-if ends in ZeroDivisionError: division by zero on line 2; if it is to, "
        'write ```diff raises="ZeroDivisionError"',
    ),
    "what-if that raises another": (
        """\
---
program: count.py
---
```diff raises="ValueError"
-total = 0
+total = half(0)
```
""",
        "4: this what-if ends in ZeroDivisionError: division by zero on line 2; if it is to, "
        'write ```diff raises="ZeroDivisionError"',
    ),
    "what-if that does not raise": (
        """\
---
program: count.py
---
```diff raises="ValueError"
-total = 0
+total = 1
```
""",
        '4: this what-if ends without a ValueError; delete raises="ValueError"',
    ),
    "what-if that continues nothing": (
        """\
---
program: count.py
---
```diff continues="above"
-total = 0
+total = 1
```
""",
        '4: no what-if stands above this one; delete continues="above"',
    ),
    "what-if with an unknown option": (
        """\
```diff title="x"
-total = 0
+total = 1
```
""",
        '1: a diff has the options raises="AnError" and continues="above"; write them so for ```diff title="x"',
    ),
    "option of a figure that is misspelt": (
        """\
```python fig="The sums go up"
```
""",
        "1: a python fence has no option 'fig'; did you mean figure",
    ),
    "option of an embed that is misspelt": (
        """\
```python iterations="2"
--8<-- "count.py:total +="
```
""",
        "1: an embed has no option 'iterations'; did you mean iteration",
    ),
    "figure without a description": (
        """\
```python figure=""
import matplotlib.pyplot as plt
plt.subplots()
```
""",
        '1: say in a sentence what this figure shows, for those who cannot see it: figure="…"',
    ),
    "figure without a value": (
        """\
```python figure
import matplotlib.pyplot as plt
plt.subplots()
```
""",
        '1: say what the figure shows: ```python figure="…"',
    ),
    "figure that draws nothing": (
        """\
```python figure="It shows nothing at all."
x = 1
```
""",
        "1: this leaves no figure; draw exactly one, with plt.subplots()",
    ),
    "figure that is empty": (
        """\
```python figure="It shows the axes, and nothing between."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.set_xlabel("iteration")
```
""",
        "1: nothing is drawn in this figure; draw the values, with ax.plot for a line",
    ),
    "figure whose axis has no name": (
        """\
```python figure="It shows a line, and not of what."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2])
```
""",
        "1: the horizontal axis has no name; give it one, with ax.set_xlabel",
    ),
    "figure that nobody would see": (
        """\
```python
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
lines = ax.plot([1, 2])
```
""",
        '1: this fence draws a figure that nobody would see; say what it shows: ```python figure="…"',
    ),
    "figure that draws two": (
        """\
```python figure="It shows one and another."
import matplotlib.pyplot as plt
plt.subplots()
plt.subplots()
```
""",
        "1: this leaves 2 figures; draw exactly one, with plt.subplots()",
    ),
    "figure with a legend": (
        """\
```python figure="It shows a line and its legend."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2], label="a line")
ax.legend()
```
""",
        "1: a legend makes the reader match colours; write each name beside its line, with ax.annotate",
    ),
    "figure with a colour of its own": (
        """\
```python figure="It shows a line that is always red."
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2], color="red")
ax.set_xlabel("x")
```
""",
        "1: something in this figure has the colour #ff0000, light or dark; leave colours to the style, or choose one of its own: "
        '"C0" to "C3", or the name of one of the program\'s arrays',
    ),
    "mark without a fence": (
        """\
```python
print("one")
```
<!--pytest-codeblocks:expected-output-->
""",
        "4: no fence follows this mark; delete the mark, or write the fence right below it",
    ),
    "mark that is misspelt": (
        """\
```python
print("one")
```
<!--pytest-codeblocks:expcted-output-->
```text
one
```
""",
        "4: the mark 'pytest-codeblocks:expcted-output' is not known; the marks are "
        "<!--pytest-codeblocks:expected-output--> and <!--display-only: the reason-->",
    ),
    "mark that skips": (
        """\
<!--pytest.mark.skip-->
```python
print("one")
```
""",
        "1: the mark 'pytest.mark.skip' is not known; the marks are "
        "<!--pytest-codeblocks:expected-output--> and <!--display-only: the reason-->",
    ),
    "display without a reason": (
        """\
<!--display-only-->
```sh
ls
```
""",
        "1: say why this fence is only shown: <!--display-only: the reason-->",
    ),
    "display of a python fence": (
        """\
<!--display-only: it is slow-->
```python
print("one")
```
""",
        "2: a python fence always runs; delete the display-only mark above it",
    ),
    "python fence with line numbers": (
        """\
```python linenums="28"
a = 1
```
""",
        "1: a python fence has no option 'linenums'; write ```python",
    ),
    "python fence with attributes": (
        """\
```{.python}
a = 1
```
""",
        "1: ```{.python} would not run; write ```python",
    ),
    "python fence with a short name": (
        """\
```py
a = 1
```
""",
        "1: ```py would not run; write ```python",
    ),
    "python fence in capitals": (
        """\
``` Python
a = 1
```
""",
        "1: ```Python would not run; write ```python",
    ),
    "python fence with trailing words": (
        """\
```python a first try
a = 1
```
""",
        "1: ```python a first try would not run; write ```python",
    ),
    "fence of another language": (
        """\
```sh
ls
```
""",
        "1: nothing says what this ```sh fence is; if it is what the fence above prints, write "
        "<!--pytest-codeblocks:expected-output--> above it; if it is to run, ```python; "
        "if it is only shown, <!--display-only: the reason-->",
    ),
    "fence without a language": (
        """\
```
ls
```
""",
        "1: nothing says what this ``` fence is; if it is what the fence above prints, write "
        "<!--pytest-codeblocks:expected-output--> above it; if it is to run, ```python; "
        "if it is only shown, <!--display-only: the reason-->",
    ),
    "fence of tildes": (
        """\
~~~python
a = 1
~~~
""",
        "1: a fence is written with backticks; write ``` for ~~~",
    ),
    "fence in an admonition": (
        """\
!!! note

    ```python
    print(1)
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    2
    ```
""",
        "10: line 1 of this output is not what is printed: the page has '2'; write '1'"
        "; if that is right now: python -m literate update docs/fence-in-an-admonition.md",
    ),
    "fence in a tab": (
        """\
=== "A tab"

    ```python
    a = 1
    a / 0
    ```
""",
        "5: ZeroDivisionError: division by zero; mend the fence",
    ),
    "fence in a block quote": (
        """\
> ```python
> a = 1
> ```
""",
        "1: a fence in a block quote does not run; take it out of the quote",
    ),
    "fence on the line of a list's mark": (
        """\
- ```python
  a = 1
  ```
""",
        "1: a fence has a line of its own; put it below, indented by four",
    ),
    "fence in a comment": (
        """\
<!--
```python
a = 1
```
-->
""",
        "2: a fence in a comment is neither shown nor run; delete it, or take it out of the comment",
    ),
    "comment that is never closed": (
        """\
Text.
<!-- a thought
""",
        "2: this comment is never closed; write --> after it",
    ),
    "unclosed fence": (
        """\
Text.

```python
a = 1

More text.
""",
        "3: this fence is never closed; write ``` below its code",
    ),
    "unclosed fence in a list": (
        """\
- an item

    ```python
    a = 1

Text.
""",
        "3: this fence is not closed before line 6, which is indented less; write ``` below its code, indented by 4",
    ),
    "front matter that is not YAML": (
        """\
---
program: [
---
# A page
""",
        "3: the front matter is not YAML here; write a list of `name: value` lines",
    ),
    "typed number as code": (
        """\
---
program: count.py
---
It is `0.333`.
""",
        "4: `0.333` is typed and would go stale; write `{python} an expression`, or `{text} 0.333` if no run could give it",
    ),
    "expression that is empty": (
        """\
The total is `{python} ""`.
""",
        '1: {python} "" is empty; write an expression that can be seen',
    ),
    "expression that prints": (
        """\
The total is `{python} print(1)`.
""",
        "1: {python} print(1) prints; print in a python fence",
    ),
    "include in prose": (
        """\
Text.

--8<-- "count.py"
""",
        "3: an embed stands in a python fence; put ```python above it and ``` below it",
    ),
    "mark with prose below": (
        """\
```python
print(1)
```
<!--pytest-codeblocks:expected-output-->
That prints:
```text
1
```
""",
        "4: no fence follows this mark; delete the mark, or write the fence right below it",
    ),
    "display of Python by another name": (
        """\
<!--display-only: it is slow-->
```py
print("one")
```
""",
        "2: a py fence always runs; delete the display-only mark above it",
    ),
    "display with attributes": (
        """\
<!--display-only: it is slow-->
```sh title="a"
ls
```
""",
        '2: ```sh title="a" has more than the name of a language; write only that',
    ),
    "fence that returns": (
        """\
```python
a = 1
return a
```
""",
        "3: SyntaxError: 'return' outside function; mend the fence",
    ),
    "fence that prints to stderr": (
        """\
```python
import sys
print("unseen", file=sys.stderr)
```
""",
        "1: this fence prints to stderr, where no reader sees it; print it plainly",
    ),
    "fence that changes how numbers are printed": (
        """\
```python
import numpy as np
np.set_printoptions(precision=2)
```
""",
        "1: this fence changes how NumPy prints for what follows; change it in a `with` block, or put it back",
    ),
    "fence that changes a built-in name": (
        """\
```python
import builtins
builtins.sum = max
```
""",
        "1: this fence changes the built-in names for what follows; change it in a `with` block, or put it back",
    ),
    "front matter with a misspelt name": (
        """\
---
programm: count.py
---
# A page
""",
        "2: `programm:` means nothing in the front matter; write `program:`",
    ),
    "front matter that says something twice": (
        """\
---
program: count.py
lines:
  total =: Starts.
  total =: Sets it to nothing.
---
# A page
""",
        "5: `total =:` stands in the front matter twice; delete one",
    ),
    "front matter that is no text": (
        """\
---
program: 3
---
# A page
""",
        "2: `program:` in the front matter is no text; put it in quotes",
    ),
    "front matter that is empty": (
        """\
---
---
# A page

---

And more.
""",
        "1: the front matter is empty; write `name: value` lines in it, or delete it",
    ),
    "front matter that starts nowhere": (
        """\
---
program: count.py
after: totl
---
# A page
""",
        '3: "totl" is on no line of count.py; the nearest is line 4, "total = 0"; copy some text of the line you mean',
    ),
    "ledger without a table": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total +="
```

<!--ledger-->

```python
total
```
""",
        "8: no table follows this ledger mark; write it below, or delete the mark",
    ),
    "ledger outside of the loop": (
        """\
---
program: count.py
after: total = 0
---
<!--ledger-->

The total is `{python} total`.
""",
        "7: a ledger goes through the iterations of a loop; put it below an embed of a line in one",
    ),
    "ledger that does not add up": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total +="
```

<!--ledger: was.total + turn == total < 3-->

| Turn | Total |
| --: | --: |
| `{python} turn` | `{python} total` |
""",
        "10: the ledger does not add up in iteration 3: was.total + turn == total < 3 is not true; mend the table or the "
        "expression",
    ),
    "ledger with a value that it cannot hold": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total +="
```

<!--ledger-->

It is `{python} "a;b" * (total + 1)`.
""",
        '10: {python} "a;b" * (total + 1) has a mark in it that a ledger cannot hold; show a number',
    ),
    "curve of what is no function": (
        """\
---
program: count.py
after: total +=
---
`{curve} total, 1`
""",
        "5: {curve} total, 1: 'int' object is not callable; write a function and a number, as in {curve} f, x[0]",
    ),
    # What only the finished HTML shows.
    "indented code": (
        """\
Text.

    total = 1
""",
        "3: this code (total = 1) is no fence to Markdown, so it would be shown and not run; "
        "write it as a fence, indented like the text that it belongs to",
    ),
    "fence that is indented too far": (
        """\
Text.

    ```python
    total = 1
    ```
""",
        "3: this code (```) is no fence to Markdown, so it would be shown and not run; "
        "write it as a fence, indented like the text that it belongs to",
    ),
    "code in HTML": (
        """\
<pre>total = 1</pre>
""",
        "1: this code (total = 1) is no fence to Markdown, so it would be shown and not run; "
        "write it as a fence, indented like the text that it belongs to",
    ),
    "script that is not closed": (
        """\
<script>

```python
x = 1
```
""",
        "1: this <script> is never closed, and what follows is not seen; write </script> after it",
    ),
    "preformatted text that is not closed": (
        """\
# A page

<pre>

```python
x = 1
```
""",
        "6: this code (x = 1) is no fence to Markdown, so it would be shown and not run; write it as a fence, indented like the "
        "text that it belongs to",
    ),
    "heading in what is not closed": (
        """\
# A page

<textarea>

## A heading
""",
        "3: this <textarea> is never closed, and what follows is not seen; write </textarea> after it",
    ),
    "nothing but front matter": (
        """\
---
program: count.py
---
""",
        "3: this page says nothing; write a heading and a sentence, or delete it",
    ),
    "front matter without an end": (
        """\
---
program: count.py

# A page
""",
        "1: the front matter begins on line 1 and ends with a line ---; write it so, or write *** for a line across the page",
    ),
    "blank before the front matter": (
        """\

---
program: count.py
---
# A page
""",
        "2: the front matter begins on line 1 and ends with a line ---; write it so, or write *** for a line across the page",
    ),
    "template": (
        """\
---
template: ../../x
---
# A page
""",
        "2: `template: ../../x` is no template of the theme; name one of its files, or delete the line",
    ),
    "template that is not there": (
        """\
---
template: x.html
---
# A page
""",
        "2: `template: x.html` is no template of the theme; name one of its files, or delete the line",
    ),
    "front matter with a date that is none": (
        """\
---
date: 2026-99-99
---
# A page
""",
        "2: the front matter is not YAML here; write a list of `name: value` lines",
    ),
    "sentences as a text": (
        """\
---
lines: total
---
# A page
""",
        "2: `lines:` in the front matter is not a list of `some text of a line: a sentence` lines; write it so",
    ),
    "sentences as a list": (
        """\
---
lines: [total]
---
# A page
""",
        "2: `lines:` in the front matter is not a list of `some text of a line: a sentence` lines; write it so",
    ),
    "sentence for a number": (
        """\
---
lines:
  4: It is set.
---
# A page
""",
        "3: `4:` under `lines:` is no text; put it in quotes",
    ),
    "sentence that is empty": (
        """\
---
lines:
  total =:
---
# A page
""",
        "3: `total =:` under `lines:` has no sentence; write one behind it",
    ),
    "ledger in a list": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total +="
```

1. An item

    <!--ledger-->

    It is `{python} total`.
""",
        "12: a ledger stands by itself; take it out of the list, the note or the tab",
    ),
    "program that is no Python": (
        """\
---
program: broken.py
---
See `x`.
""",
        "4: broken.py:2: IndentationError: unexpected indent; mend that line",
    ),
    "embed of a line that leads away": (
        """\
```python
--8<-- "leaves.py:break"
```
""",
        "1: line 2 of leaves.py never completes, as break leads away from it; let the embed end at another line",
    ),
    "character that nobody sees": (
        "# A page\n\nA\x02b.\n",
        "3: a character that nobody sees (number 2) stands on this line; delete it",
    ),
    "lists that stand in each other": (
        "- " * 30 + "x\n",
        "1: more than twenty quotes and lists stand in each other here; take some away",
    ),
    "question of no kind": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: how-->

What is it?

- Nothing.<!--if: total == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "8: a question is one of what, why, recall; write <!--question: why-->",
    ),
    "question in a list": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

- x

    <!--question: why-->

    What is it?

- Nothing.<!--if: total == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "10: a question stands by itself; take it out of the list, the note or the tab",
    ),
    "question that asks nothing": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

- Nothing.<!--if: total == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "8: this mark asks nothing; write the question below it, in one paragraph",
    ),
    "question without choices": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

Nothing.

??? question "Show the answer"

    It is.
""",
        "10: the choices of a question follow it as a list: - what it may be<!--if: an expression-->",
    ),
    "question without an answer": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

It is.
""",
        '12: the answer is folded away below the choices; write ??? question "Show the answer", and the '
        "answer below it, indented by four",
    ),
    "question with one choice": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 0-->
    It is.

??? question "Show the answer"

    It is.
""",
        "12: a question has two to 5 choices, and this one has 1",
    ),
    "choice with a fence": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 0-->
    It is.

    ```python
    1
    ```
- So.<!--if: total > 0-->
    No.

??? question "Show the answer"

    It is.
""",
        "15: a choice holds no fence; put it below, into what is folded away",
    ),
    "choice that is never right": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: a choice says when it is right, and once; write <!--if: an expression--> behind it",
    ),
    "choice that says nothing": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- <!--if: total == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: a choice says something; write it before its <!--if: …-->",
    ),
    "choice without feedback": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 0-->
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: say, behind its <!--if: …-->, to whoever chooses this why it is so, or where they went wrong",
    ),
    "choices of which two are right": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 0-->
    It is.
- Something.<!--if: total < 1-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: 2 of these choices are right in this run, and one must be (line 12: total == 0 is 0 == 0; line "
        "14: total < 1 is 0 < 1); rewrite the choices, or their expressions",
    ),
    "choices of which none is right": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total == 1-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: none of these choices is right in this run, and one must be (line 12: total == 1 is 0 == 1; "
        "line 14: total > 0 is 0 > 0); rewrite the choices, or their expressions",
    ),
    "choice that is no claim": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: total-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: <!--if: total--> is 0, a int, and a claim is True or False; compare it",
    ),
    "choice that raises": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

What is it?

- Nothing.<!--if: totl == 0-->
    It is.
- Something.<!--if: total > 0-->
    Not yet.

??? question "Show the answer"

    It is.
""",
        "12: <!--if: totl == 0-->: NameError: name 'totl' is not defined; did you mean total",
    ),
    "exercise without lines": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "8: an exercise names the lines that the reader writes: <!--exercise: some text of the line-->, or all",
    ),
    "exercise in a list": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

- x

    <!--exercise: total += turn-->

    Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "10: an exercise stands by itself; take it out of the list, the note or the tab",
    ),
    "exercise without a task": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "8: below this mark stands the task, and then the checks as a list: - what is wrong<!--unless: an expression-->",
    ),
    "exercise without hints": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

Behind.
""",
        '12: hints follow the checks; write ??? question "Hints", and a list of hints below it, indented by four',
    ),
    "exercise with hints that are no list": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    Look.
""",
        "18: hints are a list; write them so, each with a - before it",
    ),
    "exercise with a fence in a hint": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.

        ```python
        1
        ```
""",
        "22: an exercise holds no fence; put it above the mark, or below the hints",
    ),
    "exercise with two wrong answers": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`

??? question "Hints"

    - Look.
""",
        "12: an exercise tells at least three wrong answers apart; write them below their checks, as in     - `{wrong} the line`",
    ),
    "check that says nothing": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- <!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "12: a check is what you say when it fails, and then what must hold: - …<!--unless: an expression-->",
    ),
    "check that no wrong answer fails": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "12: no wrong answer is told by this check; write one below it, as in     - `{wrong} the line`",
    ),
    "exercise about no line": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += trn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        '10: "total += trn" is on no line of count.py; the nearest is line 6, "total += turn"; copy some text of '
        "the line you mean",
    ),
    "exercise that the program does not pass": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total < 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += 5`

??? question "Hints"

    - Look.
""",
        "12: the program itself does not pass: It counts down.; mend the check",
    ),
    "wrong answer that passes": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total += turn + 0`

??? question "Hints"

    - Look.
""",
        "16: the check above does not tell this wrong answer: it passes; move it, or mend one of the two",
    ),
    "wrong answer that is told something else": (
        """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--exercise: total += turn-->

Add up.

- It counts down.<!--unless: total >= 0-->
    - `{wrong} total -= turn + 1`
- It does not add up: `{python} total`.<!--unless: total == program.total-->
    - `{wrong} total = turn - 1 + 2`
    - `{wrong} total -= 5`

??? question "Hints"

    - Look.
""",
        "16: the check above does not tell this wrong answer: it is told 'It counts down.'; move it, or mend one of the two",
    ),
    "front matter that refers to itself": (
        """\
---
program: count.py
lines: &all
  total =: *all
---
# A page
""",
        "4: `total =:` under `lines:` has no sentence; write one behind it",
    ),
    "partial embed without a listing": (
        """\
---
program: leaves.py
---
```python
--8<-- "leaves.py:print"
```
""",
        "4: no program.md beside this page or above it names leaves.py, so its lines cannot be linked to; "
        "write one with `program: leaves.py` in its front matter",
    ),
    "embed of a program that is too long": (
        """\
---
program: huge.py
---
```python
--8<-- "huge.py:last ="
```
""",
        "5: the program snippets/huge.py has 20,001 lines; a page can show one of at most 20,000",
    ),
    "notebook": (  # by its name it is one
        """\
---
program: count.py
---
```python
--8<-- "count.py"
```

```diff
-total = 0
+total = 1
```

<!--pytest-codeblocks:expected-output-->

```text
4
```
""",
        "8: a notebook runs the program as it is, and holds no diff; say in words what to change",
    ),
    "page that is too long": (
        "so " * 70_000 + "\n",
        "1: this page has 210,001 characters; a page holds at most 200,000, so make several of it",
    ),
}


@pytest.mark.parametrize(
    "front, message",
    [
        (
            "lines:\n  total =: Starts.\n  totl: Starts.",
            '5: "totl" is on no line of count.py; the nearest is line 4, "total = 0"; copy some text of the line you mean',
        ),
        (
            "lines:\n  total =: Sets `totl`.",
            "4: `totl` is no name of count.py or of a fence on this page; did you mean total, or "
            "write `{text} totl` if it is not code of the program",
        ),
        (
            "lines:\n  total =: Starts.\n  total =..for turn: Goes on.",
            "5: line 4 of count.py has two sentences; let each line have one",
        ),
        ("examples: total", "3: `total` is no array of count.py; name the one whose rows are the examples"),
    ],
)
def test_a_listing_that_is_wrong_stops_both(front, message, tmp_path, monkeypatch, caplog):
    make_project(tmp_path, program=LISTING.replace("program: count.py", f"program: count.py\n{front}"))
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.ERROR, "mkdocs"), pytest.raises(Abort):
        build_project(tmp_path)
    assert caplog.messages == [f"Error reading page 'program.md': docs/program.md:{message}"]
    assert f"docs/program.md:{message}" in run_pytest(tmp_path)[1]


def make_project(folder, **pages):
    """Write a project with the program, its listing and some pages (name: text) into a folder."""
    for path, text in {
        "snippets/count.py": PROGRAM,
        "snippets/leaves.py": "while True:\n    break\nprint(1)\n",
        "snippets/broken.py": "x = 1\n  y = 2\n",
        "snippets/huge.py": "a = 1\n" * 20_000 + "last = 2\n",
        "theme/main.html": "{{ page.content }}",
        "docs/program.md": LISTING,
        **{f"docs/{name}.md": text for name, text in pages.items()},
    }.items():
        folder.joinpath(path).parent.mkdir(exist_ok=True)
        folder.joinpath(path).write_text(text)


def build_project(folder):
    """Build with the site's own configuration, but for its theme and its navigation."""
    config = load_config(
        str(ROOT / "mkdocs.yml"),
        docs_dir=str(folder / "docs"),
        site_dir=str(folder / "site"),
        strict=True,
        theme={"name": None, "custom_dir": str(folder / "theme")},
        plugins=["literate"],
        extra_css=[],
    )
    config.nav = None
    build(config)


@pytest.fixture(scope="module")
def tests_said(tmp_path_factory):
    """What pytest says of all the bad pages, in one run."""
    folder = tmp_path_factory.mktemp("bad")
    make_project(folder, **{slug(name): page for name, (page, _) in BAD.items()})
    return run_pytest(folder, "--continue-on-collection-errors")[1]


def slug(name):
    return re.sub(r"\W+", "-", name)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_stops_build_and_tests_with_one_line(name, tests_said, tmp_path, monkeypatch, caplog):
    page, message = BAD[name]
    make_project(tmp_path, **{slug(name): page})
    monkeypatch.chdir(tmp_path)

    with caplog.at_level(logging.ERROR, "mkdocs"), pytest.raises(Abort):
        build_project(tmp_path)
    [said] = caplog.messages
    message = f"docs/{slug(name)}.md:{message}"
    assert said == f"Error reading page '{slug(name)}.md': {message}"

    assert message in tests_said
    failures = rf"(FAILED|ERROR) docs/{slug(name)}\.md\b"
    [failed] = {line.split(" - ")[0] for line in tests_said if re.match(failures, line)}


# What the check once let pass, and the build refused.
SAME = [
    "partial embed without a listing", "indented code", "notebook", "nothing but front matter", "embed of a program that is too long",
    "template", "template that is not there", "ledger in a list", "sentences as a text", "sentences as a list", "sentence for a number",
    "front matter that refers to itself", "script that is not closed", "preformatted text that is not closed",
    "page that is too long", "embed of a line that leads away",
]  # fmt: skip


def test_the_check_refuses_what_the_build_refuses(tmp_path):
    make_project(tmp_path, **{slug(name): BAD[name][0] for name in SAME})
    (tmp_path / "mkdocs.yml").write_text("")
    status, said, _ = literate(tmp_path, "check")
    first = {line.partition(":")[0]: line for line in reversed(said.splitlines())}  # where the build stops; the check goes on
    assert status == 1 and {*first.values()} == {f"docs/{slug(name)}.md:{BAD[name][1]}" for name in SAME}


def test_a_program_with_backticks_is_shown_whole_and_nothing_is_written_beside_its_page(tmp_path, monkeypatch, caplog):
    program = 'a = """\n```\n````python\n"""\n'
    make_project(tmp_path, program=LISTING.replace("count.py", "ticks.py"))
    (tmp_path / "snippets" / "ticks.py").write_text(program)
    (tmp_path / "mkdocs.yml").write_text("")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert literate(tmp_path, "check")[:2] == (0, "")
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.WARNING, "mkdocs"):
        build_project(tmp_path)
    assert caplog.messages == []
    html = BeautifulSoup((tmp_path / "site" / "program" / "index.html").read_text(), "html.parser")
    assert html.select_one(".listing pre").text == program
    written = {path for path in tmp_path.rglob("*") if path.is_file() and not {"site", ".cache"} & {*path.parts}}
    assert written == {path for path in before if ".cache" not in path.parts}


def test_a_page_without_a_listing_of_its_program_cannot_link_to_its_lines(tmp_path, monkeypatch, caplog):
    make_project(tmp_path, index="---\nprogram: other.py\n---\nSee `{line} a = 1`.\n")
    (tmp_path / "snippets" / "other.py").write_text("a = 1\n")
    (tmp_path / "mkdocs.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    message = (
        "docs/index.md:4: no program.md beside this page or above it names other.py, so its lines cannot be linked to; "
        "write one with `program: other.py` in its front matter"
    )
    with caplog.at_level(logging.ERROR, "mkdocs"), pytest.raises(Abort):
        build_project(tmp_path)
    assert caplog.messages == [f"Error reading page 'index.md': {message}"]
    assert message in run_pytest(tmp_path)[1]


def test_no_failure_shows_the_engine(tests_said):
    said = "\n".join(tests_said)
    assert "= FAILURES =" in said and "= ERRORS =" in said
    assert not re.search(r"Traceback|literate/|site-packages", said.partition("= ERRORS =")[2])


def test_a_page_that_is_in_order_passes_both(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    make_project(
        tmp_path,
        index="""\
---
program: count.py
---
# Good

## Example

## Example

See [the second](#example_1), or [the same](index.md#example_1).

The whole is `{python} 1 + 1`, `half` and `{text} 1.5` are fine, and so is `` `{python} shown` ``.

!!! note "A note"

    ```python iteration="2"
    --8<-- "count.py:total +="
    ```

    The total is `{python} total`, on `{line} total +=`.

=== "A tab"

    1. an item

        ```python
        print(half(total), turn)
        ```

        <!--pytest-codeblocks:expected-output-->

        ```text
        10.0 1
        ```

<!--display-only: it is a shell's-->

````sh
echo '```python'
--8<-- "not included"
````

<!-- a comment
of two lines -->
""",
    )
    with caplog.at_level(logging.WARNING, "mkdocs"):
        build_project(tmp_path)
    assert caplog.messages == []
    html = BeautifulSoup((tmp_path / "site" / "index.html").read_text(), "html.parser")
    assert [pre.text for pre in html.find_all("pre")] == [
        "    total += turn\n",
        "print(half(total), turn)\n",
        "10.0 1\n",
        "echo '```python'\n--8<-- \"not included\"\n",
    ]
    assert [code.text for code in html.select(":not(pre) > code")] == ["2", "half", "1.5", "`{python} shown`", "1"]
    _, said = run_pytest(tmp_path, "-v")
    assert [line.split()[:3] for line in said if "::" in line] == [
        ["docs/index.md::line", "16", "PASSED"],
        ["docs/index.md::line", "26", "PASSED"],
        ["docs/index.md::prose", "PASSED", "["],
        ["docs/program.md::line", "4", "PASSED"],
        ["docs/program.md::prose", "PASSED", "[100%]"],
    ]
