"""Playing a page: all its blocks in order, past its errors, so that one run tells everything that is wrong."""

from literate import listing
from literate.page import Embed, Live, Page, PageError, Prose
from literate.prose import render
from literate.session import Session


def play(page):
    """Run a page; return what each block that is not only shown gave, or its PageError, by line; and the session."""
    session, results = Session(page), {}
    for block in page.blocks:
        try:
            if isinstance(block, Prose):
                results[block.line] = render(block, session)
            elif isinstance(block, Live):
                results[block.line] = session.run(block)
                if isinstance(block, Embed) and listing.is_listing(session, block):
                    listing.write(session, block)
        except PageError as error:
            results[block.line] = error
    return results, session


def errors(path):
    """Return every PageError of the page at `path`, in the order of its lines."""
    try:
        found = [result for result in play(Page.read(path))[0].values() if isinstance(result, PageError)]
    except PageError as error:
        return [error]
    return sorted(found, key=lambda error: error.line)
