"""A ledger: a piece of prose whose values a reader can see at every iteration that the recording keeps."""

import json
from collections.abc import Mapping

from literate.draw.curve import at, svg
from literate.page import Ledger
from literate.prose import Role, render
from literate.state import Session
from literate.values.written import in_sentence


def write(session: Session, block: Ledger, roles: Mapping[str, Role]) -> str:
    """Return a ledger as Markdown: `{python}` and `{curve}` hold what they come to at each kept iteration.

    Check at each that the ledger's expression holds. Raise PageError if one does not, or if the page has not reached a
    line of a loop.

    What a script needs to fill it with a reader's own run is in `data-cells` (docs/literate/look/cells.py). It is not there
    if the ledger goes through calls, or if the page has named something of its own above its embed: that would have to be
    run, too.
    """
    states, cells = list(session.at_every_iteration(block.line)), list[list[str]]()
    for iteration, namespace in states:
        if block.check and session.value(block.line, block.check, namespace) != "True":
            raise session.page.error(
                block.line,
                f"the ledger does not add up in {'call' if session.goes_by_call else 'iteration'} {iteration:,}: "
                f"{block.check} is not true; mend the table or the expression",
            )

    def value(session: Session, line: int, expression: str) -> str:
        cells.append(["python", expression])
        texts = [in_sentence(session.value(line, expression, namespace)) for _, namespace in states]
        if any(mark in text for text in texts for mark in '`";|'):
            raise session.page.error(line, f"{{python}} {expression} has a mark in it that a ledger cannot hold; show a number")
        return f"`{texts[0]}`{{.value{at(texts)}}}"

    def curve(session: Session, line: int, text: str) -> str:
        cells.append(["curve", text])
        return svg(session, line, text, [namespace for _, namespace in states])

    iterations = " ".join(str(iteration) for iteration, _ in states)
    text = render(block, session, {**roles, "python": value, "curve": curve})
    more, stop = "", session.stopped
    if session.goes_by_call:
        more = ", data-of: Call"
    elif stop and not stop.call and not stop.own:
        fences = [fence.text for fence in stop.fences]
        asked = {"line": stop.line, "cells": cells, "fences": fences, "check": block.check}
        more = f", data-program: '{stop.program.name}', data-cells: {json.dumps(json.dumps(asked))}"
    return f"\n/// html | div.ledger\n    attrs: {{data-iterations: '{iterations}'{more}}}\n\n{text}\n\n///\n"
