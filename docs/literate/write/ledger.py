"""A ledger: a piece of prose whose values a reader can see at every iteration that the recording keeps."""

from collections.abc import Mapping

from literate.draw.curve import at, svg
from literate.page import Ledger
from literate.prose import Role, in_sentence, render
from literate.state import Session


def write(session: Session, block: Ledger, roles: Mapping[str, Role]) -> str:
    """Return a ledger as Markdown: `{python}` and `{curve}` hold what they come to at each kept iteration.

    Check at each that the ledger's expression holds. Raise PageError if one does not, or if the page has not reached a
    line of a loop.
    """
    states = list(session.at_every_iteration(block.line))
    for iteration, namespace in states:
        if block.check and session.value(block.line, block.check, namespace) != "True":
            raise session.page.error(
                block.line,
                f"the ledger does not add up in {'call' if session.goes_by_call else 'iteration'} {iteration:,}: "
                f"{block.check} is not true; mend the table or the expression",
            )

    def value(session: Session, line: int, expression: str) -> str:
        texts = [in_sentence(session.value(line, expression, namespace)) for _, namespace in states]
        if any(mark in text for text in texts for mark in '`";|'):
            raise session.page.error(line, f"{{python}} {expression} has a mark in it that a ledger cannot hold; show a number")
        return f"`{texts[0]}`{{.value{at(texts)}}}"

    def curve(session: Session, line: int, text: str) -> str:
        return svg(session, line, text, [namespace for _, namespace in states])

    iterations = " ".join(str(iteration) for iteration, _ in states)
    text = render(block, session, {**roles, "python": value, "curve": curve})
    of = ", data-of: Call" if session.goes_by_call else ""
    return f"\n/// html | div.ledger\n    attrs: {{data-iterations: '{iterations}'{of}}}\n\n{text}\n\n///\n"
