"""Plays pages apart: each in a process of its own, as many side by side as there are cores. What a page does ends with it.

On Linux such a process is forked from one that holds the engine, and, from the second page of a program on, that program's own
run; elsewhere it is a new Python.
"""

import atexit
import contextlib
import dataclasses
import faulthandler
import functools
import multiprocessing
import os
import queue
import re
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import types
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any, NamedTuple

from literate.page import Page, PageError
from literate.play import walk
from literate.play.walk import Form, Played
from literate.program import History, Program
from literate.program.failure import describe
from literate.program.main import Main
from literate.record import Recording
from literate.state import PROGRAMS

LIMIT = 60  # seconds for one step: a block, or an expression; many times what the slowest one takes
MEMORY = 2 << 30  # bytes that a page may take, beside what the engine has taken
FILE = 1 << 26  # bytes of a file that a page writes, its output among them
ASKS = ("ctypes.dlopen", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "socket.", "subprocess.")
FORKS = sys.platform == "linux"  # where it is safe behind NumPy


class _Job(NamedTuple):
    page: Page
    form: Form
    programs: str | Path
    origin: str  # the folder where the command was typed: paths begin there
    folder: str = ""  # of this page alone, for as long as it is played


def play(page: Page, form: Form, programs: str | Path = PROGRAMS) -> Played:
    """Return a page, walked in a form, which is filled in a copy; the one that was begun, if it was.

    Raise PageError if there is nowhere to begin, and if the page's process does not end, or ends before the page.
    """
    begun = _begun.pop(_key(page, form, programs), None) or _start(page, form, programs)
    return begun.result()


def begin(page: Page, form: Form, programs: str | Path = PROGRAMS) -> None:
    """Begin to play a page that will be asked for."""
    _begun[_key(page, form, programs)] = _start(page, form, programs)


def _key(page: Page, form: Form, programs: str | Path) -> tuple:
    return os.path.abspath(page.path), page.text, type(form), os.path.abspath(programs)


_begun: dict[tuple, Future[Played]] = {}
_jobs = queue.SimpleQueue[tuple[_Job, Future[Played]]]()


def _start(page: Page, form: Form, programs: str | Path) -> Future[Played]:
    future = Future[Played]()
    _jobs.put((_Job(page, form, programs, os.getcwd()), future))
    _hire()
    return future


def _forget() -> None:
    """Begin anew, in a fork of the process that asks: the threads have stayed there."""
    global _jobs, _lock
    _jobs, _lock = queue.SimpleQueue(), threading.RLock()
    _hire.cache_clear()
    _begun.clear()
    _asked.clear()
    _templates.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


# In the process that asks: a thread for each page that is being played. None of them keeps the process from ending.


@functools.cache
def _hire() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for _ in range(cores):
        threading.Thread(target=_work, daemon=True).start()


def _work() -> None:
    while True:
        job, future = _jobs.get()
        try:
            future.set_result(_supervise(job))
        except BaseException as error:
            future.set_exception(error)


def _supervise(job: _Job) -> Played:
    """Return the page as it has been played in a process of its own; raise PageError if that process is lost."""
    with tempfile.TemporaryDirectory(prefix="literate-", ignore_cleanup_errors=True) as folder:
        mine, theirs = multiprocessing.Pipe()
        process = _process(job := job._replace(folder=folder), theirs)
        line, since = 1, time.monotonic()
        try:
            while True:
                if mine.poll(0.5):
                    try:
                        said = mine.recv()
                    except (EOFError, ConnectionResetError):
                        break
                    since = time.monotonic()
                    if isinstance(said, Played):
                        return said
                    if isinstance(said, BaseException):
                        raise said
                    line = said
                elif process.exitcode is not None and not mine.poll():
                    break
                elif time.monotonic() > since + LIMIT:
                    if hasattr(signal, "SIGUSR1"):
                        os.kill(process.pid, signal.SIGUSR1)  # it says where it is
                        time.sleep(0.2)
                    raise _lost(job, line, f"this has not ended after {LIMIT} seconds", "make it end sooner")
            process.join(1)
            how = f"exit code {process.exitcode}" if (process.exitcode or 0) >= 0 else signal.Signals(-process.exitcode).name
            raise _lost(job, line, f"this ends Python itself ({how})", "leave out what does")
        finally:
            process.kill()
            process.join()


