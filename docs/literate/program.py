"""A program: a source file that can be asked where a text stands, and run up to a line."""

import ast
import builtins
import contextlib
import copy
import ctypes
import dataclasses
import difflib
import functools
import io
import os
import random
import sys
import threading
import time
import traceback
import types
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy


class ProgramError(Exception):
    """The program was asked for something that it does not have, or it failed while it ran."""


@dataclass
class Run:
    """What a run of a program left behind when it stopped."""

    namespace: dict = field(default_factory=dict)  # the program's globals: every name bound so far, with its value
    printed: list = field(default_factory=list)  # (line, text): what the statement on that line printed
    completed: Counter = field(default_factory=Counter)  # statement's first line -> times completed
    warned: list = field(default_factory=list)  # (line, text): what Python said in warning, as a terminal shows it
    error: BaseException | None = None  # what ended the run, if it did not end by itself
    left: list = field(default_factory=list)  # in words, what it left changed for all pages; it has been put back
    dice: tuple = ()  # where the random numbers stand, Python's and NumPy's
    transcript: str = ""  # everything that a terminal would show: output, warnings, and the traceback of the error

    @property
    def quiet(self):
        """The transcript without what Python said in warning."""
        text = self.transcript
        for _, warning in self.warned:
            text = text.replace(warning, "", 1)
        return text

    def output(self, lines):
        """Return the text that the statements beginning on `lines` (a range) printed."""
        return "".join(text for line, text in self.printed if line in lines)

    def copy(self):
        """Return a Run whose values can be changed without changing this one's.

        The program's functions see the copy's globals. The random numbers go on as they did where this run stopped.
        Raise what copy.deepcopy raises if a value cannot be copied.
        """
        memo = {id(value): value for value in self.namespace.values() if isinstance(value, types.ModuleType)}
        namespace = copy.deepcopy(self.namespace, memo)
        for name, value in namespace.items():
            if isinstance(value, types.FunctionType) and value.__globals__ is self.namespace:
                namespace[name] = rebound(value, namespace)
        _throw_back(self.dice)
        return dataclasses.replace(self, namespace=namespace)


LIMIT = 20  # seconds of a processor, many times what a program takes; ten times as long where others keep it busy
MOST = 1_000_000  # characters that may be printed, more than any page could show


class TooLong(BaseException):
    """Ends what has run for too long, or printed too much; its text says which, and how to mend it."""

    def __str__(self):
        return super().__str__() or f"has not ended after {LIMIT} seconds; make its loops end sooner"


def execute(code, space, path):
    """Run code that was compiled as the file `path`, as exec does; raise TooLong if it takes more than LIMIT seconds.

    It is raised again for as long as the code catches it. A single call into C, such as a long sleep, is not interrupted.
    """
    thread, done, ended = threading.get_ident(), threading.Event(), []

    def interrupt():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLong))

    def watch():
        spent, began = time.process_time(), time.monotonic()
        while (left := LIMIT + spent - time.process_time()) > 0 and time.monotonic() < began + 10 * LIMIT:
            if done.wait(left):
                return
        interrupt()
        interval = sys.getswitchinterval()
        while not ended:
            if sys._current_frames()[thread].f_code.co_filename == str(path):
                interrupt()  # in no time since the question: this thread has its whole interval before it
            sys.setswitchinterval(1e-6)  # and the code has next to none, or it would hardly ever be met outside of its `try`
            time.sleep(0)
            sys.setswitchinterval(interval)

    threading.Thread(target=watch, daemon=True).start()
    try:
        exec(code, space)
    finally:
        ended.append(True)  # first, and no call of a function: an interrupt may still be on its way
        done.set()


@contextlib.contextmanager
def put_back():
    """Put back what is left changed inside and every page shares; give a list that will say in words what that was."""
    def shared():
        return {"how NumPy prints": numpy.get_printoptions(), "the working folder": os.getcwd(),
                "the built-in names": dict(vars(builtins))}

    def set_builtins(was):
        for name in vars(builtins).keys() - was.keys():
            delattr(builtins, name)
        vars(builtins).update(was)

    setters, left = (lambda was: numpy.set_printoptions(**was), os.chdir, set_builtins), []
    before = shared()
    try:
        yield left
    finally:
        for (what, was), put in zip(before.items(), setters):
            if was != shared()[what]:
                put(was)
                left.append(what)


