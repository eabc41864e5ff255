"""SERVICE, for the endpoints that the operator allows, through a gateway that checks addresses and counts.

Oxigraph sends the requests of SERVICE itself, to whatever the query names and with no limit in rows. So a query is
evaluated only after each allowed endpoint in it has been replaced by a loopback address, at which this gateway listens
for as long as the query runs.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.store.sparql_text import with_services, without_requests
from kg.words.errors import BadGateway, NotAllowed

_RESULTS = "application/sparql-results+json"
_BYTES_A_ROW = 4096


@dataclass(frozen=True)
class Federation:
    """What queries may ask of others.

    endpoints  IRIs of the SPARQL endpoints that SERVICE may name. An address that is not public (loopback, private) is
               asked only where the IRI itself names it, as http://127.0.0.1:7200/… or http://localhost/… do
    max_rows   of one answer; one with more is an error, since half an answer would be taken for a whole one
    timeout_s  of one request
    """

    endpoints: tuple[str, ...] = ()
    max_rows: int = 10_000
    timeout_s: float = 10.0


class Gateway:
    """Stands between one query and the endpoints it names. A context: it listens only inside, and only if asked to."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.trouble: list[str] = []
        self._server: _Listener | None = None

    def __enter__(self) -> Gateway:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def rewrite(self, text: str) -> str:
        """The text to evaluate: allowed endpoints replaced by this gateway's address.

        Raise NotAllowed if the text would ask anybody else, QuerySyntaxError if it does not parse.
        """
        if not self.federation.endpoints:
            return without_requests(text)
        try:
            return with_services(text, self._address)
        except NotAllowed:
            allowed = ", ".join(f"<{e}>" for e in self.federation.endpoints)
            raise NotAllowed(f"SERVICE may ask {allowed} only, and LOAD is switched off") from None

    def failure(self) -> BadGateway | None:
        """Why an endpoint could not be asked; None if all was well."""
        return BadGateway(self.trouble[0]) if self.trouble else None

    def _address(self, endpoint: str) -> str | None:
        if endpoint not in self.federation.endpoints:
            return None
        if self._server is None:
            self._server = _Listener(self)
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/{self.federation.endpoints.index(endpoint)}"


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarder)
        self.gateway = gateway


class _Forwarder(BaseHTTPRequestHandler):
    """Passes one request of the evaluator on, and the answer back if it is within the limits."""

    server: _Listener

    def do_POST(self) -> None:
        gateway = self.server.gateway
        endpoint = gateway.federation.endpoints[int(self.path.strip("/"))]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = _ask(endpoint, self.headers.get("Content-Type") or "", body, gateway.federation)
        except (OSError, http.client.HTTPException, ValueError) as error:
            gateway.trouble.append(f"<{endpoint}> could not be asked: {error}")
            self.send_error(502)
            return
        self.send_response(200)
        self.send_header("Content-Type", _RESULTS)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  the name that the library calls
        pass


def _ask(endpoint: str, media_type: str, body: bytes, federation: Federation) -> bytes:
    """The endpoint's answer as SPARQL JSON. Raise ValueError if it is none, or has too many rows; OSError and
    HTTPException if there is none."""
    parts = urlsplit(endpoint)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    host = parts.hostname or ""
    peer = socket.create_connection((_address_of(host, port), port), federation.timeout_s)
    if secure:
        peer = ssl.create_default_context().wrap_socket(peer, server_hostname=host)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = peer
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": media_type, "Accept": _RESULTS})
        response = connection.getresponse()
        answer = response.read(federation.max_rows * _BYTES_A_ROW)
        if response.status != 200:
            raise ValueError(f"it answered {response.status}")
        if response.read(1):
            raise ValueError(f"it answered more than {len(answer):,} bytes")
    finally:
        connection.close()
    outcome = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if isinstance(outcome, ox.QuerySolutions):
        rows = sum(1 for _ in outcome)
        if rows > federation.max_rows:
            raise ValueError(
                f"it answered {rows:,} rows, more than {federation.max_rows:,}. Ask for less inside SERVICE"
            )
    return answer


def _address_of(host: str, port: int) -> str:
    """The one address to connect to. Raise ValueError if one of them is not public and the name does not say so."""
    addresses = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    named = host == "localhost" or _is_address(host)
    for address in addresses:
        if not named and not ipaddress.ip_address(address).is_global:
            raise ValueError(f"{host} leads to {address}, which is not a public address")
    return addresses[0]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
