"""The command line: `python -m literate check` says what is wrong on pages, and `update` mends their outputs."""

import argparse
import difflib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from literate.check.mend import mend
from literate.page import shown
from literate.site.pages import begin_all, errors

PAGES = ["docs"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is typed behind `python -m literate`; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m literate")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("check", "run pages and print one line for everything that is wrong"),
        ("update", "run pages and rewrite the outputs that are no longer what is printed"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument(
            "pages",
            nargs="*",
            metavar="PAGE",
            default=PAGES,
            help="a Markdown file, or a folder of them (docs, if none is given)",
        )
    given = parser.parse_args(arguments)
    if missing := [page for page in given.pages if not Path(page).exists()]:
        parser.error(f"there is no {missing[0]} here; give the path of a page from where you are")
    return {"check": check, "update": update}[given.command](pages_in(given.pages))


def pages_in(paths: Iterable[str]) -> list[Path]:
    """Return the Markdown files that some paths mean, a folder's in order."""
    return [page for path in map(Path, paths) for page in (sorted(path.rglob("*.md")) if path.is_dir() else [path])]


def check(pages: Sequence[Path]) -> int:
    """Print every error of some pages; return 1 if there is one."""
    begin_all(pages)
    found = [error for page in pages for error in errors(page)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{_count(len(pages), 'page')} checked, {_count(len(found), 'error')}.", file=sys.stderr)
    return int(bool(found))


def update(pages: Sequence[Path]) -> int:
    """Rewrite the outputs that are no longer what is printed, and show the change; return 1 if a page is left alone."""
    changed, left = [], []
    begin_all(pages)
    for page in pages:
        try:
            before, after = mend(page)
        except ExceptionGroup as group:
            left.append(page)
            print(*group.exceptions, sep="\n")
            continue
        if after != before:
            changed.append(page)
            page.write_bytes(after.encode("utf-8"))
            sys.stdout.writelines(
                f"{line.rstrip()}\n"
                for line in difflib.unified_diff(
                    before.split("\n"), after.split("\n"), f"{shown(page)} (before)", f"{shown(page)} (now)"
                )
            )
    said = f"{_count(len(pages), 'page')} run, {_count(len(changed), 'page')} rewritten"
    if left:
        said += f", {len(left)} left alone: first mend what the lines above say, then run this again"
    print(f"{said}.", file=sys.stderr)
    return int(bool(left))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
