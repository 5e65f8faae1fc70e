"""What is published is light, keeps to itself, and says what may run on it: without a browser, from the built files."""

import ast
import base64
import functools
import gzip
import hashlib
import importlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import brotli
import diskcache
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT, address, pages, read_html
from host import rules
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from literate.site.mkdocs import LiteratePlugin
from publish import PublishError, digests, styles
from publish.__main__ import main
from publish.compress import TEXT
from publish.folder import HASHED, publish
from publish.module import ScriptError
from publish.pages import Page
from publish.scripts import Modules, lean, minify, renamed

OWN, EVERYTHING = 20_000, 75_000  # bytes of scripts and the site's own styles: that every page loads, and all but the editor
SEARCH = 96_000  # bytes that a first search asks for
PRACTISE = 12_000  # of what a reader is asked to choose, to write and to run, beside the runner
FIRST, NEXT, REQUESTS = 60_000, 20_000, 6
BOOKLET = 130_000  # both chapters with all their pictures on one page, for paper
NAMESPACES = ("http://www.w3.org/", "https://bit.ly/2s3ChXG")  # names, and a hint of Material's worker to its developers


def built(site):
    return {path.relative_to(site).as_posix(): read_html(path) for path in site.rglob("*.html")}


def small(path):
    sent = Path(f"{path}.br")  # too short a file has none
    return (sent if sent.is_file() else path).stat().st_size


def loaded(site, name, soup):
    """Return the files that a browser asks for with a page, which follow from its text."""
    tags = [*soup.select("link[rel=stylesheet], link[rel=icon], link[rel=modulepreload]"), *soup.select("[src]")]
    addresses = [tag.get("href") or tag["src"] for tag in tags]
    return [site / urljoin(f"/{name}", address).lstrip("/") for address in addresses if not address.startswith("data:")]


def test_every_page_is_light(site):
    for name, soup in built(site).items():
        files = loaded(site, name, soup)
        first = small(site / name) + sum(map(small, files))
        most = BOOKLET if name == "booklet/index.html" else FIRST
        assert first <= most and len(files) + 1 <= REQUESTS, f"{name}: {first} bytes, {[path.name for path in files]}"
        assert small(site / name) <= NEXT or name == "booklet/index.html", f"{name}: {small(site / name)} bytes"


def test_our_own_scripts_and_styles_are_small(site):
    """What a page of prose loads; and everything, with what comes when there is use for it: search, inspector, runner."""
    sheets = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "assets").glob("*.css"))]
    sheet = len(brotli.compress(styles.merge([], sheets).encode(), quality=11))
    files = [*site.glob("assets/*.js.br"), *site.glob("assets/*.py.br"), site / "sw.js.br"]
    # disk.js is all the others once more, and what it fetches has a twin.
    scripts = {path.name: path.stat().st_size for path in files if not re.search(r"^disk\.|\.(js|py)\.js\.br$", path.name)}
    [first] = [size for name, size in scripts.items() if name.startswith("site.")]
    assert first + sheet < OWN, f"{first} + {sheet} bytes of {OWN}"
    assert sum(scripts.values()) + sheet < EVERYTHING, f"{scripts} and {sheet} bytes of {EVERYTHING}"


def test_every_runner_knows_where_its_own_program_is_listed(site):
    found = 0
    for path in site.rglob("index.html"):
        for runner in read_html(path).select(".runner"):
            listing = site / urljoin(f"/{path.relative_to(site)}", runner["data-listing"]).lstrip("/") / "index.html"
            program = read_html(listing)
            assert (
                program.select_one(".listing") and program.select_one("meta[name=program]")["content"] == runner["data-program"]
            ), path
            found += 1
    assert found > 20


def test_what_practising_takes_is_small():
    """Even if each file were compressed by itself."""
    assets = ROOT / "docs" / "assets"
    scripts = [
        minify((assets / f"{name}.js").read_text(encoding="utf-8"))
        for name in ("drawn", "exercise", "fence", "practise", "questions")
    ]
    texts = [*scripts, *(lean((assets / f"{name}.py").read_text(encoding="utf-8")) for name in ("exercise", "fence", "figure"))]
    sizes = [len(brotli.compress(text.encode())) for text in texts]
    assert sum(sizes) < PRACTISE, f"{sizes} bytes of {PRACTISE}"


