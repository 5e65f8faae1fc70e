"""Publishing: a built site becomes light to load, safe to serve, and complete without a network.

The folder that a generator has built goes in, and is changed in place: styles and scripts are joined, hashed and freed of what no
page uses; what no page asks for is removed; each page says what may run on it; what a host needs to know lies beside the pages.
"""

import base64
import gzip
import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import brotli

from literate import hosting, styles
from literate.scripts import Modules, minify

HASHED = re.compile(r"\.[0-9a-f]{8}(\.min)?\.(js|css)$")  # the file never changes under this name
TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".xml"}
OWN_CSS = re.compile(r'\s*<link rel="stylesheet" href="([^"]+)">')
MODULE = re.compile(r'<script src="([^"]*assets/)site\.js" type="module"></script>')
ICON = re.compile(r'<link rel="icon" href="([^"]+\.svg)">')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
CHARSET = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.IGNORECASE)

# From disk a browser allows no modules: another script takes their place, which holds them all.
DISK = ('<script>location.protocol=="file:"&&document.head.append(Object.assign(document.createElement("script"),'
        '{src:document.querySelector("script[type=module]").src.replace("/site.","/disk.")}))</script>')


def publish(site, python_host=""):
    """Make a built site ready for its readers.

    site: the folder that it was built into. python_host: where the page's own Python comes from, once a reader asks for it: the
    only other host that any policy names. Raises ScriptError or ValueError, with the place, if a script or a style is not understood.
    """
    site = Path(site)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    for path in site.rglob("*.map"):
        path.unlink()
    for path in site.glob("assets/**/*.min.*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\n?", "", text), encoding="utf-8")

    version = _publish_scripts(site)
    sheet = _publish_styles(site, pages)
    for path, html in pages.items():
        html = MODULE.sub(lambda match: f'<script src="{match[1]}site.{version}.js" type="module"></script>{DISK}', html)
        html = OWN_CSS.sub(lambda match: match[0] if match[1].startswith("http") else "", html)
        root = os.path.relpath(site, path.parent).replace(os.sep, "/")
        if path.name == "404.html":
            root = re.search(r'"base": "([^"]*)"', html)[1].rstrip("/")  # it is shown at any address
        html = html.replace("</title>", f'</title><link rel="stylesheet" href="{root}/{sheet}">', 1)
        pages[path] = ICON.sub(lambda match: _icon(path.parent, site, match[1]), html)

    hashes = sorted({_hash(script) for html in pages.values() for script in INLINE.findall(html)})
    for path, html in pages.items():
        policy = hosting.policy(sorted({_hash(script) for script in INLINE.findall(html)}))
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        pages[path] = CHARSET.sub(lambda match: match[0] + meta, _without_space(html), count=1)
        path.write_text(pages[path], encoding="utf-8")

    _remove_unused(site, pages)
    _write_twins(site)
    _write_worker(site)
    hosting.write(site, hashes, python_host, HASHED)
    compress(site)


def compress(site):
    """Lay a Brotli and a gzip file beside each text file of a folder, for a server that sends them as they are."""

    def make(path):
        data = path.read_bytes()
        Path(f"{path}.br").write_bytes(brotli.compress(data, quality=11, lgwin=22))
        Path(f"{path}.gz").write_bytes(gzip.compress(data, 9, mtime=0))

    # Neither function holds the interpreter's lock while it works.
    with ThreadPoolExecutor() as pool:
        list(pool.map(make, (path for path in site.rglob("*") if path.suffix in TEXT and path.stat().st_size > 500)))


def _publish_scripts(site):
    """Join, minify and hash the site's own modules; return the hash, which all of their names carry."""
    folder = site / "assets"
    own = {path.relative_to(folder).as_posix(): path for path in folder.glob("*.js")}
    texts = {name: path.read_text(encoding="utf-8") for name, path in own.items()}
    modules = Modules({name: text for name, text in texts.items() if name != "sw.js"})
    version = hashlib.sha256("".join(texts[name] for name in sorted(texts)).encode()).hexdigest()[:8]

    joined = modules.needed("site.js", "offline.js")
    made = {"site.js": modules.join(joined), "disk.js": modules.classic(modules.needed("disk.js", "site.js", later=True))}
    for name in modules.texts:
        if name not in made and name not in joined:
            made[name] = modules.after(name, joined, "site.js")
    for path in own.values():
        path.unlink()
    for name, text in made.items():
        text = re.sub(r'(["\'`])\./([\w-]+)\.js\1', lambda match: f"{match[1]}./{match[2]}.{version}.js{match[1]}"
                      if f"{match[2]}.js" in made else match[0], text)
        (folder / name).with_suffix(f".{version}.js").write_text(minify(text), encoding="utf-8")
    (site / "sw.js").write_text(minify(texts["sw.js"]), encoding="utf-8")
    return version


