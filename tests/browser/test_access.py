"""Without a mouse, without colours, without eyes: each from the first page to what can be done on it."""

import re

import pytest
from conftest import pages

from browser.test_pages import AXE, COLOURS, TAGS, violations

# Where the focus is, and whether a reader sees it. A switch that is drawn by its label has its ring there.
FOCUS = """() => {
  const box = document.activeElement;
  if (!box || box === document.body) return null;
  const switched = box.checked ? '.md-nav__title[for=__drawer]' : '.md-header [for=__drawer]';
  const drawn = box.matches('#__drawer') ? document.querySelector(switched)
    : box.matches('.md-option') ? box.nextElementSibling : box;
  const {left, top, width, height} = drawn.getBoundingClientRect();
  const {outlineStyle, outlineWidth} = getComputedStyle(drawn);
  // Not obscured: at one of some points, what is seen is the element itself or a part of it.
  const seen = [.1, .5, .9].some(x => [.1, .5, .9].some(y => {
    const found = document.elementFromPoint(left + width * x, top + height * y);
    return found && (drawn.contains(found) || found.contains(drawn) && !found.matches('.md-header, .md-header *, .inspector'));
  }));
  const again = 'order' in box.dataset;
  box.dataset.order ??= document.querySelectorAll('[data-order]').length;
  return {
    html: box.outerHTML.slice(0, 120),
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    seen: width > 0 && height > 0 && seen,
    again, first: box.dataset.order === '0',
    next: box.matches('.md-footer__link--next'),
    name: box.ariaLabel || box.innerText || box.title || box.labels?.length,
  };
}"""


def to_next(tab, most=400):
    """Press Tab until the link to the next page has the focus; say what was wrong on the way."""
    wrong = []
    for _ in range(most):
        tab.keyboard.press("Tab")
        at = tab.evaluate(FOCUS)
        if at is None:
            continue  # the browser's own bar, after the last and before the first
        if at["again"] and at["first"]:
            return wrong, False  # once round, as on the last page
        for said, bad in (
            ("has no ring", not at["ring"]),
            ("is not seen", not at["seen"]),
            ("has no name", not at["name"]),
            ("comes twice: a trap", at["again"]),
        ):
            if bad:
                wrong.append(f"{tab.url}: {at['html']} {said}")
        if at["next"] or at["again"]:
            return wrong, at["next"]
    return wrong, False


def test_the_keyboard_leads_from_the_start_page_to_the_last(open_tab):
    """On every fifth page each stop is looked at on the way; on the others the key goes to the way on at once."""
    tab = open_tab("", reduced_motion="reduce")
    seen, wrong = [tab.url], []
    while True:
        if len(seen) % 5 == 1 or not tab.locator(".md-footer__link--next").count():
            found, reached = to_next(tab)
        else:
            found, reached = [], True
            tab.locator(".md-footer__link--next").focus()
        wrong += found
        if not reached:
            break
        tab.keyboard.press("Enter")
        tab.wait_for_url(lambda url: url not in seen)
        tab.locator("html[data-ready], .booklet").wait_for(state="attached")
        seen.append(tab.url)
    assert wrong == []
    shown = {page for page in pages() if page != "booklet.md"}
    assert len(seen) == len(shown), f"stopped at {seen[-1]}"


def test_the_link_that_skips_comes_first_and_skips(open_tab):
    tab = open_tab("walk/delta/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.innerText") == "Skip to content"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('article') !== null")


