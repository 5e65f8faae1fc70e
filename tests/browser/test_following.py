"""Two tabs, one with the prose and one with the program, show the same line."""

import re

from browser.test_program import at

EMBED = "figure:has(.embed)"


def both(open_tab, stop="walk/prediction/"):
    program = open_tab("program/")
    prose = open_tab(stop)
    return prose, program


def line(tab):
    return int(tab.locator(".gutter a[aria-current]").inner_text())


def test_the_program_follows_the_prose(open_tab):
    prose, program = both(open_tab)
    at(program, 29, 1)  # what the prose begins with
    link = prose.locator("article > :is(p, ul, ol) a[target=program]").first
    number = int(re.search(r"\d+", link.inner_text())[0])
    link.focus()
    at(program, number)
    prose.goto(prose.url.replace("prediction", "error"))
    at(program, 32, 1)
    later = prose.locator(EMBED).nth(2)
    later.scroll_into_view_if_needed()
    prose.mouse.wheel(0, 300)
    at(program, 32, 10_000)


def test_the_prose_follows_the_program_within_a_page_and_across_pages(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36, 1)
    prose.mouse.wheel(0, 3000)
    prose.wait_for_timeout(1200)
    assert prose.evaluate("scrollY") > 500
    program.locator(".gutter a", has_text="35").click()
    prose.wait_for_function("document.querySelector('figure').getBoundingClientRect().top >= 0")
    program.locator(".gutter a", has_text="39").click()
    prose.wait_for_url("**/walk/update/")
    assert line(program) == 39  # nothing has answered
    program.wait_for_timeout(1100)
    prose.locator(".followed .embed").wait_for()
    program.locator(".listing").press("ArrowLeft")
    prose.wait_for_url("**/walk/delta/")
    assert line(program) == 36


def test_an_iteration_goes_with_the_line(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36, 1)
    program.get_by_role("slider").fill("2")
    prose.locator(".ledger output", has_text="100 of 10,000").wait_for()
    prose.locator(".ledger").get_by_role("slider").fill("3")
    program.wait_for_timeout(1100)
    prose.locator(".ledger").get_by_role("slider").fill("1")
    at(program, 36, 10)


def test_following_is_switched_off_in_either_tab_and_stays_off(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    switch = prose.get_by_role("button", name="Following")
    switch.click()
    program.locator('.following[aria-pressed="false"]').wait_for()
    program.locator(".gutter a", has_text="39").click()
    prose.wait_for_timeout(600)
    assert prose.url.endswith("/walk/delta/")
    prose.goto(prose.url.replace("delta", "seed"))
    program.wait_for_timeout(600)
    assert line(program) == 39
    assert prose.locator(".following").get_attribute("aria-pressed") == "false"
    program.locator(".following").click()
    prose.locator('.following[aria-pressed="true"]').wait_for()
    prose.wait_for_timeout(1100)
    program.locator(".gutter a", has_text="16").click()
    prose.wait_for_url("**/walk/targets/")


def test_a_tab_that_is_reloaded_or_opened_again_rejoins(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    program.reload()
    at(program, 36)
    program.locator(".gutter a", has_text="39").click()
    prose.wait_for_url("**/walk/update/")
    prose.reload()
    program.wait_for_timeout(1100)
    prose.wait_for_timeout(300)
    program.locator(".gutter a", has_text="32").click()
    prose.wait_for_url("**/walk/error/")
    program.close()
    program = open_tab("program/")
    at(program, 32)


def test_two_tabs_of_prose_do_not_fight(open_tab):
    one, program = both(open_tab, "walk/seed/")
    at(program, 20)
    two = open_tab("walk/result/")
    at(program, 42)
    program.wait_for_timeout(700)
    assert line(program) == 42  # the first has not answered
    program.locator(".gutter a", has_text="16").click()
    two.wait_for_url("**/walk/targets/")
    assert one.url.endswith("/walk/seed/")  # only the one that was read last is taken along
    program.wait_for_timeout(1100)  # until it is no longer in the reader's hand
    one.bring_to_front()
    one.locator("article a[target=program]").first.hover()
    one.locator("h1").hover()
    one.locator("figcaption a").first.focus()
    at(program, 20)
    program.wait_for_timeout(1100)
    program.locator(".gutter a", has_text="23").click()
    one.wait_for_url("**/walk/weights/")
    assert two.url.endswith("/walk/targets/")


def test_a_tab_is_not_moved_under_the_readers_hand(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    program.locator(".gutter a", has_text="39").click()
    prose.wait_for_url("**/walk/update/")
    assert program.evaluate("document.activeElement.matches('.listing')")  # where the reader put it
    prose.wait_for_timeout(1100)
    prose.keyboard.press("Tab")
    focused = prose.evaluate("document.activeElement.outerHTML")
    prose.evaluate("setInterval(() => dispatchEvent(new Event('wheel')), 100)")
    program.locator(".gutter a", has_text="36").click()
    prose.wait_for_timeout(800)
    assert prose.url.endswith("/walk/update/")
    assert prose.evaluate("document.activeElement.outerHTML") == focused


def test_a_link_opens_the_program_in_a_second_tab_once(open_tab):
    prose = open_tab("walk/delta/")
    with prose.context.expect_page() as opened:
        prose.locator("figcaption a").first.click()
    program = opened.value
    at(program, 34)
    prose.locator("article :is(p, li) a[target=program], figcaption a").last.evaluate("link => link.click()")
    program.wait_for_timeout(500)
    assert len(prose.context.pages) == 2


def test_the_program_stands_beside_the_prose_and_marks_what_is_read(open_tab):
    tab = open_tab("walk/error/")
    assert tab.locator(".beside").count() == 0
    tab.get_by_role("button", name="Beside").click()
    panel = tab.locator(".beside")
    panel.wait_for()
    assert panel.locator("li").count() == 42
    assert panel.locator("li.embedded .number").all_inner_texts() == ["31", "32"]
    box = panel.locator("li").last.bounding_box()
    assert box["y"] + box["height"] <= 900
    tab.goto(tab.url.replace("error", "delta"))  # it is remembered
    tab.locator(".beside li.embedded").nth(2).wait_for()
    tab.locator(".beside a.number", has_text="16").click()
    tab.wait_for_url("**/walk/targets/")
    tab.set_viewport_size({"width": 360, "height": 740})
    assert not tab.locator(".beside").is_visible()
