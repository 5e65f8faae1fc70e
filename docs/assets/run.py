"""What runs a reader's program in Python in the browser, as a terminal would; worker.js loads this file there."""

import builtins
import contextlib
import io
import json
import linecache
import os
import sys
import traceback
import warnings
from pathlib import Path

import numpy

HEAD, TAIL = 20_000, 2_000  # how many characters of a long output are shown: of its beginning, and of its end


class Output(io.TextIOBase):
    """Passes on what is printed, at once, up to HEAD characters; of what comes after them it keeps the end.

    `tell(text, warning)` is told of each piece; `cut(lines, end)`, now and then and at the end, how many lines are left
    out by then, and what comes after them.
    """

    def __init__(self, tell, cut):
        self.tell, self.cut = tell, cut
        self.room = HEAD
        self.left, self.end, self.lines, self.told = 0, "", 0, 0  # left and told in characters

    def write(self, text, warning=False):
        if self.room > 0 and text:
            self.tell(text[: self.room], warning)
        rest = text[max(self.room, 0) :]
        self.room -= len(text)
        if rest:
            self.left += len(rest)
            self.lines += rest.count("\n")
            self.end = (self.end + rest[-TAIL:])[-TAIL:]
            if self.left > self.told * 1.5:
                self.close()
        return len(text)

    def close(self):
        if self.left > self.told:
            self.told = self.left
            self.cut(max(self.lines - self.end.count("\n"), 0), self.end)


def run(name, text, tell, cut, before=""):
    """Run a program in a namespace of its own; return the last line of its traceback and the line where it failed, or two None,
    and what it has drawn, as a list of SVG texts.

    `name` is its file's name, by which tracebacks and warnings call it, and `text` its text. `tell` and `cut` are those of
    an Output. `before` is Python that puts into `names`, the program's globals, what is to be there when it begins. If it binds
    `drawing`, that is the context in which the program can draw (figure.py).
    """
    output, lines, python = Output(tell, cut), text.split("\n"), _python()
    linecache.cache[name] = len(text), None, [f"{line}\n" for line in lines], name
    numpy.random.seed()  # each program begins with other random numbers, until it seeds them
    if "random" in sys.modules:
        sys.modules["random"].seed()

    def warn(message, category, filename, lineno, file=None, line=None):
        output.write(warnings.formatwarning(message, category, os.path.basename(filename), lineno, line), warning=True)

    stdin, sys.stdin = sys.stdin, io.StringIO()  # there is nobody to type
    names, pictures = {"__name__": "__main__"}, []
    brought = {"names": names}
    try:
        try:
            exec(before, brought)
        except BaseException as error:
            last = traceback.format_exception_only(error)[-1].strip()
            return f"It has not come as far as this. Above it stands what ends in {last}", None, []
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            warnings.catch_warnings(),
            numpy.printoptions(),
            numpy.errstate(),
        ):
            warnings.simplefilter("default")
            warnings.showwarning = warn
            try:
                with brought.get("drawing", contextlib.nullcontext)() as drawn:
                    try:
                        exec(compile(text, name, "exec"), names)
                    except SystemExit as end:
                        if isinstance(end.code, str):
                            print(end.code)
                    pictures = drawn() if drawn else []
            except BaseException as error:
                output.close()
                output.room = max(output.room, HEAD // 4)  # for the traceback, whatever was printed before it
                frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
                return *_fail(output, name, lines, frames, error), []
        return None, None, pictures
    finally:
        sys.stdin = stdin
        output.close()
        for added in vars(builtins).keys() - python[0][1].keys():
            delattr(builtins, added)
        for module, names in python:
            vars(module).update(names)


def record(files, name, text, until, asked):
    """Return the recording of a program as JSON text, as far as it comes; raise an error if it is no Python.

    `files` are the modules of the site's engine that make it, as JSON, and `until` is how far it is to go, if not to its end:
    the numbers of a line and an iteration; `asked` is what a page wants to know of it. See docs/literate/look/far.py.
    """
    folder = Path("/engine")
    for path, source in json.loads(files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        from literate.look.far import recorded

        numpy.random.seed()
        return recorded(name, text, until=tuple(map(int, until.split())), asked=asked)
    finally:
        sys.path.remove(str(folder))


def _fail(output, name, lines, frames, error):
    """Print a traceback, from the program's own lines on."""
    known = [traceback.FrameSummary(name, frame.lineno, frame.name, line=lines[frame.lineno - 1]) for frame in frames]
    last = traceback.format_exception_only(error)
    head = ["Traceback (most recent call last):\n"] if known else []
    output.write("".join([*head, *traceback.format_list(known), *last]))
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == name else known[-1].lineno if known else None
    return last[-1].strip(), line


def _python():
    """Return what a program could leave changed for the next one: modules, each with its names and their values."""
    return [(module, dict(vars(module))) for module in (builtins, numpy, numpy.linalg, numpy.random)]