def test_on_a_narrow_screen_the_keyboard_opens_the_navigation(open_tab):
    tab = open_tab("walk/delta/", viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    for _ in range(40):  # while it is closed, nothing in it can be reached
        tab.keyboard.press("Tab")
        assert not tab.evaluate("document.activeElement.closest('.md-sidebar')")
    tab.reload()
    tab.locator("html[data-ready]").wait_for(state="attached")
    tab.keyboard.press("Tab")
    switch = tab.get_by_role("checkbox", name="Navigation")
    assert switch.evaluate("box => box === document.activeElement")
    tab.keyboard.press("Space")
    wrong = []
    for _ in range(30):
        tab.keyboard.press("Tab")
        at = tab.evaluate(FOCUS)
        wrong += [at["html"]] * (not at["ring"] or not at["seen"] or at["again"])
        assert tab.evaluate("document.activeElement.closest('.md-sidebar') !== null")
    assert wrong == []
    tab.keyboard.press("Escape")
    assert not switch.is_checked() and switch.evaluate("box => box === document.activeElement")
    navigation, free = tab.get_by_role("navigation", name="Navigation"), "() => !document.querySelector('[inert]')"
    tab.keyboard.press("Space")
    navigation.get_by_role("link", name="Try it").press("Enter")  # a place of this page
    tab.wait_for_function(free)
    assert not switch.is_checked()
    switch.press("Space")
    tab.set_viewport_size({"width": 1440, "height": 900})  # the telephone is turned, the window grows
    tab.wait_for_function(free)
    tab.set_viewport_size({"width": 320, "height": 640})
    switch.press("Space")
    navigation.get_by_role("link", name="The seed").press("Enter")
    tab.wait_for_url("**/walk/seed/")


def test_everything_on_a_page_is_done_with_the_keyboard(open_tab):
    tab = open_tab("walk/delta/", reduced_motion="reduce")
    slider = tab.locator(".ledger").get_by_role("slider")
    slider.focus()
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".ledger output").inner_text() == "2 of 10,000"
    answer = tab.locator("details.question > summary >> visible=true").first
    answer.focus()
    tab.keyboard.press("Space")
    assert answer.evaluate("summary => summary.parentElement.open")
    tab.locator(".md-option:not([hidden])").first.focus()
    before = tab.evaluate("document.body.dataset.mdColorScheme")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("before => document.body.dataset.mdColorScheme !== before", arg=before)
    tab.get_by_role("button", name="Following").focus()
    tab.keyboard.press("Enter")
    assert tab.get_by_role("button", name="Not following").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("path", ["walk/delta/", "program/"])
def test_a_single_character_does_nothing(open_tab, path):
    """Whoever speaks to a computer says words, and they arrive as characters (WCAG 2.1.4)."""
    tab = open_tab(path)
    before = tab.url
    for key in "abcdefghijklmnopqrstuvwxyz,.-/?123":
        tab.keyboard.press(key)
    tab.wait_for_timeout(300)
    assert tab.url == before
    assert tab.evaluate("document.activeElement.matches('body, .listing')")
    assert not tab.evaluate("document.querySelector('dialog[open], #__search:checked')")


