"""A request as a WSGI environment. Source: PEP 3333."""

from __future__ import annotations

import io
import sys
from typing import Any

from kg.http import Exchange


def environ(exchange: Exchange) -> dict[str, Any]:
    """The WSGI environment of a request."""
    address, port = exchange.server
    result: dict[str, Any] = {
        "REQUEST_METHOD": exchange.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": exchange.raw_path.decode("latin-1"),
        "QUERY_STRING": exchange.query_string.decode("latin-1"),
        "SERVER_NAME": address,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{exchange.version}",
        "REMOTE_ADDR": exchange.client,
        "CONTENT_LENGTH": str(len(exchange.body)),
        "HTTP_HOST": f"{address}:{port}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(exchange.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in exchange.headers.items():
        if name == b"content-type":
            result["CONTENT_TYPE"] = value.decode("latin-1")
        elif b"_" in name:
            continue  # in this environment nobody could tell X_Forwarded_Host from X-Forwarded-Host
        elif name not in (b"content-length", b"transfer-encoding"):
            result["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    return result
