"""Templates: processes that fork the pages' own, with the engine in them, and one program's run if it is asked for again.

A new Python is started for a page only where forking is not safe.
"""

import atexit
import contextlib
import multiprocessing
import os
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
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any

from literate.look import History, differs
from literate.play.process import Job, perform, settle
from literate.program import Program
from literate.record import Recording

FORKS = sys.platform == "linux"  # where it is safe behind NumPy
WAIT = 60  # seconds for a program's run, and for the end of a process
MOST = 6  # templates with a program's run

_lock = threading.RLock()
_asked = Counter[tuple]()  # how many pages have been asked for, by their program's path, text and end
_templates: dict[tuple | None, "Template"] = {}
_over = threading.Event()


def _forget() -> None:
    """Begin anew, in a fork of the process that asks: the threads have stayed there."""
    global _lock
    _lock = threading.RLock()
    _asked.clear()
    _templates.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def start(job: Job, theirs: Connection) -> Any:
    """Start the process of a page, and return it; what it says comes through the pipe whose other end is `theirs`."""
    with theirs:
        return _template(job).fork(perform, job, theirs) if FORKS else _fresh(perform, theirs, job)


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


def _template(job: Job) -> "Template":
    """Return the process to fork a page's from: if its program is asked for again, one that has that program's run behind it."""
    with _lock:
        if _over.is_set():
            raise RuntimeError("this process is ending")
        if None not in _templates:
            mine, theirs = multiprocessing.Pipe()
            _fresh(_lead, theirs)
            theirs.close()
            _templates[None] = Template(mine)
        try:
            path = Path(job.programs, job.page.program or "")
            program = os.path.abspath(path), path.read_text(encoding="utf-8-sig"), job.page.until(job.page.program)
        except (OSError, UnicodeDecodeError):
            return _templates[None]
        _asked[program] += 1
        if _asked[program] == 2:
            mine, theirs = multiprocessing.Pipe()
            with theirs:
                process = _templates[None].fork(_warm, job, theirs)
            idle = [other for other, template in _templates.items() if other and not template.running]
            if len(_templates) > MOST and idle:
                _templates.pop(idle[0]).close()
            _templates[program] = Template(mine, process)
        found = _templates.get(program)
    if found and found.ready():
        return found
    return _templates[None]


class Template:
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
                    self._ready = self._connection.poll(WAIT) and self._connection.recv()
                except (EOFError, ConnectionResetError):
                    self._ready = False
                if not self._ready:
                    self._process.kill()
            return bool(self._ready)

    def fork(self, function: Callable, argument: Any, theirs: Connection) -> "Fork":
        """Let it fork a process that calls a function with a connection and an argument, and return that."""
        with self._lock:
            self._connection.send((function, argument))
            send_handle(self._connection, theirs.fileno(), None)
            self.running += 1
            return Fork(self, self._connection.recv())

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


class Fork:
    """A forked process, with what is needed here of multiprocessing's Process."""

    def __init__(self, template: Template, pid: int):
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

    def join(self, timeout: float = WAIT) -> None:
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


# Now, and not with the first template: an interrupt may come while that one starts, and its end would be waited for.
atexit.register(_close)


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
            if pid := os.fork():
                os.close(handle)
                running.add(pid)
                connection.send(pid)
                continue
        except (EOFError, ConnectionResetError, BrokenPipeError):
            for pid in running:
                for end in (os.killpg, os.kill):  # it may not have its group yet
                    with contextlib.suppress(ProcessLookupError):
                        end(pid, signal.SIGKILL)
            os._exit(0)
        own, (function, argument) = Connection(handle), asked
        try:
            os.setsid()
            connection.close()
            function(own, argument)
        except BaseException:
            if not own.poll():  # or else nobody waits for it any more
                traceback.print_exc()
            os._exit(1)
        os._exit(0)


def _warm(connection: Connection, job: Job) -> None:
    """Run a job's program, and do as a template with that run behind it."""
    with tempfile.TemporaryDirectory(prefix="literate-", ignore_cleanup_errors=True) as folder:
        settle(job._replace(folder=folder))
        try:
            program = Program.read(Path(job.programs, job.page.program or ""), job.page.until(job.page.program))
            Recording.of(program)
            differs(program)
            if program.loops:
                History.of(program)
        except BaseException:
            os._exit(0)  # its pages will say so, each for itself
    connection.send(True)
    _serve(connection)
