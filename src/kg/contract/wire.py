"""The bytes on the wire: what a library hides, as a body after HEAD, or cannot send, as `//` at the start of a path."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from kg.contract.client import Client, Exchange, Request, Response

_MAX_BYTES = 1 << 20


def ask(client: Client, request: Request) -> Exchange | None:
    """Send a request on a connection of its own and read until the server closes it.

    The response's body is every byte behind the head, with any transfer coding as it came.
    Return None where a proxy stands between, as the bytes are its own. Raise Unanswered.
    """
    is_proxied, trusted = client.verification(request.url)
    if is_proxied:
        return None
    return Exchange(request, client.bounded(request, lambda: _exchange(request, client.timeout_s, trusted)))


def _exchange(request: Request, timeout_s: float, trusted: str | bool) -> Response:
    parts = urlsplit(request.url)
    is_tls = parts.scheme == "https"
    target = request.url.partition("://")[2]
    target = target[len(parts.netloc) :].partition("#")[0] or "/"
    headers = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", "Accept-Encoding": "identity"}
    headers |= {name: value for name, value in request.headers if value}
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    address = (parts.hostname or "", parts.port or (443 if is_tls else 80))
    with socket.create_connection(address, timeout_s) as plain:
        context = ssl.create_default_context(cafile=trusted if isinstance(trusted, str) else None)
        with context.wrap_socket(plain, server_hostname=address[0]) if is_tls else plain as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
            received = b""
            while len(received) < _MAX_BYTES and (chunk := connection.recv(1 << 16)):
                received += chunk
    return _response(received)


def _response(received: bytes) -> Response:
    """Raise ValueError if these bytes are no HTTP."""
    head, blank, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not (blank and version.startswith("HTTP/") and rest[:3].isdecimal()):
        raise ValueError(f"no HTTP response but {received[:60]!r}")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, colon, value in pairs if colon)
    return Response(int(rest[:3]), headers, body, len(received) >= _MAX_BYTES)
