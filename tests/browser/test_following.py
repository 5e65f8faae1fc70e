"""Two tabs, one with the prose and one with the program, show the same line."""

import json
import re

import pytest

from browser.conftest import ready
from browser.test_program import PROGRAM, at, written

EMBED = "figure:has(.embed)"
MARKED = "[...document.querySelectorAll('.gutter a.embedded')].map(link => Number(link.textContent))"


both_ways = pytest.mark.parametrize("navigation", ["full", "instant"])


def both(open_tab, stop="walk/prediction/"):
    program = open_tab("program/")
    prose = open_tab(stop)
    return prose, program


def line(tab):
    return int(tab.locator(".gutter a[aria-current]").inner_text())


def choose(program, number):
    """Click a line of the listing."""
    program.locator(f'.gutter a:text-is("{number}")').click()


def marks(program, first, last):
    """Wait until the program's tab marks these lines, and no other."""
    program.wait_for_function(
        f"lines => String({MARKED}) === lines", arg=",".join(str(number) for number in range(first, last + 1))
    )


def stays(tab, expression, value):
    """Say that something stays as it is for as long as an answer of another tab would take."""
    tab.wait_for_timeout(250)
    assert tab.evaluate(expression) == value


def test_the_walk_is_read_in_one_window_and_the_line_is_never_lost_in_the_other(open_tab):
    """From the start page to the last stop with the wheel and the way on, in half a laptop's screen."""
    half = {"viewport": {"width": 720, "height": 800}}
    program, prose = open_tab("program/", **half), open_tab("", **half)
    stops = 0
    while True:
        seen = read_page(prose, program)
        for place in prose.locator(EMBED).all():
            lines = tuple(map(int, place.locator(".embed").get_attribute("data-lines").split()))
            assert lines in seen, f"{prose.url}: the embed of lines {lines} was passed and never shown"
        if prose.url.endswith("/walk/result/"):
            break
        stops += 1
        before = prose.url
        prose.locator(".md-footer__link--next").click()
        prose.wait_for_function("before => location.href !== before", arg=before)
        ready(prose)
    assert stops == 12
    assert line(program) == 42


# The places of a page and their lines, as whoever reads it would find them: what has no lines of its own has those above it.
LINES = """() => {
    const began = document.querySelector('.began'), all = 'figure:has([data-lines]), a[target=program][href*="#L"], '
      + '[data-what-if], [data-code], .figure, .ledger, .network', found = [];
    const of = (place) => [...place.dataset.lines.split(' '), place.dataset.iteration ?? 0].map(Number);
    let above = began && of(began);
    if (above) found.push([document.querySelector('h1'), above]);
    for (const place of document.querySelectorAll(`article :is(${all})`)) {
        if (place.parentElement.closest(all)) continue;
        const link = place.matches('a') && place.textContent.match(/\\d+/g).map(Number);
        const own = place.matches('[data-lines]') ? place : place.querySelector('[data-lines]');
        const lines = link ? [link[0], link.at(-1), 0] : own ? of(own) : above;
        if (!link) above = lines;
        if (lines) found.push([place, lines]);
    }
    return found;
}"""
NEAREST = f"""() => {{
    const left = document.documentElement.scrollHeight - innerHeight - scrollY;
    const eye = scrollY ? Math.max(Math.min(innerHeight * .4, scrollY), innerHeight - left) : 0;
    const far = ([place]) => {{
        const {{top, bottom}} = place.getBoundingClientRect();
        return Math.max(top - eye, eye - bottom, 0);
    }};
    const seen = ({LINES})().filter(([place]) => place.checkVisibility());
    const above = seen.filter(([place]) => place.getBoundingClientRect().top < innerHeight);
    return (above.length ? above : seen).sort((a, b) => far(a) - far(b))[0]?.[1];
}}"""


def read_page(prose, program):
    """Scroll through a page; return the lines that the program's tab has shown: always those of the nearest place."""
    seen, height = set(), prose.viewport_size["height"]
    while True:
        first, last, iteration = prose.evaluate(NEAREST)
        marks(program, first, last)
        if iteration:
            program.locator("h2 small", has_text=f"iteration {iteration:,} of").wait_for()
        seen.add((first, last))
        closed = prose.locator(f"details:not([open]):has({EMBED}) > summary")
        for summary in closed.all():
            asked = summary.locator("xpath=../preceding-sibling::*[1][self::fieldset]")
            if (asked if asked.count() else summary).bounding_box()["y"] < height * 0.7:
                lines = tuple(
                    map(
                        int, summary.evaluate("summary => summary.parentNode.querySelector('[data-lines]').dataset.lines").split()
                    )
                )
                (asked.locator("label").first if asked.count() else summary).click()
                marks(program, *lines)
                seen.add(lines)
        if prose.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1"):
            return seen
        place = prose.evaluate("scrollY")
        prose.mouse.wheel(0, height * 0.35)
        prose.wait_for_function("place => scrollY > place", arg=place)


def test_the_program_follows_the_prose(open_tab):
    prose, program = both(open_tab)
    at(program, 29, 1)  # what the prose begins with
    link = prose.locator("article > :is(p, ul, ol) a[target=program]").first
    number = int(re.search(r"\d+", link.inner_text())[0])
    link.scroll_into_view_if_needed()
    prose.wait_for_timeout(300)  # or the scrolling that the focus brings about would come after it, and lead back to the embed
    link.focus()
    at(program, number)
    prose.goto(prose.url.replace("prediction", "error"))
    at(program, 32, 1)
    prose.locator(EMBED).nth(2).scroll_into_view_if_needed()
    prose.mouse.wheel(0, 300)
    at(program, 32, 10_000)


def test_a_pointer_that_is_faster_than_the_program_is_followed_to_where_it_rests(open_tab):
    prose, program = both(open_tab, "look/update/")
    program.context.new_cdp_session(program).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    links = prose.locator("article li a[target=program]")
    links.first.evaluate("link => link.scrollIntoView({block: 'center'})")
    boxes = [link.bounding_box() for link in links.all()]
    for box in boxes * 5 + boxes[:2]:
        prose.mouse.move(box["x"] + 5, box["y"] + 5)
        prose.mouse.move(box["x"] + 8, box["y"] + 8)
    at(program, int(links.nth(1).inner_text().split()[1]))


def test_the_prose_follows_the_program_within_a_page_and_across_pages(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36, 1)
    prose.mouse.wheel(0, 3000)
    prose.wait_for_function("scrollY > 500")
    choose(program, 35)  # the reader's hand has only just left the prose
    prose.wait_for_function("document.querySelector('figure').getBoundingClientRect().top >= 0")
    choose(program, 39)
    prose.wait_for_url("**/walk/update/")
    prose.locator(".followed .embed").wait_for()
    stays(program, "location.hash", "#L39")  # nothing has answered
    program.locator(".listing").press("ArrowLeft")
    prose.wait_for_url("**/walk/delta/")
    assert line(program) == 36


def test_an_iteration_goes_with_the_line(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36, 1)
    program.get_by_role("slider").fill("2")
    prose.locator(".ledger output", has_text="100 of 10,000").wait_for()
    prose.locator(".ledger").get_by_role("slider").fill("1")
    at(program, 36, 10)


@both_ways
def test_following_is_switched_off_in_either_tab_and_stays_off(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    prose.get_by_role("button", name="Following").click()
    program.locator('.following[aria-pressed="false"]').wait_for()
    choose(program, 39)
    stays(prose, "location.pathname", "/some/where/walk/delta/")
    prose.goto(prose.url.replace("delta", "seed"))
    ready(prose)
    stays(program, "location.hash", "#L39")
    assert prose.locator(".following").get_attribute("aria-pressed") == "false"
    program.locator(".following").click()
    prose.locator('.following[aria-pressed="true"]').wait_for()
    choose(program, 16)
    prose.wait_for_url("**/walk/targets/")


def test_a_tab_that_is_reloaded_or_opened_again_rejoins(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    program.reload()
    at(program, 36)
    choose(program, 39)
    prose.wait_for_url("**/walk/update/")
    ready(prose)
    prose.reload()
    ready(prose)
    choose(program, 32)
    prose.wait_for_url("**/walk/error/")
    ready(prose)
    program.close()
    program = open_tab("program/")
    at(program, 32)


def test_two_tabs_of_prose_do_not_fight(open_tab):
    one, program = both(open_tab, "walk/seed/")
    at(program, 20)
    two = open_tab("walk/result/")
    at(program, 42)
    stays(program, "location.hash", "#L42")  # the first has not answered
    choose(program, 16)
    two.wait_for_url("**/walk/targets/")
    assert one.url.endswith("/walk/seed/")  # only the one that was read last is taken along
    one.locator("article a[target=program]").first.hover()
    one.locator("h1").hover()
    one.locator("figcaption a").first.focus()
    at(program, 20)
    choose(program, 23)
    one.wait_for_url("**/walk/weights/")
    assert two.url.endswith("/walk/targets/")
    ready(one)
    one.goto("about:blank")  # the other is the one that is left
    choose(program, 10)
    two.wait_for_url("**/walk/inputs/")


def test_a_page_that_comes_back_to_the_front_is_followed_again(open_tab):
    one, program = both(open_tab, "walk/seed/")
    at(program, 20)
    two = open_tab("walk/result/")
    at(program, 42)
    one.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at(program, 20)
    two.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")  # from the browser's memory, by Back
    at(program, 42)
    one.goto(one.url.replace("seed", "weights"))
    at(program, 23)
    one.go_back()
    at(program, 20)


def test_a_tab_is_not_moved_under_the_readers_hand(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    choose(program, 39)
    prose.wait_for_url("**/walk/update/")
    ready(prose)
    assert program.evaluate("document.activeElement.matches('.listing')")  # where the reader put it
    prose.keyboard.press("Tab")
    focused = prose.evaluate("document.activeElement.outerHTML")
    prose.evaluate("window.hand = setInterval(() => dispatchEvent(new Event('wheel')), 50)")
    choose(program, 36)
    prose.wait_for_timeout(900)  # longer than a hand is taken to rest
    assert prose.url.endswith("/walk/update/")
    assert prose.evaluate("document.activeElement.outerHTML") == focused
    prose.evaluate("clearInterval(window.hand)")  # it is let go
    prose.wait_for_url("**/walk/delta/")


def test_a_link_opens_the_program_in_a_second_tab_once(open_tab):
    prose = open_tab("walk/delta/")
    with prose.context.expect_page() as opened:
        prose.locator("figcaption a").first.click()
    program = opened.value
    marks(program, 34, 36)  # the link's line is the embed's first, and what is shown is the embed
    at(program, 36, 1)
    prose.locator("article :is(p, li) a[target=program], figcaption a").last.evaluate("link => link.click()")
    stays(prose, "location.pathname", "/some/where/walk/delta/")
    assert len(prose.context.pages) == 2


def test_every_page_that_names_a_line_is_followed(open_tab):
    """Also one that has embedded none yet: it begins somewhere in the program, or with a change of it."""
    prose, program = both(open_tab, "look/nonlin/")
    at(program, 29, 1)
    prose.goto(prose.url.replace("look/nonlin", "break"))
    at(program, 42)
    for number in (1, 3):
        change = prose.locator(".what-if").nth(number)
        change.evaluate("change => change.closest('details')?.setAttribute('open', '')")
        change.scroll_into_view_if_needed()
        prose.mouse.wheel(0, 10)
        change.hover()
        marks(program, *map(int, change.get_attribute("data-lines").split()))
    prose.goto(prose.url.replace("break", "look/error"))
    at(program, 32, 1)
    prose.locator("fieldset.asked label").first.click()
    marks(program, 32, 32)  # and not from where the list for the errors is made
    prose.goto(prose.url.replace("look/error", "descent"))
    at(program, 36, 1)
    choose(program, 39)
    prose.wait_for_url("**/walk/update/")


def test_the_last_third_of_the_update_is_about_the_line_that_updates(open_tab):
    prose, program = both(open_tab, "walk/update/")
    marks(program, 38, 39)
    for heading in ("#this-is-gradient-descent", "#mind-the-sum", "#try-it", "#write-it", "#readers-ask"):
        prose.locator(heading).evaluate("heading => scrollTo({top: heading.offsetTop, behavior: 'instant'})")
        prose.mouse.wheel(0, 300)
        prose.wait_for_timeout(100)
        assert line(program) == 39, heading


def test_the_program_stands_beside_the_prose_and_marks_what_is_read(open_tab):
    tab = open_tab("walk/error/", viewport={"width": 1280, "height": 900})
    assert tab.locator(".beside").count() == 0
    tab.get_by_role("button", name="Beside").click()
    panel = tab.locator(".beside")
    panel.wait_for()
    assert panel.locator("li").count() == 42
    assert panel.locator("li.embedded .number").all_inner_texts() == ["31", "32"]
    panel.locator(".made").wait_for()
    box, made = panel.locator("li").last.bounding_box(), panel.locator(".made").bounding_box()
    assert box["y"] + box["height"] <= made["y"] + 1 and made["y"] + made["height"] <= 900
    tab.goto(tab.url.replace("error", "delta"))  # it is remembered
    tab.locator(".beside li.embedded").nth(2).wait_for()
    tab.locator('.beside a.number:text-is("16")').click()
    tab.wait_for_url("**/walk/targets/")
    tab.locator('.beside li.embedded .number:text-is("16")').wait_for()
    tab.goto(tab.url.replace("walk/targets", "hidden/back"))  # beside a page about the other program stands that one
    tab.locator('.beside li.embedded .number:text-is("43")').wait_for()
    assert panel.locator("li").count() == 54
    tab.set_viewport_size({"width": 360, "height": 740})
    assert not tab.locator(".beside").is_visible()


def test_beside_the_prose_stands_what_the_lines_have_made(open_tab):
    tab = open_tab("walk/update/", viewport={"width": 1280, "height": 660})  # what a laptop's browser leaves
    tab.get_by_role("button", name="Beside").click()
    panel, made = tab.locator(".beside"), tab.locator(".beside .made")
    made.get_by_text("After line 39, iteration 1").wait_for()
    assert made.locator("h4 code").all_inner_texts() == ["syn0"]
    assert made.locator("td:not(.was) span").all_inner_texts() == written(PROGRAM.run(39, 1).namespace["syn0"])
    marked, box = panel.locator("li.embedded").last.bounding_box(), made.bounding_box()
    assert marked["y"] > 40 and marked["y"] + marked["height"] <= box["y"] + 1 and box["y"] + box["height"] <= 660
    tab.locator(".ledger input").first.press("End")
    made.get_by_text("After line 39, iteration 10,000").wait_for()
    assert made.locator("td:not(.was) span").all_inner_texts() == written(PROGRAM.run(39, 10_000).namespace["syn0"])
    tab.goto(tab.url.replace("update", "inputs"))
    made.get_by_text("After line 13").wait_for()
    assert made.locator("h4").all_inner_texts() == ["X (4, 3)"]


HOSTILE = [
    None,
    7,
    "read",
    [],
    {},
    {"kind": "read"},
    {"kind": ["read"], "tab": "x", "active": 1},
    {"kind": "hello", "tab": {}, "active": 1},
    {"kind": "read", "tab": "x", "active": 9e15, "first": 3, "last": 3},  # who has always been read last
    {"kind": "read", "tab": "x", "active": "a", "first": 3, "last": 3},
    {"kind": "read", "tab": "x", "active": 1, "first": "<img src=x onerror=alert(1)>", "last": {}, "listing": 5},
    {"kind": "read", "tab": "x", "active": 1, "first": -1, "last": 1e300, "iteration": "__proto__"},
    {"kind": "read", "tab": "x", "active": 1, "__proto__": {"first": 3}, "listing": "/some/where/other/"},
]
PLACES = [
    "javascript:document.title='owned'",
    "https://example.org/",
    "//example.org/walk/delta/",
    "../../../elsewhere/",
    "data:text/html,owned",
    "http://127.0.0.1/some/where/walk/seed/",
    5,
    {},
    None,
]


def test_a_message_of_another_page_of_the_origin_does_no_harm(open_tab):
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    title = prose.title()
    evil = open_tab("drift/")
    evil.evaluate("""() => {
        window.channel = new BroadcastChannel('follow /some/where/');
        channel.onmessage = ({data}) => (window.reader = data.kind === 'here' ? data.tab : window.reader);
        channel.postMessage({kind: 'hello', tab: 'evil', active: 0});
    }""")
    evil.wait_for_function("window.reader")
    for message in HOSTILE:
        evil.evaluate("message => channel.postMessage(message)", message)
    for stop in PLACES:
        evil.evaluate("stop => channel.postMessage({kind: 'go', to: reader, tab: 'x', active: 1, first: 32, stop})", stop)
    evil.evaluate(
        "channel.postMessage({kind: 'go', to: reader, tab: 'x', active: 1, turn: 100, first: 1e15, last: 1e15, "
        "stop: location.origin + '/some/where/walk/delta/'})"
    )
    prose.locator(".ledger output", has_text="100 of 10,000").wait_for()  # that one is well-formed, and comes last
    assert prose.url.endswith("/walk/delta/") and prose.title() == title
    assert line(program) in range(1, 43) and not program.locator("img[src=x]").count()
    evil.close()
    prose.keyboard.press("Shift")  # the reader's hand; and following goes on
    prose.locator("figcaption a").first.focus()
    at(program, 36)
    choose(program, 39)
    prose.wait_for_url("**/walk/update/")


def test_what_was_written_into_the_browsers_memory_does_no_harm(open_tab):
    tab = open_tab("walk/delta/")
    title = tab.title()
    message = {"kind": "go", "tab": "x", "active": 1, "first": 1e99, "turn": "x"}
    for arrive in ("{", "null", "7", '"go"', "[]", *(json.dumps({**message, "stop": stop}) for stop in PLACES)):
        tab.evaluate(
            """arrive => {
            sessionStorage.arrive = arrive; sessionStorage.active = 'Infinity';
            localStorage.following = '<b>'; localStorage.beside = '{}';
        }""",
            arrive,
        )
        tab.reload()
        ready(tab)
        assert tab.title() == title and tab.locator(".following").get_attribute("aria-pressed") == "true"
    program = open_tab("program/")
    at(program, 36)


@pytest.mark.parametrize("path", ["program/", "walk/delta/"])
@pytest.mark.parametrize("hidden", [False, True])
def test_a_flood_of_messages_is_read_once_a_frame_and_the_last_one_counts(open_tab, path, hidden):
    """Any page of the origin can send as many as it likes, also to a tab that stands behind another."""
    tab, other = open_tab(path), open_tab("walk/error/")
    if hidden:
        # Playwright's tabs all count as seen; what a hidden one lacks are frames.
        tab.evaluate("window.requestAnimationFrame = () => 0")
    tab.evaluate("began = performance.now()")
    spent = other.evaluate(
        """async (listing) => {
      const channel = new BroadcastChannel("follow /some/where/");
      const kinds = ["hello", "here", "bye", "read"];
      for (let n = 0; n < 10_000; n++) {
        const first = 1 + n % 42;
        channel.postMessage({ kind: kinds[n % 4], tab: `forged ${n}`, active: Date.now(), listing, first, last: first });
      }
      channel.postMessage({ kind: "read", tab: "forged", active: Date.now(), listing, first: 29, last: 29 });
    }""",
        "/some/where/program/",
    )
    assert spent is None
    if path == "program/":
        at(tab, 29)
    assert tab.evaluate("new Promise((done) => setTimeout(() => done(performance.now() - began)))") < 5000


@pytest.mark.parametrize(
    "news",
    [
        None,
        5,
        "x",
        True,
        [],
        {"kind": ["read"]},
        {"kind": "__proto__"},
        {"kind": "read", "tab": {}},
        {"kind": "read", "tab": "x", "active": 1, "listing": [], "first": "1", "last": {}, "iteration": "x"},
    ],
)
def test_a_message_of_a_wrong_shape_is_not_heard(open_tab, news):
    prose, program = both(open_tab)
    at(program, 29, 1)
    prose.evaluate("(news) => new BroadcastChannel('follow /some/where/').postMessage(news)", news)
    stays(program, "location.hash", "#L29")


def test_tabs_of_another_program_do_not_answer(open_tab):
    """Each listing follows the pages about its own program, even one that nothing has been read of yet, and moves only those."""
    prose, program = both(open_tab, "walk/delta/")
    at(program, 36)
    other = open_tab("hidden/back/")
    stays(program, "location.hash", "#L36")
    other_program = open_tab("hidden/program/")
    at(other_program, 43)
    choose(other_program, 47)
    other.wait_for_url("**/hidden/delta/")
    stays(program, "location.hash", "#L36")
    prose.close()
    choose(program, 29)  # nobody reads this program any more
    stays(other, "location.pathname", "/some/where/hidden/delta/")
