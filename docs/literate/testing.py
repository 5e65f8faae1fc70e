"""The pages as tests: pytest-codeblocks runs one item for each fence and embed, and there is one for each page's prose.

A pytest plugin, and not a conftest.py: pytest asks a conftest only about files in its own folder.
"""

import functools

import pytest
from pytest_codeblocks import CodeBlock
from pytest_codeblocks.plugin import TestBlock

from literate.claims import ClaimError
from literate.page import Live, Page, PageError, Prose
from literate.play import play


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        return PageFile.from_parent(parent, path=file_path)


class PageFile(pytest.File):
    def collect(self):
        try:
            page = Page.read(self.path)
        except PageError as error:
            raise self.CollectError(str(error)) from None
        for block in page.blocks:
            if isinstance(block, Live):
                yield FenceItem.from_parent(self, name=f"line {block.line}", obj=CodeBlock(
                    f"from literate.testing import replay\nreplay({str(self.path)!r}, {block.line})\n", block.line,
                    "python", expected_output=block.output and block.output.text))
        yield ProseItem.from_parent(self, name="prose")


class FenceItem(TestBlock):
    """One fence, in the state that the page has reached there; pytest-codeblocks compares what it prints."""

    def repr_failure(self, excinfo):
        return page_error(excinfo.value) or super().repr_failure(excinfo)


class ProseItem(pytest.Item):
    """The values, line references and names of one page."""

    def runtest(self):
        page, results, _ = played(str(self.path))
        if errors := [results[block.line] for block in page.blocks
                      if isinstance(block, Prose) and isinstance(results[block.line], PageError)]:
            errors += [also for error in errors if isinstance(error, ClaimError) for also in error.also]
            raise ExceptionGroup("prose", errors)

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, ExceptionGroup):
            return "\n".join(map(str, excinfo.value.exceptions))
        return page_error(excinfo.value) or super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, f"{self.path.name}: prose"


def replay(path, line):
    """Print what the fence on a line of the page printed; raise the PageError that it ended in."""
    result = played(path)[1][line]
    if isinstance(result, PageError):
        raise result
    print(result, end="")


@functools.cache
def played(path):
    """Return a page, what it gave when it was played, and its session: once for all its items."""
    page = Page.read(path)
    return page, *play(page)


def page_error(error):
    """Return the one line of the PageError that an error is, or was raised from; None if there is none."""
    while error and not isinstance(error, PageError):
        error = error.__cause__ or error.__context__
    return error and str(error)
