"""Publishing: a built site becomes light to load, safe to serve, and complete without a network.

The folder that a generator has built goes in, and is changed in place. Styles and scripts are joined, hashed and freed of what no
page uses. What no page asks for is removed. Each page says what may run on it. What a host needs to know lies beside the pages.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from publish import PublishError, booklet, digests, hosting, listings, styles
from publish.attachments import detach
from publish.compress import compress
from publish.kept import Kept
from publish.pages import Page
from publish.scripts import joined, lean, renamed

HASHED = re.compile(r"\.[0-9a-f]{8}(\.min)?\.(css|js|py)$")  # a file never changes under such a name
SHEET = re.compile(r'\s*<link rel="stylesheet" href="((?!https?:)[^"]+)">')
MODULE = re.compile(r'<script src="([^"]*assets/)site\.js" type="module"></script>')
ICON = re.compile(r'<link rel="icon" href="([^"]+\.svg)">')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
SCOPE = re.compile(r'(?<=__md_scope=new URL\()"[^"]*",location(?=\))')  # the theme's own, for what it keeps: the site's root
CHARSET = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.IGNORECASE)
CANONICAL = re.compile(r'\s*<link rel="canonical" href="/[^"]*">')  # no whole address: it says nothing
MOVED = re.compile(r"<!-- moved: (.*?) -->")  # what docs/theme/main.html wanted to change and has not found
SOURCE_MAP = re.compile(r"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\n?")

# From disk a browser allows no modules: another script takes their place, which holds them all.
DISK = (
    '<script>location.protocol=="file:"&&document.head.append(Object.assign(document.createElement("script"),'
    '{src:document.querySelector("script[type=module]").src.replace("/site.","/disk.")}))</script>'
)


def publish(site: str | Path, kept: Path | None = None, chromium: str = "") -> None:
    """Make a built site ready for its readers, whichever generator has built it.

    site: the folder that it was built into, which is changed in place. All that there is to know is read from its pages.
    kept: a folder for what took long to make, and need not be made again the next time.
    chromium: the command of a browser that composes the booklet's PDF; without one there is none.
    Raises PublishError, in one line, if there is no site, if it is published already, or if something in it cannot be published.
    """
    site, store = Path(site), Kept(kept)
    _check(site)
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    for path, html in pages.items():
        if moved := MOVED.search(html):
            raise PublishError(
                f"docs/theme/main.html: the theme no longer has {moved[1]}, which this template replaces (in "
                f"{path.relative_to(site)}); look for what stands there now, and name that"
            )
    detached = {path: detach(site, Page.at(site, path, html)) for path, html in pages.items()}
    pages = {path: html for path, (html, _) in detached.items()}
    built = {path: Page.at(site, path, html) for path, html in pages.items()}
    for path, page in built.items():
        if page.kind == "booklet":
            pages[path] = booklet.bind(page, list(built.values()))
    listed = listings.of(built.values())
    pages = {path: listings.lead(built[path], html, listed) for path, html in pages.items()}
    papers = dict[Path, bytes]()
    for path, page in built.items():
        if chromium and page.kind == "booklet":
            from publish import paper  # most builds make none

            pages[path], data = paper.compose(Page(page.address, pages[path]), path.parent, chromium)
            papers[path.with_name(paper.NAME)] = data
    linked = _linked(site, pages)
    for path in linked:
        if "stylesheets" not in path.parts:  # the theme's
            styles.check(path.read_text(encoding="utf-8"), path.relative_to(site / "assets").as_posix())
    version = publish_scripts(site / "assets", store)  # up to here nothing has been written, if anything was wrong

    for path, text in [file for _, files in detached.values() for file in files.items()]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path, data in papers.items():
        path.write_bytes(data)
    for path, page in built.items():
        if page.meta("og:url").startswith("http"):  # a link preview asks for a whole address
            pages[path] = _with_card(site, page, pages[path])
    for path in site.rglob("*.map"):
        path.unlink()
    for path in site.glob("assets/**/*.min.*"):
        path.write_text(SOURCE_MAP.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    sheet = publish_styles(site, pages, linked, store)
    python_host = built[site / "index.html"].meta("python-host")
    rooms = [path.read_text(encoding="utf-8") for path in (site / "assets").glob("room.*.js")]  # the frame's script, in the frame
    pages = {path: _rewritten(html, site, version, sheet, rooms, python_host) for path, html in pages.items()}
    scripts = {*rooms, *(script for html in pages.values() for script in INLINE.findall(html))}
    for path, html in pages.items():
        path.write_text(html, encoding="utf-8")

    _remove_unused(site, pages)
    _write_twins(site)
    digests.write(site, HASHED.pattern)
    hosting.write(site, sorted(map(_hash, scripts)), python_host, HASHED)
    compress(site, store)


def _check(site: Path) -> None:
    """Raise PublishError unless a folder holds a built site that has not been published."""
    if not (site / "index.html").is_file():
        raise PublishError(f"{site}: there is no built site here: it has no index.html; name the folder that it is built into")
    if not (site / "assets" / "site.js").is_file():
        if any(HASHED.search(path.name) for path in site.glob("assets/site.*.js")):
            raise PublishError(f"{site}: this site is published already; to publish a change, build it again first")
        raise PublishError(f"{site}: there is no assets/site.js, so these are not the scripts and styles that are published here")


def _with_card(site: Path, page: Page, html: str) -> str:
    """Draw a page's card into the site; return its HTML with what tells a link preview where it lies."""
    from publish import cards  # drawing takes long to import, and most builds have no address to draw for

    name = f"assets/cards/{page.address.strip('/').removesuffix('.html') or 'index'}.png"
    title = page.meta("og:title")
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cards.draw(title, page.meta("og:site_name"), cards.lines(page), page.meta("og:description")))
    said = {
        "og:image": page.meta("og:url").removesuffix(page.address) + name,
        "og:image:width": cards.WIDTH,
        "og:image:height": cards.HEIGHT,
        "og:image:alt": title,
    }
    tags = "".join(f'<meta property="{key}" content="{escape(str(value))}">' for key, value in said.items())
    return html.replace("</head>", f'{tags}<meta name="twitter:card" content="summary_large_image"></head>', 1)


def publish_scripts(folder: Path, kept: Kept) -> str:
    """Join, minify and hash the site's own modules and what they load; return the hash that the modules' names carry.

    kept: what has been joined before
    Raises ScriptError, before anything is written, if one of them cannot be read or joined.
    """
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted([*folder.glob("*.js"), *folder.glob("vendor/*.js")])
    }
    made, worker, loaded = kept.made(joined, texts)
    texts.pop("sw.js")
    (folder.parent / "sw.js").write_text(worker, encoding="utf-8")
    (folder / "sw.js").unlink()
    version = _digest("".join(made[name] for name in sorted(made)).encode())
    named = {name: f"{name.removesuffix('.js')}.{version}.js" for name in made}
    for path in [path for path in folder.rglob("*.*") if path.is_file()]:  # what the scripts load besides, by its name
        name = path.relative_to(folder).as_posix()
        if name in loaded and (name not in texts or "/" in name):
            if path.suffix == ".py":
                path.write_text(lean(path.read_text(encoding="utf-8")), encoding="utf-8")
            named[name] = f"{name.removesuffix(path.suffix)}.{_digest(path.read_bytes())}{path.suffix}"
            path.rename(folder / named[name])
    for name in texts:
        (folder / name).unlink(missing_ok=True)
    for name, text in made.items():
        (folder / named[name]).write_text(kept.made(renamed, text, named), encoding="utf-8")
    return version


def _linked(site: Path, pages: Mapping[Path, str]) -> list[Path]:
    """Return the style sheets that the pages ask for, in the order in which they do."""
    return list(dict.fromkeys(_in_assets(site, address) for html in pages.values() for address in SHEET.findall(html)))


def publish_styles(site: Path, pages: Mapping[Path, str], linked: Sequence[Path], kept: Kept) -> str:
    """Join the theme's styles, without what no page can show, and the site's own into one file; return its path in the site.

    linked: the style sheets that the pages ask for; kept: what has been joined before
    """
    together = "".join(pages.values())
    scripts = [
        path.read_text(encoding="utf-8")
        for path in site.glob("assets/**/*.js")
        if "javascripts" not in path.parts or f'/{path.name}"></script>' in together
    ]
    names = styles.Names.of(pages.values(), scripts)
    texts = {path: path.read_text(encoding="utf-8") for path in linked}
    theme = [text for path, text in texts.items() if "stylesheets" in path.parts]
    own = [text for path, text in texts.items() if "stylesheets" not in path.parts]
    text = kept.made(_merged, theme, own, sorted(names.given), sorted(names.words))
    for path in linked:
        path.unlink()
    name = f"assets/style.{_digest(text.encode())}.css"
    (site / name).write_text(text, encoding="utf-8")
    return name


def _merged(theme: Sequence[str], own: Sequence[str], given: Iterable[str], words: Iterable[str]) -> str:
    names = styles.Names({*given}, {*words})
    return styles.merge([styles.purge(text, names) for text in theme], own)


def _rewritten(html: str, site: Path, version: str, sheet: str, rooms: list[str], python_host: str) -> str:
    """Return a page that asks for what has been published, and says what may run on it."""
    html = CANONICAL.sub("", html)
    first = SHEET.search(html)
    if not first:
        raise PublishError(f"{site}: a page asks for no style of this site: {html.strip()[:60]!r} …")
    root = first[1].partition("assets/")[0]
    html = MODULE.sub(rf'<script src="\1site.{version}.js" type="module"></script>{DISK}', SHEET.sub("", html))
    html = html.replace("</title>", f'</title><link rel="stylesheet" href="{root}{sheet}">', 1)
    # The same on every page, so that the policy, which is sent with each file, has one hash for it.
    html = SCOPE.sub('document.querySelector("[rel=stylesheet]").href.replace(/assets.[^/]*$/,"")', html)
    html = _without_space(ICON.sub(lambda match: _icon(_in_assets(site, match[1])), html))
    policy = hosting.policy(sorted({_hash(script) for script in [*rooms, *INLINE.findall(html)]}), python_host)
    return CHARSET.sub(rf'\g<0><meta http-equiv="Content-Security-Policy" content="{policy}">', html, count=1)


def _in_assets(site: Path, address: str) -> Path:
    """Return the file that an address of a page means, which begins with as many steps up as the page's depth takes."""
    return site / "assets" / address.partition("assets/")[2]


def _icon(path: Path) -> str:
    """Return the link to the icon with the icon in it, which saves each reader a request."""
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8").strip()).replace('"', "'")
    return f'<link rel="icon" href="data:image/svg+xml,{quote(text, safe=" =" + chr(39))}">'


def _without_space(html: str) -> str:
    """Return a page without empty lines and indents, but where they are seen or hashed."""
    parts = re.split(r"(<(pre|script|textarea)\b.*?</\2>)", html, flags=re.DOTALL)
    return "".join(part if index % 3 else re.sub(r"\s*\n\s*", "\n", part) for index, part in enumerate(parts) if index % 3 != 2)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8]


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _remove_unused(site: Path, pages: Mapping[Path, str]) -> None:
    """Remove each file of the assets that is named nowhere. Lunr's languages are named by the index alone."""
    index = site / "search" / "search_index.json"
    languages = json.loads(index.read_text(encoding="utf-8"))["config"]["lang"] if index.is_file() else ["en"]
    texts = [
        *pages.values(),
        *(
            path.read_text(encoding="utf-8")
            for path in site.rglob("*")
            if path.suffix in {".css", ".js", ".json"} and "lunr" not in path.parts
        ),
    ]
    for path in [path for path in (site / "assets").rglob("*") if path.is_file()]:
        used = languages != ["en"] if "lunr" in path.parts else any(path.name in text for text in texts)
        if not used and not path.name.startswith("disk."):
            path.unlink()
    for folder in sorted((path for path in (site / "assets").rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _write_twins(site: Path) -> None:
    """Lay a script beside each file that a script fetches: from disk a browser lets a script read no file, but run one."""
    fetched = [
        site / "search" / "search_index.json",
        *site.glob("assets/room.*.js"),
        *site.glob("assets/worker.*.js"),
        *site.glob("assets/*.py"),
    ]
    for recording in site.rglob("*.json"):
        if (listing := recording.with_name(recording.name.partition(".")[0]) / "index.html").is_file():  # what lies beside a page
            fetched += [recording, listing]
    for path in filter(Path.is_file, fetched):
        text = json.dumps(path.read_text(encoding="utf-8"))
        Path(f"{path}.js").write_text(f"fetched(document.currentScript.src,{text})", encoding="utf-8")
