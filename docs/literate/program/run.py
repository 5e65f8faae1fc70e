"""A run: what a program left behind when it stopped."""

import copy
import dataclasses
import types
from collections import Counter
from dataclasses import dataclass, field

from literate.program.guard import throw_back


@dataclass
class Run:
    """What a run of a program left behind when it stopped."""

    namespace: dict = field(default_factory=dict)  # the program's globals: every name bound so far, with its value
    printed: list = field(default_factory=list)  # (line, text): what the statement on that line printed
    completed: Counter = field(default_factory=Counter)  # statement's first line -> times completed
    warned: list = field(default_factory=list)  # (line, text): what Python said in warning, as a terminal shows it
    error: BaseException | None = None  # what ended the run, if it did not end by itself
    left: list = field(default_factory=list)  # in words, what it left changed for all pages; it has been put back
    dice: tuple = ()  # where the random numbers stand, Python's and NumPy's
    transcript: str = ""  # everything that a terminal would show: output, warnings, and the traceback of the error

    @property
    def quiet(self) -> str:
        """The transcript without what Python said in warning."""
        text = self.transcript
        for _, warning in self.warned:
            text = text.replace(warning, "", 1)
        return text

    def output(self, lines: range) -> str:
        """Return the text that the statements beginning on `lines` (a range) printed."""
        return "".join(text for line, text in self.printed if line in lines)

    def copy(self) -> "Run":
        """Return a Run whose values can be changed without changing this one's.

        The program's functions see the copy's globals. The random numbers go on as they did where this run stopped.
        Raise what copy.deepcopy raises if a value cannot be copied.
        """
        memo = {id(value): value for value in self.namespace.values() if isinstance(value, types.ModuleType)}
        namespace = copy.deepcopy(self.namespace, memo)
        for name, value in namespace.items():
            if isinstance(value, types.FunctionType) and value.__globals__ is self.namespace:
                namespace[name] = rebound(value, namespace)
        throw_back(self.dice)
        return dataclasses.replace(self, namespace=namespace)


def rebound(function: types.FunctionType, namespace: dict) -> types.FunctionType:
    """Return a function that does the same with other globals; one with a closure stays as it is."""
    if function.__closure__:
        return function
    twin = types.FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    twin.__kwdefaults__, twin.__doc__ = function.__kwdefaults__, function.__doc__
    return twin
