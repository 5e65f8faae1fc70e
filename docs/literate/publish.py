"""Publishing: a built site becomes light to load, safe to serve, and complete without a network.

The folder that a generator has built goes in, and is changed in place. Styles and scripts are joined, hashed and freed of what no
page uses. What no page asks for is removed. Each page says what may run on it. What a host needs to know lies beside the pages.
"""

import base64
import gzip
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import brotli

from literate import digests, hosting, styles
from literate.scripts import Modules, minify

HASHED = re.compile(r"\.[0-9a-f]{8}(\.min)?\.(css|js|py)$")  # a file never changes under such a name
ALONE = ("room.js", "worker.js")  # what a module hands over as it is, for another window to start
SMALL = 2500  # bytes of a module that is not worth a request of its own
TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".py", ".svg", ".txt", ".xml"}
SHEET = re.compile(r'\s*<link rel="stylesheet" href="((?!https?:)[^"]+)">')
MODULE = re.compile(r'<script src="([^"]*assets/)site\.js" type="module"></script>')
ICON = re.compile(r'<link rel="icon" href="([^"]+\.svg)">')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
CHARSET = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.IGNORECASE)
SOURCE_MAP = re.compile(r"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\n?")

# From disk a browser allows no modules: another script takes their place, which holds them all.
DISK = ('<script>location.protocol=="file:"&&document.head.append(Object.assign(document.createElement("script"),'
        '{src:document.querySelector("script[type=module]").src.replace("/site.","/disk.")}))</script>')


def publish(site, python_host=""):
    """Make a built site ready for its readers.

    site: the folder that it was built into. python_host: where a page's Python comes from once a reader asks for it, if that is
    another host; it is the only one that the policy names. Raises ValueError, with the place, if a script or style is not read.
    """
    site = Path(site)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    for path in site.rglob("*.map"):
        path.unlink()
    for path in site.glob("assets/**/*.min.*"):
        path.write_text(SOURCE_MAP.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")

    version = publish_scripts(site / "assets")
    sheet = publish_styles(site, pages)
    rooms = [path.read_text(encoding="utf-8") for path in (site / "assets").glob("room.*.js")]  # the frame's script, in the frame
    pages = {path: _rewritten(html, site, version, sheet, rooms, python_host) for path, html in pages.items()}
    scripts = {*rooms, *(script for html in pages.values() for script in INLINE.findall(html))}
    for path, html in pages.items():
        path.write_text(html, encoding="utf-8")

    _remove_unused(site, pages)
    _write_twins(site)
    digests.write(site, HASHED.pattern)
    hosting.write(site, sorted(map(_hash, scripts)), python_host, HASHED)
    compress(site)


def compress(site):
    """Lay a Brotli and a gzip file beside each text file of a folder, for a server that sends them as they are."""

    def make(path):
        data = path.read_bytes()
        Path(f"{path}.br").write_bytes(brotli.compress(data, quality=11))
        Path(f"{path}.gz").write_bytes(gzip.compress(data, 9, mtime=0))

    with ThreadPoolExecutor() as pool:  # neither function holds the interpreter's lock while it works
        list(pool.map(make, [path for path in Path(site).rglob("*") if path.suffix in TEXT and path.stat().st_size > 500]))


def publish_scripts(folder):
    """Join, minify and hash the site's own modules and what they load; return the hash that the modules' names carry."""
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
             for path in [*folder.glob("*.js"), *folder.glob("vendor/*.js")]}
    (folder.parent / "sw.js").write_text(minify(texts.pop("sw.js"), module=False), encoding="utf-8")
    (folder / "sw.js").unlink()

    modules = Modules({name: text for name, text in texts.items() if name not in ("disk.js", *ALONE)})
    files = modules.files("offline.js", "site.js", small=SMALL)
    made = {name: minify(modules.text(name, files)) for name in files if "/" not in name}
    made |= {name: minify(texts[name], module=False) for name in ALONE if name in texts}
    every = Modules(texts)
    made["disk.js"] = minify(every.classic(every.needed("disk.js", "site.js", later=True), stand_in="disk.js"), module=False)

    version = _digest("".join(made[name] for name in sorted(made)).encode())
    named = {name: f"{name.removesuffix('.js')}.{version}.js" for name in made}
    for path in [path for path in folder.rglob("*.*") if path.is_file()]:  # what the scripts load besides, by its name
        name = path.relative_to(folder).as_posix()
        loaded = re.search(rf"""["'`](\./)?{re.escape(name)}["'`]""", "".join(made.values()))
        if loaded and (name not in texts or "/" in name):
            named[name] = f"{name.removesuffix(path.suffix)}.{_digest(path.read_bytes())}{path.suffix}"
            path.rename(folder / named[name])
    for name in texts:
        (folder / name).unlink(missing_ok=True)
    for name, text in made.items():
        text = re.sub(r"""(["'`](?:\./)?)([\w./-]+)(?=["'`])""", lambda match: match[1] + named.get(match[2], match[2]), text)
        (folder / named[name]).write_text(text, encoding="utf-8")
    return version


