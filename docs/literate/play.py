"""Playing a page: all its blocks in order, past its errors, so that one run tells everything that is wrong."""

from literate.page import Code, Embed, Page, PageError, Prose
from literate.prose import render
from literate.session import Session


def play(page):
    """Run a page; return, by line, what each block of prose, each fence and each embed gave, or its PageError."""
    session, results = Session(page), {}
    for block in page.blocks:
        try:
            if isinstance(block, Prose):
                results[block.line] = render(block, session)
            elif isinstance(block, (Code, Embed)):
                results[block.line] = session.run(block)
        except PageError as error:
            results[block.line] = error
    return results


def errors(path):
    """Return every PageError of the page at `path`, in the order of its lines."""
    try:
        found = [result for result in play(Page.read(path)).values() if isinstance(result, PageError)]
    except PageError as error:
        return [error]
    return sorted(found, key=lambda error: error.line)
