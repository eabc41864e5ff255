"""A small reverse proxy, run as a process of its own: `python proxy.py PORT TARGET_PORT PREFIX strip|keep`.

It answers below PREFIX as a host with HTTPS would, and tells the server so in X-Forwarded headers.
"""

from __future__ import annotations

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PUBLIC_HOST = "kg.example.org"
_HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


def main() -> None:
    port, target, prefix, how = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.startswith(prefix + "/"):
                self.send_error(404)
                return
            path = self.path[len(prefix) :] if how == "strip" else self.path
            told = {n: v for n, v in self.headers.items() if not n.lower().startswith("x-forwarded")}
            told |= {"X-Forwarded-Proto": "https", "X-Forwarded-Host": PUBLIC_HOST, "X-Forwarded-Prefix": prefix}
            connection = http.client.HTTPConnection("127.0.0.1", target, timeout=20)
            connection.request(self.command, path, headers=told)
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, format: str, *args: object) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
