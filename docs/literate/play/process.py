"""The process of a page: what it may take, what is noted of what it asks, and what it says while the page is played."""

import dataclasses
import faulthandler
import os
import signal
import sys
import tempfile
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from literate.page import Page, PageError
from literate.play import walk
from literate.play.walk import Form
from literate.program.failure import describe
from literate.program.main import Main

MEMORY = 2 << 30  # bytes that a page may take, beside what the engine has taken
FILE = 1 << 26  # bytes of a file that a page writes, its output among them
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
ASKS = ("ctypes.dlopen", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "socket.", "subprocess.")


class Job(NamedTuple):
    """What is asked for: a page, walked in a form."""

    page: Page
    form: Form
    programs: str | Path
    origin: str  # the folder where the command was typed: paths begin there
    folder: str = ""  # of this page alone, for as long as it is played


def perform(connection: Connection, job: Job) -> None:
    """Play a page, saying each line before it is run, and at last what has come of it."""
    settle(job)
    stack = open(Path(job.folder, "stack"), "w")
    faulthandler.enable(stack, all_threads=False)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, stack, all_threads=False)
    last, opened = 0, dict[str, None]()
    packages = [path for path in sys.path if path.endswith("-packages")]
    scratch = os.path.realpath(tempfile.gettempdir())  # what is written there comes back by being read
    engine = str(Path(walk.__file__).parent.parent)
    own = tuple(map(os.path.realpath, [sys.prefix, sys.base_prefix, engine, *packages]))

    def modules() -> set[str]:
        return {*map(os.path.realpath, sys.path)}  # where an import looks

    def look(event: str, arguments: tuple) -> None:
        """Note what code of the page asks of the world around it, but for Python's own files."""
        if Main.active and event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            writes = event == "open" and arguments[2] & WRITES
            if writes and not path.startswith(scratch):
                opened["open, to write"] = None
            elif not writes and not path.startswith(own) and not (event == "os.listdir" and path in modules()):
                opened[_original(path)] = None
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


def _original(path: str) -> str:
    """Return the path of a file of the programs' folder for that of its copy, and every other as it is."""
    assert Main.folder
    copy = os.path.realpath(Main.folder / Main.programs.name)
    return str(Main.programs) + path.removeprefix(copy) if f"{path}{os.sep}".startswith(copy + os.sep) else path


def settle(job: Job) -> None:
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
