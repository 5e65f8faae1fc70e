"""The shipped nginx configuration: it is right, sends what it should, and a restart under load loses nothing."""

import os
import shutil
import threading
import urllib.error
import urllib.request
from pathlib import Path

import brotli
import nginx
import pytest

from publish.folder import HASHED


@pytest.fixture(scope="module")
def served(site, tmp_path_factory):
    if not nginx.found():
        why = "nginx or its module is not there (`apt-get install nginx-light libnginx-mod-http-brotli-static`)"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    folder = tmp_path_factory.mktemp("nginx")
    shutil.copytree(site, folder / "site")
    server = nginx.Nginx(folder / "site", folder, (site / "nginx.conf").read_text(encoding="utf-8"))
    assert server.check() == ""
    server.start()
    yield server, folder / "site"
    server.stop()


def get(address, **headers):
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br", **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_page_is_sent_compressed_with_its_policy(served):
    server, site = served
    status, headers, body = get(server.address + "walk/error/")
    assert status == 200 and headers["Content-Encoding"] == "br" and headers["Vary"] == "Accept-Encoding"
    assert brotli.decompress(body) == (site / "walk/error/index.html").read_bytes()
    assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-cache"
    assert headers["Content-Security-Policy"] in (site / "_headers").read_text(encoding="utf-8")
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
    assert get(server.address + "walk/error/", **{"If-None-Match": headers["ETag"]})[0] == 304
    assert get(server.address + "walk/error/", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"


def test_what_never_changes_is_kept_for_a_year(served):
    server, site = served
    for path in site.glob("assets/*.*"):
        if HASHED.search(path.name) and path.suffix in (".js", ".css"):
            _, headers, _ = get(server.address + f"assets/{path.name}")
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert ("Content-Security-Policy" in headers) == ("worker" in path.name)
    assert get(server.address + "sw.js")[1]["Cache-Control"] == "no-cache"


def test_what_is_not_there_is_said_with_a_page(served):
    server, site = served
    for path in ("no/such/page", "nginx.conf", "_headers", "nginx.conf.gz"):
        status, headers, body = get(server.address + path)
        assert status == 404 and brotli.decompress(body) == (site / "404.html").read_bytes()
        assert "Content-Security-Policy" in headers


@pytest.mark.parametrize("path", [".git/config", ".env", "assets/.htaccess", "walk/.git/HEAD", ".well-known/security.txt"])
def test_only_what_belongs_to_the_site_is_served(served, path):
    server, site = served
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_text("secret")
    assert get(server.address + path)[0] == (200 if path.startswith(".well-known") else 404)


@pytest.mark.parametrize("path", ["/other.host/%2f../program/", "/program/", "walk//error/", "/other.host/..%2fprogram/"])
def test_an_address_that_names_another_host_is_none(served, path):
    server, _ = served
    assert get(server.address + path)[0] == 404


def test_a_reload_under_load_loses_nothing_and_a_crash_only_what_was_under_way(served):
    """Eight readers read without pause. No answer is wrong; while the configuration is read anew, none fails either."""
    server, site = served
    wanted = (site / "walk/error/index.html.br").read_bytes()
    counts, ended = {"read": 0, "wrong": 0, "failed": 0}, threading.Event()
    lock = threading.Lock()

    def read():
        while not ended.is_set():
            try:
                result = "read" if get(server.address + "walk/error/")[2] == wanted else "wrong"
            except OSError:
                result = "failed"
            with lock:
                counts[result] += 1

    def more(number=100):
        goal = counts["read"] + number
        for _ in range(600):
            if counts["read"] >= goal:
                return
            ended.wait(0.05)
        raise AssertionError(f"it no longer answers: {counts}")

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    try:
        more()
        for _ in range(5):
            server.reload()
            more()
        assert counts["failed"] == 0, counts
        server.kill_a_worker()
        more()
        assert counts["failed"] <= len(readers), counts
        server.kill()
        server.start()
        more()
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert counts["wrong"] == 0, counts
    for path in site.rglob("*.br"):
        page = Path(path).with_suffix("").relative_to(site).as_posix()
        if page not in ("nginx.conf", "404.html"):
            assert get(server.address + page)[2] == path.read_bytes(), page
