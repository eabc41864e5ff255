"""The servers that are compared, each started on loopback with the same triples, and stopped."""

from __future__ import annotations

import contextlib
import http.client
import importlib.metadata
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Protocol
from urllib.parse import quote, urlencode

from kg.bench import processes
from kg.bench.dataset import Dataset
from kg.store.forking import end_with_parent
from kg.words.errors import KgError
from kg.words.formats import RESULTS_JSON, Format

_SETTLES_WITHIN_S = 60.0
_VIRTUOSO_GRAPH = "urn:x-kg-bench:data"
_TO_LOAD_S = 1800.0
_INI = Path(__file__).parent / "virtuoso.ini"


class NotStarted(KgError):
    """A server that did not come up, or not with all triples."""

    exit_code = 2
    title = "Server not started"
    slug = "not-started"


@dataclass(frozen=True)
class Address:
    """Where a server takes queries. `fixed` are parameters that go with every one."""

    port: int
    path: str
    fixed: tuple[tuple[str, str], ...] = ()

    def request(self, query: str, format_: Format) -> bytes:
        """A GET request for a query, as it goes over the wire."""
        target = f"{self.path}?{urlencode([('query', query), *self.fixed], quote_via=quote)}"
        return (
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUser-Agent: kg-bench\r\n"
            f"Accept: {format_.media_type}\r\nConnection: keep-alive\r\n\r\n"
        ).encode()

    def ask(self, query: str, format_: Format, timeout_s: float = 120.0) -> tuple[int, bytes]:
        """Status and body of one query."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            target = f"{self.path}?{urlencode([('query', query), *self.fixed], quote_via=quote)}"
            connection.request("GET", target, headers={"Accept": format_.media_type})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@dataclass
class Running:
    """A server that answers.

    load_s  seconds from its start until it answered a query about the data rightly
    """

    name: str
    version: str
    address: Address
    process: subprocess.Popen[bytes]
    load_s: float

    def memory(self) -> processes.Memory:
        return processes.memory(self.process.pid)


@dataclass
class Home:
    """Where a server runs: a folder of its own, and the processes that were started there."""

    folder: Path
    spawned: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a process that ends with this one, whatever happens; its output goes into `log`."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=end_with_parent,  # noqa: PLW1509  no thread runs here yet
            )  # fmt: skip
        self.spawned.append(process)
        return process

    def wait_for(self, port: int) -> None:
        """Wait until something listens. Raise NotStarted if the process ends instead."""
        while not _listens(port):
            self.check_alive()
            time.sleep(0.05)

    def check_alive(self) -> None:
        for process in self.spawned:
            if process.poll() is not None:
                said = (self.folder / "log").read_text(errors="replace").strip()[-2000:]
                raise NotStarted(f"it ended with code {process.returncode}: {said}", self.folder.name)


class Kind(Protocol):
    """A server that can be started."""

    @property
    def name(self) -> str: ...

    def missing(self) -> str:
        """What has to be installed first; empty if nothing."""
        ...

    def version(self) -> str: ...

    def start(self, dataset: Dataset, home: Home, clients: int) -> Address:
        """Start it, load what it does not load itself, and tell where it takes queries. It may load on for a while."""
        ...


@dataclass(frozen=True)
class Ours:
    """`kg serve` on a project whose only file has the triples."""

    name: str = "ours"
    arguments: tuple[str, ...] = ()

    def missing(self) -> str:
        return ""

    def version(self) -> str:
        return importlib.metadata.version("health-solidarity-kg")

    def start(self, dataset: Dataset, home: Home, clients: int) -> Address:
        port = free_port()
        # The queue is as long as there are clients; the default of 32 would refuse some of 64, which no peer does.
        command = [
            sys.executable, "-m", "kg", "serve", "--root", str(dataset.folder), "--base", "https://w3id.org/health-solidarity/",
            "--port", str(port), "--queue", str(max(clients, 32)), *self.arguments,
        ]  # fmt: skip
        home.spawn(command)
        return Address(port, "/sparql")


@dataclass(frozen=True)
class Oxigraph:
    """`oxigraph serve`, in memory or on disk; the triples are sent to it. Memory is the faster one for queries."""

    name: str = "oxigraph"
    on_disk: bool = False

    def missing(self) -> str:
        return "" if shutil.which("oxigraph") else "the oxigraph command (pip install oxigraph)"

    def version(self) -> str:
        return _said("oxigraph", "--version").removeprefix("oxigraph ")

    def start(self, dataset: Dataset, home: Home, clients: int) -> Address:
        port = free_port()
        place = ["--location", str(home.folder / "store")] if self.on_disk else []
        home.spawn(["oxigraph", "serve", *place, "--bind", f"127.0.0.1:{port}"])
        home.wait_for(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        with dataset.file.open("rb") as body:
            length = str(dataset.file.stat().st_size)
            headers = {"Content-Type": "application/n-triples", "Content-Length": length}
            connection.request("POST", "/store?default&no_transaction", body, headers)
            status = connection.getresponse().status
        connection.close()
        if status >= 300:
            raise NotStarted(f"it answered {status} when it was sent the triples", self.name)
        return Address(port, "/query")


@dataclass(frozen=True)
class RdflibEndpoint:
    """`rdflib-endpoint serve`, on rdflib's own store in memory."""

    name: str = "rdflib"

    def missing(self) -> str:
        wanted = ("rdflib_endpoint", "uvicorn")
        return (
            ""
            if all(map(importlib.util.find_spec, wanted))
            else "rdflib-endpoint (pip install rdflib-endpoint uvicorn)"
        )

    def version(self) -> str:
        versions = (f"{n} {importlib.metadata.version(n)}" for n in ("rdflib-endpoint", "rdflib"))
        return ", ".join(versions)

    def start(self, dataset: Dataset, home: Home, clients: int) -> Address:
        port = free_port()
        program = "from rdflib_endpoint.__main__ import cli; cli()"
        command = [
            sys.executable,
            "-c",
            program,
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            str(dataset.file),
        ]
        home.spawn(command)
        return Address(port, "/")


