"""Inside a line: what its parts came to while it ran, and what the program's own functions did that it called."""

import inspect
import sys
import threading
from collections.abc import Callable
from typing import Any

from literate.program.main import Main
from literate.program.syntax import Uses
from literate.record.parts import ENTER, LEAVE, LINE, PART, RETURN, Place
from literate.values import Said, is_large, take
from literate.values.taken import short

MOST = 2_000  # pieces of news that are kept of one statement, more than anybody opens; docs/assets/inside.js says when it is more

Heard = tuple[tuple[int, Any], ...]  # the number of a Place, and its value; None for a piece of news without one


_NOBODY = dict[Any, Any]().get  # of a number and a value, the value: without a line of Python


class Listener:
    """Hears what the marks in a program tell. `places` are those of the marks, and of the names that functions bind.

    `uses` says which names a statement of a function can have changed: others are not looked at behind it.

    It is `open` only while somebody wants to know. Meanwhile the marks call what does nothing, and costs almost nothing.
    """

    def __init__(self, places: list[Place], uses: Uses):
        self.places, self.uses = places, uses
        self.open = True
        self._heard: list[tuple[int, Any]] = []
        self._calls: list[dict[str, Any]] = []  # of each that is under way, what its names held when a line had completed
        self._numbers: dict[Place, int] = {}
        self._thread = threading.get_ident()

    @property
    def hooks(self) -> dict[str, Callable]:
        """What the marks call, by name."""
        if not self.open:
            return dict.fromkeys((PART, RETURN, ENTER, LINE, LEAVE), _NOBODY)
        return {PART: self._value, RETURN: self._value, ENTER: self._enter, LINE: self._line, LEAVE: self._leave}

    def listen(self, wanted: bool, builtins: dict[str, Any]) -> None:
        """Be open, or closed: put what the marks call among the built-in names of the program."""
        if wanted != self.open:
            self.open = wanted
            builtins.update(self.hooks)

    def take(self) -> Heard:
        """Return what has been heard since this was last asked."""
        if not self._heard:
            return ()
        heard, self._heard = tuple(self._heard), []
        self._calls.clear()
        return heard

    def _listening(self):
        return Main.active and len(self._heard) < MOST and threading.get_ident() == self._thread

    def _value(self, number, value):
        if (
            self.open
            and self._listening()
            and not (inspect.ismodule(value) or inspect.isroutine(value) or isinstance(value, type))
        ):
            self._heard.append((number, self._taken(value, None)))
        return value

    def _enter(self, number):
        if self.open and self._listening():
            self._heard.append((number, None))
            self._calls.append({})
            self._bound(self.places[number].line, sys._getframe(1).f_locals)

    def _line(self, line):
        if self.open and self._listening() and self._calls:
            self._heard.append((self._number("line", line), None))
            names = sys._getframe(1).f_locals
            self._bound(line, {name: names[name] for part in self.uses[line] for name in part if name in names})

    def _leave(self, _):
        if self.open and self._listening() and self._calls:
            self._calls.pop()
            self._heard.append((0, None))

    def _bound(self, line, names):
        known = self._calls[-1]
        for name, value in [*names.items()]:
            if name.startswith("__"):
                continue
            taken = self._taken(value, known.get(name))
            if name not in known or taken is not known[name]:
                known[name] = taken
                self._heard.append((self._number("name", line, name), taken))

    def _number(self, kind, line, text=""):
        place = Place(kind, line, text)
        if place not in self._numbers:
            self._numbers[place] = len(self.places)
            self.places.append(place)
        return self._numbers[place]

    def _taken(self, value, before):
        self.open = Main.active = False  # to say an object may call what is marked, too
        try:
            if is_large(value):
                return Said(type(value).__name__, short(value))
            return take(value, before)
        finally:
            self.open = Main.active = True