class Paper(io.StringIO):
    """What is printed; raise TooLong if it is more than a page could ever show."""

    printed = 0

    def write(self, text):
        self.printed += len(text)
        if self.printed > MOST:
            raise TooLong(f"prints more than {MOST:,} characters; print less")
        return super().write(text)


def _dice():
    return random.getstate(), numpy.random.get_state()


def _throw_back(dice):
    random.setstate(dice[0])
    numpy.random.set_state(dice[1])


def rebound(function, namespace):
    """Return a function that does the same with other globals; one with a closure stays as it is."""
    if function.__closure__:
        return function
    twin = types.FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    twin.__kwdefaults__, twin.__doc__ = function.__kwdefaults__, function.__doc__
    return twin


class _Reached(BaseException):
    """Ends a run at its stop; a BaseException, so that the program's own handlers do not catch it."""


class Program:
    """A Python source file.

    `path` is where it lies, `name` its file name, `text` its text, `lines` its lines without their ends; line
    numbers count from 1.
    """

    def __init__(self, path, text):
        self.path = Path(path)
        self.name = self.path.name
        self.text = text
        self.lines = text.removesuffix("\n").split("\n") if text else []  # as Python counts them
        self._kept = {}  # what was asked for: the Run that came of it

    @classmethod
    def read(cls, path):
        """Return the program at `path`; raise ProgramError if there is none."""
        try:
            return cls(path, Path(path).read_text(encoding="utf-8-sig"))
        except OSError:
            raise ProgramError(f"there is no program {Path(path).as_posix()}; name a file of that folder") from None
        except UnicodeDecodeError:
            raise ProgramError(f"the program {Path(path).as_posix()} is not text in UTF-8; save it as UTF-8") from None

    # Where is it?

    def find(self, selector):
        """Return the lines (a range) that a selector means: '' all, 'text' one line, 'first..last' a range.

        Each text must stand on exactly one line. Raise ProgramError otherwise, or if the range is reversed.
        """
        if not self.lines:
            raise ProgramError(f"{self.name} is empty; write the program")
        if not selector:
            return range(1, len(self.lines) + 1)
        first, dots, last = selector.partition("..")
        start = self._line_of(first)
        stop = self._line_of(last) if dots else start
        if stop < start:
            raise ProgramError(f'"{first}" (line {start}) comes after "{last}" (line {stop}) in {self.name}; swap them')
        return range(start, stop + 1)

    def _line_of(self, text):
        if not text.strip():
            raise ProgramError(f"an end of the range is empty; give some text of its line of {self.name}")
        found = [number for number, line in enumerate(self.lines, 1) if text in line]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ProgramError(f'"{text}" is on no line of {self.name}; {self._nearest(text)}')
        where = ", ".join(map(str, found[:-1])) + f" and {found[-1]}"
        raise ProgramError(f'"{text}" is on lines {where} of {self.name}; give more of the line')

    def _nearest(self, text):
        """Say which line begins most like a text that is on none of them, if one comes near."""
        text = text.strip()

        def likeness(line):
            return difflib.SequenceMatcher(None, text, line.strip()[:len(text) + 1]).ratio()

        line = max(self.lines, key=likeness)
        if likeness(line) < .7:
            return "copy some text of the line you mean"
        return f'the nearest is line {self.lines.index(line) + 1}, "{line.strip()}"; copy some text of the line you mean'

    # What happens there?

    @functools.cached_property
    def statements(self):
        """The first lines of the statements that can complete, in order.

        A compound statement stands for its header, which completes each time its body is entered. A definition
        is one statement: its body belongs to it, and it completes when the name is bound.
        """
        return self._instrumented[1]

    @functools.cached_property
    def names(self):
        """Every identifier in the program's code."""
        tree = ast.walk(ast.parse(self.text))
        return {name for node in tree for name in _identifiers(node)}

    def statement_at(self, line):
        """Return the first line of the statement that has completed once `line` has; 0 if none has."""
        return max((first for first in self.statements if first <= line), default=0)

    @property
    def completed(self):
        """How many times each statement completes in a whole run, as a Counter by its first line."""
        return self._whole.completed

    @functools.cached_property
    def uses(self):
        """The names that each statement binds and those that it reads, as two sets, by the statement's first line."""
        return self._instrumented[2]

    @functools.cached_property
    def loops(self):
        """The first line of the outermost loop that each of the statements in one stands in, by the statement's own."""
        statements = self.statements
        return {inner: node.lineno for node in ast.parse(self.text).body if isinstance(node, (ast.For, ast.While))
                for inner in statements if node.lineno <= inner <= node.end_lineno}

    @functools.cached_property
    def variables(self):
        """The names of the arrays that the program has bound when it ends, in the order in which it first bound them."""
        return [name for name, value in self._whole.namespace.items() if _is_array(value)]

    @functools.cached_property
    def attributes(self):
        """Every attribute of every value that the program has bound when it ends."""
        bound = {name: value for name, value in self._whole.namespace.items() if name != "__builtins__"}
        return {name for value in bound.values() for name in dir(value)}

    def watch(self, seen):
        """Run the program to its end; call `seen` with a statement's first line and the Run each time one completes.

        The Run's namespace is live: copy what is to be kept. Return the Run. Raise ProgramError if the program fails.
        """
        dice = _dice()
        try:
            return self._reach(None, None, seen)
        finally:
            _throw_back(dice)

    def run(self, line=None, iteration=1):
        """Run the program until the statement on `line` has completed for the `iteration`-th time.

        Without `line` it runs to its end. A line without a statement of its own (a comment, a line inside a
        definition) means the last statement that begins at or before it. `iteration` may be "last". Return the
        Run. Raise ProgramError if the program fails or never gets there.
        """
        stop = line and self.statement_at(line)
        if line and not stop:
            return Run()
        if stop and iteration != 1:
            times = self.completed[stop]
            iteration = times if iteration == "last" else int(iteration)
            if not 1 <= iteration <= times:
                often = "once" if times == 1 else f"{times:,} times"
                raise ProgramError(f"line {stop} of {self.name} completes {often}; there is no iteration {iteration:,}; "
                                   + ("delete it" if times == 1 else f"write one from 1 to {times:,}"))
        return self._once(self._reach, stop, iteration)

    def _reach(self, stop, iteration, seen=None):
        run = self._execute(self._instrumented[0], stop, iteration, seen)
        if run.error:
            where = f"{self.name}:{line_in(run.error, self.path)}"
            raise ProgramError(f"{where}: {describe(run.error)}; mend that line") from run.error
        if stop and not run.completed[stop]:
            raise ProgramError(f"the run ends before line {stop} of {self.name} has completed")
        return run

    def attempt(self):
        """Run the program as it is, to its end or to its error; return the Run, without what each line did.

        Raise ProgramError only if it is no Python, or has no end.
        """
        return self._once(self._execute, self._compile(ast.parse))

    def _once(self, run, *asked):
        """Return a copy of the Run that comes of `run(*asked)`, which is run once if what it leaves can be copied."""
        if (run, asked) not in self._kept:
            self._kept[run, asked] = run(*asked)
        try:
            return self._kept[run, asked].copy()
        except (TypeError, copy.Error):  # a generator, for example: run again
            return run(*asked)

    @functools.cached_property
    def _whole(self):
        dice = _dice()
        try:
            return self.run()
        finally:
            _throw_back(dice)  # being looked up must not change what a page draws next

    @functools.cached_property
    def ending(self):
        """The Run of the program as it is, to its end or to its error, made once: look at it, and change nothing in it."""
        dice = _dice()
        try:
            return self.attempt()
        finally:
            _throw_back(dice)

    @property
    def transcript(self):
        """What a terminal shows when the program is run."""
        return self.ending.transcript

    def _execute(self, code, stop=None, iteration=None, seen=None):
        run, stdout, reached = Run(), Paper(), {}

        def flush(line):
            if stdout.tell():
                run.printed.append((line, stdout.getvalue()))
                run.transcript += stdout.getvalue()
                stdout.seek(0)
                stdout.truncate()

        def after(line):
            if reached:  # and the program has caught it
                raise _Reached
            run.completed[line] += 1
            flush(line)
            if seen:
                seen(line, run)
            if line == stop and run.completed[line] == iteration:
                reached.update(space)
                raise _Reached

        def warn(message, category, filename, lineno, file=None, line=None):
            flush(lineno)
            source = self.lines[lineno - 1] if filename == str(self.path) else line
            text = warnings.formatwarning(message, category, Path(filename).name, lineno, source)
            run.warned.append((lineno, text))
            run.transcript += text

        # The hook stands among the builtins, so that the program's own names are only its own.
        run.namespace = space = {"__name__": "__main__", "__builtins__": {**vars(builtins), _HOOK: after}}
        with (put_back() as run.left, contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stdout),
              warnings.catch_warnings()):
            warnings.simplefilter("default")
            warnings.showwarning = warn
            try:
                execute(code, space, self.path)
            except _Reached:
                pass
            except TooLong as error:
                raise ProgramError(f"{self.name} {error}") from None
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                run.error = error
        if reached:
            space.clear()
            space.update(reached)
            run.error = None
        flush(None)
        if run.error:
            run.transcript += self._traceback(run.error)
        space["__builtins__"] = builtins  # without the hook
        run.dice = _dice()
        return run

    def _traceback(self, error):
        """Return a traceback as `python nn.py` shows it, from the program's own lines on."""
        frames = [traceback.FrameSummary(self.name, frame.lineno, frame.name, line=self.lines[frame.lineno - 1])
                  for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(self.path)]
        return "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames),
                        *traceback.format_exception_only(error)])

    @functools.cached_property
    def _instrumented(self):
        """The program's code with a call after each statement, the statements' first lines, and what each one uses."""
        uses = {}

        def parse(text):
            tree = ast.parse(text)
            tree.body = _instrument(tree.body, uses)
            return ast.fix_missing_locations(tree)

        return self._compile(parse), sorted(uses), uses

    def _compile(self, parse):
        try:
            return compile(parse(self.text), str(self.path), "exec")
        except SyntaxError as error:
            raise ProgramError(f"{self.name}:{error.lineno}: {describe(error)}; mend that line") from error


