"""OpenRefine itself matches a list, adds columns and keeps the IRIs, where it is installed."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Server, free_port

HOME = Path("/usr/share/openrefine")
NAMES = ["Охматдит", "Нац. ін-т раку", "Університетської лікарні Лілля", "Полтавська обласна дитяча лікарня"]
IRIS = ["id/org/okhmatdyt", "id/org/national-cancer-institute-ua", "id/org/chu-lille", ""]
HEADLESS = ["-x", "refine.headless=true"]
ENGINE = json.dumps({"facets": [], "mode": "row-based"})

pytestmark = pytest.mark.skipif(
    not (HOME / "refine").exists(), reason=f"OpenRefine is not at {HOME} (apt install openrefine)"
)


class OpenRefine:
    """Its commands, over HTTP."""

    def __init__(self, url: str) -> None:
        self.url, self.session, self.project = url, requests.Session(), ""

    def get(self, command: str, **parameters: str) -> dict[str, Any]:
        answer = self.session.get(f"{self.url}/command/core/{command}", params=parameters, timeout=20)
        document: dict[str, Any] = answer.json()
        return document

    def post(self, command: str, **form: str) -> requests.Response:
        token = self.get("get-csrf-token")["token"]
        data = {"engine": ENGINE, "csrf_token": token} | form
        where = f"{self.url}/command/core/{command}"
        return self.session.post(where, params={"project": self.project}, data=data, timeout=60)

    def create(self, names: list[str]) -> None:
        token = self.get("get-csrf-token")["token"]
        answer = self.session.post(
            f"{self.url}/command/core/create-project-from-upload",
            params={"csrf_token": token},
            files={"project-file": ("list.csv", "\n".join(["name", *names]).encode(), "text/csv")},
            data={"project-name": "list", "format": "text/line-based/*sv"},
            allow_redirects=False,
            timeout=60,
        )
        self.project = answer.headers["Location"].rpartition("=")[2]

    def wait(self) -> None:
        while self.get("get-processes", project=self.project)["processes"]:
            time.sleep(0.1)


@pytest.fixture
def openrefine(tmp_path: Path) -> Iterator[OpenRefine]:
    port = free_port()
    process = subprocess.Popen(
        ["./refine", "-i", "127.0.0.1", "-p", str(port), "-d", str(tmp_path), "-m", "600M", *HEADLESS],
        cwd=HOME, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    client = OpenRefine(f"http://127.0.0.1:{port}")
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                client.get("get-version")
                break
            except (requests.ConnectionError, requests.Timeout):
                assert process.poll() is None
                time.sleep(0.2)
        yield client
    finally:
        client.session.close()
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_list_becomes_a_table(openrefine: OpenRefine, server: Server) -> None:
    service = f"{server.url}/reconcile"
    manifest = requests.get(service, timeout=10).json()
    openrefine.create(NAMES)

    guessed = openrefine.post("guess-types-of-column", columnName="name", service=service).json()
    assert "hs:Hospital" in [t["id"] for t in guessed["types"]]

    config = {
        "mode": "standard-service", "service": service, "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"], "type": {"id": "hs:Organisation", "name": "organisation"},
        "autoMatch": True, "batchSize": manifest["batchSize"], "columnDetails": [], "limit": 0,
    }  # fmt: skip
    assert openrefine.post("reconcile", columnName="name", config=json.dumps(config)).json()["code"] == "pending"
    openrefine.wait()

    columns = {"properties": [{"id": "hs:inCountry", "name": "country"}, {"id": "owl:sameAs", "name": "same as"}]}
    rows = json.dumps(list(range(len(NAMES))))
    shown = openrefine.post("preview-extend-data", columnName="name", rowIndices=rows, extension=json.dumps(columns))
    assert [c["name"] for c in shown.json()["columns"]] == ["in country", "same as"]
    assert shown.json()["rows"][2][1:] == [
        {"id": "id/country/FR", "name": "France", "types": [], "score": 100.0},
        "http://www.wikidata.org/entity/Q2945741",
    ]

    iri = "grel:if(isNull(cell.recon.match), '', cell.recon.identifierSpace + cell.recon.match.id)"
    added = {"baseColumnName": "name", "newColumnName": "iri", "columnInsertIndex": "1", "onError": "set-to-blank"}
    assert openrefine.post("add-column", expression=iri, **added).json()["code"] == "ok"
    table = openrefine.post("export-rows/list.csv", project=openrefine.project, format="csv").content.decode()
    base = manifest["identifierSpace"]
    expected = [base + path if path else "" for path in IRIS]
    assert [row["iri"] for row in csv.DictReader(io.StringIO(table))] == expected
