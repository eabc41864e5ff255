"""`kg serve`: build the release in memory and answer."""

from __future__ import annotations

import contextlib
import ipaddress
import os
from dataclasses import replace
from pathlib import Path

import click

from kg.cli.options import project_options
from kg.words.errors import BadInput
from kg.words.settings import Settings, load


@click.command("serve", short_help="Serve the site and its SPARQL endpoint.")
@project_options
@click.option("--host", default="127.0.0.1", envvar="KG_HOST", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    envvar="KG_PORT",
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
@click.option(
    "--root-path",
    envvar="KG_ROOT_PATH",
    metavar="PATH",
    help="Prefix of the site's paths behind a proxy, such as /kg; overrides kg.toml.",
)
@click.option(
    "--trusted-proxies",
    default=0,
    envvar="KG_TRUSTED_PROXIES",
    show_default=True,
    type=click.IntRange(0),
    help="Proxies in front whose X-Forwarded-Proto, -Host, -Port and -Prefix are taken at their word.",
)
@click.option(
    "--plain",
    is_flag=True,
    help="An empty store that anybody on this machine can write to, for tests and scratch work.",
)
@click.option(
    "--timeout",
    "timeout_s",
    default=30.0,
    envvar="KG_TIMEOUT",
    show_default=True,
    type=click.FloatRange(0.01),
    help="Seconds that a query may take.",
)
@click.option(
    "--memory-mb",
    default=1024,
    envvar="KG_MEMORY_MB",
    show_default=True,
    type=click.IntRange(16),
    help="MiB that a query may take, above what the store does.",
)
@click.option(
    "--workers",
    envvar="KG_WORKERS",
    show_default="processors",
    type=click.IntRange(1),
    help="Queries evaluated at once.",
)
@click.option(
    "--slow",
    envvar="KG_SLOW",
    show_default="4 a processor",
    type=click.IntRange(0),
    help="Queries that may go on beside those, once they have taken 0.1 s.",
)
@click.option(
    "--queue",
    default=128,
    envvar="KG_QUEUE",
    show_default=True,
    type=click.IntRange(0),
    help="Queries that may wait; more are refused.",
)
@click.option(
    "--acceptors",
    envvar="KG_ACCEPTORS",
    show_default="processors less one",
    type=click.IntRange(0),
    help="Processes that accept requests and answer small queries, beside the one that answers everything.",
)
@click.option(
    "--log",
    type=click.Choice(["none", "json", "json+query"]),
    default="none",
    envvar="KG_LOG",
    show_default=True,
    help="Tell each request in a line of JSON, its query too if wanted.",
)
def command(
    root: Path,
    base: str | None,
    sources: Path | None,
    host: str,
    port: int,
    root_path: str | None,
    trusted_proxies: int,
    plain: bool,
    timeout_s: float,
    memory_mb: int,
    workers: int | None,
    slow: int | None,
    queue: int,
    acceptors: int | None,
    log: str,
) -> int:
    """Serve the site and its SPARQL endpoint until Ctrl-C.

    The files are read once, as they are now, and kept in memory. Prints where the site is, once it answers; trouble,
    and with --log each request, go to standard error.

    Exit code 0: stopped. 2: something could not be read, or it cannot listen there.

    \b
    Examples:
      kg serve                            # at http://127.0.0.1:8000/
      kg serve --port 8080 --sources ../texts --log json
      kg serve --plain                    # an empty store that anybody here may fill
    """
    from kg.serving import serve
    from kg.store.pool import Limits

    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    told = {"root_path": root_path, "trusted_proxies": trusted_proxies}
    settings = _plain_settings(host, url) if plain else load(root, base=base, sources=sources, **told)
    processors = os.cpu_count() or 1
    limits = Limits(timeout_s, memory_mb << 20, workers or processors, 4 * processors if slow is None else slow, queue)
    seen = url + settings.root_path
    acceptors = processors - 1 if acceptors is None else acceptors
    return serve(settings, host, port, limits, acceptors=acceptors, plain=plain, log=log, ready=lambda: click.echo(
        f"Serving {settings.title} at {seen}/ (SPARQL at {seen}/sparql). Stop with Ctrl-C."
    ))  # fmt: skip


def _plain_settings(host: str, url: str) -> Settings:
    with contextlib.suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return replace(Settings(), base=url + "/", title="Plain store", union_default_graph=False)
    raise BadInput(
        "--plain lets anybody write, so it listens on loopback only: 127.0.0.1, ::1 or localhost", f"--host {host}"
    )
