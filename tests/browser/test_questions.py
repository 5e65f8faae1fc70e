"""Questions in a browser: what is chosen is said, kept, taken back and collected, by keyboard, and without a script."""

import json

from axe_playwright_python.sync_playwright import Axe

from browser.conftest import ready

PAGE = "walk/delta/"


def folded(field):
    return field.locator("xpath=following-sibling::details[1]")


def test_a_reader_commits_and_is_told_and_what_was_missed_is_found_again(open_tab):
    tab = open_tab(PAGE, viewport={"width": 320, "height": 640})
    first, second = (tab.locator("fieldset.asked").nth(number) for number in (0, 1))
    assert not folded(first).is_visible() and not first.locator(".feedback >> visible=true").count()
    first.locator("input").first.focus()
    tab.keyboard.press("ArrowDown")  # the keys of a group of radio buttons
    item = first.locator("li:has(:checked)")
    assert item.count() == 1 and item.locator(".feedback").is_visible()
    assert first.locator(".feedback >> visible=true").count() == 1
    said = first.get_by_role("status")
    assert said.inner_text().split() == item.locator(".feedback").inner_text().split()
    assert folded(first).get_attribute("open") is not None and folded(first).is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert first.evaluate("field => field.matches(':has(legend:first-child)') && field.elements[0].labels.length === 1")
    right = "li[data-right] label"
    wrong = "li:not([data-right]) label"
    second.locator(wrong).first.click()
    first.locator(right).click()
    asked = second.locator("legend").inner_text()
    assert second.locator("li:has(:checked) .feedback").inner_text().startswith("Not so.")
    assert tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('chosen')).length") == 1
    found = Axe().run(tab, context="article", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()

    tab.reload()
    ready(tab)
    assert second.locator("li:has(:checked) .feedback").is_visible() and first.locator("li[data-right] :checked").count() == 1

    tab.goto(tab.url.replace(PAGE, "chosen/"))
    ready(tab)
    links = tab.locator(".chosen a")
    assert tab.locator(".chosen [role=status]").inner_text() == "You have answered 2 questions. Here is the one to look at again."
    assert links.all_inner_texts() == [asked]
    links.click()
    ready(tab)
    assert second.evaluate("field => Math.abs(field.getBoundingClientRect().top) < innerHeight")
    second.get_by_role("button", name="Choose again").click()
    assert not second.locator(":checked").count() and not folded(second).is_visible() and said.count()
    assert second.locator("input").evaluate_all("all => all.includes(document.activeElement)")
    second.locator(right).click()

    tab.goto(tab.url.split("#")[0].replace(PAGE, "chosen/"))
    ready(tab)
    assert "Each was right." in tab.locator(".chosen [role=status]").inner_text() and not links.count()
    tab.get_by_role("button", name="Forget all").click()
    assert "Nothing about your choices is kept" in tab.locator(".chosen [role=status]").inner_text()
    tab.goto(tab.url.replace("chosen/", PAGE))
    ready(tab)
    assert not tab.locator("fieldset.asked :checked").count()


def test_without_a_script_a_choice_is_answered_and_every_answer_can_be_opened(open_tab):
    tab = open_tab(PAGE, java_script_enabled=False)
    for field in tab.locator("fieldset.asked").all():
        assert folded(field).is_visible() and not field.locator(".feedback >> visible=true").count()
        field.locator("label").last.click()
        assert field.locator(".feedback >> visible=true").count() == 1


def test_what_is_stored_of_choices_cannot_harm(open_tab):
    tab = open_tab(PAGE)
    name = tab.locator("fieldset.asked").first.get_attribute("id")
    good = {"choice": "x", "right": False, "page": "walk/error/", "title": "T", "asked": "<img src=x onerror='window.run=1'>"}
    key = "chosen /some/where/"
    for value, links in (
        ("", 0),
        ("null", 0),
        ("[[", 0),
        ("[1, 2]", 0),
        (json.dumps({name: None, "x": good}), 0),
        (json.dumps({name: {**good, "page": "//127.0.0.2/"}}), 0),
        (json.dumps({name: {**good, "right": 1}}), 0),
        (json.dumps({name: {**good, "page": "javascript:window.run=1"}}), 0),
        (json.dumps({name: good}), 1),
    ):
        tab.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])
        tab.goto(tab.url.replace(PAGE, "chosen/"))
        ready(tab)
        assert tab.locator(".chosen a").count() == links, value
        assert tab.evaluate("window.run") is None and not tab.locator(".chosen img").count()
        tab.goto(tab.url.replace("chosen/", PAGE))
        ready(tab)
        tab.locator("fieldset.asked").first.locator("label").first.click()
