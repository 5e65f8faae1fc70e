"""Exercises in a browser, with real Python: what is wrong is said, nothing that was written is lost, and they can be finished."""

import re

import pytest
from conftest import ROOT

from browser.test_pages import AXE, violations
from browser.test_run import Runner, opened
from literate.page import Exercise, Page
from literate.program import Program

NN = Program.read(ROOT / "snippets" / "nn.py")


@pytest.fixture(scope="module")
def context(browser):
    made = browser.new_context(service_workers="block", viewport={"width": 320, "height": 640})
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def delta(context, sites):
    return opened(context, sites("good") + "walk/delta/")


def sheet(tab):
    """Return a page's exercise, which is there once a reader comes near it."""
    place = tab.locator(".exercise .sheet")
    place.scroll_into_view_if_needed()
    place.locator("textarea").wait_for()
    return place


def checked(tab, text=None):
    """Check a text, and return what is said of it."""
    place = sheet(tab)
    if text is not None:
        place.locator("textarea").fill(text)
    place.locator(".start").click()
    place.locator(".start:not([aria-disabled])").wait_for()
    return place.get_by_role("status").inner_text()


def in_view(runner):
    """Say whether the line that is selected in an editor is seen, below the bar that stays."""
    return runner.place.evaluate("""place => {
      const field = place.querySelector("textarea"), number = field.value.slice(0, field.selectionStart).split("\\n").length;
      const line = place.querySelectorAll(".pce-line")[number - 1].getBoundingClientRect();
      return place.querySelector(".bar").getBoundingClientRect().bottom <= line.top && line.bottom <= innerHeight;
    }""")


def plain(message):
    """A message as it is seen, without what is computed."""
    return re.sub(r"`(\{python\} [^`]*)?", "", message)


def test_a_line_is_checked_in_words_about_the_mistake(delta):
    [exercise] = [block for block in Page.read(ROOT / "docs" / "walk" / "delta.md").blocks if isinstance(block, Exercise)]
    assert checked(delta).startswith("Nothing stands here yet.")
    for check in exercise.checks[:4]:
        assert checked(delta, check.wrong[0][1]) == plain(check.message)
        assert delta.locator(".exercise textarea").get_attribute("aria-invalid") == "true"
    for right in (
        "l1_delta = l1_error * nonlin(l1, True)",
        "l1_delta = nonlin(l1, deriv=True)*l1_error  # so",
        "slopes = l1 * (1 - l1)\nl1_delta = np.multiply(l1_error, slopes)",
    ):
        assert checked(delta, right).startswith("Right."), right
        assert delta.locator(".exercise .passed").count() == 1
        delta.locator(".exercise textarea").press("x")  # another text is not right because this one was
        assert delta.locator(".exercise .passed").count() == 0 and not delta.locator(".exercise [role=status]").inner_text()
    assert "Python cannot read this" in checked(delta, "l1_delta = l1_error *")
    assert "Did you mean l1_error?" in checked(delta, "l1_delta = l1_eror * nonlin(l1, True)")
    assert "prints more than anybody reads" in checked(delta, "while True: print(l1)")
    delta.evaluate(AXE)
    assert violations(delta) == []
    assert delta.wrong == [] and delta.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_endless_loop_is_stopped_and_the_next_check_is_right(delta):
    place = sheet(delta)
    assert checked(delta, "while True: pass").startswith("It goes round and round")
    place.locator("textarea").fill("l1_delta = sum(range(10 ** 12))")  # which nothing in Python can interrupt
    place.locator(".start").click()
    place.get_by_role("button", name="Stop").click()
    assert place.get_by_role("status").inner_text() == "Stopped."
    assert checked(delta, "l1_delta = l1_error * nonlin(l1, True)").startswith("Right.")


