"""The preview in a frame of a page from elsewhere, as OpenRefine shows it, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from kg.reconcile.manifest import PREVIEW
from tests.conftest import Server


@pytest.fixture
def elsewhere(server: Server) -> Iterator[str]:
    """A page of another origin that has the preview in a frame of the size that the manifest gives."""
    width, height = PREVIEW
    source = f"{server.url}/reconcile/preview?id=id/org/okhmatdyt"
    page = f'<!doctype html><iframe width="{width}" height="{height}" src="{source}"></iframe>'.encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_address[1]}/"
        other.shutdown()


def test_preview_is_seen_in_a_frame_and_fits_its_width(headless: Browser, elsewhere: str) -> None:
    context = headless.new_context(locale="uk")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(elsewhere, wait_until="networkidle")
    frame = page.frames[1]
    assert "Охматдит" in frame.inner_text("h1")
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    assert not [text for text in said if "reconcile" in text]
    context.close()
