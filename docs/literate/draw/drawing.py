"""A drawing: the place in a page where a network is seen, with its choices, and the names of its parts with their lines.

Every example, and the iterations of SHOWN, are drawn when the page is made; docs/assets/network.js fills in the others.
"""

from collections.abc import Callable, Sequence

from literate.draw.backward import adds, check
from literate.draw.layout import Part
from literate.draw.network import LETTERS, Moment, Network, NetworkError, Sketch
from literate.draw.picture import Picture
from literate.page import Drawn
from literate.program.colours import colour_of
from literate.prose import coloured, link_to, listing_of, words_for
from literate.record import Recording
from literate.state import Session

SHOWN = (1, 10)  # beside the last
NARROWEST = 288  # pixels for a drawing on the narrowest screen: no two names may meet there
KEYS = {
    "weights": "A thick line is a weight far from 0. A dashed one is below 0.",
    "prediction": "A thick line is a weight far from 0. A dashed one is below 0. A faint one carries a 0.",
    "error": "The arrow says which way the output should go, and how far.",
    "delta": "From right to left: the error, the slope of the curve at this output, and their product, which pushes the sum.",
    "update": "The arrows are the moves of the weights, added up over all examples.",
}
SHARES = " Below each hidden node is its error: that product, times the weight on the way."
CAME = " Below each hidden node is its delta: the error that has come back, times the slope of its own curve."
PRODUCTS = " The small products are what this one adds."  # where there is room for them


def write(session: Session, block: Drawn, stash: Callable[[str], str]) -> str:
    """Return the Markdown of a Drawn block; `stash` takes finished HTML and returns what stands for it.

    On the page that lists the program, it shows a guess, and holds a hidden view for all else that the lines reach, for the
    inspector. Raise PageError if its sketch is wrong, or if the page has not reached a line of the program.
    """
    program, line, *_, run = session.stop(block.line)
    listed = listing_of(session, block.line, program) == session.page.path.absolute()
    try:
        network = Network(Sketch.read(block.sketch), Recording.of(program), line)
        check(network)
        network, *others = _views(network) if listed else [network]
    except NetworkError as error:
        raise session.page.error(block.line, str(error)) from error

    def picture_of(network: Network, name: str) -> Picture:
        return Picture(network, lambda name: f"v{of}" if (of := colour_of(program, name)) else "plain", name)

    picture, line = picture_of(network, f"network-{block.line}"), network.line
    reached = run.completed[program.loops[line]] if line in program.loops and not listed else 1
    at = max(turn for turn in network.turns if turn <= reached)  # not all are kept
    turns = sorted({turn for turn in (*SHOWN, at, network.turns[-1]) if turn in network.turns})
    choices = _choice(picture, "example", "Example", [LETTERS[example] for example in network.examples])
    choices += _choice(picture, "turn", "Iteration", [f"{turn:,}" for turn in turns], turns.index(at))
    iterations = f", data-iterations: '{' '.join(map(str, network.turns))}', data-at: '{at}'" if at else ""
    drawn = _view(session, block, picture, _frames(picture, turns, at, network.examples[: 1 if listed else None]), stash)
    if listed:
        name = f"{session.page.path.stem}.network-{block.line}.json"
        drawn = (
            _box_of(network, drawn) + f"/// html | div.views\n    attrs: {{data-href: '{name}'}}\n\n{stash('<!--apart-->')}\n\n"
        )
        for number, other in enumerate(others, 1):
            one, first = picture_of(other, f"network-{block.line}-{number}"), other.turns[0]
            drawn += _box_of(other, _view(session, block, one, _frames(one, [first], first, [0]), stash), ", hidden: ''")
        drawn += f"{stash('<!--/apart-->')}\n\n///\n\n"
    return "\n".join(
        [
            f"\n/// html | section.network\n    attrs: {{data-search-exclude: '', data-sketch: '{network.sketch.way}', "
            f"data-program: '{program.name}', data-line: '{line}'{iterations}, "
            f"style: '--wide:{picture.width:g}'}}\n",
            f"{stash(_box('div', 'choices', choices))}\n" if choices else "",
            drawn,
            "///\n",
        ]
    )