def _publish_styles(site, pages):
    """Join the theme's styles, without what no page can show, and the site's own into one file; return its path in the site."""
    linked = {}
    for path, html in pages.items():
        for address in OWN_CSS.findall(html):
            if not address.startswith("http"):
                linked[site / address.lstrip("./").partition("assets/")[1] / address.partition("assets/")[2]] = None
    scripts = [path.read_text(encoding="utf-8") for path in site.glob("assets/**/*.js") if "workers" not in path.parts]
    names = styles.Names.of(pages.values(), scripts)
    theme = [styles.purge(path.read_text(encoding="utf-8"), names) for path in linked if "stylesheets" in path.parts]
    own = [path.read_text(encoding="utf-8") for path in linked if "stylesheets" not in path.parts]
    text = styles.merge(theme, own)
    for path in site.glob("assets/**/*.css"):
        path.unlink()
    name = f"assets/style.{hashlib.sha256(text.encode()).hexdigest()[:8]}.css"
    (site / name).write_text(text, encoding="utf-8")
    return name


def _icon(folder, site, address):
    """Return the link to the icon with the icon in it, which saves each page a request."""
    path = site / address.partition("assets/")[1] / address.partition("assets/")[2]
    text = quote(re.sub(r"\s+", " ", path.read_text(encoding="utf-8").strip()).replace('"', "'"), safe=" ='")
    return f'<link rel="icon" href="data:image/svg+xml,{text}">'


def _without_space(html):
    """Return a page without empty lines and indents, but where they are seen or hashed."""
    parts = re.split(r"(<(pre|script|textarea)\b.*?</\2>)", html, flags=re.DOTALL)
    return "".join(part if index % 3 else re.sub(r"\s*\n\s*", "\n", part) for index, part in enumerate(parts) if index % 3 != 2)


def _hash(script):
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _remove_unused(site, pages):
    """Remove each file of the assets that is named nowhere. Lunr's languages are named by the index alone."""
    index = site / "search" / "search_index.json"
    languages = json.loads(index.read_text(encoding="utf-8"))["config"]["lang"] if index.is_file() else ["en"]
    texts = [*pages.values(), *(path.read_text(encoding="utf-8") for path in site.rglob("*")
                                if path.suffix in {".css", ".js", ".json", ".mjs"} and "lunr" not in path.parts)]
    for path in [path for path in (site / "assets").rglob("*") if path.is_file()]:
        used = languages != ["en"] if "lunr" in path.parts else any(path.name in text for text in texts)
        if not used and not path.name.startswith("disk."):
            path.unlink()
    for folder in sorted((path for path in (site / "assets").rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _write_twins(site):
    """Lay a script beside each file that a script fetches: from disk a browser lets a script read no file, but run one."""
    fetched = [site / "search" / "search_index.json"]
    for listing in site.rglob("*.json"):
        if (page := listing.with_suffix("") / "index.html").is_file():
            fetched += [listing, page]
    for path in filter(Path.is_file, fetched):
        Path(f"{path}.js").write_text(f"fetched(document.currentScript.src,{json.dumps(path.read_text(encoding='utf-8'))})", encoding="utf-8")


def _write_worker(site):
    """Tell the service worker what there is to keep, and by a hash of all of it whether anything has changed."""
    files = [path for path in sorted(site.rglob("*")) if path.is_file() and "vendor" not in path.parts
             and path.suffix in {".html", ".css", ".js", ".json", ".svg"} and path.name not in ("404.html", "sw.js")
             and not path.name.startswith("disk.") and not path.name.endswith((".html.js", ".json.js"))]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    addresses = [path.relative_to(site).as_posix().removesuffix("index.html") for path in files]
    worker = site / "sw.js"
    head = f"const VERSION={json.dumps(digest.hexdigest()[:8])},FILES={json.dumps(addresses)},HASHED=/{HASHED.pattern}/;\n"
    worker.write_text(head + worker.read_text(encoding="utf-8"), encoding="utf-8")
