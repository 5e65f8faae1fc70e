"""What is published is light, keeps to itself, and says what may run on it: without a browser, from the built files."""

import base64
import gzip
import hashlib
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT, address, pages, read_html
from host import rules

from literate import hooks, styles
from literate.publish import HASHED, TEXT, publish
from literate.scripts import Modules, ScriptError

OWN, EVERYTHING = 20_000, 30_000  # bytes of the site's own scripts and styles: that every page loads, and all of them
FIRST, NEXT, REQUESTS = 60_000, 12_000, 6
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
        # The booklet is everything on one page, for paper: as much as that for each chapter.
        chapters = len(list((ROOT / "docs").rglob("retell.md"))) if name == "booklet/index.html" else 1
        assert first <= FIRST * chapters and len(files) + 1 <= REQUESTS, (
            f"{name}: {first} bytes, {[path.name for path in files]}")
        assert small(site / name) <= NEXT or name == "booklet/index.html", f"{name}: {small(site / name)} bytes"


def test_our_own_scripts_and_styles_are_small(site):
    """What a page of prose loads; and everything, with what comes when there is use for it: search, inspector, runner."""
    sheets = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "assets").glob("*.css"))]
    sheet = len(brotli.compress(styles.merge([], sheets).encode(), quality=11))
    files = [*site.glob("assets/*.js.br"), *site.glob("assets/*.py.br"), site / "sw.js.br"]
    # disk.js is all the others once more.
    scripts = {path.name: path.stat().st_size for path in files if not path.name.startswith("disk.")}
    [first] = [size for name, size in scripts.items() if name.startswith("site.")]
    assert first + sheet < OWN, f"{first} + {sheet} bytes of {OWN}"
    assert sum(scripts.values()) + sheet < EVERYTHING, f"{scripts} and {sheet} bytes of {EVERYTHING}"


def test_what_a_page_loads_is_named_by_its_content_and_is_there(site):
    for name, soup in built(site).items():
        for path in loaded(site, name, soup):
            assert path.is_file() and HASHED.search(path.name), f"{name}: {path}"
    for path in site.glob("assets/*.js"):
        for other in re.findall(r"[\"'`]\./([\w./-]+\.js)[\"'`]", path.read_text(encoding="utf-8")):
            assert (path.parent / other).is_file() and HASHED.search(other), f"{path.name}: loads {other}"


def test_a_change_of_a_script_or_a_style_changes_its_name(tmp_path):
    def published(change):
        folder = tmp_path / (change or "as-it-is")
        shutil.copytree(ROOT / "docs" / "assets", folder / "assets")
        (folder / "index.html").write_text(
            '<html><head><meta charset="utf-8"><title>x</title><link rel="stylesheet" href="assets/style.css"></head>'
            '<body><script src="assets/site.js" type="module"></script></body></html>')
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


def test_nothing_is_left_that_no_page_asks_for(site):
    left = [path.name for path in site.rglob("*")
            if path.suffix == ".map" or "lunr" in path.parts or path.name.startswith("bundle")]
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


def test_the_policy_lets_nothing_run_but_what_is_ours(site):
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
            assert directives["style-src"] == directives["worker-src"] == "'self'"
            hosts = [word for word in directives["connect-src"].split() if word != "'self'"]
            assert len(hosts) <= 1, hosts
    assert "frame-ancestors 'none'" in sent


def test_the_headers_say_what_may_be_kept(site):
    sent = dict(rules(site))
    assert sent["/*"]["X-Content-Type-Options"] == "nosniff" and "Cache-Control" not in sent["/*"]
    for path in site.rglob("*.*"):
        rule = sent.get(f"/{path.relative_to(site).as_posix()}", {})
        assert bool(HASHED.search(path.name)) == ("immutable" in rule.get("Cache-Control", "")), path


def test_a_site_that_is_served_while_it_is_written_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(hooks, "serving", False)
    hooks.on_startup("serve", False)
    hooks.on_post_build(type("Config", (), {"site_dir": tmp_path, "extra": {}}))
    assert list(tmp_path.iterdir()) == []


def test_what_zensical_builds_can_be_published(zensical, tmp_path):
    shutil.copytree(zensical, tmp_path / "site")
    publish(tmp_path / "site")
    for name, soup in built(tmp_path / "site").items():
        for path in loaded(tmp_path / "site", name, soup):
            assert path.is_file() or name == "404.html", f"{name}: {path}"
        assert soup.find("meta", {"http-equiv": "Content-Security-Policy"}), name


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
    assert ".md-note{width:var(--used)}" in text and ".md-made" in text and "@media print{.md-note{color:blue}}" in text
    assert "--used" in text and "stay" in text and ".own" in text
    assert not re.search("md-gone|rtl|--unused|spin|video|charset", text), text


MODULES = {
    "site.js": 'import { a as first } from "./small.js";\nimport { big } from "./big.js";\n'
               'export const later = async () => (await import("./later.js")).later();\nfirst(big);\n',
    "small.js": "/** @typedef {import('./none.js').None} None */\nexport function a() {}\n",
    "big.js": "export const big = 1;\n",
    "later.js": 'import { big } from "./big.js";\nimport { own } from "./own.js";\nimport { lib } from "./vendor/lib.js";\n'
                "export const later = () => big + own + lib;\n",
    "own.js": "export const own = 2;\n",
    "vendor/lib.js": "var x=1;export{x as lib};\n",
}


def test_scripts_are_joined_by_what_needs_them():
    modules = Modules(MODULES)
    files = modules.files("site.js")
    assert files == {"site.js": ["small.js", "big.js", "site.js"], "later.js": ["own.js", "later.js"],
                     "vendor/lib.js": ["vendor/lib.js"]}
    assert 'import { $big } from "./site.js";\nimport { $vendor_lib } from "./vendor/lib.js";' in modules.text("later.js", files)
    assert modules.files("site.js", small=1000)["site.js"][-1] == "site.js"
    every = modules.classic(modules.needed("small.js", "site.js", later=True), stand_in="small.js")
    assert "Promise.resolve($later)" in every and "import" not in every and "export" not in every
    assert "return { lib: x };" in every


@pytest.mark.parametrize("text, message", [
    ('import { a } from "./gone.js";', "docs/assets/site.js: there is no ./gone.js to import; name a module of docs/assets"),
    ('import * as all from "./small.js";', "docs/assets/site.js: `import * as all from \"./small.js\";` cannot be joined"),
    ("export default 1;", "docs/assets/site.js: `export default 1;` cannot be joined"),
])
def test_a_module_that_cannot_be_joined_is_an_error(text, message):
    modules = Modules({**MODULES, "site.js": text})
    with pytest.raises(ScriptError) as error:
        modules.text("site.js", modules.files("site.js"))
    assert str(error.value).startswith(message)


def test_the_error_page_leads_on(site):
    soup = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in soup.article.select("a[href]")]
    assert links[:2] == ["/", "/program/"] and soup.article.select_one(".search-open") and soup.h1.text == "There is no page here"
    assert {address(page).strip("/") for page in pages()} - {""} <= {
        a["href"].strip("/") for a in soup.select("nav a[href^='/']")} | {"booklet"}


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
