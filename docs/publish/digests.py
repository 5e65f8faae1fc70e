"""Digests: the service worker is told a digest of each file that it keeps, so that it trusts no bytes but those published.

It is half of the SHA-256: with 128 bits nobody can make another file for it, and every visitor is sent the list.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

KEPT = {".html", ".css", ".js", ".json", ".py", ".svg"}
LEFT_OUT = re.compile(r"(^|/)((404|disk|sw)\.[^/]*|vendor/.*|[^/]*\.(html|json|js|py)\.js)$")  # vendor/ holds the editor
HEAD = re.compile(r"\Aconst VERSION=.*\n")


def write(site: str | Path, hashed: str) -> None:
    """Write into a site's sw.js which files there are, with their digests; anew if they are written there already.

    hashed: the pattern of the names under which a file never changes. VERSION becomes a digest of them all.
    """
    site = Path(site)
    files = []
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix in KEPT and not LEFT_OUT.search(name):
            digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()[:16]).decode()
            files.append([name.removesuffix("index.html"), digest])
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:8]
    worker = site / "sw.js"
    head = f"const VERSION={json.dumps(version)},HASHED=/{hashed}/,FILES=new Map({json.dumps(files, separators=(',', ':'))});\n"
    worker.write_text(head + HEAD.sub("", worker.read_text(encoding="utf-8")), encoding="utf-8")
