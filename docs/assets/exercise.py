"""What answers an exercise: the same where the site is built, and in the reader's browser, where exercise.js runs this file.

An exercise is a dictionary: `name` and `text` of the whole program; `lines`, the first and the last of those that are left to the
reader, or None if all are; and `checks`, pairs of a message and an expression that must hold. The expressions are evaluated in
what the reader's program has come to once the reader's lines have been carried out for the first time, or at its end. Beside the
program's names they know

    program  what the names are at the same moment in the program as it is
    was      what they were before the reader's lines
    error    the exception that has ended the reader's program, as text, or ''
"""

import ast
import builtins
import contextlib
import copy
import difflib
import io
import json
import keyword
import re
import sys
import types
import warnings

import numpy

ROOM = 20_000  # characters that a reader's program may print
TURNS = 200_000  # that its loops may take, all together: many times what the program itself does
BLANK = "Nothing stands here yet. Write the line in the place of the three dots, and check it."

# What the program as it is has come to, by exercise. In a browser this file runs anew for each answer, and this outlives it.
KEPT = vars(sys.modules.setdefault("_exercises", types.ModuleType("_exercises")))


class Reached(BaseException):
    """The reader's lines have been carried out."""


class Over(BaseException):
    """Ends a reader's program, past its own handlers; its text is what they are told."""


class Program:
    """The names of the program as it is, at the same moment. It is run once one of them is asked for."""

    def __init__(self, exercise):
        self._exercise = exercise

    def __getattr__(self, name):
        return _program(self._exercise)[name]


class Room(io.StringIO):
    """Takes what is printed, and not more than ROOM characters of it."""

    def write(self, text):
        if self.tell() + len(text) > ROOM:
            raise Over("It prints more than anybody reads. Is there a `print` in the loop?")
        return super().write(text)


def answer(exercise, own):
    """Return what a reader is told of their text: a dictionary of `check`, the number of the first check that fails, or -1 if
    none does, or None if it is no check that says it; `message`; and `line`, the one of their text where it fails, or None.

    `own` is what stands in the place of the lines that were left out, or, if all are, the whole text.
    """
    with (
        warnings.catch_warnings(),
        numpy.errstate(all="ignore"),
        numpy.printoptions(),
        contextlib.redirect_stdout(Room()),
    ):  # a check may call what prints
        warnings.simplefilter("ignore")
        return _answer(exercise, own)


def _answer(exercise, own):
    lines = exercise["lines"]
    first = lines[0] if lines else 1
    whole, mine = _put_in(exercise, own)

    def place(line):
        """Return the line of the reader's own text that a line of the whole is, or is nearest to."""
        return line and min(max(line - first + 1, 1), mine)

    if lines and not _says_something(own):
        return _told(BLANK)
    try:
        tree = ast.parse(whole)
        compile(whole, exercise["name"], "exec")  # which finds a `return` outside of a function, too
    except SyntaxError as found:
        return _told(_sentence(f"Python cannot read this: {found.msg}"), line=place(found.lineno or first))
    here, error, line = _run(exercise["name"], tree, (first, first + mine - 1) if lines else None)
    if error.startswith("Over: "):
        return _told(error.removeprefix("Over: "), line=place(line))
    known = {**here, "program": Program(exercise), "error": error}
    for number, (message, expression) in enumerate(exercise["checks"]):
        # Of lines that raise, what they raise says most: only the checks that speak of it are asked.
        if error and lines and not re.search(r"\berror\b", expression):
            continue
        raised = None
        try:
            holds = bool(eval(expression, dict(known)))
        except Over as over:
            return _told(str(over))
        except (Exception, SystemExit) as found:
            raised, holds = found, bool(error and lines)  # what it asks for is nothing of the kind
        if raised and not error and lines:
            if at := _line_in(raised, exercise["name"]):  # it has called what the reader has written
                return _told(_stopped(f"{type(raised).__name__}: {raised}", here, own), line=place(at))
            if isinstance(raised, NameError):
                other = [name for name in here if name.lower() == raised.name.lower()]
                said = f"You have a `{other[0]}`, which is another name." if other else "Give what you work out that name."
                return _told(f"There is no `{raised.name}` behind your text. {said}")
        if not holds:
            message = _filled(message, known)
            if error and raised:  # it has not come as far as that
                message += f" {_stopped(error, here, own, f'at line {line}')}"
            return _told(message, number, line and line - first + 1)
    if error:
        return _told(_stopped(error, here, own), line=place(line))
    return {"check": -1, "message": "", "line": None}


def _told(message, check=None, line=None):
    return {"check": check, "message": message, "line": line}


def _says_something(text):
    return any(line.split("#")[0].strip() not in ("", "...") for line in text.split("\n"))


