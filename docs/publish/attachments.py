"""Attachments: files that a page holds in itself until it is published, as no generator lets a page write files.

A page holds one as `<script type="application/json" class="recording" data-href="program.json">…</script>`: any text without
`</script`, of a type that no browser runs. `data-href` is relative to the page's own address without a slash at its end, so that
`program.json` of the page `program/` is the file beside that folder.

So is what stands in an element with `data-href` between `<!--apart-->` and `<!--/apart-->`: HTML that a script puts there
once there is use for it, as a string of JSON.
"""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

from publish import PublishError
from publish.pages import Page

_HELD = re.compile(r'<script type="application/(?:[\w.-]+\+)?json"[^>]*? data-href="([^"]*)"[^>]*>(.*?)</script>', re.DOTALL)
_APART = re.compile(r'(?<= data-href=")([^"]*)("[^>]*>)\s*<!--apart-->(.*?)<!--/apart-->\s*', re.DOTALL)


def detach(site: Path, page: Page) -> tuple[str, dict[Path, str]]:
    """Return a page's HTML without the files that it holds, and these: where each is to lie, and its text.

    Raises PublishError if one is to lie outside of the site.
    """
    files, held = {}, _HELD.findall(page.html)
    for href, text in [*held, *((href, json.dumps(text)) for href, _, text in _APART.findall(page.html))]:
        address = urljoin(f"/{page.address.rstrip('/')}", href)
        path = site / address.lstrip("/")
        if re.match(r"[a-z]+:|//", address) or not path.resolve().is_relative_to(site.resolve()):
            raise PublishError(
                f'{page.address or "index.html"}: data-href="{href}" leads out of the site; name a file beside the page'
            )
        files[path] = text
    return _APART.sub(r"\1\2", _HELD.sub("", page.html)), files