def publish_styles(site, pages):
    """Join the theme's styles, without what no page can show, and the site's own into one file; return its path in the site."""
    linked = list(dict.fromkeys(_in_assets(site, address) for html in pages.values() for address in SHEET.findall(html)))
    together = "".join(pages.values())
    scripts = [path.read_text(encoding="utf-8") for path in site.glob("assets/**/*.js")
               if "javascripts" not in path.parts or f'/{path.name}"></script>' in together]
    names = styles.Names.of(pages.values(), scripts)
    texts = {path: path.read_text(encoding="utf-8") for path in linked}
    text = styles.merge([styles.purge(text, names) for path, text in texts.items() if "stylesheets" in path.parts],
                        [text for path, text in texts.items() if "stylesheets" not in path.parts])
    for path in linked:
        path.unlink()
    name = f"assets/style.{_digest(text.encode())}.css"
    (site / name).write_text(text, encoding="utf-8")
    return name


def _rewritten(html, site, version, sheet, rooms, python_host):
    """Return a page that asks for what has been published, and says what may run on it."""
    root = SHEET.search(html)[1].partition("assets/")[0]
    html = MODULE.sub(rf'<script src="\1site.{version}.js" type="module"></script>{DISK}', SHEET.sub("", html))
    html = html.replace("</title>", f'</title><link rel="stylesheet" href="{root}{sheet}">', 1)
    html = _without_space(ICON.sub(lambda match: _icon(_in_assets(site, match[1])), html))
    policy = hosting.policy(sorted({_hash(script) for script in [*rooms, *INLINE.findall(html)]}), python_host)
    return CHARSET.sub(rf'\g<0><meta http-equiv="Content-Security-Policy" content="{policy}">', html, count=1)


def _in_assets(site, address):
    """Return the file that an address of a page means, which begins with as many steps up as the page's depth takes."""
    return site / "assets" / address.partition("assets/")[2]


def _icon(path):
    """Return the link to the icon with the icon in it, which saves each reader a request."""
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8").strip()).replace('"', "'")
    return f'<link rel="icon" href="data:image/svg+xml,{quote(text, safe=" =" + chr(39))}">'


def _without_space(html):
    """Return a page without empty lines and indents, but where they are seen or hashed."""
    parts = re.split(r"(<(pre|script|textarea)\b.*?</\2>)", html, flags=re.DOTALL)
    return "".join(part if index % 3 else re.sub(r"\s*\n\s*", "\n", part) for index, part in enumerate(parts) if index % 3 != 2)


def _digest(data):
    return hashlib.sha256(data).hexdigest()[:8]


def _hash(script):
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _remove_unused(site, pages):
    """Remove each file of the assets that is named nowhere. Lunr's languages are named by the index alone."""
    index = site / "search" / "search_index.json"
    languages = json.loads(index.read_text(encoding="utf-8"))["config"]["lang"] if index.is_file() else ["en"]
    texts = [*pages.values(), *(path.read_text(encoding="utf-8") for path in site.rglob("*")
                                if path.suffix in {".css", ".js", ".json"} and "lunr" not in path.parts)]
    for path in [path for path in (site / "assets").rglob("*") if path.is_file()]:
        used = languages != ["en"] if "lunr" in path.parts else any(path.name in text for text in texts)
        if not used and not path.name.startswith("disk."):
            path.unlink()
    for folder in sorted((path for path in (site / "assets").rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _write_twins(site):
    """Lay a script beside each file that a script fetches: from disk a browser lets a script read no file, but run one."""
    fetched = [site / "search" / "search_index.json", *site.glob("assets/room.*.js"), *site.glob("assets/worker.*.js"),
               *site.glob("assets/run.*.py")]
    for recording in site.rglob("*.json"):
        if (listing := recording.with_suffix("") / "index.html").is_file():
            fetched += [recording, listing]
    for path in filter(Path.is_file, fetched):
        text = json.dumps(path.read_text(encoding="utf-8"))
        Path(f"{path}.js").write_text(f"fetched(document.currentScript.src,{text})", encoding="utf-8")