@dataclass(frozen=True)
class Virtuoso:
    """Virtuoso 7, with buffers for all of the data and a thread a client; the triples come by its bulk loader."""

    name: str = "virtuoso"

    def missing(self) -> str:
        found = shutil.which("virtuoso-t") and shutil.which("isql-vt")
        return "" if found else "virtuoso-t and isql-vt (apt-get install virtuoso-opensource)"

    def version(self) -> str:
        line = next((line for line in _said("virtuoso-t", "-?").splitlines() if "Version" in line), "")
        return line.partition("Version ")[2] or line

    def start(self, dataset: Dataset, home: Home, clients: int) -> Address:
        port, sql_port = free_port(), free_port()
        values = {
            "folder": home.folder, "data": dataset.file.parent,
            "port": port, "sql_port": sql_port, "threads": clients + 8,
            "buffers": max(60_000, dataset.triples // 8), "dirty": max(45_000, dataset.triples // 10),
        }  # fmt: skip
        (home.folder / "virtuoso.ini").write_text(Template(_INI.read_text()).substitute(values))
        home.spawn(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"])
        home.wait_for(sql_port)
        home.wait_for(port)
        load = f"""
            ld_dir('{dataset.file.parent}', '{dataset.file.name}', '{_VIRTUOSO_GRAPH}');
            rdf_loader_run();
            checkpoint;
        """
        done = subprocess.run(
            ["isql-vt", str(sql_port), "dba", "dba", "VERBOSE=OFF", f"EXEC={load}"],
            cwd=home.folder, capture_output=True, text=True, timeout=1800, check=False,
        )  # fmt: skip
        if done.returncode or "Error" in done.stdout + done.stderr:
            raise NotStarted((done.stderr or done.stdout).strip(), self.name)
        return Address(port, "/sparql", (("default-graph-uri", _VIRTUOSO_GRAPH),))


KINDS: dict[str, Kind] = {
    k.name: k for k in (Ours(), Oxigraph(), Oxigraph("oxigraph-disk", on_disk=True), RdflibEndpoint(), Virtuoso())
}


@contextlib.contextmanager
def running(kind: Kind, dataset: Dataset, folder: Path, clients: int) -> Iterator[Running]:
    """A server, started and loaded, that is stopped at the end. Raise NotStarted if it does not come up.

    clients  how many will ask at once
    """
    home = Home(folder / kind.name)
    home.folder.mkdir()
    began = time.monotonic()
    try:
        address = kind.start(dataset, home, clients)
        _wait_for_data(address, dataset, home)
        load_s = time.monotonic() - began
        # Some go on loading behind their first answer.
        processes.wait_until_idle(home.spawned[0].pid, _SETTLES_WITHIN_S)
        yield Running(kind.name, kind.version(), address, home.spawned[0], load_s)
    finally:
        for process in home.spawned:
            processes.stop(process)


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens. Raise NotStarted if it ends instead."""
    while not _listens(port):
        if process.poll() is not None:
            raise NotStarted(f"it ended with code {process.returncode}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _wait_for_data(address: Address, dataset: Dataset, home: Home) -> None:
    """Wait until the server counts all triples."""
    deadline = time.monotonic() + _TO_LOAD_S
    home.wait_for(address.port)
    status, body = 0, b""
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, body = address.ask("SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }", RESULTS_JSON)
            if status == 200 and f'"{dataset.triples}"'.encode() in body:
                return
            if status == 200:
                break
        home.check_alive()
        time.sleep(0.05)
    said = body[:500].decode(errors="replace")
    raise NotStarted(f"{dataset.triples} triples were to be there; it answered {status}: {said}", home.folder.name)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return (done.stdout + done.stderr).strip()