def test_python_is_published_without_what_is_only_for_us(site):
    """It is the same code, which another test runs in a browser."""
    text = '"""A module."""\n\n\nclass A:\n    """One."""\n\n\ndef b():  # two\n    """Two."""\n    return "#"\n'
    assert lean(text) == "class A:\n    pass\n\ndef b():\n    return '#'\n"
    published = [*site.glob("assets/*.py")]
    assert len(published) == 4 and not any('"""' in path.read_text(encoding="utf-8") for path in published)


def test_a_search_is_small(site):
    [script] = site.glob("assets/search.*.js.br")
    size = script.stat().st_size + small(site / "search" / "search_index.json")
    assert size < SEARCH, f"{size} bytes of {SEARCH}"


def test_what_a_page_loads_is_named_by_its_content_and_is_there(site):
    for name, soup in built(site).items():
        for path in loaded(site, name, soup):
            assert path.is_file() and HASHED.search(path.name), f"{name}: {path}"
    for path in site.glob("assets/*.js"):
        for other in re.findall(r"[\"'`]\./([\w./-]+\.js)[\"'`]", path.read_text(encoding="utf-8")):
            assert (path.parent / other).is_file() and HASHED.search(other), f"{path.name}: loads {other}"


PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>x</title>'
    '<link rel="stylesheet" href="{root}assets/style.css"></head>'
    '<body>{body}<script src="{root}assets/site.js" type="module"></script></body></html>'
)


def bare(folder, **pages):
    """Lay a built site into a folder, with the site's own assets; pages: what stands in the head and in the body of each."""
    shutil.copytree(ROOT / "docs" / "assets", folder / "assets")
    for name, (head, body) in {"index": ("", ""), **pages}.items():
        path = folder / "index.html" if name == "index" else folder / name / "index.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE.format(head=head, body=body, root="" if name == "index" else "../"), encoding="utf-8")
    return folder


@pytest.fixture
def uncompressed(monkeypatch):
    """Let nothing be compressed, which takes most of the time that publishing does."""
    monkeypatch.setattr("publish.folder.compress", lambda *_: None)


def test_a_change_of_a_script_or_a_style_changes_its_name(tmp_path, uncompressed):
    def published(change):
        folder = bare(tmp_path / (change or "as-it-is"))
        if change:
            path = folder / "assets" / change
            more = {".js": "\nexport const more = 1;\n", ".css": "\n.more { top: 0; }\n"}[path.suffix]
            path.write_text(path.read_text() + more)
        publish(folder)
        return {path.name for path in folder.glob("assets/*") if HASHED.search(path.name)}

    as_it_is = published("")
    assert len(as_it_is) > 3
    for change, kind in (("follow.js", "site."), ("style.css", "style.")):
        changed = published(change)
        assert not [name for name in as_it_is & changed if name.startswith(kind)], (change, changed)


