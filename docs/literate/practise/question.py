"""A question: which of its choices is right is found in the run, and each has its own sentence for whoever chooses it."""

import hashlib
from collections.abc import Mapping

from literate.page import Choice, Choices, Question
from literate.prose import ClaimError, Role, coloured, render
from literate.prose.claims import in_words, put_by, tell, weigh
from literate.state import Session

VERDICTS = {True: "Right.", False: "Not so."}


def right(session: Session, block: Choices) -> Choice:
    """Return the choice whose expression holds in the state that the page has reached.

    Raise PageError for an expression that is no claim, and ClaimError if not exactly one of them holds.
    """
    weighed = [(choice, weigh(session, choice.line, choice.expression, "if")) for choice in block.choices]
    held = [(choice, evidence) for choice, evidence in weighed if evidence.holds]
    if len(held) != 1:
        values = "; ".join(f"line {choice.line}: {in_words(evidence)}" for choice, evidence in held or weighed)
        what = f"{len(held)} of these choices are right" if held else "none of these choices is right"
        raise ClaimError(
            session.page.path,
            block.line,
            f"{what} in this run, and one must be ({values}); rewrite the choices, or their expressions",
        )
    return held[0][0]


def name_of(question: Question, block: Choices) -> str:
    """Return the id of a question: another wording, of it or of its choices, is another question."""
    return f"question-{_digest(' '.join([question.text, *(choice.text for choice in block.choices)]))}"


def write(session: Session, question: Question, asked: str, block: Choices, roles: Mapping[str, Role]) -> str:
    """Return a question as Markdown for a site: a group of radio buttons, which a style sheet alone can answer.

    `asked` is the question as it was written in the state of its place. What docs/assets/questions.js needs: `data-kind`, and
    `data-right` at the choice that holds.
    """
    name, false, items = name_of(question, block), list[ClaimError](), list[str]()
    holds = None
    with put_by(false):
        holds = right(session, block)
    for choice in block.choices:
        with put_by(false):
            items.append(_item(session, name, choice, choice is holds, roles))
    tell(false)
    return "\n".join(
        [
            f"\n/// html | fieldset.asked\n    attrs: {{id: '{name}', data-kind: '{question.kind}'}}\n",
            _box("legend", asked, "    markdown: inline\n"),
            _box("ul", "\n\n".join(items)),
            _box("p.said", "", "    attrs: {role: 'status'}\n"),
            "///\n",
        ]
    )


def _item(session: Session, name: str, choice: Choice, holds: bool, roles: Mapping[str, Role]) -> str:
    text = type(choice.feedback)(choice.line, choice.text)
    radio = f'<input type="radio" name="{name}" value="{_digest(choice.text)}">'
    said = f"**{VERDICTS[holds]}** {render(choice.feedback, session, roles, coloured).lstrip()}"
    label = _box("label", f"{radio} {render(text, session, roles, coloured)}", "    markdown: inline\n")
    options = "    markdown: block\n" + "    attrs: {data-right: ''}\n" * holds
    return _box("li", f"{label}\n\n{_box('div.feedback', said)}", options)


def _box(tag: str, content: str, options: str = "") -> str:
    return f"/// html | {tag}\n{options}\n{content}\n\n///"


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]
