"""What a reader meets of a claim: a quiet mark behind the sentence. It opens the evidence, and needs no script."""

import pytest

PAGE = "walk/delta/"


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def tab(browser, base, request):
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    tab.goto(base + PAGE)
    yield tab
    context.close()


def test_a_mark_opens_what_the_sentence_rests_on(tab):
    mark = tab.get_by_role("button", name="Evidence").nth(2)
    evidence = tab.locator(".evidence").nth(2)
    assert not evidence.is_visible()
    mark.click()
    assert evidence.is_visible()
    assert "l1_error[2, 0] > l1_error[3, 0]" in evidence.inner_text() and "0.762 > 0.674" in evidence.inner_text()
    tab.keyboard.press("Escape")
    assert not evidence.is_visible()
    mark.focus()
    tab.keyboard.press("Enter")
    assert evidence.is_visible()
    tab.mouse.click(5, 400)
    assert not evidence.is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_evidence_is_on_the_screen_and_the_mark_is_large_enough(browser, base, width):
    context = browser.new_context(viewport={"width": width, "height": 740}, has_touch=True)
    tab = context.new_page()
    tab.goto(base + PAGE)
    for number in range(tab.locator(".holds").count()):
        mark, evidence = tab.locator(".holds").nth(number), tab.locator(".evidence").nth(number)
        if not mark.is_visible():
            continue  # in an answer that is not open
        mark.tap()
        box = evidence.bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= width and 0 <= box["y"] and box["y"] + box["height"] <= 740
        tab.keyboard.press("Escape")
    context.close()


def test_paper_has_no_marks(browser, base):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(base + PAGE)
    tab.emulate_media(media="print")
    assert tab.locator(".holds").count() > 3 and not any(mark.is_visible() for mark in tab.locator(".holds").all())
    context.close()
