"""`kg bench` from end to end, small and against this server only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kg.bench.processes import tree
from tests.conftest import ROOT, clean_environment, kg


def test_a_small_run_reports_every_query(tmp_path: Path) -> None:
    done = kg(
        "bench", "--root", str(ROOT), "--institutions", "20", "--seconds", "0.1", "--clients", "1,2", "--peers", "ours",
        "--json", str(tmp_path / "figures.json"), "--markdown", str(tmp_path / "report.md"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / "report.md").read_text()
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["wrong"] == figures["skipped"] == []
    assert len(figures["cells"]) == 12 * 2 * 2
    for cell in figures["cells"]:
        assert cell["requests"] > 0
        assert cell["failures"] == {}
        assert cell["unfinished"] == 0
    assert figures["servers"][0]["peak"]["pss"] > 1 << 20
    assert "## Cold, 2 clients" in done.stdout


def test_unknown_peers_and_numbers_are_told() -> None:
    assert (
        '"jena" is unknown. Known are ours, oxigraph, oxigraph-disk, rdflib, virtuoso'
        in kg("bench", "--peers", "jena").stderr
    )
    assert kg("bench", "--clients", "none").returncode == 2


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = clean_environment() | {"TMPDIR": str(tmp_path)}
    bench = subprocess.Popen(
        [sys.executable, "-m", "kg", "bench", "--institutions", "20", "--peers", "ours", "--seconds", "30"],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert bench.stderr is not None
    for line in bench.stderr:
        if line.startswith("point, cold"):
            break
    descendants = tree(bench.pid)
    assert len(descendants) > 3
    os.kill(bench.pid, signal.SIGINT)
    bench.communicate(timeout=30)
    assert bench.returncode == 130
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in descendants):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