def texts(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_cannot_be_published_is_left_as_it_is_with_one_line(tmp_path, capsys, uncompressed):
    site = bare(tmp_path / "site")
    assert main([str(site)]) == 0 and capsys.readouterr().err == ""
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("<title>x</title>")
    for folder, said in (
        (site, f"{site}: this site is published already; to publish a change, build it again first\n"),
        (tmp_path, f"{tmp_path}: there is no built site here: it has no index.html; name the folder that it is built into\n"),
        (
            tmp_path / "gone",
            f"{tmp_path / 'gone'}: there is no built site here: it has no index.html; name the folder that it is built into\n",
        ),
        (other, f"{other}: there is no assets/site.js, so these are not the scripts and styles that are published here\n"),
    ):
        before = texts(folder)
        assert main([str(folder)]) == 1 and capsys.readouterr().err == said
        assert texts(folder) == before


def test_a_file_that_a_page_holds_is_laid_beside_it(tmp_path, uncompressed):
    """No generator lets a page write a file, so the engine leaves it in the page."""
    text = '{"text":"1 < 2 & *b*","floats":"AAA//+w=="}'

    def held(href, kind="json"):
        return f'<script type="application/{kind}" class="recording" data-href="{href}">{text}</script>'

    site = bare(
        tmp_path / "site",
        program=("", "<p>before</p>" + held("program.json") + "<p>after</p>"),
        notebook=("", held("notebook/n.ipynb", "x-ipynb+json")),
    )
    publish(site)
    assert (site / "program.json").read_text() == (site / "notebook" / "n.ipynb").read_text() == text
    assert "<p>before</p><p>after</p>" in (site / "program" / "index.html").read_text()
    assert (site / "program.json.js").is_file() and '"program.json"' in (site / "sw.js").read_text()
    for href in ("//e.org/x.json", "https://e.org/x.json"):
        other = bare(tmp_path / "other", program=("", held(href)))
        with pytest.raises(PublishError, match=f'^program/: data-href="{href}" leads out of the site; name a file'):
            publish(other)
        shutil.rmtree(other)


def small_site(folder):
    """Write into a folder the site with two other pages and no notebook."""
    for name in ("docs/assets", "docs/literate", "docs/theme", "snippets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docs" / "index.md").write_text("---\ndescription: A page.\n---\n# A page\n\nA word.\n")
    (folder / "docs" / "part.md").write_text("---\ndescription: A part.\n---\n# A part\n\nA word.\n")
    text = (ROOT / "mkdocs.yml").read_text()
    text = re.sub(r"nav:\n(?:  .*\n)+", "nav:\n  - index.md\n  - Part:\n    - part.md\n", text)
    text = re.sub(r"  - mkdocs-jupyter:\n(?:      .*\n)+", "", text)
    (folder / "mkdocs.yml").write_text(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('for="__search">', 'for="__find">'),
        ('for="__drawer">', 'for="__menu">'),
        ('tabindex=""', 'tabindex="-1"'),
        ('<link rel="next"', '<link rel="following"'),
    ],
)
def test_a_theme_that_has_moved_stops_the_build(tmp_path, monkeypatch, capsys, old, new):
    """The template replaces some of the theme's text. Here the template is changed, as if the theme had been."""
    small_site(tmp_path)
    template = tmp_path / "docs" / "theme" / "main.html"
    template.write_text(template.read_text().replace(old, new))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Abort, match="^Stopped"):
        build(load_config("mkdocs.yml", strict=True))
    line = capsys.readouterr().err.rstrip("\n")
    assert new in line and re.fullmatch(
        r"docs/theme/main\.html: the theme no longer has <.*>, which this template "
        r"replaces \(in .*\); look for what stands there now, and name that",
        line,
    )


def test_nothing_is_left_that_no_page_asks_for(site):
    left = [
        path.name for path in site.rglob("*") if path.suffix == ".map" or "lunr" in path.parts or path.name.startswith("bundle")
    ]
    assert left == [], f"{left}: no page asks for them"


def test_every_text_lies_there_compressed(site):
    texts = [path for path in site.rglob("*") if path.suffix in TEXT and path.stat().st_size > 500]
    assert len(texts) > 30
    for path in texts:
        assert brotli.decompress(Path(f"{path}.br").read_bytes()) == path.read_bytes(), path
        assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes(), path


def test_no_file_names_another_host(site):
    """But where a link leads, which is followed only by hand, and where Python comes from, once it is asked for."""
    python = (yaml.safe_load((ROOT / "mkdocs.yml").read_text().replace("!ENV", "")).get("extra") or {}).get("python_host", "")
    for path in site.rglob("*"):
        if path.suffix not in TEXT or path.name.endswith((".ipynb", ".json", ".json.js", ".html.js", ".xml")):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            soup = BeautifulSoup(text, "html.parser")
            for tag in soup.select("a[href], [data-text], meta[name=python-host], pre, code, p, li"):
                tag.attrs = {}
                tag.string = "" if tag.name in ("pre", "code") else tag.string or ""
            text = str(soup)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)  # who wrote a library
        named = re.findall(r"(?:https?:|wss?:)//[\w-]+\.[\w./-]+", text)
        found = [url for url in named if not url.startswith((*NAMESPACES, *filter(None, [python])))]
        assert found == [], f"{path}: names {found}"


