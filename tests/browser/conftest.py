"""A browser, and the built site served from a folder of localhost, as static hosting would."""

import contextlib
import os

import pytest
from conftest import CHROMIUM
from host import serve

from browser import pyodide

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

# As root, Chromium wants no sandbox; in a test it wants nothing of the network.
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, Google's Chrome, or Playwright's own. Where there is none, the test is skipped; in CI it fails."""
    with playwright.sync_playwright() as play:
        try:
            chromium = play.chromium.launch(executable_path=CHROMIUM or None, args=ARGS)
        except playwright.Error as error:
            why = f"no browser starts: {str(error).splitlines()[0]}; install Chromium (`apt-get install chromium`)"
            pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def base(site, tmp_path_factory):
    """The address of the site's root, which is not the server's."""
    with serve(site, folder=tmp_path_factory.mktemp("host")) as address:
        yield address


@pytest.fixture(scope="session")
def instant(build_instant, tmp_path_factory):
    """The address of the same site, built with Material's instant navigation."""
    with serve(build_instant, folder=tmp_path_factory.mktemp("host")) as address:
        yield address


@pytest.fixture
def navigation():
    """How the site goes from page to page: "full", as it is shipped, or "instant"."""
    return "full"


@pytest.fixture
def open_tab(browser, site, navigation, request):
    """Return a function that opens a page in a new tab; all tabs of one test share their storage.

    A script that raises, a message of an error and a request that fails or that leaves the site fail the test.
    """
    contexts, wrong, base = {}, [], request.getfixturevalue({"full": "base", "instant": "instant"}[navigation])

    def opened(path="", **options):
        key = str(options)
        if key not in contexts:
            # Playwright's wait_for_function evaluates text, which the policy forbids; test_safe.py keeps to the policy.
            # No test but those of reading offline waits for the whole site to be kept.
            contexts[key] = browser.new_context(
                **{"viewport": {"width": 1440, "height": 900}, "bypass_csp": True, "service_workers": "block", **options}
            )
            contexts[key].set_default_timeout(10_000)
            contexts[key].grant_permissions(["clipboard-write"])  # which a click gives where there is a window
            contexts[key].on("page", watch)
        tab = contexts[key].new_page()
        tab.goto(base + path)
        if options.get("java_script_enabled", True):
            ready(tab)
        return tab

    def watch(tab):
        tab.on("pageerror", lambda error: wrong.append(f"{tab.url}: {error}"))
        tab.on("console", lambda message: message.type == "error" and wrong.append(f"{tab.url}: {message.text}"))
        tab.on(
            "request",
            lambda request: (
                request.url.startswith(("http", "ws"))
                and not request.url.startswith(base)
                and wrong.append(f"{tab.url}: asks for {request.url}")
            ),
        )

    yield opened
    for context in contexts.values():
        context.close()
    assert wrong == []


def ready(tab):
    """Wait until a page's scripts have made of it what they make of it."""
    tab.locator("html[data-ready], .booklet").wait_for(state="attached")


@pytest.fixture(scope="session")
def hosts():
    """The address of Pyodide's folder on a host of its own, and a list of the paths that it is asked for."""
    with pyodide.host() as (place, asked):
        yield place, asked


@pytest.fixture(scope="session")
def sites(site, hosts, tmp_path_factory):
    """Return the address of the site, by where it takes its Python from, and how it is sent.

    "good": with no header, as GitHub Pages sends it; "strict": with the shipped ones; "wrong" and "undrawn": NumPy or a file of
    Matplotlib is another one than the site knows; "gone": nobody listens there.
    """
    root, places = tmp_path_factory.mktemp("sites"), {}
    with contextlib.ExitStack() as stack:

        def served(name):
            if name not in places:
                host = {"gone": "http://127.0.0.1:9/", "undrawn": f"{hosts[0]}{pyodide.OTHER}/"}.get(name, hosts[0])
                made = pyodide.taking(site, root / name, host, wrong=name == "wrong")
                places[name] = stack.enter_context(serve(made, folder=root / f"{name}-root", headers=name == "strict"))
            return places[name]

        yield served
