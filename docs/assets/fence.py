"""Takes Python to where a page has got to, step by step, so that a fence can run there: in the reader's browser, where
fence.js runs this file before the fence, and where the site is tested.

A step is a dictionary. That of a fence has its `code`, and of one that draws the `figure`'s description; that of an embed the
`program`, the line of the statement where it `stop`s, in a function or not, 0 if that is before the first, and how many `times`
it has then completed; that of a what-if the `program`, and the `text` that it has become.
"""

import ast
import builtins
import contextlib
import io
import sys
import warnings
from pathlib import Path

HOOK = "_completed"


class Reached(BaseException):
    """The program has come to where it stops; no handler of a program is meant for it."""


def lay_out(folder, programs):
    """Write programs, texts by their names, into a folder, where the fences of a page look for them."""
    Path(folder).mkdir(exist_ok=True)
    for name, text in programs.items():
        Path(folder, name).write_text(text)


def go(names, own, programs, step, drawing=contextlib.nullcontext):
    """Carry out a step in `names`, the globals of all; `own` is a dictionary of those that fences have bound so far.

    `drawing` is the context in which a fence can draw. Return what it prints. Raise whatever a fence raises.
    """
    with (
        contextlib.redirect_stdout(io.StringIO()) as printed,
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        if "program" in step:
            _run(names, step, programs)
            for name, value in own.items():
                names.setdefault(name, value)
            return printed.getvalue()
        before = dict(names)
        with drawing():
            exec(compile(step["code"], "above.py", "exec"), names)
        for name in own.keys() - names.keys():
            del own[name]
        own.update(
            {
                name: value
                for name, value in names.items()
                if name != "__builtins__" and (name not in before or before[name] is not value)
            }
        )
        return printed.getvalue()


def _run(names, step, programs):
    """Run a program to its stop; one that a what-if has made, to its end or to its error."""
    names.clear()
    names["__name__"] = "__main__"
    if step.get("stop") == 0:
        return
    tree, left = ast.parse(step.get("text") or programs[step["program"]]), step.get("times")

    here = {}

    def completed(value=None):
        nonlocal left
        left -= 1
        if not left:
            frame = sys._getframe(1)
            here.update(frame.f_locals if frame.f_locals is not names else {})  # of a function
            raise Reached
        return value

    if "stop" in step:
        _stop_behind(tree, step["stop"])
        names["__builtins__"] = {**vars(builtins), HOOK: completed}
    try:
        exec(compile(ast.fix_missing_locations(tree), step["program"], "exec"), names)
    except (Reached, SystemExit):
        pass
    except Exception:
        if "stop" in step:
            raise
    names["__builtins__"] = vars(builtins)
    names.update(here)


def _stop_behind(tree, line):
    """Put a call where the statement that begins on a line has completed, as program/syntax.py sees it: behind it, or, if others
    stand below it, where they begin; what a function returns goes through it. If several stand on the line, it is the last."""
    call = ast.parse(f"{HOOK}()").body[0]
    for node in ast.walk(tree):
        for part in ("body", "orelse", "finalbody"):
            body = getattr(node, part, None)
            found = [place for place, statement in enumerate(body if isinstance(body, list) else []) if _first(statement) == line]
            if not found:
                continue
            statement = body[found[-1]]
            if isinstance(statement, ast.Return):
                hook = ast.Call(call.value.func, [statement.value or ast.Constant(None)], [])
                statement.value = ast.copy_location(hook, statement)
                return
            below = getattr(statement, "body", None)
            if not below or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                body.insert(found[-1] + 1, call)
            elif _first(below[0]) == line:  # if done: break
                below.append(call)
            else:
                below.insert(0, call)
            if isinstance(statement, ast.If):
                statement.orelse.insert(0, call)
            return


def _first(statement):
    return min([statement.lineno, *(decorator.lineno for decorator in getattr(statement, "decorator_list", []))])
