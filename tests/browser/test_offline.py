"""Without a network: from disk, and once visited; and a page that has changed is shown at once."""

import os
import shutil
import time

import pytest
from host import serve

from browser.conftest import ready


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
    for path, title in (("", "line by line"), ("walk/update/", "The update"), ("ask", "Readers ask"),
                        ("program/?iteration=9#L36", "program")):
        tab.goto(base + path)
        ready(tab)
        assert title in tab.title()
    assert "After line 36" in tab.locator(".inspector").inner_text()
    search(tab, "XOR")
    tab.wait_for_url("**/ask/#xor")


def test_a_changed_page_is_shown_at_once_and_kept(site, tmp_path, tab):
    shutil.copytree(site, tmp_path / "copy")
    page = tmp_path / "copy" / "walk" / "delta" / "index.html"
    with serve(tmp_path / "copy", folder=tmp_path / "root") as base:
        tab.goto(base + "walk/error/")
        kept(tab)
        for later, text in enumerate(("Once more", "And again"), 1):
            for path in (page, page.with_name("index.html.br")):
                path.unlink(missing_ok=True)
            html = (site / "walk" / "delta" / "index.html").read_text(encoding="utf-8")
            page.write_text(html.replace("<title>", f"<title>{text}: "), encoding="utf-8")
            os.utime(page, (time.time() + 10 * later,) * 2)  # the host tells versions apart by the second
            tab.goto(base + "walk/delta/")
            assert tab.title().startswith(text)
            ready(tab)
    tab.goto(base + "walk/delta/")
    assert tab.title().startswith("And again")


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
