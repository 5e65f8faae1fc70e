"""Playing a page: all its blocks in order, past its errors, so that one run tells everything that is wrong."""

from literate import drawing, listing
from literate.page import Drawn, Embed, Live, Page, PageError, Prose
from literate.prose import render
from literate.session import OutputError, Session


def play(page):
    """Run a page; return what each block that is not only shown gave, or its PageError, by line; and the session."""
    session, results, failed = Session(page), {}, None
    for block in page.blocks:
        try:
            if isinstance(block, Drawn):
                results[block.line] = drawing.write(session, block, str)
            elif isinstance(block, Prose):
                results[block.line] = render(block, session)
            elif isinstance(block, Live):
                results[block.line] = session.run(block)
                if isinstance(block, Embed) and listing.is_listing(session, block):
                    listing.write(session, block)
        except PageError as error:
            if failed and isinstance(error, OutputError):
                error = page.error(error.line, f"what is printed here may follow from line {failed}; mend that line first")
            results[block.line] = error
            if isinstance(block, Live) and not isinstance(error, OutputError):
                failed = failed or error.line
    return results, session


def errors(path):
    """Return every PageError of the page at `path`, in the order of its lines."""
    try:
        found = [result for result in play(Page.read(path))[0].values() if isinstance(result, PageError)]
    except PageError as error:
        return [error]
    return sorted(found, key=lambda error: error.line)
