"""`kg serve`: build the release in memory and answer."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from kg.cli.options import project_options
from kg.words.errors import BadInput
from kg.words.settings import Settings, load


@click.command("serve")
@project_options
@click.option("--host", default="127.0.0.1", envvar="KG_HOST", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, envvar="KG_PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--plain",
    is_flag=True,
    help="An empty store that anybody on this machine can write to: for tests and scratch work.",
)
def command(root: Path, base: str | None, sources: Path | None, host: str, port: int, plain: bool) -> int:
    """Serve a SPARQL endpoint and linked data until Ctrl-C."""
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    settings = _plain_settings(host, url) if plain else load(root, base=base, sources=sources)
    _check_free(host, port)
    _run(settings, host, port, plain, url)
    return 0


def _plain_settings(host: str, url: str) -> Settings:
    with contextlib.suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return replace(Settings(), base=url + "/", title="Plain store", union_default_graph=False)
    raise BadInput(
        "--plain lets anybody write, so it listens on loopback only: 127.0.0.1, ::1 or localhost", f"--host {host}"
    )


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise BadInput("this port needs rights you do not have. Choose one above 1023", f"--port {port}") from None
        except OSError as error:
            taken = "something listens there already. Stop it or choose another --port"
            reason = taken if error.errno == errno.EADDRINUSE else error.strerror
            raise BadInput(f"cannot listen on {host}:{port}: {reason}") from None


def _run(settings: Settings, host: str, port: int, plain: bool, url: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    app = _application(settings, plain)
    server = Granian(
        "kg", address=host, port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=4,
        log_level=LogLevels.error, respawn_failed_workers=not plain,
    )  # fmt: skip
    click.echo(f"Serving {settings.title} at {url}/ (SPARQL at {url}/sparql). Stop with Ctrl-C.")
    server.serve(target_loader=partial(_hand_over, app), wrap_loader=False)


def _hand_over(app: Any) -> Any:
    return app


def _application(settings: Settings, plain: bool) -> Any:
    from kg.app import create_app
    from kg.store import project, release

    if plain:
        return create_app(release.empty(settings), writable=True)
    from kg.evidence.texts import sources

    built = release.build(project.read(settings))
    texts = {iri: s.text for iri, s in sources(built.store, settings.sources).items() if s.text is not None}
    return create_app(built, texts=texts)
