"""Guards a run: how long it may take and how much it may print, and what it may not leave changed."""

import builtins
import contextlib
import ctypes
import io
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import numpy

LIMIT = 20  # seconds of a processor, many times what a program takes; ten times as long where others keep it busy
MOST = 1_000_000  # characters that may be printed, more than any page could show


class TooLong(BaseException):
    """Ends what has run for too long, or printed too much; its text says which, and how to mend it."""

    def __str__(self) -> str:
        return super().__str__() or f"has not ended after {LIMIT} seconds; make its loops end sooner"


def execute(code: CodeType, space: dict, path: str | Path) -> None:
    """Run code that was compiled as the file `path`, as exec does; raise TooLong if it takes more than LIMIT seconds.

    It is raised again for as long as the code catches it. A single call into C, such as a long sleep, is not interrupted.
    """
    thread, done = threading.get_ident(), threading.Event()
    ended: list[bool] = []

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
def put_back() -> Iterator[list[str]]:
    """Put back what is left changed inside and every page shares; give a list that will say in words what that was."""
    def shared():
        return {"how NumPy prints": numpy.get_printoptions(), "the working folder": os.getcwd(),
                "the built-in names": dict(vars(builtins))}

    def set_builtins(was):
        for name in vars(builtins).keys() - was.keys():
            delattr(builtins, name)
        vars(builtins).update(was)

    setters, left = (lambda was: numpy.set_printoptions(**was), os.chdir, set_builtins), list[str]()
    before = shared()
    try:
        yield left
    finally:
        for (what, was), put in zip(before.items(), setters):
            if was != shared()[what]:
                put(was)
                left.append(what)


@contextlib.contextmanager
def dice_put_back() -> Iterator[None]:
    """Put the random numbers back to where they were: what is only looked at must not change what is drawn next."""
    thrown = dice()
    try:
        yield
    finally:
        throw_back(thrown)


class Paper(io.StringIO):
    """What is printed; raise TooLong if it is more than a page could ever show."""

    printed = 0

    def write(self, text: str) -> int:
        self.printed += len(text)
        if self.printed > MOST:
            raise TooLong(f"prints more than {MOST:,} characters; print less")
        return super().write(text)


def dice() -> tuple:
    """Return where the random numbers stand, Python's and NumPy's."""
    return random.getstate(), numpy.random.get_state()


def throw_back(dice: tuple) -> None:
    """Let the random numbers go on from where they stood."""
    random.setstate(dice[0])
    numpy.random.set_state(dice[1])
