"""A change that a page asks its reader to make: whoever runs it must see something of it."""

from literate.program import Program, ProgramError, Run


class _Seen(BaseException):
    """Ends a run that has printed something else; no handler of a program is meant for it."""


def differs(changed: Program, program: Program) -> bool:
    """Say whether a terminal shows something else of a changed program than of the program; it runs until it does."""
    before, told = program.ending.transcript, 0

    def seen(line: int, run: Run) -> None:
        nonlocal told
        if len(run.said) > told and not before.startswith(run.transcript):
            raise _Seen
        told = len(run.said)

    try:
        return changed.watch(seen).transcript != before
    except ProgramError as error:
        return isinstance(error.__cause__, _Seen) or changed.ending.transcript != before
