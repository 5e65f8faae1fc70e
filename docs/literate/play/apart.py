"""Plays pages apart: each in a process of its own, as many side by side as there are cores. What a page does ends with it.

On Linux such a process is forked from one that holds the engine, and, from the second page of a program on, that program's own
run; elsewhere it is a new Python.
"""

import copy
import functools
import multiprocessing
import os
import queue
import re
import signal
import tempfile
import threading
import time
from concurrent.futures import Future
from pathlib import Path

from literate.page import Page, PageError
from literate.play import template, walk
from literate.play.process import Job
from literate.play.walk import Form, Played
from literate.program.main import Main
from literate.state import PROGRAMS

LIMIT = 60  # seconds for one step: a block, or an expression; many times what the slowest one takes
SOONER = "make it end sooner"


def play(page: Page, form: Form, programs: str | Path = PROGRAMS) -> Played:
    """Return a page, walked in a form, which is filled in a copy; the one that was begun, if it was.

    Raise PageError if there is nowhere to begin, and if the page's process does not end, or ends before the page. What the code
    of a page asks for is played in that page's own process.
    """
    if Main.folder:
        return walk.play(page, copy.deepcopy(form), programs)
    begun = _begun.pop(named(page, form, programs), None) or _start(page, form, programs)
    return begun.result()


def begin(page: Page, form: Form, programs: str | Path = PROGRAMS) -> None:
    """Begin to play a page that will be asked for; one that a page's code asks for begins when it is played."""
    if not Main.folder:
        _begun[named(page, form, programs)] = _start(page, form, programs)


def named(page: Page, form: Form, programs: str | Path) -> tuple:
    """Return what a page that has been begun is known by."""
    return os.path.abspath(page.path), page.text, type(form), os.path.abspath(programs)


_begun: dict[tuple, Future[Played]] = {}
_jobs = queue.SimpleQueue[tuple[Job, Future[Played]]]()


def _start(page: Page, form: Form, programs: str | Path) -> Future[Played]:
    future = Future[Played]()
    _jobs.put((Job(page, form, programs, os.getcwd()), future))
    _hire()
    return future


def _forget() -> None:
    """Begin anew, in a fork of the process that asks: the threads have stayed there."""
    global _jobs
    _jobs = queue.SimpleQueue()
    _hire.cache_clear()
    _begun.clear()


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


def _supervise(job: Job) -> Played:
    """Return the page as it has been played in a process of its own; raise PageError if that process is lost."""
    mine, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory(prefix="literate-", ignore_cleanup_errors=True) as folder, mine:
        process = template.start(job := job._replace(folder=folder), theirs)
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
                elif time.monotonic() > since + LIMIT * _busy():
                    if hasattr(signal, "SIGUSR1"):
                        os.kill(process.pid, signal.SIGUSR1)  # it says where it is
                        time.sleep(0.2)
                    raise _lost(job, line, f"this has not ended after {LIMIT} seconds", SOONER)
            process.join(1)
            raise _lost(job, line, f"this ends Python itself ({_how(process.exitcode or 0)})", "leave out what does")
        finally:
            process.kill()
            process.join()


def _busy() -> float:
    """Return how many times longer all takes as the machine is busy: how many processes share a processor, at least 1.

    Where the system does not tell, it is taken for idle.
    """
    if not hasattr(os, "getloadavg"):
        return 1.0
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _how(code: int) -> str:
    """Return in words how a process with an exit code has ended."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _lost(job: Job, line: int, what: str, mend: str) -> PageError:
    """Return the error of a page whose process is lost: it names the line that ran last, and a program's if it was in one."""
    stack, inside, program = Path(job.folder, "stack"), "", ""
    calls = re.findall(r'File "(.*)", line (\d+)', stack.read_text(errors="replace") if stack.is_file() else "")
    for name, number in reversed(calls):  # the innermost comes first
        if Path(name) == job.page.path:
            line = int(number)
        elif Path(name).parent == Path(job.programs):
            program = Path(name).name
            inside = f" in line {number} of {program}"
    if inside and mend == SOONER and not job.page.until(program):
        mend += ", or cut the program, with `until:` in the front matter"
        mend += "" if program == job.page.program else " of the page that lists it"
    return job.page.error(line, f"{what}{inside}; {mend}")