SEARCH = "(document.querySelector('.search-open') ?? document.querySelector('#__search')).click()"
OPENED = {
    "answers": ("walk/delta/", 768, "document.querySelectorAll('details').forEach(answer => answer.open = true)"),
    "code of figures": ("look/nonlin/", 1440, "document.querySelectorAll('details').forEach(answer => answer.open = true)"),
    "drawer": ("walk/delta/", 320, "document.querySelector('#__drawer').click()"),
    "search": ("walk/delta/", 1440, SEARCH),
    "search, narrow": ("walk/delta/", 320, SEARCH),
    "copied": ("walk/delta/", 1440, "document.querySelector('.md-dialog').classList.add('md-dialog--active')"),
    "beside": ("walk/delta/", 1440, "document.querySelector('.beside-switch').click()"),
    "a part's value": ("hidden/back/", 1440, "document.querySelector('figure > .embed pre').focus()"),
    "a part's value, narrow": ("walk/delta/", 320, "document.querySelector('figure > .embed pre').focus()"),
    "stepped": ("program/?iteration=10#L29", 1440, "document.querySelector('.steps button:last-child').click()"),
    "stepped, narrow": ("program/?iteration=10#L29", 320, "document.querySelector('.steps button:last-child').click()"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", OPENED)
def test_axe_finds_nothing_in_what_can_be_opened(open_tab, what, scheme):
    path, width, script = OPENED[what]
    tab = open_tab(path, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    tab.evaluate(script)
    tab.wait_for_timeout(400)
    if "part" in what:
        tab.locator(".pointed").wait_for()
    tab.evaluate(AXE)
    assert violations(tab, TAGS if scheme == "light" else COLOURS) == []


def test_what_a_screen_reader_says(open_tab):
    tab = open_tab("walk/delta/")
    said = tab.locator("article").aria_snapshot()
    assert 'rowheader "A"' in said and 'columnheader "Error"' in said
    assert "Output" in said and "34 # Scale" not in said and "# Scale each miss" in said
    tab.goto(tab.url.replace("walk/delta", "walk/sigmoid"))
    tab.locator("html[data-ready]").wait_for(state="attached")
    assert re.search(r'img "[^"]{20,}', tab.locator("article").aria_snapshot())
    landmarks = tab.locator("body").aria_snapshot()
    for landmark in ("banner", 'navigation "Navigation"', 'navigation "Table of contents"', "main", "contentinfo"):
        assert landmarks.count(f"- {landmark}") == 1, landmark
    tab.goto(tab.url.replace("walk/sigmoid", "break"))
    tab.locator("html[data-ready]").wait_for(state="attached")
    assert re.search(r"(deletion|insertion)", tab.locator("article").aria_snapshot())


def style(tab, selector, *names, pseudo=None):
    return tab.locator(selector).first.evaluate(
        "(box, [names, pseudo]) => names.map(name => getComputedStyle(box, pseudo)[name])", [names, pseudo]
    )


def test_forced_colours_lose_nothing(open_tab):
    forced = {"forced_colors": "active", "color_scheme": "dark", "reduced_motion": "reduce"}
    tab = open_tab("break/", **forced)
    canvas, text, marked = tab.evaluate("""['Canvas', 'CanvasText', 'Highlight'].map(name => {
      document.body.style.setProperty('forced-color-adjust', 'none');
      document.body.style.color = name;
      const found = getComputedStyle(document.body).color;
      document.body.removeAttribute('style');
      return found;
    })""")
    assert canvas != text
    # What is taken out and what is put in differ by their edge, their line through and their sign.
    assert style(tab, ".what-if del.line", "borderInlineStartStyle", "borderInlineStartColor", "textDecorationLine") == [
        "dashed",
        text,
        "line-through",
    ]
    assert style(tab, ".what-if ins.line", "borderInlineStartStyle", "borderInlineStartColor") == ["solid", text]
    assert style(tab, ".what-if span.line", "borderInlineStartColor") == [canvas]
    assert {"-", "+"} <= set(tab.locator(".what-if .sign").all_inner_texts())

    tab = open_tab("program/?iteration=100#L36", **forced)
    assert style(tab, ".gutter a[aria-current]", "borderTopWidth", "borderTopColor", pseudo="::before") == ["1px", marked]
    assert style(tab, ".matrix td:not(.was) i", "backgroundColor") in ([text], ["rgba(0, 0, 0, 0)"])  # that of a minus is hatched
    assert canvas not in style(tab, ".matrix td:not(.was) i:not(.minus)", "backgroundColor")
    tab.locator(".gutter a", has_text="39").focus()
    assert style(tab, ".gutter a:focus", "outlineStyle", "outlineWidth") == ["solid", "2px"]

    tab = open_tab("look/guesses/", **forced)
    lines = tab.evaluate("""[...document.querySelectorAll('.figure svg :is([style*="--figure-"], [style*="currentColor"])')]
      .map(line => { const {stroke, fill} = getComputedStyle(line); return stroke !== 'none' ? stroke : fill; })""")
    assert len(lines) > 10 and canvas not in lines

    tab = open_tab("walk/delta/", **forced)
    tab.locator(".beside-switch").click()
    tab.locator(".beside li.embedded").first.wait_for()
    assert style(tab, ".beside li.embedded", "outlineStyle", "borderInlineStartColor") == ["solid", marked]
    assert style(tab, ".beside li:not(.embedded)", "borderInlineStartColor") == [canvas]
    for icon in (".md-code__button, .md-clipboard", "details.question > summary"):
        pseudo = "::before" if "summary" in icon else "::after"
        assert style(tab, icon, "backgroundColor", pseudo=pseudo) == [text]
    assert style(tab, ".curve path", "stroke") == [text]