def _lost(job: _Job, line: int, what: str, mend: str) -> PageError:
    """Return the error of a page whose process is lost: it names the line that ran last, and a program's if it was in one."""
    stack, inside = Path(job.folder, "stack"), ""
    calls = re.findall(r'File "(.*)", line (\d+)', stack.read_text(errors="replace") if stack.is_file() else "")
    for name, number in reversed(calls):  # the innermost comes first
        if Path(name) == job.page.path:
            line = int(number)
        elif Path(name).parent == Path(job.programs):
            inside = f" in line {number} of {Path(name).name}"
    return job.page.error(line, f"{what}{inside}; {mend}")


def _process(job: _Job, theirs: Connection) -> Any:
    """Start the process of a page, and return it; what it says comes through the pipe whose other end is `theirs`."""
    with theirs:
        return _template(job).fork(_perform, job, theirs) if FORKS else _fresh(_perform, theirs, job)


def _fresh(function: Callable, *arguments: Any) -> BaseProcess:
    """Start a new Python that calls a function of this module, and return its process."""
    with _lock:
        # It has no use for the module that this command began with, and would import it.
        main, sys.modules["__main__"] = sys.modules["__main__"], types.ModuleType("__main__")
        try:
            process = multiprocessing.get_context("spawn").Process(target=function, args=arguments, daemon=False)
            process.start()
        finally:
            sys.modules["__main__"] = main
    return process


_lock = threading.RLock()
_asked = Counter[tuple[str, str]]()  # how many pages have been asked for, by their program's path and text
_templates: dict[tuple[str, str] | None, "_Template"] = {}
MOST_TEMPLATES = 6
_over = threading.Event()


def _template(job: _Job) -> "_Template":
    """Return the process to fork a page's from: if its program is asked for again, one that has that program's run behind it."""
    with _lock:
        if _over.is_set():
            raise RuntimeError("this process is ending")
        if None not in _templates:
            mine, theirs = multiprocessing.Pipe()
            _fresh(_lead, theirs)
            theirs.close()
            _templates[None] = _Template(mine)
            atexit.register(_close)
        try:
            path = Path(job.programs, job.page.program or "")
            program = os.path.abspath(path), path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return _templates[None]
        _asked[program] += 1
        if _asked[program] == 2:
            mine, theirs = multiprocessing.Pipe()
            with theirs:
                process = _templates[None].fork(_warm, job, theirs)
            idle = [other for other, template in _templates.items() if other and not template.running]
            if len(_templates) > MOST_TEMPLATES and idle:
                _templates.pop(idle[0]).close()
            _templates[program] = _Template(mine, process)
        found = _templates.get(program)
    if found and found.ready():
        return found
    return _templates[None]


class _Template:
    """A process that forks others on demand; in this process, several threads ask it."""

    def __init__(self, connection: Connection, process: Any = None):
        self._connection, self._process, self._lock = connection, process, threading.Lock()
        self._ready: bool | None = None if process else True
        self.running = 0  # how many of those that it has forked have not ended

    def ready(self) -> bool:
        """Wait until its program has been run, and say whether that went well."""
        with self._lock:
            if self._ready is None:
                try:
                    self._ready = self._connection.poll(LIMIT) and self._connection.recv()
                except (EOFError, ConnectionResetError):
                    self._ready = False
                if not self._ready:
                    self._process.kill()
            return bool(self._ready)

    def fork(self, function: Callable, argument: Any, theirs: Connection) -> "_Fork":
        """Let it fork a process that calls a function with a connection and an argument, and return that."""
        with self._lock:
            self._connection.send((function, argument))
            send_handle(self._connection, theirs.fileno(), None)
            self.running += 1
            return _Fork(self, self._connection.recv())

    def status(self, pid: int) -> int | None:
        """Return the exit code of a process that it has forked; None while it runs."""
        with self._lock:
            self._connection.send(pid)
            code = self._connection.recv()
            self.running -= code is not None
            return code

    def close(self) -> None:
        """Let it end, also while a thread waits for what it says."""
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)
        self._connection.close()
        if self._process:
            self._process.join(1)