@pytest.fixture(params=["mkdocs", "zensical"])
def either(site, other, request):
    """The folder of the site, as each generator has built it and the publisher has made it ready."""
    return {"mkdocs": site, "zensical": other}[request.param]


def test_the_policy_lets_nothing_run_but_what_is_ours(either):
    site = either
    sent = rules(site)[0][1]["Content-Security-Policy"]
    nginx = (site / "nginx.conf").read_text(encoding="utf-8")
    for name, soup in built(site).items():
        own = soup.find("meta", {"http-equiv": "Content-Security-Policy"})
        first = soup.find(["script", "link", "style"])
        assert own and own.find_next(["script", "link", "style"]) is first, f"{name}: something comes before the policy"
        for script in soup.find_all("script", src=False, type=False):
            digest = "sha256-" + base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()
            assert digest in own["content"] and digest in sent and digest in nginx, f"{name}: {script.string[:60]}"
        for tag in soup.find_all(True):
            assert not [key for key in tag.attrs if key.startswith("on")], f"{name}: {tag}"
            assert not (tag.get("href") or "").startswith("javascript:"), f"{name}: {tag}"
        for policy in (own["content"], sent):
            directives = dict(part.split(" ", 1) for part in policy.split("; "))
            assert directives["default-src"] == directives["base-uri"] == directives["form-action"] == "'none'"
            assert "unsafe-inline" not in directives["script-src"] and "'unsafe-eval'" not in directives["script-src"]
            assert directives["style-src"] == "'self'" and directives["worker-src"] == "'self' blob:"
            assert "://" not in directives["script-src"] and not {"frame-src", "child-src"} & {*directives}
            hosts = [word for word in directives["connect-src"].split() if word != "'self'"]
            assert len(hosts) <= 1, hosts
    assert "frame-ancestors 'none'" in sent


def test_the_service_worker_knows_the_digest_of_each_file_that_it_keeps(either):
    site = either
    head = (site / "sw.js").read_text(encoding="utf-8").splitlines()[0]
    files = dict(json.loads(re.search(r"FILES=new Map\((.*)\);", head)[1]))
    for name, digest in files.items():
        path = site / name / "index.html" if name.endswith("/") or not name else site / name
        assert base64.b64encode(hashlib.sha256(path.read_bytes()).digest()[:16]).decode() == digest, name
    assert {address(page) for page in pages()} <= {*files}
    assert {
        path.relative_to(site).as_posix()
        for path in site.glob("assets/*.*")
        if HASHED.search(path.name) and not path.name.startswith("disk.")
    } <= {*files}


def test_the_digests_change_with_the_files_and_are_written_once(site, tmp_path):
    shutil.copytree(site, tmp_path / "site")
    before = (tmp_path / "site" / "sw.js").read_text(encoding="utf-8")
    digests.write(tmp_path / "site", HASHED.pattern)
    assert (tmp_path / "site" / "sw.js").read_text(encoding="utf-8") == before
    (tmp_path / "site" / "index.html").write_text("other", encoding="utf-8")
    digests.write(tmp_path / "site", HASHED.pattern)
    after = (tmp_path / "site" / "sw.js").read_text(encoding="utf-8")
    assert after.count("VERSION=") == 1 and after.splitlines()[1:] == before.splitlines()[1:]
    assert re.search('VERSION="(.*?)"', after)[1] != re.search('VERSION="(.*?)"', before)[1]


def test_the_headers_say_what_may_be_kept(site):
    sent = dict(rules(site))
    assert sent["/*"]["X-Content-Type-Options"] == "nosniff" and "Cache-Control" not in sent["/*"]
    for path in site.rglob("*.*"):
        rule = sent.get(f"/{path.relative_to(site).as_posix()}", {})
        assert bool(HASHED.search(path.name)) == ("immutable" in rule.get("Cache-Control", "")), path