def test_what_a_page_asks_to_try_is_what_runs_first(delta):
    runner = Runner(delta)
    changed = NN.text.replace("l1_error * nonlin", "10 * l1_error * nonlin")
    assert "The output differs from the recorded output of the unchanged nn.py" in runner.run()
    assert runner.place.get_by_text("Your text differs from nn.py").is_visible()
    runner.button("Edit").click()
    assert runner.text() == changed
    mine = runner.place.locator("textarea").evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert mine.strip() == "l1_delta = 10 * l1_error * nonlin(l1, True)" and in_view(runner)
    runner.button("Reset").click()
    assert "The output is the same as the recorded output." in runner.run()  # it is asked for once
    runner.button("Edit").click()
    runner.place.locator("textarea").wait_for(state="hidden")
    runner.button("Edit").click()
    runner.place.locator("textarea").wait_for()
    assert runner.text() == NN.text and in_view(runner)


def test_what_a_reader_wrote_is_kept_and_hints_come_by_degrees(delta):
    place = delta.locator(".exercise")
    field = place.locator("textarea")
    field.fill(f"l1_delta = {'1 * ' * 30}l1_error")
    place.locator(".start").focus()
    delta.keyboard.press("Shift+Tab")
    delta.wait_for_timeout(100)
    seen = "field => [field === document.activeElement, field.scrollLeft, field.parentElement.scrollLeft]"
    assert field.evaluate(seen) == [True, 0, 0]
    field.fill("l1_delta = mine")
    delta.reload()
    delta.locator("html[data-ready]").wait_for(state="attached")
    sheet(delta)
    assert field.input_value() == "l1_delta = mine"
    place.get_by_role("button", name="Start again").click()
    assert field.input_value() == "..."
    place.get_by_role("button", name="Back to my own text").click()
    assert field.input_value() == "l1_delta = mine"
    place.get_by_role("button", name="Start again").click()
    field.fill("l1_delta = another")
    place.get_by_role("button", name="Start again").click()
    for wanted in ("l1_delta = another", "l1_delta = mine"):  # neither has taken the other's place
        place.get_by_role("button", name="Back to my own text").click()
        assert field.input_value() == wanted
    field.press("End")
    field.press("Enter")
    field.press_sequentially("if x:")
    field.press("Enter")
    assert field.input_value() == "l1_delta = mine\nif x:\n    "
    field.press("Tab")
    assert not field.evaluate("field => field === document.activeElement")
    opened = 0
    for hint in place.locator("summary").all()[:-1]:
        assert hint.is_visible() and sum(one.is_visible() for one in place.locator("summary").all()) == opened + 2
        hint.click()
        opened += 1
        if opened == place.locator("summary").count() - 1:
            break
    assert place.locator(".solution").inner_text() == "l1_delta = l1_error * nonlin(l1, True)"


def test_the_program_is_rebuilt_from_memory_stage_by_stage(context, sites):
    tab = opened(context, sites("good") + "retell/")
    given, lines = sheet(tab).locator("textarea").input_value(), NN.text.rstrip("\n").split("\n")
    assert given.count("...") == sum(bool(line.strip()) and line.strip()[0] != "#" for line in lines)
    said, filled = [checked(tab)], given.rstrip("\n").split("\n")
    for until in ("return 1 /", "return x *", "[1, 1, 1]", "y =", "syn0 = 2", "l1 = nonlin", "l1_error =", "l1_delta ="):
        last = NN.find(until)[-1]
        filled[:last] = lines[:last]
        if until == "return x *":
            continue
        said.append(checked(tab, "\n".join(filled)))
    assert len(set(said)) == len(said), said
    assert checked(tab, NN.text).startswith("Finished.")
    assert checked(tab, NN.text.replace("np.dot(l0, syn0)", "l0 @ syn0").replace("l0.T", "X.T")).startswith("Finished.")
    assert "wrong sign" in checked(tab, NN.text.replace("syn0 +=", "syn0 -="))
    assert checked(tab, NN.text.replace("]]).T", "]])")).endswith("and yours have the shape (1, 4).")
    assert tab.wrong == []