def _views(network: Network) -> list[Network]:
    """Return a Network for each thing that the lines of its program reach, from the first weights on.

    First comes the one that is seen without a script: where the loop has guessed.
    """
    recording, found = network.recording, dict[str, Network]()
    for step in recording.steps:
        if step.iteration in (0, *recording.iterations[:1]):
            other = Network(network.sketch, recording, step.line)
            if any(map(other.reached, network.sketch.weights)):
                found.setdefault(other.reach, other)
    views = [*found.values()]
    seen = next((one for one in reversed(views) if one.form == "prediction" and one.turns[0]), views[-1])
    return [seen, *(one for one in views if one is not seen)]


def _frames(picture: Picture, turns: Sequence[int], at: int, examples: Sequence[int]) -> str:
    """Return the pictures of some examples at some iterations, those of the iteration `at` for a script, too."""
    network = picture.network
    return "".join(
        f'<div class="frame{" live" * (turn == at)}" data-example="{example + 1}" data-turn="{number}">'
        f"{picture.frame(Moment(network.sketch, network.recording, network.line, turn), example, live=turn == at)}</div>"
        for number, turn in enumerate(turns)
        for example in examples or [0]
    )


def _view(session: Session, block: Drawn, picture: Picture, frames: str, stash: Callable[[str], str]) -> str:
    """Return the Markdown of some frames with the names of their parts and a key."""
    network = picture.network
    above, below = (
        _names(session, block, picture, [part for part in picture.parts() if part[2] == under]) for under in (False, True)
    )
    hidden = [layer for layer in network.sketch.layers[1:-1] if picture.back(layer)]
    key = KEYS[network.form] + PRODUCTS * (picture.labelled[0] and adds(network, network.sketch.layers[1]))
    key += (SHARES if any(map(picture.shared, hidden)) else CAME) * (network.form in ("error", "delta") and bool(hidden))
    return "\n".join([above, f"{stash(_box('div', 'frames', frames))}\n", below, f"{stash(_box('p', 'key', key))}\n"])


def _box_of(network: Network, view: str, hidden: str = "") -> str:
    """Return a view as a script finds it: by what it shows of the run."""
    return f"/// html | div.view\n    attrs: {{data-reach: '{network.reach}'{hidden}}}\n\n{view}\n///\n\n"


def _box(tag: str, style: str, content: str) -> str:
    return f'<{tag} class="{style}">{content}</{tag}>'


def _choice(picture: Picture, name: str, legend: str, texts: Sequence[str], chosen: int = 0) -> str:
    """Return radio buttons for some texts, one of them chosen by its number; nothing if there is nothing to choose."""
    labels = "".join(
        f'<label><input type="radio" name="{picture.name}-{name}"{" checked" * (number == chosen)}>{text}</label>'
        for number, text in enumerate(texts)
    )
    return f'<fieldset class="{name}"><legend>{legend}</legend>{labels}</fieldset>' if len(texts) > 1 else ""


def _names(session: Session, block: Drawn, picture: Picture, parts: Sequence[Part]) -> str:
    """Return the names of some parts as Markdown, each where its part stands, with a link to its line."""
    program, spans = picture.network.program, list[str]()
    ends: list[float] = []
    for name, x, _ in sorted(parts, key=lambda part: part[1]):
        half = max(len(name) * 7, 42) / 2 / NARROWEST * picture.width
        row = next((row for row, end in enumerate(ends) if x - half > end), len(ends))
        ends[row : row + 1] = [x + half]
        lines = picture.network.lines_of(name)
        spans.append(
            f'<span style="--x:{x / picture.width * 100:.2f};--row:{row}">{coloured(program, name)} '
            f"{link_to(session, block.line, program, lines, words_for(lines))}</span>"
        )
    return f"/// html | div.parts\n    attrs: {{style: '--rows:{len(ends)}'}}\n\n{chr(10).join(spans)}\n\n///\n"
