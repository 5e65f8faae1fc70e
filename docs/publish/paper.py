"""Paper: the booklet as a PDF whose contents say on which page each of their entries begins.

A Chromium composes it, which has no word for the page that a link leads to. So it composes the booklet once, to see where
everything begins, and again with the numbers in the contents and beside the questions, until nothing has moved.
"""

import re
import subprocess
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

from pypdf import PageObject, PdfReader
from selectolax.lexbor import LexborHTMLParser, LexborNode

from publish import PublishError
from publish.pages import Page

NAME = "booklet.pdf"
LIMIT = 600  # seconds for one composition
TIMES = 6  # at most: with numbers, the contents may take another page than without, and then all numbers are others
OPTIONS = (
    "--headless",
    "--no-sandbox",  # which not every container lets it make; the one page that it opens is the site's own
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-pdf-header-footer",  # docs/assets/print.css has a foot of its own
    "--generate-pdf-document-outline",
)
TOLD = ".contents a, .room a"  # the links of which paper says to which page they lead
BREAKS = ".booklet > :is(.part, .answers), .chapter:has(> h2)"  # what begins a sheet, as docs/assets/print.css has it
LITTLE = 1 / 4  # of a sheet: some six lines
FOOT = 20 / 25.4 * 72  # points from the lower edge, below which the page's number stands
_DATES = re.compile(rb"/(?:Creation|Mod)Date ?\(D:[^)]*\)")


def compose(booklet: Page, folder: Path, chromium: str) -> tuple[str, bytes]:
    """Return the HTML of a booklet's page with a link to its PDF, and the PDF, which is the same for the same page.

    booklet: the page, bound; folder: where it lies, with its styles; chromium: the command of a browser
    Raises PublishError, in one line, if that is none, or fails.
    """
    tree, before = _for_paper(booklet), None
    told = dict.fromkeys(_place(link) for link in tree.css(TOLD))
    for link in tree.css(TOLD):
        link.attrs["data-page"] = "888"  # as wide as what will stand there
    for _ in range(TIMES):
        data = _printed(_html(tree), folder, chromium)
        reader = PdfReader(BytesIO(data))
        found = _begins(reader)
        if lost := [place for place in told if place not in found]:
            raise PublishError(
                f"{chromium}: its PDF does not say where #{lost[0]} begins, as later versions do; name one of those"
            )
        begins = {place: found[place] for place in told}
        moved = _run_on(tree, begins, reader)
        if begins == before and not moved:  # so what has been composed says where things are in it
            data = _DATES.sub(lambda date: b" " * len(date[0]), data)
            return _offering(booklet.html, f"{len(reader.pages)} pages, {len(data) / 1e6:.1f} MB"), data
        for link in tree.css(TOLD):
            link.attrs["data-page"] = str(begins[_place(link)])
        before = begins
    raise PublishError(f"{booklet.address}index.html: composed {TIMES} times, its PDF has other pages than its contents say")


def _run_on(tree: LexborHTMLParser, begins: Mapping[str, int], reader: PdfReader) -> bool:
    """Let what would begin a sheet begin on the one before, if there is little on that; return whether there was such a one."""
    short = [
        begun
        for begun in tree.css(BREAKS)
        if begun.id and "run-on" not in (begun.attributes["class"] or "") and _used(reader.pages[begins[begun.id] - 2]) < LITTLE
    ]
    for begun in short:
        begun.attrs["class"] = f"{begun.attributes['class']} run-on"
    return bool(short)


def _used(sheet: PageObject) -> float:
    """Return down to which part of its height, from the top, there are words on a sheet. Its number is none of them."""
    heights = list[float]()

    def visit(text: str, matrix: list[float], at: list[float], *_: object) -> None:
        if text.strip():
            heights.append(at[4] * matrix[1] + at[5] * matrix[3] + matrix[5])

    sheet.extract_text(visitor_text=visit)
    height = float(sheet.mediabox.height)
    return 1 - min((at for at in heights if at > FOOT), default=height) / height


def _for_paper(booklet: Page) -> LexborHTMLParser:
    """Return the page as it is composed, whose links out of it lead to a whole address, or nowhere, but not to this disk."""
    tree, address = LexborHTMLParser(booklet.html), booklet.meta("og:url")
    for link in tree.css('a[href]:not([href^="#"])'):
        whole = urljoin(address, link.attributes["href"] or "")
        if re.match(r"https?:", whole):
            link.attrs["href"] = whole
        else:
            del link.attrs["href"]
    return tree


def _html(tree: LexborHTMLParser) -> str:
    """Return a page in the style of the PDF."""
    style = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")
    return (tree.html or "").replace("</head>", f"<style>{style}</style></head>", 1)


def _place(link: LexborNode) -> str:
    return (link.attributes["href"] or "").removeprefix("#")


def _begins(reader: PdfReader) -> dict[str, int]:
    """Return the number of the page, from 1, on which each place of a PDF is that a link leads to."""
    numbers = {name: reader.get_destination_page_number(place) for name, place in reader.named_destinations.items()}
    return {name.removeprefix("/"): number + 1 for name, number in numbers.items() if number is not None}


def _printed(html: str, folder: Path, chromium: str) -> bytes:
    """Return a page as a browser prints it that finds it in a folder of the site."""
    page, made = folder.resolve() / "paper.html", folder.resolve() / "paper.pdf"
    page.write_text(html, encoding="utf-8")
    try:
        with tempfile.TemporaryDirectory(prefix="paper-", ignore_cleanup_errors=True) as own:  # settings that are nobody else's
            command = [chromium, *OPTIONS, f"--user-data-dir={own}", f"--print-to-pdf={made}", page.as_uri()]
            quiet = subprocess.DEVNULL
            status = subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=LIMIT).returncode
        data = made.read_bytes() if made.is_file() else b""
        why = f"it has made no PDF, and ended with {status}"
    except OSError as error:
        data, why = b"", error.strerror or str(error)
    except subprocess.TimeoutExpired:
        data, why = b"", f"it has not ended after {LIMIT} seconds"
    finally:
        page.unlink()
        made.unlink(missing_ok=True)
    if not data.startswith(b"%PDF-"):
        raise PublishError(f"{chromium}: the booklet's PDF cannot be made with this: {why}; name a Chromium or a Chrome, or none")
    return data


def _offering(html: str, size: str) -> str:
    """Return the booklet's page with a link to its PDF below its first paragraph."""
    link = f'<p class="on-screen"><a href="{NAME}" download>Download it as a PDF</a> ({size})</p>'
    return re.sub(r"<article\b.*?</p>", lambda begin: begin[0] + link, html, count=1, flags=re.DOTALL)