def line_in(error, path):
    """Return the innermost line of the file `path` that `error` passed through, or None."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)


def describe(error):
    """Return an exception as one line, as Python's own last line of a traceback has it."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return " ".join("".join(traceback.format_exception_only(error)).split())


_HOOK = "__literate_after__"


def _instrument(body, uses):
    """Return a list of statements with a call of the hook after each; add what each uses to `uses`, by its first line."""
    done = []
    for node, after in zip(body, [*body[1:], None]):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if _must_come_first(node) or after and after.lineno == first:  # of a; b only b completes the line
            done.append(node)
            continue
        call = ast.copy_location(
            ast.Expr(ast.Call(ast.Name(_HOOK, ast.Load()), [ast.Constant(first)], [])), node)
        definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        blocks = [] if definition else [node, *getattr(node, "handlers", []), *getattr(node, "cases", [])]
        inner = [(block, name) for block in blocks for name in ("body", "orelse", "finalbody")
                 if getattr(block, name, None)]
        for block, name in inner:
            setattr(block, name, _instrument(getattr(block, name), uses))
        if not inner:
            uses[first] = _names_in(node)
            done += [node, call]
            continue
        done.append(node)
        if first not in uses and hasattr(node, "body"):  # the body stands below, and not behind the colon
            uses[first] = _names_in(node)
            node.body.insert(0, call)
            if isinstance(node, ast.If):
                node.orelse.insert(0, call)
    return done


def _must_come_first(node):
    """Say whether Python lets nothing stand before this statement: a docstring, an import from __future__."""
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            or isinstance(node, ast.ImportFrom) and node.module == "__future__")


def _names_in(statement):
    """Return the names that a statement, or a compound statement's header, binds and those that it reads, as two sets."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}, set()
    binds, reads, nodes = set(), set(), [statement]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else binds).add(node.id)
        elif isinstance(node, ast.alias):
            binds.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            reads.add(node.target.id)
        nodes += [child for child in ast.iter_child_nodes(node) if not isinstance(child, (ast.stmt, ast.excepthandler))]
    return binds, reads


def _identifiers(node):
    """Yield the identifiers that one node of a syntax tree holds."""
    for attribute in ("id", "attr", "name", "asname", "arg"):
        if isinstance(name := getattr(node, attribute, None), str):
            yield from name.split(".")


def _is_array(value):
    return hasattr(value, "dtype") and isinstance(getattr(value, "shape", None), tuple)