def test_a_site_that_is_served_while_it_is_written_is_left_alone(tmp_path):
    plugin = LiteratePlugin()
    plugin.on_startup(command="serve", dirty=False)
    plugin.on_post_build(config=type("Config", (), {"site_dir": tmp_path, "extra": {}, "mdx_configs": {}}))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def other(zensical, tmp_path_factory):
    """The folder of the site as Zensical builds it, published."""
    folder = tmp_path_factory.mktemp("other") / "site"
    shutil.copytree(zensical, folder)
    assert main([str(folder), "--pdf", ""]) == 0
    return folder


def test_what_zensical_builds_can_be_published(other):
    for name, soup in built(other).items():
        for path in loaded(other, name, soup):
            assert path.is_file() or name == "404.html", f"{name}: {path}"
        assert soup.find("meta", {"http-equiv": "Content-Security-Policy"}), name
        assert not soup.select('link[rel="canonical"], a[rel="edit"]'), f"{name}: leads to an address that nobody has given"


def said(site, name):
    """Return what a page says: in its head, and in its article, tag by tag."""
    page = Page.at(site, site / name, (site / name).read_text(encoding="utf-8"))
    names = ["description", "og:type", "og:title", "og:site_name", "og:description", "program", "python-host"]
    # Material's navigation in words, a link to the booklet's PDF, and what says something to a search alone
    other = r'<p class="place(?: last)?">.*?</p>|<p class="on-screen"><a href="booklet.pdf".*?</p>| data-search-exclude=""'
    article = re.sub(other, "", page.article)
    article = re.sub(r"(</?(?:section|header|div|h[1-6]|p|ul|ol)\b[^>]*>)\s+", r"\1", article)  # between blocks it says nothing
    return [page.tree.css_first("title").text(), *map(page.meta, names), *re.sub(r"\s+", " ", article).split("<")]


def test_a_card_is_the_same_whichever_generator_has_built_its_page(tmp_path, uncompressed):
    """On a site of two pages, built for an address: only there a page has a card."""
    cards = {}
    for generator, folder in (("mkdocs", tmp_path / "one"), ("zensical", tmp_path / "other")):
        small_site(folder)
        text = (folder / "mkdocs.yml").read_text()
        text, found = re.subn(r"\n  - literate: \{ pdf: .*\n", "\n  - literate: { publish: false }\n", text)
        assert found == 1
        (folder / "mkdocs.yml").write_text(text)
        built = subprocess.run(
            [sys.executable, "-m", generator, "build", "--strict"],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_URL": "https://example.org/some/where/"},
        )
        assert built.returncode == 0, built.stderr
        assert main([str(folder / "site")]) == 0
        page = Page.at(folder / "site", path := folder / "site" / "part" / "index.html", path.read_text(encoding="utf-8"))
        names = ["og:url", "og:title", "og:description", "og:image", "og:image:width", "og:image:alt", "twitter:card"]
        drawn = {file.relative_to(folder).as_posix(): file.read_bytes() for file in (folder / "site").rglob("cards/*.png")}
        cards[generator] = [*map(page.meta, names)], drawn
    assert cards["mkdocs"] == cards["zensical"]
    assert cards["zensical"][0][3] == "https://example.org/some/where/assets/cards/part.png" and len(cards["zensical"][1]) == 2


@pytest.mark.parametrize("page", [page for page in pages() if Path(page).name != "notebook.md"])
def test_a_page_says_the_same_whichever_generator_has_built_it(site, other, page):
    name = f"{address(page)}index.html"
    assert said(other, name) == said(site, name)


