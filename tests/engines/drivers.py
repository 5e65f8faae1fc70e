"""Two engines behind one small face: Firefox through WebDriver BiDi, WebKit through WebDriver.

A driver opens addresses, evaluates JavaScript, presses keys, clicks and has tabs. All else is said in JavaScript, by the tests.
"""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

PLACE = (
    "((element) => {{ element.scrollIntoView({{ block: 'center' }}); const box = element.getBoundingClientRect();"
    " return [box.left + box.width / 2, box.top + box.height / 2]; }})({})"
)
KEYS = {"ArrowDown": "\ue015", "End": "\ue010", "Enter": "\ue007", "Control": "\ue009"}


class Missing(Exception):
    """An engine is not installed; says how to install it."""


class Firefox:
    """Firefox ESR, without a window. There is no driver in Debian, and none is needed: it speaks BiDi by itself."""

    def __init__(self, folder):
        import websocket  # comes with Selenium

        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if not program:
            raise Missing("no Firefox; install it (`apt-get install firefox-esr`)")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [program, "--headless", "--profile", str(folder), "--remote-debugging-port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(120):
            try:
                self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}/session", timeout=60, suppress_origin=True)
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise Missing("Firefox does not answer")
        self.number = 0
        self._ask("session.new", capabilities={})
        self.tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _ask(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                assert answer["type"] == "success", f"{method}: {answer.get('message')}"
                return answer["result"]

    def open(self, address):
        self._ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def new_tab(self):
        self.tab = self._ask("browsingContext.create", type="tab")["context"]
        return self.tab

    def go_to(self, tab):
        self.tab = tab
        self._ask("browsingContext.activate", context=tab)

    def run(self, expression):
        answer = self._ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            awaitPromise=True,
            target={"context": self.tab},
            userActivation=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"].get("value", "null"))

    def press(self, *keys):
        """Press keys together, and let go of them."""
        codes = [KEYS.get(key, key) for key in keys]
        actions = [
            *({"type": "keyDown", "value": code} for code in codes),
            *({"type": "keyUp", "value": code} for code in codes[::-1]),
        ]
        self._ask("input.performActions", context=self.tab, actions=[{"type": "key", "id": "keys", "actions": actions}])

    def click(self, element):
        """Click what an expression of JavaScript names, with the mouse."""
        x, y = map(int, self.run(PLACE.format(element)))
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._ask("input.performActions", context=self.tab, actions=[{"type": "pointer", "id": "mouse", "actions": actions}])

    def resize(self, width, height):
        self._ask("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def close(self):
        self.socket.close()
        self.process.kill()
        self.process.wait()


class WebKit:
    """WebKitGTK's MiniBrowser, on a screen of its own."""

    def __init__(self, folder):
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service

        browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)
        if not (browser and shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
            raise Missing("no WebKit; install it (`apt-get install webkit2gtk-driver xvfb`)")
        read, write = socket.socketpair()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write.fileno()), "-screen", "0", "1600x1200x24"],
            pass_fds=[write.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        display = f":{read.recv(16).decode().strip()}"
        options = Options()
        options.binary_location = str(browser)
        options.add_argument("--automation")
        environment = {
            "DISPLAY": display,
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }  # as root there is none
        self.driver = webdriver.WebKitGTK(options=options, service=Service(shutil.which("WebKitWebDriver"), env=environment))
        self.driver.set_script_timeout(60)
        self.tab = self.driver.current_window_handle

    def open(self, address):
        self.driver.get(address)

    def new_tab(self):
        self.driver.switch_to.new_window("window")
        return self.driver.current_window_handle

    def go_to(self, tab):
        self.driver.switch_to.window(tab)

    def run(self, expression):
        text = self.driver.execute_async_script(
            f"const done = arguments[0];"
            f"(async () => JSON.stringify(await ({expression})))().then(done, (error) => done('!' + error))"
        )
        assert not (text or "").startswith("!"), text
        return json.loads(text or "null")

    def press(self, *keys):
        from selenium.webdriver import ActionChains

        actions = ActionChains(self.driver)
        for key in keys:
            actions.key_down(KEYS.get(key, key))
        for key in keys[::-1]:
            actions.key_up(KEYS.get(key, key))
        actions.perform()

    def click(self, element):
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(*map(int, self.run(PLACE.format(element)))).click()
        actions.perform()

    def resize(self, width, height):
        self.driver.set_window_size(width, height)
        inner = self.run("innerWidth")
        self.driver.set_window_size(width + width - inner, height)

    def close(self):
        self.driver.quit()
        self.screen.kill()
        self.screen.wait()
