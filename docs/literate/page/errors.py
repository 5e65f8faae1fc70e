"""Where an error is: its page, its line, and how to mend it, in one line."""

import os
import re
from pathlib import Path


class PageError(Exception):
    """Something on a page is wrong: where, what, and how to mend it, in one line."""

    def __init__(self, path: str | Path, line: int, message: str):
        self.path, self.line, self.message = path, line, re.sub(r"\s*\n\s*", " ", message)
        super().__init__(path, line, self.message)

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}: {self.message}"


def shown(path: str | Path) -> str:
    """Return a path as a reader of a message knows it: from the folder where the command was typed."""
    return Path(os.path.relpath(path)).as_posix()