def test_beside_the_pages_lies_the_same_whichever_generator_has_built_them(site, other):
    """But for the theme's own, its search, and the notebook: Zensical runs none, so it shows the page that it is made of.

    Nor is the booklet composed a second time, as a PDF.
    """

    def files(folder):
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        return {
            re.sub(r"(style\.)[0-9a-f]{8}", r"\1", name)
            for name in names
            if not re.search(r"\.(br|gz|pdf)$|/javascripts/|/images/|^search|\.ipynb$", name)
        }

    assert files(other) == files(site)
    for name in [name for name in files(site) if name.endswith((".json", ".json.js", ".py")) or name.startswith("assets/site.")]:
        assert (other / name).read_bytes() == (site / name).read_bytes(), name


def test_the_publisher_and_the_engine_know_nothing_of_each_other():
    """The engine's one hook for MkDocs calls the publisher, which reads nothing but the folder."""

    def imported(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield (node.module or "").partition(".")[0]

    publisher = {path: set(imported(path)) for path in (ROOT / "docs" / "publish").rglob("*.py")}
    assert len(publisher) > 5 and not [path for path, names in publisher.items() if names & {"literate", "mkdocs", "markdown"}]
    engine = {path: set(imported(path)) for path in (ROOT / "docs" / "literate").rglob("*.py")}
    [hook] = [path for path, names in engine.items() if "publish" in names]
    assert "mkdocs" in engine[hook]


THEME = """
@charset "UTF-8";
:root{--used:1px;--unused:url("data:image/svg+xml,<svg/>")}
.md-note,.md-gone{width:var(--used)}
.md-made{color:red}
.md-gone>p{color:red}
[dir=rtl] .md-note{color:red}
@media print{.md-gone{color:red}.md-note{color:blue}}
@keyframes spin{to{color:red}}
@keyframes stay{to{color:red}}
.md-note:hover{animation:stay 1s}
video{width:1px}
"""


def test_a_style_stays_if_a_page_or_a_script_can_use_it():
    names = styles.Names.of(['<html dir="ltr"><body><p class="md-note">'], ['e("div",{class:"md-made"})'])
    text = styles.merge([styles.purge(THEME, names)], ["p { .own & { color: red } }"])
    assert ".md-note{width:var(--used)}" in text and ".md-made" in text and "@media print{.md-note{color:#00f}}" in text
    assert "--used" in text and "stay" in text and ".own" in text
    assert not re.search("md-gone|rtl|--unused|spin|video|charset", text), text


MODULES = {
    "site.js": 'import { a as first } from "./small.js";\nimport { big } from "./big.js";\n'
    'export const later = async () => (await import("./later.js")).later();\nfirst(big);\n',
    "small.js": "/** @typedef {import('./none.js').None} None */\nexport function a() {}\n",
    "big.js": "export const big = 1;\n",
    "later.js": 'import { big } from "./big.js";\nimport { own } from "./own.js";\nimport { lib } from "./vendor/lib.js";\n'
    'export const later = async () => big + own + lib + (await import("./vendor/whole.js")).lib;\n',
    "own.js": "export const own = 2;\n",
    "vendor/lib.js": "var x=1;export{x as lib};\n",
    "vendor/whole.js": "var x=1;export{x as lib};\n",
}


def test_scripts_are_joined_by_what_needs_them():
    modules = Modules(MODULES)
    files = modules.files("site.js")
    assert files == {
        "site.js": ["small.js", "big.js", "site.js"],
        "later.js": ["own.js", "vendor/lib.js", "later.js"],
        "vendor/whole.js": ["vendor/whole.js"],
    }
    assert modules.text("later.js", files).startswith('import { $big } from "./site.js";\nconst $own = ')
    both = {
        **MODULES,
        "site.js": MODULES["site.js"] + 'export const both = () => import("./both.js");\n',
        "both.js": 'import { own } from "./own.js";\nexport const both = own;\n',
    }
    assert Modules(both).files("site.js")["own.js"] == ["own.js"]
    beside = Modules({**both, "both.js": 'import {} from "./later.js";\n' + both["both.js"]})
    assert beside.files("site.js") == {**files, "both.js": ["both.js"]}
    assert 'import { $later, $own } from "./later.js"' in beside.text("both.js", files | {"both.js": ["both.js"]})
    only = {**both, "only.js": "export const only = 1;\n"}  # one user's own, beside another module that it shares with a third
    only["both.js"] += 'import {} from "./only.js";\nimport {} from "./later.js";\n'
    assert Modules(only).files("site.js")["both.js"] == ["only.js", "both.js"]
    assert modules.files("site.js", small=1000)["site.js"][-1] == "site.js"
    every = minify(modules.classic(modules.needed("small.js", "site.js", later=True), stand_in="small.js"), module=False)
    assert "Promise.resolve($later)" in every and "import" not in every and "export" not in every
    assert "({lib:1})" in every


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('import { a } from "./gone.js";', "there is no ./gone.js to import; name a module of docs/assets"),
        ('import * as all from "./small.js";', '`import * as all from "./small.js";` cannot be joined; write '),
        ('import all from "./small.js";', '`import all from "./small.js";` cannot be joined; write '),
        ("export default 1;", "`export default 1;` cannot be joined; write "),
        ('export { a } from "./small.js";', '`export { a } from "./small.js";` cannot be joined; write '),
        ('export * from "./small.js";', '`export * from "./small.js";` cannot be joined; write '),
        ("const HAND = ;", "`const HAND = ;` is no JavaScript; mend it at column "),
        ("if (a) {\n", "`if (a) {` is no JavaScript; mend it at column "),
        ('import { b } from "./small.js";', "./small.js exports no `b`, but a"),
        ('const f = async () => { const { a, b } = await import("./small.js"); };', "./small.js exports no `b`, but a"),
        ('const f = async () => (await import("./small.js")).b();', "./small.js exports no `b`, but a"),
        (
            "const a = await fetch('x');",
            "`const a = await fetch('x');` waits outside of a function, which a joined module cannot",
        ),
        ("export let turn = 0; export const next = () => { turn += 1; };", "`turn` is exported, and gets another value here"),
        ("let turn = 0; const next = () => turn++; export { turn };", "`turn` is exported, and gets another value here"),
        ("export let turn; ({ turn } = { turn: 1 });", "`turn` is exported, and gets another value here"),
        (
            'import { own } from "./own.js";\nexport const a = own;',
            "these modules import each other in a circle (site.js → own.js → site.js); move what they share",
        ),
    ],
)
def test_a_module_that_cannot_be_joined_stops_with_its_line(text, message):
    texts = {**MODULES, "site.js": f"// The first line.\n{text}"}
    if "own.js" in text:
        texts["own.js"] = 'import { a } from "./site.js";\nexport const own = () => a;'
    with pytest.raises(ScriptError) as error:
        modules = Modules(texts)
        modules.text("site.js", modules.files("site.js"))
    said = str(error.value)
    assert re.match(r"docs/assets/(site\.js:2|own\.js:1): ", said) and "\n" not in said and message in said, said


