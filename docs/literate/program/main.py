"""What a program runs as: the module `__main__`, with its file, its arguments, its folder and its two streams."""

import contextlib
import io
import os
import shutil
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

MOST = 1_000_000  # bytes that may be printed, more than any page could show
_UNSEEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


class TooMuch(BaseException):
    """Ends what has printed too much; no handler of a program is meant for it."""

    def __str__(self) -> str:
        return f"prints more than {MOST:,} characters; print less"


class Main:
    """The module `__main__` of a program, or of one program after the other: what was defined in it sees what it holds now.

    `folder` is the working folder of all that runs in this process, with a copy of the folder `programs` below it; None for
    the one where the command was typed.
    """

    folder: ClassVar[Path | None] = None
    active: ClassVar[bool] = False  # whether what happens now is the doing of what runs in it
    programs: ClassVar[Path]

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")

    @property
    def namespace(self) -> dict[str, Any]:
        """The globals of what runs in it."""
        return vars(self.module)

    def begin(self, path: Path, **names: Any) -> dict[str, Any]:
        """Forget all names but those of a module whose file is at `path`, and some more; return the namespace."""
        self.namespace.clear()
        self.namespace.update(vars(types.ModuleType("__main__")), __file__=str(path.absolute()), **names)
        return self.namespace

    @classmethod
    def lay_out(cls) -> Path:
        """Lay a new copy of the programs' folder into the working folder, and return it."""
        assert cls.folder
        copy = cls.folder / cls.programs.name
        shutil.rmtree(copy, ignore_errors=True)
        if cls.programs.is_dir():
            shutil.copytree(cls.programs, copy)
        return copy if copy.is_dir() else cls.folder

    @contextlib.contextmanager
    def running(self, path: Path, program: bool = False) -> Iterator[None]:
        """Be what a terminal makes of `python its-file.py`; a program runs in a new copy of its folder."""
        before, arguments, folders = sys.modules["__main__"], sys.argv, sys.path
        sys.modules["__main__"], sys.argv, sys.path = self.module, [path.name], [str(path.absolute().parent), *sys.path]
        try:
            with contextlib.chdir((self.lay_out() if program else self.folder) if self.folder else os.getcwd()):
                yield
        finally:
            sys.modules["__main__"], sys.argv, sys.path = before, arguments, folders

    @classmethod
    @contextlib.contextmanager
    def acting(cls) -> Iterator[None]:
        """Say that what happens inside is the program's doing, or the fence's."""
        before, Main.active = Main.active, True
        try:
            yield
        finally:
            Main.active = before


class Printed:
    """What a stream has been given."""

    def __init__(self, file: Any):
        self._file, self._taken = file, 0

    def take(self) -> str:
        """Return what has been printed since this was last asked; raise TooMuch if it is more than a page could show."""
        end = os.lseek(self._file.fileno(), 0, os.SEEK_CUR)  # all that is printed is put at the end
        if end == self._taken:
            return ""
        if end > MOST:
            raise TooMuch
        self._file.seek(self._taken)
        text = self._file.read(end - self._taken)
        self._taken = self._file.seek(end)
        return text.decode(errors="replace")


class _Raw(io.FileIO):
    """A stream without a buffer that takes no more than a page could show."""

    written = 0

    def write(self, text: Any) -> int:
        self.written += len(text)
        if self.written > MOST:
            raise TooMuch
        return super().write(text)


@contextlib.contextmanager
def caught(*streams: str) -> Iterator[Printed]:
    """Catch what is printed inside to "stdout", "stderr" or, in the order of a terminal, both, by whatever means.

    They are caught at the file descriptor: buffers, libraries in C and other processes print there, too.
    """
    with tempfile.TemporaryFile("a+b", buffering=0) as file, contextlib.ExitStack() as after:
        for name in streams:
            stream, descriptor = getattr(sys, name), ("stdin", "stdout", "stderr").index(name)
            if stream:
                stream.flush()
            kept = os.dup(descriptor)
            after.callback(os.close, kept)
            after.callback(os.dup2, kept, descriptor)
            os.dup2(file.fileno(), descriptor)
            after.callback(setattr, sys, name, stream)
            raw: Any = _Raw(descriptor, "w", closefd=False)  # as `python -u` has it: what is printed is there at once
            setattr(sys, name, io.TextIOWrapper(raw, "utf-8", errors="backslashreplace", newline="\n", write_through=True))
        yield Printed(file)


def warn_as_in_a_terminal(action: str) -> None:
    """Take an action for the warnings that Python shows if nobody says otherwise, and none for others."""
    warnings.simplefilter(action)  # type: ignore[arg-type]  # "default" or "always"
    for category in _UNSEEN:
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
