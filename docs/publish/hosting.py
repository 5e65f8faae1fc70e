"""Hosting: what a host sends along with the pages, as the files in which the usual hosts are told."""

import re
from collections.abc import Sequence
from pathlib import Path

POLICY = "Content-Security-Policy"
LONG = "public, max-age=31536000, immutable"


def policy(hashes: Sequence[str], python_host: str = "") -> str:
    """Return the content security policy: scripts are the site's own files, and the inline ones with these hashes.

    Styles come from the site's files; an element may have a style of its own, as figures and tables do. A page fetches Python
    from its host, and runs no script from there: it hands the files to a frame, which takes over this policy and adds its own,
    that reaches nothing (frame.js). What the frame starts, WebAssembly and a worker of what it was handed, both must allow.
    """
    hosts = f"'self' {python_host}" if "//" in python_host else "'self'"  # it may also be a folder of the site
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(
                ["script-src 'self'", *(["'wasm-unsafe-eval'"] if python_host else []), *(f"'{digest}'" for digest in hashes)]
            ),
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            f"connect-src {hosts}",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def headers(hashes: Sequence[str], python_host: str) -> dict[str, str]:
    """Return the headers of every answer, by their names."""
    return {
        POLICY: policy(hashes, python_host) + "; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def write(site: Path, hashes: Sequence[str], python_host: str, hashed: re.Pattern[str]) -> None:
    """Write _headers, for Netlify and Cloudflare, and nginx.conf beside the pages."""
    sent = headers(hashes, python_host)
    rules = ["/*", *(f"  {name}: {value}" for name, value in sent.items())]
    for path in sorted(site.rglob("*")):
        if hashed.search(path.name):
            rules += [f"/{path.relative_to(site).as_posix()}", f"  Cache-Control: {LONG}"]
    (site / "_headers").write_text("\n".join(rules) + "\n", encoding="utf-8")

    text = Path(__file__).with_name("nginx.conf").read_text(encoding="utf-8")
    lines = "\n  ".join(f'add_header {name} "{value}" always;' for name, value in sent.items() if name != POLICY)
    for word, value in (("HASHED", hashed.pattern), ("LONG", LONG), ("HEADERS", lines), ("POLICY", sent[POLICY])):
        text = text.replace(word, value)
    (site / "nginx.conf").write_text(text, encoding="utf-8")
