"""`kg serve` as its users meet it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, Starter, clean_environment, free_port, kg


def test_ctrl_c_stops_it_cleanly(start: Starter) -> None:
    server = start()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) == 0
    assert server.process.stdout is not None
    told = server.process.stdout.read()
    assert told.splitlines()[0].startswith("Serving Health Solidarity Knowledge Graph at http://127.0.0.1:")
    assert "Traceback" not in told
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=5)


def test_it_leaves_no_process_behind(start: Starter) -> None:
    server = start()
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True, check=False
    )
    server.process.terminate()
    server.process.wait(10)
    for pid in children.stdout.split():
        assert not Path(f"/proc/{pid}").exists()


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = kg("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"kg: cannot listen on 127.0.0.1:{port}: something listens there already. Stop it or choose another --port"
    ]


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    done = kg("serve", "--root", str(tmp_path / "nowhere"), "--port", str(free_port()))
    assert done.returncode == 2
    assert (
        done.stderr == f"kg: {tmp_path}/nowhere: no such folder. Name the one that holds ontology/, data/ and shapes/\n"
    )


def test_a_missing_sources_folder_is_one_clear_line() -> None:
    done = kg("serve", "--sources", "nowhere", "--port", str(free_port()))
    assert done.returncode == 2
    assert done.stderr.startswith("kg: nowhere: no such folder.")
    assert len(done.stderr.splitlines()) == 1


def test_a_bad_file_is_one_clear_line(project_copy: Path) -> None:
    broken = project_copy / "data" / "links.ttl"
    broken.write_text(broken.read_text() + "<id/org/giz> owl:sameAs <http://a b> .\n")
    line = len(broken.read_text().splitlines())
    done = kg("serve", "--root", str(project_copy), "--port", str(free_port()))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"kg: data/links.ttl:{line}:")


def test_a_folder_without_rdf_is_one_clear_line(tmp_path: Path) -> None:
    done = kg("serve", "--root", str(tmp_path), "--base", "http://example.org/", "--port", str(free_port()))
    assert done.returncode == 2
    assert "nothing to read: no RDF file in ontology/, data/ or shapes/" in done.stderr


def test_a_project_without_base_is_told_to_set_one(tmp_path: Path) -> None:
    done = kg("serve", "--root", str(tmp_path), "--port", str(free_port()))
    assert done.returncode == 2
    assert 'no base IRI. Set base = "https://…/" in kg.toml, or give --base' in done.stderr


def test_a_plain_store_stays_on_loopback() -> None:
    done = kg("serve", "--plain", "--host", "0.0.0.0", "--port", str(free_port()))
    assert done.returncode == 2
    assert "loopback only" in done.stderr


def test_other_folders_are_served_as_well(start: Starter, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "boats.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <http://example.org/id/boat/ada> rdfs:label 'Ada' ."
    )
    server = start("--root", str(tmp_path), "--base", "http://example.org/")
    answer = requests.get(f"{server.url}/id/boat/ada", headers={"Accept": "text/turtle"}, timeout=10)
    assert answer.url == f"{server.url}/doc/boat/ada"
    assert "<http://example.org/id/boat/ada>" in answer.text
    assert requests.get(f"{server.url}/graph/boats.nt", timeout=10).text.count("\n") == 1


def test_the_released_graph_does_not_take_writes(server: Starter) -> None:
    url = server.url  # type: ignore[attr-defined]
    assert requests.post(f"{url}/sparql/update", data={"update": "CLEAR ALL"}, timeout=10).status_code == 404
    assert requests.put(f"{url}/graphs?default", data="", timeout=10).status_code == 404
    answer = requests.post(f"{url}/sparql", data={"query": "CLEAR ALL"}, timeout=10)
    assert answer.status_code == 400


STOPPED_EARLY = """
import os, signal, sys
from kg import serving
from kg.cli import main

prepared = serving.Evaluator.prepared
serving.Evaluator.prepared = lambda evaluator: (os.kill(os.getpid(), signal.SIGTERM), prepared(evaluator))[1]
sys.argv = ["kg", "serve", "--port", sys.argv[1]]
main()
"""


def test_a_server_that_is_stopped_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPED_EARLY, str(free_port())]
    environment = clean_environment() | {"TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []
