"""The command line: `python -m publish SITE` makes the folder that a generator has built ready for its readers."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from publish import PublishError
from publish.folder import publish


def main(arguments: Sequence[str] | None = None) -> int:
    """Publish the folder that is named; return 0, or 1 once one line has said why it cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m publish",
        description="Make a built site ready for its readers: light to "
        "load, safe to serve, complete without a network. The folder is changed in place.",
    )
    parser.add_argument("site", metavar="SITE", help="the folder that the site was built into")
    parser.add_argument(
        "--pdf",
        metavar="CHROMIUM",
        default=os.environ.get("CHROMIUM", ""),
        help="the command of a Chromium or a Chrome, which then composes the booklet as a PDF; without it there is none "
        "(default: CHROMIUM in the environment)",
    )
    asked = parser.parse_args(arguments)
    try:
        publish(asked.site, Path(".cache", "published") if os.environ.get("LITERATE_KEEP") != "false" else None, asked.pdf)
    except PublishError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