class _Fork:
    """A forked process, with what is needed here of multiprocessing's Process."""

    def __init__(self, template: _Template, pid: int):
        self._template, self.pid = template, pid
        self._exitcode: int | None = None

    @property
    def exitcode(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self._exitcode is None:
            self._exitcode = self._template.status(self.pid)
        return self._exitcode

    def kill(self) -> None:
        """End it and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def join(self, timeout: float = LIMIT) -> None:
        """Wait until it has ended."""
        deadline = time.monotonic() + timeout
        while self.exitcode is None and time.monotonic() < deadline:
            time.sleep(0.002)


def _close() -> None:
    with _lock:
        _over.set()  # pages may still be waiting: a build stops at its first error
        for template in reversed(_templates.values()):  # the first has forked the others
            with contextlib.suppress(OSError, EOFError):
                template.close()


# In a template: no more than the engine, and the run of one program, if it is one's.


def _lead(connection: Connection) -> None:
    """Do as a template for all."""
    multiprocessing.set_start_method(None, force=True)  # a program's own pool begins as in a terminal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # and what it sends itself, even if this is run in the background
    os.setpgid(0, 0)  # an interrupt is for the command, which ends this by its end
    _serve(connection)


def _serve(connection: Connection) -> None:
    """Fork whenever it is asked; say how forked processes have ended; end with who asks, and end them, too."""
    running = set[int]()
    while True:
        try:
            asked = connection.recv()
            if isinstance(asked, int):
                done, status = os.waitpid(asked, os.WNOHANG)
                running.discard(done)
                connection.send(os.waitstatus_to_exitcode(status) if done else None)
                continue
            handle = recv_handle(connection)
        except (EOFError, ConnectionResetError, BrokenPipeError):
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            os._exit(0)
        function, argument = asked
        if pid := os.fork():
            os.close(handle)
            running.add(pid)
            connection.send(pid)
            continue
        try:
            os.setsid()
            connection.close()
            function(Connection(handle), argument)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def _warm(connection: Connection, job: _Job) -> None:
    """Run a job's program, and do as a template with that run behind it."""
    with tempfile.TemporaryDirectory(prefix="literate-", ignore_cleanup_errors=True) as folder:
        _settle(job._replace(folder=folder))
        try:
            program = Program.read(Path(job.programs, job.page.program or ""))
            Recording.of(program)
            if program.loops:
                History.of(program)
        except BaseException:
            os._exit(0)  # its pages will say so, each for itself
    connection.send(True)
    _serve(connection)


# In the process of a page.


def _perform(connection: Connection, job: _Job) -> None:
    """Play a page, saying each line before it is run, and at last what has come of it."""
    _settle(job)
    stack = open(Path(job.folder, "stack"), "w")
    faulthandler.enable(stack, all_threads=False)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, stack, all_threads=False)
    last, opened = 0, dict[str, None]()
    own = tuple(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, Path(walk.__file__).parent.parent))

    def look(event: str, arguments: tuple) -> None:
        """Note what code of the page asks of the world around it, but for Python's own files."""
        if Main.active and event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str | bytes):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(own) and path not in map(os.path.realpath, sys.path):  # where modules are looked for
                opened[os.path.basename(path)] = None
        elif Main.active and event.startswith(ASKS):
            opened[event] = None

    def at(line: int) -> None:
        nonlocal last
        if line != last:
            connection.send(last := line)

    try:
        sys.addaudithook(look)
        said: Any = dataclasses.replace(walk.play(job.page, job.form, job.programs, at), opened=(*opened,))
    except PageError as error:
        said = error
    except BaseException as error:
        said = job.page.error(
            last or 1,
            f"the engine cannot go on: {describe(error)}; if this page or its program changes a "
            "library for all who use it, leave that out",
        )
        said.add_note(traceback.format_exc())
    connection.send(said)


def _settle(job: _Job) -> None:
    """Let this process be where the command was typed, and what it plays in a folder of its own, with a copy of the programs."""
    os.chdir(job.origin)
    Main.folder, Main.programs = Path(job.folder, "here"), Path(job.programs).absolute()
    Main.folder.mkdir()
    Main.lay_out()
    devnull = os.open(os.devnull, os.O_RDONLY)
    os.dup2(devnull, 0)
    sys.stdin = open(0, closefd=False)
    if sys.platform == "linux":
        import resource

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        for kind, most in ((resource.RLIMIT_AS, taken + MEMORY), (resource.RLIMIT_FSIZE, FILE)):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
