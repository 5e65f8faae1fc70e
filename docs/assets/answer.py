"""What answers a reader's text in an exercise: it runs as far as the exercise goes, and the first check that fails answers.

The build and the tests ask this file (docs/literate/practise/exercise.py), and so does the Python in the page (worker.js).
"""

import builtins
import contextlib
import copy
import difflib
import io
import re
import sys
import traceback
import types
import warnings

import numpy

BLANK = "your line here"  # what the comment says that stands on the sheet where lines have been taken out
STEPS = 2_000_000  # that a run may take, lines or smaller: many times what any right answer does
MOST = 100_000  # characters that may be printed
NOTHING = re.compile(r"(return\s+)?(\.\.\.|pass|None|NotImplemented)|raise NotImplementedError.*|#.*|")
VALUE = re.compile(r"`\{python\}\s+(?P<expression>[^`]+)`")
HELD = (builtins, numpy, numpy.linalg, numpy.random)  # what one text could leave changed for the next


class _Over(BaseException):
    """Ends a run; no handler of a text is meant for it."""


class _Printed(io.StringIO):
    def write(self, text):
        if self.tell() + len(text) > MOST:
            raise _Over("flood")
        return super().write(text)


def answer(name, text, sheet, whole, checks):
    """Return what a reader is told about a text, as a dict.

    `name` is the program's file name, `text` what the reader has made of the `sheet`, and `whole` whether the text is to run to
    its end, and not only until the reader's lines have run for the first time. `checks` are pairs: a message, which may hold
    values (`{python} l1.shape`), and the expression that must hold. In both are known the names of the reader's run; `first`,
    with the values that the names had when they were bound; `names`, a set of the names that are bound; `error`, what ended the
    run, or ''; `printed`.

    `right`: whether all checks hold. `check`: the number of the first that fails, from 0, or None if the answer is not an
    author's. `said`: the answer, with code in backticks. `line`: a line of the text to look at, or None. `unsaid`: why a value of
    the message could not be said. `why`: what kept the check from being true or false.
    """
    place = _place(sheet.split("\n"), text.split("\n"))
    own = text.split("\n")[place.start - 1:place.stop - 1]
    if all(NOTHING.fullmatch(line.strip()) for line in own):
        what = "the first of the lines that are missing" if whole else "what is missing"
        blank = (number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith("# your line"))
        return _said(f"Nothing of yours stands here yet. Write {what} in the place of `# {BLANK}`, and keep the indent.",
                     next(blank, place.start))
    try:
        code = compile(text, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return _said(*_unreadable(error, own, place))
    run = _run(name, code, place, whole)
    if run.error and not isinstance(run.error, Exception):
        what = {"flood": "It prints without an end. Take the `print` out of the loop, or print less.",
                "endless": "It goes round and round, and does not come to an end. Look at the condition of the loop."}
        return _said(what.get(str(run.error), "It ends Python. Leave out what does."), run.line)
    for number, (message, expression) in enumerate(checks):
        holds, why = value_of(expression, run.names)
        if holds:
            continue
        said, unsaid = fill(message, run.names)
        if run.error and not re.search(r"\berror\b", expression):
            said, number = _failed(run) + (f" {said}" if whole else ""), number if whole else None
        return {"right": False, "check": number, "said": said, "line": run.line, "unsaid": unsaid, "why": why}
    if run.error:
        return _said(_failed(run), run.line)
    return {**_said("Right. It passes every check."), "right": True}


def value_of(expression, names):
    """Return whether an expression is true, and what kept it from being either, or ''."""
    try:
        value = eval(compile(expression, "<check>", "eval"), names)
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"
    if not isinstance(value, bool | numpy.bool_):
        return False, f"it is a {type(value).__name__}, and a check is True or False"
    return bool(value), ""


def fill(message, names):
    """Return a message with its values, and why one of them could not be had, or ''."""
    failed = []

    def said(match):
        whole = match["expression"].strip()
        try:
            for end in [len(whole), *(found.start() for found in re.finditer(":", whole))]:
                with contextlib.suppress(SyntaxError):
                    code = compile(whole[:end].strip(), "<value>", "eval")
                    return "`" + " ".join(format(eval(code, names), whole[end + 1:].strip()).split()).replace("`", "'") + "`"
            raise SyntaxError("this is no expression")
        except Exception as error:
            failed.append(f"{whole}: {type(error).__name__}: {error}")
            return "`…`"

    return VALUE.sub(said, message), "; ".join(failed)


def _said(said, line=None):
    return {"right": False, "check": None, "said": said, "line": line, "unsaid": "", "why": ""}


def _place(sheet, text):
    """Return the lines (a range, from 1) of a text between what it begins and what it ends with as the sheet does."""
    most = min(len(sheet), len(text))
    head = next((n for n in range(most) if sheet[n] != text[n]), most)
    tail = next((n for n in range(most - head) if sheet[-1 - n] != text[-1 - n]), most - head)
    return range(head + 1, len(text) - tail + 1)


def _unreadable(error, own, place):
    line = getattr(error, "lineno", None) or place.start
    why = getattr(error, "msg", None) or str(error)
    if isinstance(error, IndentationError):
        return f"Line {line} is not indented as Python expects it here ({why}). Begin it where the comment began.", line
    if line in place and re.search(r"^\s*(if|while)\b[^=!<>]*[^=!<>]=[^=]", own[line - place.start]):
        return f"Python cannot read line {line}: {why}. To compare, write `==`.", line
    return f"Python cannot read line {line}: {why}. Is there a bracket, a comma or a quote too few, or too many?", line


def _run(name, code, place, whole):
    """Run a text, to its end or until the lines of its place have run for the first time; return what is known then."""
    space, first, before, steps = {"__name__": "__main__"}, {}, 0, 0
    printed, ended, line = _Printed(), None, None

    def note():
        for bound in space.keys() - first.keys():
            value = space[bound]
            first[bound] = copy.deepcopy(value) if isinstance(value, numpy.ndarray | list | dict | set) else value

    def trace(frame, event, arg):
        nonlocal before, steps
        if frame.f_code.co_filename != name:
            return None
        steps += 1
        frame.f_trace_opcodes = not whole  # a loop on a single line has no other events
        if steps > STEPS:
            raise _Over("endless")
        if frame.f_code is code and event == "line":
            now = frame.f_lineno
            note()
            if not whole and (before in place and now not in place or before < place.start and now >= place.stop):
                raise _Over("reached")
            before = now
        return trace

    held, stdin, tracer = [(module, dict(vars(module))) for module in HELD], sys.stdin, sys.gettrace()
    sys.stdin = io.StringIO()  # there is nobody to type
    numpy.random.seed()
    try:
        with (contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings(),
              numpy.printoptions(), numpy.errstate(all="ignore")):
            warnings.simplefilter("ignore")
            sys.settrace(trace)
            try:
                exec(code, space)
            except BaseException as error:
                sys.settrace(tracer)
                if str(error) != "reached" and not (isinstance(error, SystemExit) and not error.code):
                    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
                    own = [found for found in lines if found in place] or lines
                    ended, line = error, own[-1] if own else None
    finally:
        sys.settrace(tracer)
        sys.stdin = stdin
        for module, names in held:
            for added in vars(module).keys() - names.keys():
                delattr(module, added)
            vars(module).update(names)
    note()
    names = {bound for bound in space if not bound.startswith("__")}
    known = {"np": numpy, **space, "first": types.SimpleNamespace(**first), "names": names, "printed": printed.getvalue(),
             "error": _one_line(ended) if ended else ""}
    return types.SimpleNamespace(names=known, error=ended, line=line)


def _one_line(error):
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _failed(run):
    """Say in a sentence or two what ended a run."""
    error, where = run.error, f"Line {run.line}" if run.line else "It"
    if isinstance(error, NameError) and error.name:
        known = [*(run.names["names"] - {"names"}), *dir(builtins)]
        close = difflib.get_close_matches(error.name, known, 1)
        meant = f"Did you mean `{close[0]}`?" if close else "Is it spelt as where it is made, and does that come first?"
        return f"{where} asks for `{error.name}`, and nothing has that name there. {meant}"
    text = _one_line(error).replace("`", "'")
    if isinstance(error, ValueError) and re.search("broadcast|aligned|mismatch in its core dimension", text):
        return f"{where} joins arrays whose shapes do not go together (`{text}`). Print their shapes, or write them down."
    return f"{where} ends in `{text}`."

