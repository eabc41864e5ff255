"""`kg contract`: hold a linked-data site to what its clients rely on."""

from __future__ import annotations

import json
import logging
from urllib.parse import quote, urlsplit

import click

from kg.words.errors import BadInput


@click.command("contract", short_help="Hold a linked-data site to the rules of HTTP.")
@click.argument("url")
@click.option(
    "--thing",
    "things",
    multiple=True,
    metavar="PATH_OR_IRI",
    help="A thing to hold the rules against; may be repeated. Without it the site's own description is asked.",
)
@click.option("--canonical", default="", metavar="IRI", help="What its IRIs begin with, where that is not URL.")
@click.option(
    "--sample", default=3, show_default=True, type=click.IntRange(1), help="Things to take, if none is named."
)
@click.option("--rate", default=10.0, show_default=True, type=click.FloatRange(0.1), help="Requests a second at most.")
@click.option(
    "--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a request may take."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    url: str, things: tuple[str, ...], canonical: str, sample: int, rate: float, timeout: float, as_json: bool
) -> int:
    """Hold the rules for linked data over HTTP against the site at URL: it is only read, and gently.

    Each rule is kept, broken or not applicable, with a request that shows it.

    Exit code 0: no rule is broken. 1: some are. 2: the site cannot be reached, or no thing was found on it.

    \b
    Examples:
      kg contract https://example.org/
      kg contract http://127.0.0.1:8000/ --canonical https://example.org/ --json
    """
    from rich.console import Console

    from kg.contract import crawl, report
    from kg.contract.client import Client
    from kg.contract.rule import Verdict
    from kg.contract.rules import RULES
    from kg.contract.run import run

    logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # what is odd about a server is reported
    talk = Console(stderr=True)
    with talk.status("asking") as status:
        site = crawl.open_site(Client(rate, timeout), _folder(url, "URL"), _folder(canonical, "--canonical"))
        found = crawl.things(site, things, sample)
        result = run(site, found, RULES, lambda rule: status.update(f"{rule.id} {rule.text}"))
    if as_json:
        click.echo(json.dumps(report.as_json(result), indent=1, ensure_ascii=False))
    else:
        out = Console(highlight=False, soft_wrap=True)
        styles = {Verdict.KEPT: "green", Verdict.BROKEN: "bold red", Verdict.INAPPLICABLE: "dim"}
        for line, verdict in report.as_text(result):
            out.print(line, style=styles.get(verdict) if verdict else None, markup=False)
    return int(result.count(Verdict.BROKEN) > 0)


def _folder(url: str, where: str) -> str:
    """An http URL that ends in a slash; empty stays empty."""
    if not url and where != "URL":
        return ""
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment:
        raise BadInput(f'"{url}" is no site\'s address. Write it as https://example.org/', where)
    if where == "URL":
        url = quote(url, safe="/:?#[]@!$&'()*+,;=~-._%")
    return url if url.endswith("/") else url + "/"
