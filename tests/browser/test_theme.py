"""What a reader meets around the text: copying, the way back to where they were, and the way of the Tab key to the text."""


def test_what_is_copied_can_be_run(open_tab):
    tab = open_tab("break/")
    tab.evaluate("navigator.clipboard.writeText = async (text) => (window.copied = text)")

    def copied(selector):
        tab.locator(f"{selector} .md-code__button").first.dispatch_event("click")
        tab.wait_for_function("window.copied !== undefined")
        return tab.evaluate("[window.copied, delete window.copied][0]")

    assert copied(".what-if:has(del)") == "# Guess.\nl0 = X * [1, 1, 0]"
    assert "after the change" in tab.locator(".md-dialog").inner_text()
    tab.goto(tab.url.replace("break/", "walk/update/"))
    tab.locator("html[data-ready]").wait_for(state="attached")
    tab.evaluate("navigator.clipboard.writeText = async (text) => (window.copied = text)")
    assert copied(".embed") == "# Move the weights.\nsyn0 += np.dot(l0.T, l1_delta)"


def test_the_start_page_leads_to_where_a_reader_was(open_tab):
    tab = open_tab("")
    assert tab.locator(".place.last").inner_text() == ""
    before = tab.locator("h1").bounding_box()
    open_tab("walk/update/")
    tab = open_tab("")
    assert tab.locator(".place.last").inner_text() == "You were last at The update."
    assert tab.locator("h1").bounding_box() == before
    tab.locator(".place.last a").click()
    tab.wait_for_url("**/walk/update/")


def test_the_text_is_not_far_for_the_tab_key(open_tab):
    tab, stops = open_tab("walk/update/"), 0
    while not tab.evaluate("document.activeElement.closest('article') !== null"):
        tab.keyboard.press("Tab")
        stops += 1
    assert stops <= 32
    sidebar = tab.locator(".md-sidebar--primary")
    link = sidebar.get_by_role("link", name="Break it")
    assert not link.is_visible()
    sidebar.get_by_role("checkbox", name="Experiments", exact=True).press("Space")
    assert link.is_visible()
