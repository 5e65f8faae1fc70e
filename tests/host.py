"""A static host of localhost: it sends what a folder's _headers says, and compressed files to those who take them."""

import functools
import http.server
import os
import socket
import threading
from contextlib import contextmanager, suppress
from pathlib import Path


def rules(site):
    """Return the headers of a _headers file: a list of (path, {name: value}), as Netlify and Cloudflare read it."""
    found = []
    for line in (Path(site) / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            found.append((line, {}))
        else:
            name, _, value = line.strip().partition(": ")
            found[-1][1][name] = value
    return found


@contextmanager
def serve(site, path="some/where/", folder=None, headers=True, sent_bytes=None):
    """Serve a site below a path on a free port; the value is its address. `folder` is where the path can be made.

    Without headers, it sends what a host sends that knows nothing of them, as GitHub Pages. The list `sent_bytes` takes the
    size of each body.

    `site` is the folder of the site, or a function that builds one for an address and returns its folder.
    """
    root, sent = Path(folder), []

    class Host(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def send_head(self):
            self.encoded = None
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if file.is_dir() and self.path.partition("?")[0].endswith("/") else file
            if "br" in self.headers.get("Accept-Encoding", "") and Path(f"{file}.br").is_file():
                self.encoded = self.guess_type(str(file))
                self.path = f"/{file.relative_to(root).as_posix()}.br"
            return super().send_head()

        def guess_type(self, path):
            return getattr(self, "encoded", None) or super().guess_type(path)

        def end_headers(self):
            asked = "/" + self.path.partition("?")[0].removeprefix(f"/{path}").removesuffix(".br")
            for pattern, headers in sent:
                if pattern == "/*" or pattern == asked:
                    for name, value in headers.items():
                        self.send_header(name, value)
            if self.encoded:
                self.send_header("Content-Encoding", "br")
            super().end_headers()

        def copyfile(self, source, outputfile):
            if sent_bytes is not None:
                sent_bytes.append(os.fstat(source.fileno()).st_size)
            super().copyfile(source, outputfile)

        def log_message(self, *args):
            pass

    class Server(http.server.ThreadingHTTPServer):
        lines = set()

        def process_request(self, request, client_address):
            self.lines.add(request)
            super().process_request(request, client_address)

        def shutdown_request(self, request):
            self.lines.discard(request)
            super().shutdown_request(request)

        def handle_error(self, request, client_address):
            pass  # a browser may hang up

    server = Server(("127.0.0.1", 0), functools.partial(Host, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/{path}"
        site = site(address) if callable(site) else site
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path.rstrip("/")).symlink_to(site, target_is_directory=True)
        sent += rules(site) if headers and (Path(site) / "_headers").is_file() else []
        yield address
    finally:
        server.shutdown()
        server.server_close()
        for line in list(server.lines):  # or a browser that has kept one would still be answered
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
