"""Fences in a browser, with real Python: each runs where it stands, in the state of its place, and a change above it counts."""

import pytest
from playwright.sync_api import expect

from browser.test_pages import AXE, violations
from browser.test_run import Runner, opened


@pytest.fixture(scope="module")
def descent(browser, sites):
    context = browser.new_context(service_workers="block", viewport={"width": 320, "height": 640})
    context.set_default_timeout(60_000)
    yield opened(context, sites("good") + "descent/")
    context.close()


class Fence(Runner):
    """One fence of a page, as its reader sees what runs it."""

    def __init__(self, tab, number):
        self.tab, self.place = tab, tab.locator(".fence").nth(number)


def test_a_fence_runs_where_it_stands_and_what_is_changed_above_it_counts(descent):
    functions, measured, last = Fence(descent, 0), Fence(descent, 1), Fence(descent, descent.locator(".fence").count() - 1)
    assert "Your text stays here" in descent.locator(".fence, .runner").first.inner_text()
    same = "The output is the same as the recorded output."
    assert measured.run().endswith(same) and measured.output().startswith("measured +0.05289153")
    assert last.run().endswith(same)  # behind another embed, a hundred iterations on
    functions.button("Edit").click()
    functions.write(functions.text().replace(".sum() / 2", ".sum()"))
    assert functions.place.get_by_text("Your text differs from this fence").is_visible()
    assert "The output differs from the recorded output, from line 1 on." in measured.run()
    assert measured.output().startswith("measured +0.10578305")
    functions.write("1 / 0\n")
    assert measured.run() == "It has not come as far as this. Above it stands what ends in ZeroDivisionError: division by zero."
    assert functions.run() == "ZeroDivisionError: division by zero, on line 1."
    functions.write("while True: pass\n")
    measured.button("Run").click()
    expect(measured.place.get_by_role("status")).to_have_text("Running.")
    measured.button("Stop").click()
    assert measured.ended().startswith("Stopped after")
    functions.button("Reset").click()
    assert measured.run().endswith(same)
    descent.evaluate(AXE)
    assert violations(descent) == []


def test_what_a_reader_has_changed_is_there_again_and_counts(descent):
    functions = Fence(descent, 0)
    functions.write(functions.text().replace(".sum() / 2", ".sum()"))
    descent.reload()
    descent.locator("html[data-ready]").wait_for(state="attached")
    assert functions.place.get_by_text("Your text differs from this fence").is_visible()
    assert "differs" in Fence(descent, 1).run()
    assert not Fence(descent, 1).button("Copy a link").count() and not Fence(descent, 1).button("Save fence.py").count()
    descent.goto(descent.url.replace("descent/", "hidden/back/"))  # a fence of the other program, after the line of its page
    descent.locator("html[data-ready]").wait_for(state="attached")
    assert Fence(descent, 0).run().endswith("The output is the same as the recorded output.")


def test_without_a_script_there_is_nothing_that_could_not_run(browser, base):
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(f"{base}descent/")
    assert tab.locator(".fence").count() > 3 and not tab.locator(".fence >> visible=true").count()
    tab.close()