def _put_in(exercise, own):
    """Return the program with a reader's text in its place, and how many lines that has."""
    if not exercise["lines"]:
        return own, own.count("\n") + 1
    first, last = exercise["lines"]
    lines = exercise["text"].split("\n")
    indent = re.match(r"\s*", lines[first - 1])[0]
    texts = own.rstrip().split("\n")
    spare = min((len(text) - len(text.lstrip()) for text in texts if text.strip()), default=0)
    mine = [indent + text[spare:] if text.strip() else "" for text in texts]
    return "\n".join([*lines[: first - 1], *mine, *lines[last:]]), len(mine)


def _program(exercise):
    """Return what the names are where the program as it is has carried out the lines that the reader writes. It runs once."""
    key = json.dumps(exercise)
    if key not in KEPT:
        names, error, _ = _run(exercise["name"], ast.parse(exercise["text"]), exercise["lines"])
        assert not error, error
        KEPT[key] = names
    return KEPT[key]


def _run(name, tree, lines):
    """Run a program until some of its lines have been carried out, or to its end; return its names, the exception as text, and
    the line where that was raised."""
    names = {"__name__": "__main__", "was": types.SimpleNamespace()}

    def before():
        if not vars(names["was"]):
            kept = {key: copy.copy(value) for key, value in names.items() if isinstance(value, numpy.ndarray | int | float)}
            vars(names["was"]).update(kept)

    turns = iter(range(TURNS))

    def turn():
        if next(turns, None) is None:
            raise Over("It goes round and round, and does not come to an end. Look at what should end the loop.")

    names |= {"_Reached": Reached, "_before": before, "_turn": turn}
    if lines:
        _stop_after(tree.body, *lines)
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.While):
            node.body[:0] = [call := ast.parse("_turn()").body[0]]
            for part in ast.walk(call):
                ast.copy_location(part, node)
    error, line = "", None
    with contextlib.redirect_stdout(Room()):
        try:
            exec(compile(ast.fix_missing_locations(tree), name, "exec"), names)
        except (Reached, SystemExit):
            pass
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
            if "in its core dimension" in error:  # as `@` says it
                error = "ValueError: shapes not aligned"
            line = _line_in(raised, name)
    return {key: value for key, value in names.items() if key not in ("_Reached", "_before", "_turn")}, error, line


def _line_in(error, name):
    """Return the innermost line of a program that an exception has passed through, or None."""
    line, trace = None, error.__traceback__
    while trace:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == name else line
        trace = trace.tb_next
    return line


def _stop_after(body, first, last):
    """Let a program note its names before the statements on some lines, and end behind them; behind the whole of a function."""
    mine = [place for place, node in enumerate(body) if node.lineno <= last and node.end_lineno >= first]
    if not mine:
        return
    node = body[mine[0]]
    if node.lineno < first and not isinstance(node, ast.FunctionDef | ast.ClassDef):
        for part in ("body", "orelse", "finalbody"):
            _stop_after(getattr(node, part, []), first, last)
        return
    stop, note = ast.parse("raise _Reached").body, ast.parse("_before()").body
    body[mine[-1] + 1 : mine[-1] + 1] = stop
    body[mine[0] : mine[0]] = note


def _filled(message, names):
    """Return a message with the values that it names: `{python} an expression`."""

    def value(found):
        code, _, form = found[1].rpartition(":") if re.search(r":[-+.,\d%a-z]+$", found[1]) else (found[1], "", "")
        try:
            return f"`{format(eval(code, dict(names)), form)}`"
        except Exception:
            return "`?`"

    return re.sub(r"`\{python\} ([^`]+)`", value, message)


def _stopped(error, names, own, where="here"):
    return f"Python stops {where}: {_sentence(error)}{_meant(error, names, own)}"


def _sentence(text):
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def _compared(name, own):
    """Say whether a text compares a name where it should bind it."""
    return re.search(rf"(?m)^\s*{name}\s*==", own)


def _meant(error, names, own):
    """Say how an exception may be mended, if it is a common one."""
    if unknown := re.match(r"NameError: name '(\w+)'", error):
        if _compared(unknown[1], own):
            return " `==` compares. One `=` gives a name."
        same = [name for name in [*dir(builtins), *keyword.kwlist] if name.lower() == unknown[1].lower()]
        near = same or difflib.get_close_matches(unknown[1], names, 1)
        return f" Did you mean `{near[0]}`?" if near else " No line above gives anything that name."
    if "not aligned" in error:
        return " In a matrix product, the two inner numbers of the shapes must agree."
    if "broadcast" in error:
        return " Element by element, the shapes must agree, or one of them must be 1 in that direction."
    if "not callable" in error:
        return " Brackets behind it call a function. To multiply, write `*`."
    return ""
