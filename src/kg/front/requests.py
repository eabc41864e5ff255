"""An RSGI request as a WSGI environment. Source: PEP 3333; Granian's RSGI specification, version 1."""

from __future__ import annotations

import io
import sys
from typing import Any, Protocol


class Scope(Protocol):
    """What the HTTP server tells of a request."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request whose body has been read."""
    server, _, port = scope.server.rpartition(":")
    result: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # Granian has decoded it; twice would make %2541 an A
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),  # PEP 3333; some clients send letters unescaped
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if name == "content-type":
            result["CONTENT_TYPE"] = value
        elif "_" in name:
            continue  # in this environment nobody could tell X_Forwarded_Host from X-Forwarded-Host
        elif name not in ("content-length", "transfer-encoding"):
            key = "HTTP_" + name.upper().replace("-", "_")
            result[key] = f"{result[key]},{value}" if key in result else value
    result.setdefault("HTTP_HOST", scope.server)
    return result
