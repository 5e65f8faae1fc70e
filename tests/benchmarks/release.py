"""Releases: what a reader pays who comes back after one, and what all of it costs who comes first, in bytes that a host sends."""

import shutil

import host
from benchmarks.sites import copy, mkdocs
from benchmarks.weight import chromium
from browser.test_offline import kept, updated

from publish.folder import publish

PAGES = ("walk/delta/", "walk/update/")  # that are read before and after it
CHANGES = {
    "one page": ("walk/delta/index.html", "</h1>", "</h1><p>One more sentence.</p>"),
    "one style": ("assets/style.css", "", "\n.one-more { top: 0; }\n"),
    "one script": ("assets/follow.js", "", "\nexport const oneMore = 1;\n"),
}


def release(folder, quick):
    """Return the bytes of a first visit, and for each release those of the next: of two pages without a service worker, and of
    the whole site with one. They are Brotli's; the host tells by their content which files are new."""
    mkdocs(copy(folder / "source"))
    built = folder / "source" / "site"
    before = _published(built, folder / "before")
    results = {}
    with chromium() as browser:
        for name, change in CHANGES.items():
            after = _published(built, folder / name.replace(" ", "-"), *change)
            for path in after.rglob("*"):
                same = before / path.relative_to(after)
                if path.is_file() and same.is_file() and same.read_bytes() == path.read_bytes():
                    shutil.copystat(same, path)
            for worker in (False, True):
                first, later = _visits(browser, before, after, folder / f"host-{name}-{worker}", worker)
                results.setdefault("the first visit", []).append(first)
                results.setdefault(name, []).append(later)
    results["the first visit"] = results["the first visit"][:2]
    return results


def _published(built, folder, name="index.html", old="", new=""):
    """Return a copy of a built site, published with a change."""
    shutil.copytree(built, folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    publish(folder)
    headers = folder / "_headers"
    text = headers.read_text(encoding="utf-8")
    headers.write_text(
        text.replace("/*\n", "/*\n  Cache-Control: no-cache\n", 1), encoding="utf-8"
    )  # as most hosts say of a page
    return folder


def _visits(browser, before, after, folder, worker):
    """Return the bytes of a visit before a release, and of one after it."""
    folder.mkdir()
    current = folder / "current"
    current.symlink_to(before, target_is_directory=True)
    sent, counts = [], []
    context = browser.new_context(service_workers="allow" if worker else "block")
    context.set_default_timeout(120_000)
    with host.serve(current, folder=folder, sent_bytes=sent) as address:
        for site in (before, after):
            current.unlink()
            current.symlink_to(site, target_is_directory=True)
            tab = context.new_page()
            for page in PAGES:
                tab.goto(address + page)
                tab.wait_for_timeout(1000)
            if worker and site is before:
                kept(tab)
            elif worker:
                updated(tab)
            tab.wait_for_timeout(2000)
            counts.append(sum(sent))
            sent.clear()
            tab.close()
    context.close()
    return counts
