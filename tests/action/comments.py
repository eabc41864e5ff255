"""GitHub's comments on loopback, as far as the action asks for them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Comments:
    """The comments of pull request 7 of some/where.

    asked    method, path and authorisation of each request
    refuses  answer 403 to whoever wants to write
    """

    url: str = ""
    all: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False

    def add(self, body: str, author: str) -> None:
        self.all.append({"id": len(self.all) + 1, "body": body, "user": {"login": author}})

    def bodies(self, author: str = "github-actions[bot]") -> list[str]:
        return [c["body"] for c in self.all if c["user"]["login"] == author]


@contextmanager
def served() -> Iterator[Comments]:
    """A server with no comment yet."""
    comments = Comments()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._asked()
            asked = parse_qs(urlsplit(self.path).query)
            size, page = int(asked["per_page"][0]), int(asked["page"][0])
            found = comments.all[(page - 1) * size : page * size]
            is_here = urlsplit(self.path).path == "/repos/some/where/issues/7/comments"
            self._answer(200 if is_here else 404, found if is_here else {})

        def do_POST(self) -> None:
            body = self._asked()
            if not self._refused() and self.path == "/repos/some/where/issues/7/comments":
                comments.add(body["body"], "github-actions[bot]")
                self._answer(201, comments.all[-1])

        def do_PATCH(self) -> None:
            body = self._asked()
            if not self._refused():
                (mine,) = (c for c in comments.all if self.path == f"/repos/some/where/issues/comments/{c['id']}")
                mine["body"] = body["body"]
                self._answer(200, mine)

        def _asked(self) -> Any:
            comments.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
            length = int(self.headers.get("Content-Length", 0))
            return json.loads(self.rfile.read(length)) if length else None

        def _refused(self) -> bool:
            if comments.refuses:
                self._answer(403, {"message": "Resource not accessible by integration"})
            return comments.refuses

        def _answer(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    comments.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield comments
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
