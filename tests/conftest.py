"""What all tests share: the project's folders, the optional shared material, a real server."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import forks

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what lives as long as the tests, which are thousands."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the texts and vocabularies that the project may not ship."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared folder with the source texts is not at {SHARED} (set KG_SHARED)")
    return SHARED


@dataclass(frozen=True)
class Server:
    """A running `kg serve`."""

    url: str
    process: subprocess.Popen[str]
    seconds_to_answer: float


Starter = Callable[..., Server]


@pytest.fixture(scope="session")
def start() -> Iterator[Starter]:
    """Start `kg serve` with some arguments, on a free port if none is given; all servers stop with the tests."""
    running: list[subprocess.Popen[str]] = []

    def start_(*arguments: str, cwd: Path = ROOT, port: int = 0) -> Server:
        port = port or free_port()
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", "--port", str(port), *arguments],
            cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean_environment(),
        )  # fmt: skip
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        while time.monotonic() < began + 30:
            try:
                urllib.request.urlopen(f"{url}/sparql?query=ASK%7B%7D", timeout=5).close()
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, process.stdout.read() if process.stdout else ""
                time.sleep(0.02)
            else:
                return Server(url, process, time.monotonic() - began)
        raise AssertionError("the server did not answer within 30 s")

    yield start_
    for process in running:
        stop(process)


@pytest.fixture(scope="session")
def server(start: Starter) -> Server:
    """The shipped graph, served."""
    return start()


@pytest.fixture(scope="session")
def plain(start: Starter) -> Server:
    """A plain store."""
    return start("--plain")


CHROMIUM, HEADLESS = Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """It runs once in a process."""
    if not CHROMIUM.exists():
        pytest.skip(f"pages are tested with Chromium, and there is none at {CHROMIUM} (apt install chromium)")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser that people have."""
    with launched(playwright, CHROMIUM) as browser:
        yield browser


@pytest.fixture(scope="session")
def headless(playwright: Playwright) -> Iterator[Browser]:
    """The same engine without what is around a page, which is quicker; where it is not installed, the whole browser."""
    with launched(playwright, HEADLESS if HEADLESS.exists() else CHROMIUM) as browser:
        yield browser


@contextmanager
def launched(playwright: Playwright, program: Path) -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path=str(program), args=arguments)
    yield browser
    browser.close()


def stop(process: subprocess.Popen[str]) -> None:
    """End a server as Ctrl-C does, and without mercy if that is not enough."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """The environment without settings of ours, and without the size of another terminal."""
    return {k: v for k, v in os.environ.items() if not k.startswith("KG_") and k not in ("COLUMNS", "LINES")}


def kg(*arguments: str, cwd: Path = ROOT, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; in a new interpreter where the environment is one that it reads itself."""
    variables = clean_environment() | environment
    if any(name.startswith(("PYTHON", "LC_", "LANG", "TZ")) for name in environment):
        return subprocess.run(
            [sys.executable, "-m", "kg", *arguments],
            cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False, env=variables,
        )  # fmt: skip
    return forks.run(arguments, cwd, stdin, variables, timeout=120)


def git(folder: Path, *arguments: str) -> str:
    """What git prints, in a folder, as somebody who may commit."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the shipped project that a test may break."""
    for name in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "kg.toml", tmp_path)
    return tmp_path
