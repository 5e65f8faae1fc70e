"""Without a network: from disk, and once visited; and a page that has changed is shown at once."""

import contextlib
import itertools
import os
import re
import shutil
import time

import pytest
from host import serve

from browser.conftest import playwright, ready
from publish import digests
from publish.folder import HASHED

Error, LATER = playwright.Error, itertools.count(10, 10)


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def search(tab, words):
    tab.keyboard.press("Control+k")
    tab.locator("dialog.search [role=status]", has_text="Type to search").wait_for()
    tab.locator("dialog.search input").fill(words)
    tab.locator("dialog.search li").first.wait_for()
    tab.keyboard.press("Enter")


def kept(tab):
    """Wait until the service worker has kept the site."""
    ready(tab)
    tab.keyboard.press("Shift")  # a reader's first touch
    tab.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_the_site_works_from_disk(site, tab):
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto((site / "index.html").as_uri())
    ready(tab)
    tab.locator(".md-sidebar--primary").get_by_role("checkbox", name="The walk", exact=True).check()
    tab.locator(".md-sidebar--primary").get_by_text("The update", exact=True).first.click()
    tab.wait_for_url("**/walk/update/index.html")
    ready(tab)
    assert tab.locator(".ledger input").is_visible()
    tab.locator(".beside-switch").click()
    assert tab.locator(".beside li").nth(41).text_content()
    search(tab, "is XOR possible")
    tab.wait_for_url("**/ask/index.html#xor")
    tab.goto((site / "program" / "index.html").as_uri() + "#L36")
    ready(tab)
    assert "After line 36" in tab.locator(".inspector").inner_text()
    assert wrong == []


def test_the_site_works_without_a_network_once_visited(site, tmp_path, tab):
    with serve(site, folder=tmp_path) as base:
        tab.goto(base + "walk/error/")
        kept(tab)
    for path, title in (
        ("", "line by line"),
        ("walk/update/", "The update"),
        ("ask", "Readers ask"),
        ("hidden/program/?iteration=9#L43", "hidden layer"),
        ("program/?iteration=9#L36", "program"),
    ):
        tab.goto(base + path)
        ready(tab)
        assert title in tab.title()
    assert "After line 36" in tab.locator(".inspector").inner_text()
    search(tab, "XOR")
    tab.wait_for_url("**/ask/#xor")


def changed(site, text):
    """Change a page of a copied site, and publish it again."""
    page = site / "walk" / "delta" / "index.html"
    html = re.sub("<title>(.*: )?", f"<title>{text}: ", page.read_text(encoding="utf-8"), count=1)
    page.write_text(html, encoding="utf-8")
    digests.write(site, HASHED.pattern)
    for path in (page, site / "sw.js"):
        os.utime(path, (time.time() + next(LATER),) * 2)  # the host tells versions apart by the second


@pytest.fixture
def copy(site, tmp_path):
    """A copy of the site that can be changed."""
    return shutil.copytree(site, tmp_path / "copy", ignore=shutil.ignore_patterns("*.br", "*.gz"))


def title(tab, url):
    tab.goto(url)
    return tab.title()


def updated(tab):
    """Let the browser look for another version; return whether it could be kept."""
    return tab.evaluate("""async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update().catch(() => {});
      const made = registration.installing;
      if (made) await new Promise((resolve) => (made.onstatechange = () => made.state !== "installing" && resolve()));
      return made ? made.state !== "redundant" : Boolean(registration.waiting);
    }""")


def again(tab):
    """Close the last page of the site, so that the version that waits is the one from now on; return a new tab."""
    other = tab.context.new_page()
    tab.close()
    other.wait_for_timeout(2000)
    return other


def caches(tab):
    return tab.evaluate("caches.keys()")


def alone(tab):
    """Wait until all versions but one are forgotten."""
    for _ in range(100):
        if len(caches(tab)) == 1:
            return
        tab.wait_for_timeout(100)
    raise AssertionError(caches(tab))


def test_a_changed_page_is_shown_at_once_and_kept(copy, tmp_path, tab):
    with serve(copy, folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        for text in ("Once more", "And again"):
            changed(copy, text)
            assert title(tab, base + "walk/delta/").startswith(text)
            ready(tab)
            assert updated(tab)
            tab = again(tab)
            assert title(tab, base + "walk/delta/").startswith(text)
            ready(tab)
            tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
            alone(tab)
    assert title(tab, base + "walk/delta/").startswith("And again")


def test_what_is_open_when_a_version_comes_keeps_its_scripts(copy, tmp_path, tab):
    """And of a version in which all scripts have other names, only what else has changed is fetched."""
    sent = []
    with serve(copy, folder=tmp_path / "root", sent_bytes=sent) as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        [old] = {path.name.split(".")[1] for path in copy.glob("assets/site.*.js")}
        for path in [*copy.glob(f"assets/*.{old}.js"), *copy.rglob("*.html")]:
            text = path.read_text(encoding="utf-8")
            path.unlink()
            path.with_name(path.name.replace(old, "0" * 8)).write_text(text.replace(old, "0" * 8), encoding="utf-8")
        changed(copy, "New")
        whole = sum(sent)
        sent.clear()
        assert updated(tab)
        fetched = sum((copy / name).stat().st_size for name in ("walk/delta/index.html", "sw.js"))
        assert fetched <= sum(sent) < fetched + 1000 < whole / 10
        search(tab, "XOR")  # its script comes only now
        tab.wait_for_url("**/ask/#xor")


@pytest.mark.parametrize("how", ["failed", "half", "quota"])
def test_a_version_that_cannot_be_kept_whole_is_not_kept_and_the_one_before_serves(copy, tmp_path, tab, how):
    with serve(copy, folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        before = caches(tab)
        if how == "half":  # sw.js is there, a page is still the old one
            page = copy / "walk" / "delta" / "index.html"
            html = page.read_text(encoding="utf-8")
            changed(copy, "New")
            page.write_text(html, encoding="utf-8")
        else:
            changed(copy, "New")
        if how == "failed":  # what it names is not there
            (copy / "walk" / "delta" / "index.html").unlink()
        if how == "quota":
            origin = base.split("/some")[0]
            network = tab.context.new_cdp_session(tab)
            network.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1000})
        assert not updated(tab)
        assert caches(tab) == before
    for path, words in (("walk/delta/", "The delta"), ("ask/", "Readers ask"), ("program/", "program")):
        assert words in title(tab, base + path)
        ready(tab)


