"""The pages as tests: pytest-codeblocks runs one item for each fence and embed, and there is one for each page's prose.

A pytest plugin, and not a conftest.py: pytest asks a conftest only about files in its own folder.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_codeblocks import CodeBlock
from pytest_codeblocks.plugin import TestBlock

from literate.page import Live, Page, PageError
from literate.play import Played
from literate.site import pages


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin anew: the pages may have changed since an earlier session of this process."""
    played.cache_clear()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to play the pages side by side, as soon as it is known which of them are asked for.

    pytest-xdist's own processes, which are side by side already, play theirs as they come.
    """
    if not session.config.option.collectonly and not hasattr(session.config, "workerinput"):
        pages.begin_all(dict.fromkeys(item.path for item in session.items if isinstance(item, FenceItem | ProseItem)))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Take every Markdown file for a page."""
    if file_path.suffix == ".md":
        return PageFile.from_parent(parent, path=file_path)
    return None


class PageFile(pytest.File):
    """A page: an item for each fence that runs, and one for all else."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items; raise CollectError if the page cannot be read."""
        try:
            page = Page.read(self.path)
        except PageError as error:
            raise self.CollectError(str(error)) from None
        for block in page.blocks:
            if isinstance(block, Live):
                yield FenceItem.from_parent(
                    self,
                    name=f"line {block.line}",
                    obj=CodeBlock(
                        f"from literate.check.testing import replay\nreplay({str(self.path)!r}, {block.line})\n",
                        block.line,
                        "python",
                        expected_output=block.output and block.output.text,
                    ),
                )
        yield ProseItem.from_parent(self, name="prose")


class FenceItem(TestBlock):
    """One fence, in the state that the page has reached there; pytest-codeblocks compares what it prints."""

    def repr_failure(self, excinfo: Any, *args: Any) -> Any:
        """Return the one line of a PageError."""
        return page_error(excinfo.value) or super().repr_failure(excinfo, *args)


class ProseItem(pytest.Item):
    """All else on a page: values, line references, names, links, and the HTML that comes of it."""

    def runtest(self) -> None:
        """Raise what is wrong on the page outside of the fences that run."""
        shown = played(self.path, self.path.read_text(encoding="utf-8-sig"))
        own = {result.error for result in shown.results if isinstance(result.block, Live)}  # which a FenceItem raises
        if errors := [error for error in pages.errors_in(shown) if error not in own]:
            raise ExceptionGroup("prose", errors)

    def repr_failure(self, excinfo: Any, *args: Any) -> Any:
        """Return the one line of a PageError."""
        if isinstance(excinfo.value, ExceptionGroup):
            return "\n".join(map(str, excinfo.value.exceptions))
        return page_error(excinfo.value) or super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return how the item is called."""
        return self.path, None, f"{self.path.name}: prose"


def replay(path: str, line: int) -> None:
    """Print what the fence on a line of the page printed; raise the PageError that it ended in."""
    result = played(Path(path), Path(path).read_text(encoding="utf-8-sig")).result(line)
    if result.error:
        raise result.error
    print(result.printed, end="")


@functools.lru_cache(maxsize=4)
def played(path: Path, text: str) -> Played:
    """Return the page at a path, with a text, played: once for all its items, which come one after the other."""
    return pages.played(Page(path, text))


def page_error(error: BaseException | None) -> str | None:
    """Return the one line of the PageError that an error is, or was raised from; None if there is none."""
    while error and not isinstance(error, PageError):
        error = error.__cause__ or error.__context__
    return str(error) if error else None
