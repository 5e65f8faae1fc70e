"""A session: the state that a page has reached, as its blocks are run from top to bottom."""

import ast
import contextlib
import difflib
import functools
import io
import re
import types
import warnings
from pathlib import Path

from literate import figures
from literate.change import ChangeError, apply, compared
from literate.page import Code, Embed, PageError, WhatIf, shown
from literate.program import Paper, Program, ProgramError, TooLong, describe, execute, line_in, put_back, rebound
from literate.recording import Recording, copied

PROGRAMS = "snippets"  # the folder of the programs, from where the command is typed


class OutputError(PageError):
    """An `output` of a page is not what is `printed`: `python -m literate update` can mend it."""

    def __init__(self, path, output, printed):
        self.output, self.printed = output, printed
        number, differs = difference(output.text, printed)
        super().__init__(path, output.line + number, f"{differs}; if that is right now: "
                         f"python -m literate update {shown(path)}")


class Session:
    """Runs one page.

    `namespace` holds what the page has reached: the names that the program has bound where its last embed
    stopped, and those that the page's own fences have bound. A page whose front matter says `after: text of a
    line` begins where that line has completed, without an embed.
    """

    def __init__(self, page, programs=PROGRAMS):
        self.page = page
        self.programs = Path(programs)
        self.namespace = {"__name__": "__main__"}
        self._own = {}
        self._stop = None  # the program and the line that the page has reached
        self._since = []  # what the page had named before that, and the fences that have run there
        self._changed = None  # the program as the what-if above has made it
        self._shown = {}
        self._made = {}
        self._figures = {}
        if after := page.meta.get("after"):
            line = page.line_of("after")
            program, lines = self.find(line, after)
            self._reach(line, program, lines, 1)

    def program(self, line, name=None):
        """Return a Program: the named one, or the page's own. Raise PageError, at `line`, if there is none."""
        if not (name or self.page.program):
            raise self.page.error(line, "the page names no program; write `program: its-file.py` in its front matter")
        line = line if name else self.page.line_of("program")
        return self._ask(line, read_program, self.programs / (name or self.page.program))

    def find(self, line, selector, name=None):
        """Return the program and the range of its lines that a selector means."""
        program = self.program(line, name)
        return program, self._ask(line, program.find, selector)

    def run(self, block):
        """Run a Live block and return what it printed; raise PageError if it fails.

        It fails if it raises or warns (unless it is a what-if, whose output shows that), if the page shows another
        output than it printed, and if the page does not show what a fence printed, or a what-if differently.
        """
        printed = {Code: self._code, Embed: self._embed, WhatIf: self._what_if}[type(block)](block)
        if block.output and not printed:
            raise self.page.error(block.output.line, "nothing is printed here; delete this output, or print something "
                                  "above it")
        if printed and not printed.endswith("\n") and (block.output or isinstance(block, Code)):
            raise self.page.error(block.line, f"the last line that this prints ({_short(printed.splitlines()[-1])}) does not "
                                  "end; print it with a line end")
        if block.output and printed != block.output.text:
            raise OutputError(self.page.path, block.output, printed)
        seen = isinstance(block, Embed) or isinstance(block, WhatIf) and printed == self.program(block.line).transcript
        if printed and not block.output and not seen:
            raise self.page.error(block.line, f"the page does not show what this prints ({_short(printed.splitlines()[0])}, "
                                  "to begin with); add an output fence below it")
        return printed

    def changed_lines(self, block):
        """Return the ChangedLines that show a WhatIf which has been run, or the rows that compare an Embed's program."""
        return self._shown[block.line]

    def made(self, block):
        """Return the Program that a WhatIf has made, and its Run, of which only what it showed is still as it was."""
        return self._made[block.line]

    def figure(self, block):
        """Return the picture that a Code block has drawn, as SVG text."""
        return self._figures[block.line]

    def at_every_iteration(self, line):
        """Yield each iteration that the recording keeps, and the namespace that the page would have here in it.

        It is what the program had bound after the line that the page has reached, and what the page's fences make of
        that. `was` holds what the program's names were before that line. Raise PageError if the line is in no loop.
        """
        program, stop = self._stop or (None, 0)
        if not program or stop not in program.loops:
            raise self.page.error(line, "a ledger goes through the iterations of a loop; put it below an embed of a "
                                  "line in one")
        recording, (own, blocks) = Recording.of(program), self._since
        for iteration in recording.iterations:
            before, after = recording.around(stop, iteration)
            namespace = {"__name__": "__main__", "was": types.SimpleNamespace(**copied(before)), **copied(after)}
            self._add(own, namespace)
            for block in blocks:
                with contextlib.redirect_stdout(io.StringIO()):
                    try:
                        exec(self._compile(block), namespace)
                    except Exception as error:
                        raise self._failure(block, error) from error
            yield iteration, namespace

    def value(self, line, expression, namespace=None):
        """Return an expression, which may end in a format (`l1[0, 0]:.4f`), as text: here, or in another namespace."""
        code = f'f"""{{{expression}}}"""'
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()) as stdout:
                warnings.simplefilter("error")
                text = eval(compile(code, "<value>", "eval"), self.namespace if namespace is None else namespace)
        except SyntaxError as error:
            raise self.page.error(line, f"{{python}} {expression}: this is not an expression; write one, as in "
                                  "{python} l1.shape or {python} l1[0, 0]:.3f") from error
        except Exception as error:
            mend = self._meant(error) or "write an expression that has a value where the page has got to"
            raise self.page.error(line, f"{{python}} {expression}: {describe(error)}; {mend}") from error
        if stdout.getvalue():
            raise self.page.error(line, f"{{python}} {expression} prints; print in a python fence")
        if not text.strip():
            raise self.page.error(line, f"{{python}} {expression} is empty; write an expression that can be seen")
        if "\n" in text:
            raise self.page.error(line, f"{{python}} {expression} has more than one line; print it in a python fence")
        return text

    @property
    def own_names(self):
        """The names that the page's fences use, run or not: prose may speak of them."""
        return {node.id for block in self.page.blocks if isinstance(block, Code)
                for node in ast.walk(self._compile(block, ast.PyCF_ONLY_AST)) if isinstance(node, ast.Name)}

    def _embed(self, block):
        program, lines = self.find(block.line + 1, block.selector, block.program)
        if block.against is not None:
            self._shown[block.line] = compared(self.program(block.line, block.against), program)
            if not self._shown[block.line]:
                raise self.page.error(block.line, f'{block.against} is the same as {program.name}; name another, or delete '
                                      f'against="{block.against}"')
        return self._reach(block.line, program, lines, block.iteration).output(lines)

    def _reach(self, line, program, lines, iteration):
        """Run the program until its `lines` have completed, and make that the page's state."""
        run = self._ask(line, program.run, lines[-1], iteration)
        for number, text in run.warned:
            raise self.page.error(line, f"{text.splitlines()[0]}; mend line {number} of the program")
        self._check_left(line, program.name, run.left)
        self._enter(run)
        self._stop, self._since = (program, program.statement_at(lines[-1])), (dict(self._own), [])
        return run

    def _enter(self, run):
        self.namespace = run.namespace
        self._add(self._own, self.namespace)
        self._stop = None

    def _add(self, own, namespace):
        for name, value in own.items():
            if isinstance(value, types.FunctionType) and value.__globals__ is not namespace:
                value = rebound(value, namespace)
            namespace.setdefault(name, value)

    def _what_if(self, block):
        if block.continues and not self._changed:
            raise self.page.error(block.line, 'no what-if stands above this one; delete continues="above"')
        program = self._changed if block.continues else self.program(block.line)
        try:
            self._changed, self._shown[block.line] = apply(program, block.text)
        except ChangeError as error:
            raise self.page.error(block.line + 1 + error.line, str(error)) from error
        run = self._ask(block.line, self._changed.attempt)
        self._made[block.line] = self._changed, run
        self._check_left(block.line, "this what-if", run.left)
        raised = type(run.error).__name__ if run.error else None
        if raised != block.raises:
            if raised:
                raise self.page.error(block.line, f"this what-if ends in {describe(run.error)} on line "
                                      f"{line_in(run.error, program.path)}; if it is to, write ```diff raises=\"{raised}\"")
            raise self.page.error(block.line, f'this what-if ends without a {block.raises}; delete raises="{block.raises}"')
        self._enter(run)
        return run.transcript

    def _code(self, block):
        code = self._compile(block)
        before = dict(self.namespace)
        drawing = figures.style() if block.figure else contextlib.nullcontext()
        stdout, stderr = Paper(), io.StringIO()
        with (put_back() as left, contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr),
              warnings.catch_warnings(record=True) as warned, drawing):
            warnings.simplefilter("always")
            try:
                execute(code, self.namespace, self.page.path)
            except TooLong as error:
                raise self.page.error(block.line, f"this fence {error}") from None
            except (Exception, SystemExit) as error:
                raise self._failure(block, error) from error
            if block.figure:
                self._figures[block.line] = self._ask(block.line, figures.take, block.figure)
        if figures.left_over():
            raise self.page.error(block.line, "this fence draws a figure that nobody would see; say what it shows: "
                                  '```python figure="…"')
        for warning in warned:
            raise self.page.error(block.line, f"{_as_text(warning)}; change the fence so that it does not warn")
        if stderr.getvalue():
            raise self.page.error(block.line, "this fence prints to stderr, where no reader sees it; print it plainly")
        self._check_left(block.line, "this fence", left)
        for name in self._own.keys() - self.namespace.keys():
            del self._own[name]
        self._own.update({name: value for name, value in self.namespace.items()
                          if name != "__builtins__" and (name not in before or before[name] is not value)})
        if self._stop and not block.figure:
            self._since[1].append(block)
        return stdout.getvalue()

    def _check_left(self, line, what, left):
        if left:
            raise self.page.error(line, f"{what} changes {left[0]} for all pages; change it in a `with` block, or put it back")

    def _compile(self, block, flags=0):
        try:
            # As many empty lines before the code as there are in the file, so that errors name the page's own line.
            return compile("\n" * block.line + block.text, str(self.page.path), "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or block.line
            raise self.page.error(line, f"{describe(error)}; mend the fence") from error

    def _failure(self, block, error):
        line = line_in(error, self.page.path) or block.line
        inside = ""
        for program in {block.program for block in self.page.blocks if isinstance(block, Embed)}:
            if risen := line_in(error, self.programs / program):
                inside = f" (raised at {program}:{risen})"
        return self.page.error(line, f"{describe(error)}{inside}; {self._meant(error) or 'mend the fence'}")

    def _meant(self, error):
        """Say how to mend a name that is misspelt, or that the program binds further on; None if it is neither."""
        if not isinstance(error, NameError | AttributeError) or not error.name:
            return None
        known = dir(error.obj) if isinstance(error, AttributeError) else [*self.namespace]
        if isinstance(error, NameError) and self.page.program:
            program = self.program(1)
            known += program.names
            line = next((first for first, (binds, _) in sorted(program.uses.items()) if error.name in binds), None)
            if line:
                return (f"embed line {line} of {program.name} above this, where the name is bound, or let the page begin after "
                        "it, with `after:` in the front matter")
        close = difflib.get_close_matches(error.name, known, 1)
        return f"did you mean {close[0]}" if close else None

    def _ask(self, line, question, *args):
        """Ask a program, or the drawing, for something; an error is the page's, at `line`."""
        try:
            return question(*args)
        except (ProgramError, figures.FigureError) as error:
            raise self.page.error(line, str(error)) from error


def read_program(path):
    """Return the Program at `path`, the same object for as long as the file does not change."""
    try:
        stamp = Path(path).stat().st_mtime_ns
    except OSError:
        stamp = None
    return _read_program(path, stamp)


@functools.lru_cache(maxsize=8)
def _read_program(path, stamp):
    return Program.read(path)


def in_sentence(text):
    """Return a value as a sentence has it: with a minus where it begins with a hyphen."""
    return re.sub(r"^-(?=[\d.])", "−", text)


def difference(shown, printed):
    """Return the first line of a page's output that is not what was printed, from 1; and in one line of text how to mend it."""
    old, new = shown.splitlines(), printed.splitlines()
    number = next((n for n, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    found = f"has {_short(old[number])}" if number < len(old) else "ends before it"
    wanted = f"write {_short(new[number])}" if number < len(new) else "delete it"
    return number + 1, f"line {number + 1} of this output is not what is printed: the page {found}; {wanted}"


def _short(line):
    """Return a line in quotes, as much of it as a message can hold."""
    return repr(line if len(line) <= 200 else f"{line[:200]}…")


def _as_text(warning):
    return f"{warning.category.__name__}: {warning.message}"
