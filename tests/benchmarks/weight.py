"""Weight: one article of each generator in a browser, counted; and when its largest part is painted."""

import contextlib
import re
import shutil
import statistics
import subprocess
import sys

import host
from benchmarks import lighthouse
from benchmarks.article import for_engine
from benchmarks.article import plain as plain_article
from benchmarks.sites import ROOT, copy, mkdocs, plain, published, zensical

from publish.compress import compress
from publish.kept import Kept

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@contextlib.contextmanager
def chromium():
    """Start the Chromium that is installed, of whatever name, and end it."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-headless-shell", "google-chrome"))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


def articles(folder):
    """Build the article with each generator; return the folder of each site, with compressed files in it."""
    program = (ROOT / "docs" / "program.md").read_text(encoding="utf-8")
    program = re.sub(r"\[([^\]]*)\]\((?!#)[^)]*\)", r"\1", program)
    pages = {"index.md": for_engine(), "program.md": program}
    ours = published(copy(folder / "ours", pages))
    mkdocs(ours)
    material = plain(copy(folder / "engine", pages), folder / "material")
    mkdocs(material)
    modern = folder / "zensical"
    shutil.copytree(material, modern)
    zensical(modern)
    sites = {"this site": ours / "site", "Material": material / "site", "Zensical": modern / "site"}
    try:
        import furo  # noqa: F401
        import myst_parser  # noqa: F401
    except ImportError:
        print("no Furo: pip install sphinx furo myst-parser", file=sys.stderr)
    else:
        source = folder / "furo-source"
        source.mkdir()
        (source / "index.md").write_text(plain_article(), encoding="utf-8")
        (source / "conf.py").write_text('project = "The article"\nhtml_theme = "furo"\nextensions = ["myst_parser"]\n')
        subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", "html", source, folder / "furo"], check=True)
        sites["Furo"] = folder / "furo"
    for name, site in sites.items():
        if name != "this site":
            compress(site, Kept())
    return sites


def weight(folder, quick):
    """Return for each generator the requests and the bytes of a first visit to the article, with Brotli."""
    results = {}
    with chromium() as browser:
        for name, site in articles(folder).items():
            with host.serve(site, folder=folder / f"host-{name}") as address:
                results[name] = _visit(browser, address)
        site = whole_site(folder)
        with host.serve(site, folder=folder / "host-all") as address:
            paths = [path.parent.relative_to(site).as_posix() + "/" for path in sorted(site.rglob("index.html"))]
            results["pages"] = {path: _visit(browser, address + path.removeprefix("./")) for path in paths}
    return results


def whole_site(folder):
    site = published(copy(folder / "all"))
    mkdocs(site)
    return site / "site"


def _visit(browser, address):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab, names, sizes = context.new_page(), {}, {}
    network = context.new_cdp_session(tab)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    tab.goto(address)
    tab.wait_for_timeout(2000)
    context.close()
    found = [size for key, size in sizes.items() if names[key].startswith("http")]
    return {"requests": len(found), "bytes": round(sum(found))}


def paint(folder, quick):
    """Return for each generator Lighthouse's largest contentful paint in milliseconds (mobile, median of five) and its score."""
    if not shutil.which("npm"):
        return {"missing": "Lighthouse is not there: it needs Node.js with npm"}
    served = {name: host.serve(site, folder=folder / f"host-{name}") for name, site in articles(folder).items()}
    addresses = {name: server.__enter__() for name, server in served.items()}
    runs = {name: [] for name in served}
    for _ in range(1 if quick else 5):
        for name, address in addresses.items():
            runs[name].append(lighthouse.run(address, ["performance"]))
    for server in served.values():
        server.__exit__(None, None, None)
    median = lambda found, key: round(statistics.median(run["audits"][key]["numericValue"] for run in found), 3)  # noqa: E731
    return {
        name: {
            "paint": median(found, "largest-contentful-paint"),
            "shift": median(found, "cumulative-layout-shift"),
            "blocked": median(found, "total-blocking-time"),
            "score": round(100 * statistics.median(run["categories"]["performance"]["score"] for run in found)),
        }
        for name, found in runs.items()
    }