def test_a_version_that_failed_is_kept_once_it_is_whole(copy, tmp_path, tab):
    with serve(copy, folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        changed(copy, "New")
        page = copy / "walk" / "delta" / "index.html"
        html = page.read_text(encoding="utf-8")
        page.unlink()
        assert not updated(tab)
        page.write_text(html, encoding="utf-8")
        assert updated(tab)
        tab = again(tab)
        tab.goto(base)
        alone(tab)
    assert title(tab, base + "walk/delta/").startswith("New")


@pytest.mark.parametrize("waiting", [True, False])
def test_a_release_that_is_rolled_back_is_gone(copy, tmp_path, tab, waiting):
    """Whether it was in force by then, or still waited for the pages of the one before to be closed; and it can come again."""
    with serve(copy, folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        for text in ("New", "The delta", "New", "The delta"):
            changed(copy, text)
            assert title(tab, base + "walk/delta/").startswith(text)
            assert updated(tab)
            if not waiting:
                tab = again(tab)
                tab.goto(base + "walk/error/")
                ready(tab)
        tab = again(tab)
        tab.goto(base)
        alone(tab)
    assert title(tab, base + "walk/delta/").startswith("The delta")
    ready(tab)


POISON = """async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const type = url.endsWith(".js") ? "text/javascript" : "text/html";
      const text = url.endsWith(".js") ? "document.title = 'taken'" : "<html data-ready><title>taken</title>";
      await cache.put(url, new Response(text, { headers: { "Content-Type": type } }));
    }
  }
}"""
SAME = """async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const bytes = await (await cache.match(url)).arrayBuffer();
      const headers = { "Content-Type": "text/html", Refresh: "0; url=/taken", Link: "</x>; rel=preload" };
      await cache.put(url, new Response(bytes, { headers }));
    }
  }
}"""


def test_no_byte_is_served_that_was_not_published(site, tmp_path, tab):
    """A script that somebody has written into the cache runs neither now nor without a network nor in the next version."""
    with serve(site, folder=tmp_path) as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        tab.evaluate(POISON)
        for path in ("walk/delta/", "program/"):
            assert title(tab, base + path) != "taken"
            ready(tab)
            assert tab.title() != "taken"
        tab.evaluate(POISON)
    for path in ("walk/delta/", "program/", "ask/"):
        with contextlib.suppress(Error):  # what is poisoned is not there at all
            assert title(tab, base + path) != "taken"


def test_what_was_spoilt_is_fetched_again(site, tmp_path, tab):
    with serve(site, folder=tmp_path) as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        tab.evaluate(POISON)
        for _ in range(2):
            tab.goto(base + "walk/delta/")
            ready(tab)
            tab.wait_for_timeout(500)
    assert "The delta" in title(tab, base + "walk/delta/")
    ready(tab)


def test_nothing_but_the_bytes_is_taken_from_a_cache(site, tmp_path, tab):
    with serve(site, folder=tmp_path) as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        tab.evaluate(SAME)
    answer = tab.goto(base + "walk/delta/")
    ready(tab)
    assert "refresh" not in answer.headers and "link" not in answer.headers and tab.url == base + "walk/delta/"
    src = tab.locator("script[type=module]").get_attribute("src")
    kind = tab.evaluate("(src) => fetch(src).then((answer) => answer.headers.get('content-type'))", src)
    assert kind.startswith("text/javascript")


def test_a_spoilt_file_is_not_carried_over(copy, tmp_path, tab):
    with serve(copy, folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        tab.evaluate(POISON)
        changed(copy, "New")
        assert updated(tab)
        tab = again(tab)
        tab.goto(base)
        alone(tab)
    assert title(tab, base + "walk/delta/").startswith("New")
    ready(tab)
    assert tab.title() != "taken"


def test_what_an_older_worker_had_kept_is_forgotten_at_once(site, tmp_path, tab):
    """One that did not ask what it kept called it otherwise."""
    with serve(site, folder=tmp_path) as base:
        tab.goto(base + "walk/error/")
        tab.evaluate("caches.open(`${new URL('../..', location)} 0a1b2c3d`).then((cache) => cache.put('x', new Response('x')))")
        kept(tab)
        alone(tab)


def test_nobody_who_saves_data_is_sent_the_site(site, tmp_path, browser):
    context = browser.new_context()
    tab = context.new_page()
    tab.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    with serve(site, folder=tmp_path) as base:
        tab.goto(base)
        ready(tab)
        tab.keyboard.press("Shift")
        tab.wait_for_timeout(1500)
        assert tab.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    context.close()