def run(texts):
    """Join modules, and return what the last of them prints, as Node.js runs it; minified, as it is published."""
    modules = Modules(texts)
    text = minify(modules.text("site.js", modules.files("site.js")))
    node = shutil.which("node")
    if not node:
        pytest.fail("there is no Node.js") if os.environ.get("CI") else pytest.skip("there is no Node.js to run a module with")
    done = subprocess.run([node, "--input-type=module"], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("exported", "printed"),
    [
        ("export const a = 1, b = 2;", "1 2"),
        ("export const { a, c: [b = 2] } = { a: 1, c: [] };", "1 2"),
        ("const one = 1, two = 2;\nexport { one as a, two as b };", "1 2"),
        ("export let a = 1; export var b = 2;", "1 2"),
        ('export const a = "docs/**/x", b = `/** @type ${a} */`;', "docs/**/x /** @type docs/**/x */"),
        ("export function a() {} export async function* b() {} a.toString = b.toString = () => 1;", "1 1"),
        (
            '/** @typedef {import("./none.js").None} None */\n'
            'export class a { static toString = () => 1 } export const b = /[/*]*"/.source;',
            '1 [/*]*"',
        ),
        ("export const b = 2; export let a = 1;\nconst own = (a) => { a = 3; return () => { a += 1; }; };\nown()();", "1 2"),
        (
            'export const a = "import { x } from \\"./none.js\\";", b = "import(\'./none.js\')";',
            "import { x } from \"./none.js\"; import('./none.js')",
        ),
    ],
)
def test_a_joined_module_hands_over_what_it_exports(exported, printed):
    shown = 'import { a as first, b } from "./small.js";\nconsole.log(`${first} ${b}`);'
    assert run({"site.js": shown, "small.js": exported}) == printed


def test_a_script_that_is_none_stops_the_publishing_and_leaves_the_folder(tmp_path, capsys):
    site = bare(tmp_path / "site")
    path = site / "assets" / "follow.js"
    path.write_text(path.read_text().replace("const HAND = 600;", "const HAND = ;"))
    line = path.read_text()[: path.read_text().index("const HAND")].count("\n") + 1
    before = texts(site)
    assert main([str(site)]) == 1 and texts(site) == before
    assert re.fullmatch(
        rf"docs/assets/follow\.js:{line}: `const HAND = ;.*` is no JavaScript; mend it at column \d+\n", capsys.readouterr().err
    )


def test_a_style_that_is_none_stops_the_publishing_with_its_line(tmp_path, capsys):
    site = bare(tmp_path / "site")
    (site / "assets" / "style.css").write_text("p { top: 0 }\n\nq\n")
    assert main([str(site)]) == 1
    assert re.fullmatch(r"docs/assets/style\.css:3: .*\n", capsys.readouterr().err)


def test_a_file_is_renamed_where_a_string_names_it_and_nowhere_else():
    text = 'import { a } from "./site.js"; // "./site.js"\nload("run.py", `./run.py`, /"run.py"/, "my run.py");'
    assert renamed(text, {"site.js": "site.1.js", "run.py": "run.2.py"}) == (
        'import { a } from "./site.1.js"; // "./site.js"\nload("run.2.py", `./run.2.py`, /"run.py"/, "my run.py");'
    )


def test_the_error_page_leads_on(site):
    soup = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in soup.article.select("a[href]")]
    assert links[:2] == ["/", "/program/"] and soup.article.select_one(".search-open") and soup.h1.text == "There is no page here"
    assert {address(page).strip("/") for page in pages()} - {""} <= {
        a["href"].strip("/") for a in soup.select("nav a[href^='/']")
    } | {"booklet"}


def test_the_workflow_may_do_no_more_than_it_has_to():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [job for job in workflow["jobs"] if "permissions" in workflow["jobs"][job]] == ["publish"]
    assert "secrets." not in (ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8")
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "uses" not in step or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step
            assert step.get("with", {}).get("persist-credentials", False) is False


def test_what_was_made_before_is_taken_only_if_it_is_what_was_made(tmp_path, monkeypatch):
    made, kept = set(), tmp_path / "kept"

    def counted(place):
        module, _, name = place.rpartition(".")
        function = getattr(importlib.import_module(module), name)

        @functools.wraps(function)
        def counting(*given):
            made.add(name)
            return function(*given)

        monkeypatch.setattr(place, counting)

    def published(name):
        folder = bare(tmp_path / name)
        made.clear()
        publish(folder, kept)
        return {path.relative_to(folder): data for path, data in texts(folder).items()}

    takes_long = ("publish.compress._brotli", "publish.folder.joined", "publish.folder.renamed", "publish.folder._merged")
    for place in takes_long:
        counted(place)
    every = {place.rpartition(".")[2] for place in takes_long}
    cold = published("cold")
    assert made == every
    assert published("warm") == cold and made == set()
    with diskcache.Cache(kept) as store:
        for key in store:  # what would be sent, were it believed
            store[key] = store[key][:32] + pickle.dumps(b"another page")
    assert published("poisoned") == cold and made == every
    assert published("mended") == cold and made == set()
    for number, damage in enumerate((b"", os.urandom(4096))):
        for path in kept.glob("cache.db*"):
            path.write_bytes(damage)
        assert published(f"damaged {number}") == cold
    published("begun anew")
    assert published("and kept") == cold and made == set()
