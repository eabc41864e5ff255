"""`kg query`: SPARQL over the project's files, or over an endpoint."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import project_options
from kg.words import formats
from kg.words.errors import BadInput, NotAcceptable, NotFound, QuerySyntaxError
from kg.words.formats import RESULTS_CSV, RESULTS_JSON, TURTLE, Format, by_suffix
from kg.words.settings import load

if TYPE_CHECKING:
    from kg.store.operation import Answer
    from kg.store.release import Release
    from kg.store.saved import SavedQuery

_AS_RESULT = ("table", *(f.suffix for f in formats.RESULTS))
_AS_GRAPH = tuple(f.suffix for f in formats.GRAPHS)


@click.command("query", short_help="Ask the files or an endpoint a SPARQL query.")
@project_options
@click.argument("query", required=False)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint, not the project's files.")
@click.option("--name", metavar="NAME", help="Run the saved query of this name.")
@click.option("--set", "values", multiple=True, metavar="PARAM=VALUE", help="A value for it (repeatable).")
@click.option(
    "--format", "format_", type=click.Choice([*_AS_RESULT, *_AS_GRAPH]),
    show_default="table on a terminal, else csv; ttl for a graph", help="Syntax of the answer.",
)  # fmt: skip
def command(
    root: Path,
    base: str | None,
    sources: Path | None,
    query: str | None,
    endpoint: str | None,
    name: str | None,
    values: tuple[str, ...],
    format_: str | None,
) -> int:
    """Print what QUERY gives: SPARQL text, a file that holds it, or - for standard input.

    The project's files are read and inferred from as `kg serve` does it. Rows come as a table on a terminal, else as
    CSV; a graph as Turtle; ASK prints true or false.

    Exit code 0: answered, also with false or no rows. 2: not answered.

    \b
    Examples:
      kg query 'SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g'
      kg query --name partnerships-of-a-country --set country=id/country/DE
      kg query --name partnerships-of-a-country --format json > answer.json
      echo 'ASK { ?s ?p ?o }' | kg query - --endpoint http://127.0.0.1:8000/sparql
    """
    if name and query is not None:
        raise BadInput("give QUERY or --name, not both")
    if values and not name:
        raise BadInput("--set gives a value to a saved query. Name it with --name")
    given = _given(values)
    text, file = ("", "") if name else _text(query)
    if not (name or text.strip()):
        raise BadInput("the query is empty", file)
    results, graph = _syntaxes(format_)
    try:
        if endpoint:
            shown_base, answer = base or "", _remote(endpoint, text, name, given, results, graph)
        else:
            from kg.store import project, release

            built = release.build(project.read(load(root, base=base, sources=sources)))
            shown_base, answer = built.settings.base, _local(built, text, name, given, results, graph)
        return _print(answer, format_, shown_base)
    except QuerySyntaxError as error:
        if not file:
            raise
        raise QuerySyntaxError(error.what, error.line, error.column, error.excerpt, file) from None
    except NotAcceptable:
        raise _wrong_format(format_) from None


def _given(values: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for text in values:
        parameter, equals, value = text.partition("=")
        if not equals:
            raise BadInput("write PARAM=VALUE", f"--set {text}")
        if parameter in given:
            raise BadInput(f"{parameter} is given twice", f"--set {text}")
        given[parameter] = value
    return given


def _text(query: str | None) -> tuple[str, str]:
    """The SPARQL text, and what to call the file that it stands in."""
    if query is None and sys.stdin.isatty():
        raise BadInput("no query. Give SPARQL, a file that holds it, - for standard input, or --name")
    if query is None or query == "-":
        return _decode(sys.stdin.buffer.read(), "standard input"), "standard input"
    if "{" in query or "\n" in query or ("<" in query and not Path(query).is_file()):
        return query, ""
    try:
        return _decode(Path(query).read_bytes(), query), query
    except OSError as error:
        hint = ". SPARQL text would have braces" if isinstance(error, FileNotFoundError) else ""
        raise BadInput(f"cannot be read: {error.strerror}{hint}", query) from None


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8: byte 0x{content[error.start]:02x}", name) from None


def _syntaxes(format_: str | None) -> tuple[Format | None, Format | None]:
    """What to ask for, if the answer is a result, and if it is a graph. Tables and CSV are written here, from JSON."""
    if format_ is None:
        return RESULTS_JSON, TURTLE
    if format_ in _AS_GRAPH:
        return None, by_suffix(format_, formats.GRAPHS)
    return RESULTS_JSON if format_ in ("table", "csv") else by_suffix(format_, formats.RESULTS), None


def _remote(
    endpoint: str, text: str, name: str | None, given: dict[str, str], results: Format | None, graph: Format | None
) -> Answer:
    from kg.store.operation import Operation
    from kg.store.remote import RemoteEngine

    engine = RemoteEngine(endpoint)
    return engine.saved(name, given, results, graph) if name else engine.answer(Operation(text, results, graph))


def _local(
    built: Release, text: str, name: str | None, given: dict[str, str], results: Format | None, graph: Format | None
) -> Answer:
    from kg.store.engine import MemoryEngine
    from kg.store.operation import Operation
    from kg.store.parameters import bind

    operation = Operation(text, results, graph)
    if name:
        saved = _saved(built, name)
        operation = Operation(saved.text, results, graph, bindings=bind(saved, given, built.store, built.settings.base))
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the library does not return to Python before it has the answer
    return MemoryEngine(built.store, built.settings.base).answer(operation)


def _saved(built: Release, name: str) -> SavedQuery:
    import difflib

    known = built.saved.queries
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(known) or 'none'}"
    raise NotFound(f'no saved query is called "{name}". {hint}')


def _wrong_format(format_: str | None) -> BadInput:
    wanted = _AS_RESULT if format_ in _AS_GRAPH else _AS_GRAPH
    kind = "a result" if wanted is _AS_RESULT else "a graph"
    where = f"--format {format_}" if format_ else ""
    return BadInput(f"this query gives {kind}, so that it can be {', '.join(wanted)}", where)


def _print(answer: Answer, format_: str | None, base: str) -> int:
    import pyoxigraph as ox

    from kg.cli.table import show
    from kg.store.evaluate import write_csv

    output = sys.stdout.buffer
    if answer.format is not RESULTS_JSON or format_ == "json":
        for chunk in answer.chunks:
            output.write(chunk)
        output.flush()
        return 0
    body = answer.body()
    try:
        outcome = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if isinstance(outcome, ox.QueryBoolean):
            click.echo("true" if outcome else "false")
        elif format_ == RESULTS_CSV.suffix or (format_ is None and not sys.stdout.isatty()):
            write_csv(outcome, output)
            output.flush()
        else:
            rows = show([v.value for v in outcome.variables], (tuple(row) for row in outcome), base, sys.stdout)
            click.echo(f"{rows:,} {'row' if rows == 1 else 'rows'}.", err=True)
    except SyntaxError as error:
        raise BadInput(f"the endpoint's answer does not parse: {error.msg}") from None
    return 0
