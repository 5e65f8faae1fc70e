"""A session: the state that a page has reached, as its blocks are run from top to bottom."""

import ast
import contextlib
import functools
import io
import re
import types
import warnings
from pathlib import Path

from literate.page import Code, Embed
from literate.program import Program, ProgramError, describe, line_in
from literate.recording import Recording, copied

PROGRAMS = "snippets"  # the folder of the programs, from where the command is typed


class Session:
    """Runs one page.

    `namespace` holds what the page has reached: the names that the program has bound where its last embed
    stopped, and those that the page's own fences have bound. A page whose front matter says `after: text of a
    line` begins where that line has completed, without an embed.
    """

    def __init__(self, page, programs=PROGRAMS):
        self.page = page
        self.programs = Path(programs)
        self.namespace = {}
        self._own = {}
        self._stop = None  # the program and the line that the page has reached
        self._since = []  # the fences that ran there, and what the page had named before them
        if after := page.meta.get("after"):
            program, lines = self.find(1, after)
            self._reach(1, program, lines, 1)

    def program(self, line, name=None):
        """Return a Program: the named one, or the page's own. Raise PageError, at `line`, if there is none."""
        if not (name or self.page.program):
            raise self.page.error(line, "the page names no program; write `program: its-file.py` in its front matter")
        return self._ask(line, read_program, self.programs / (name or self.page.program))

    def find(self, line, selector, name=None):
        """Return the program and the range of its lines that a selector means."""
        program = self.program(line, name)
        return program, self._ask(line, program.find, selector)

    def run(self, block):
        """Run an Embed or a Code block and return what it printed; raise PageError if it fails.

        It fails if it raises or warns, if the page shows another output than it printed, and if a fence printed
        something that the page does not show.
        """
        printed = self._embed(block) if isinstance(block, Embed) else self._code(block)
        if block.output and printed != block.output.text:
            raise self.page.error(block.output.line, difference(block.output.text, printed))
        if printed and not block.output and isinstance(block, Code):
            raise self.page.error(block.line, f"the page does not show what this prints ({printed.splitlines()[0]!r}, "
                                  "to begin with); add an output fence below it")
        return printed

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
            namespace = {"__name__": "__main__", **own, **copied(after),
                         "was": types.SimpleNamespace(**copied(before))}
            for block in blocks:
                self._execute(block, namespace)
            yield iteration, namespace

    def value(self, line, expression, namespace=None):
        """Return an expression, which may end in a format (`l1[0, 0]:.4f`), as text: here, or in another namespace."""
        code = f'f"""{{{expression}}}"""'
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                text = eval(compile(code, "<value>", "eval"), self.namespace if namespace is None else namespace)
        except SyntaxError as error:
            raise self.page.error(line, f"{{python}} {expression}: this is not an expression; write one, as in "
                                  "{python} l1.shape or {python} l1[0, 0]:.3f") from error
        except Exception as error:
            raise self.page.error(line, f"{{python}} {expression}: {describe(error)}; write an expression that has "
                                  "a value where the page has got to") from error
        if "\n" in text:
            raise self.page.error(line, f"{{python}} {expression} has more than one line; print it in a python fence")
        return text

    @property
    def own_names(self):
        """The names that the page's fences use, run or not: prose may speak of them."""
        return {node.id for block in self.page.blocks if isinstance(block, Code)
                for node in ast.walk(self._parse(block)) if isinstance(node, ast.Name)}

    def _embed(self, block):
        program, lines = self.find(block.line, block.selector, block.program)
        return self._reach(block.line, program, lines, block.iteration).output(lines)

    def _reach(self, line, program, lines, iteration):
        """Run the program until its `lines` have completed, and make that the page's state."""
        run = self._ask(line, program.run, lines[-1], iteration)
        for warned in run.warned:
            raise self.page.error(line, f"{program.name}:{warned.lineno}: {_as_text(warned)}; mend the program")
        self.namespace = {"__name__": "__main__", **self._own, **run.namespace}
        self._stop, self._since = (program, program.statement_at(lines[-1])), (dict(self._own), [])
        return run

    def _code(self, block):
        before = set(self.namespace)
        printed = self._execute(block, self.namespace)
        self._own.update({name: self.namespace[name] for name in set(self.namespace) - before})
        if self._stop:
            self._since[1].append(block)
        return printed

    def _execute(self, block, namespace):
        code = compile(self._parse(block), str(self.page.path), "exec")
        with contextlib.redirect_stdout(io.StringIO()) as stdout, warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                exec(code, namespace)
            except (Exception, SystemExit) as error:
                raise self._failure(block, error) from error
        for warning in warned:
            raise self.page.error(block.line, f"{_as_text(warning)}; change the fence so that it does not warn")
        return stdout.getvalue()

    def _parse(self, block):
        try:
            # As many empty lines before the code as there are in the file, so that errors name the page's own line.
            return ast.parse("\n" * block.line + block.text, str(self.page.path))
        except SyntaxError as error:
            raise self.page.error(error.lineno, f"{describe(error)}; mend the fence") from error

    def _failure(self, block, error):
        line = line_in(error, self.page.path) or block.line
        inside = ""
        for program in {block.program for block in self.page.blocks if isinstance(block, Embed)}:
            if risen := line_in(error, self.programs / program):
                inside = f" (raised at {program}:{risen})"
        return self.page.error(line, f"{describe(error)}{inside}; mend the fence")

    def _ask(self, line, question, *args):
        """Ask a program something; an error is the page's, at `line`."""
        try:
            return question(*args)
        except ProgramError as error:
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
    """Say in one line where an output on a page differs from what was printed, and what to do."""
    old, new = shown.splitlines(), printed.splitlines()
    if not new:
        return "nothing is printed here; delete this output, or print something above it"
    number = next((n for n, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    found = f"has {old[number]!r}" if number < len(old) else "ends before it"
    wanted = f"write {new[number]!r}" if number < len(new) else "delete it"
    return f"line {number + 1} of this output is not what is printed: the page {found}; {wanted}"


def _as_text(warning):
    return f"{warning.category.__name__}: {warning.message}"
