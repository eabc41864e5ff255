"""A hundred queries that nobody should send: each wants all the time, all the memory or all the stack there is."""

from __future__ import annotations

from collections.abc import Iterator

_PREFIXES = """PREFIX hs: <https://w3id.org/health-solidarity/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"


def queries() -> list[tuple[str, str]]:
    """The hundred: what each is, and its text."""
    found = [(name, _PREFIXES + text) for name, text in _all()]
    assert len(found) == 100
    return found


def _select(pattern: str) -> str:
    return f"SELECT * WHERE {{ {pattern} }}"


def _all() -> Iterator[tuple[str, str]]:
    yield from _cross_products()
    yield from _sorts()
    yield from _aggregates()
    yield from _strings()
    yield from _nesting()
    yield from _lists()
    yield from _paths()
    yield from _expressions()


def _cross_products() -> Iterator[tuple[str, str]]:
    for n in range(2, 7):
        yield "cross product", _select(" . ".join(f"?s{i} ?p{i} ?o{i}" for i in range(n)))
        types = " . ".join(f"?s{i} a ?o{i}" for i in range(n + 1))
        yield "cross product, counted", f"SELECT (COUNT(*) AS ?n) WHERE {{ {types} }}"
    yield "cross product as a graph", f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {_CROSS} }}"
    yield "cross product, described", f"DESCRIBE ?a ?d ?g WHERE {{ {_CROSS} }}"
    yield "cross product, nothing passes", _select(f'{_CROSS} FILTER (CONCAT(STR(?a), STR(?f), STR(?i)) = "")')
    yield "cross product, far row", _select(_CROSS) + " OFFSET 100000000000 LIMIT 1"
    yield "cross product by OPTIONAL", _select("?a ?b ?c OPTIONAL { ?d ?e ?f } OPTIONAL { ?g ?h ?i }")
    unions = " ".join(f"{{ ?s{i} ?p ?o }} UNION {{ ?o ?p ?s{i} }}" for i in range(8))
    yield "cross product by UNION", _select(unions)


def _sorts() -> Iterator[tuple[str, str]]:
    for n in range(1, 6):
        keys = " ".join(f"DESC(STR(?{v}))" for v in "cfiad"[:n])
        yield "sort of a cross product", f"SELECT * WHERE {{ {_CROSS} }} ORDER BY {keys}"
        yield (
            "distinct of a cross product",
            f"SELECT DISTINCT {' '.join('?' + v for v in 'cfiad'[:n])} WHERE {{ {_CROSS} }}",
        )
    for n in range(5):
        yield (
            "sort by a random number",
            f"SELECT * WHERE {{ ?a ?b ?c . ?d ?e ?f }} ORDER BY RAND() {'DESC(?c) ' * n}LIMIT 10",
        )


def _aggregates() -> Iterator[tuple[str, str]]:
    for separator in ("", " ", "x" * 100, "x" * 10_000, "x" * 1_000_000):
        yield (
            "GROUP_CONCAT",
            f'SELECT (GROUP_CONCAT(?c; separator="{separator}") AS ?x) WHERE {{ ?a ?b ?c . ?d ?e ?f }}',
        )
    for what in (
        "COUNT(DISTINCT *)",
        "SAMPLE(?c)",
        "MAX(STR(?c))",
        "COUNT(DISTINCT CONCAT(STR(?c), STR(?f)))",
        "SUM(?c)",
    ):
        yield "groups of a cross product", f"SELECT ?a ?d ?g ({what} AS ?x) WHERE {{ {_CROSS} }} GROUP BY ?a ?d ?g"


def _strings() -> Iterator[tuple[str, str]]:
    for n in (24, 28, 32, 40, 60):
        binds = " ".join(f"BIND (CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(n))
        yield "a string doubled", f'SELECT (STRLEN(?x{n}) AS ?n) WHERE {{ BIND ("0123456789" AS ?x0) {binds} }}'
    for n in (10, 14, 18, 22, 26):
        binds = " ".join(f'BIND (REPLACE(?x{i}, "0", "00") AS ?x{i + 1})' for i in range(n))
        text = f'SELECT (SHA512(?x{n}) AS ?n) WHERE {{ ?a ?b ?c . BIND ("00000000" AS ?x0) {binds} }}'
        yield "a string replaced", text


def _nesting() -> Iterator[tuple[str, str]]:
    for n in (1_000, 20_000, 200_000):
        yield "nested groups", "SELECT * WHERE " + "{ " * n + "?a ?b ?c" + " }" * n
        yield "nested brackets", "SELECT * WHERE { ?a ?b ?c FILTER (" + "(" * n + "?c" + ")" * n + ") }"
        yield "nested negations", "SELECT * WHERE { ?a ?b ?c FILTER (" + "!" * n + "?c) }"
    for n in (1_000, 20_000, 200_000):
        yield "nested OPTIONAL", "SELECT * WHERE { ?a ?b ?c " + "OPTIONAL { ?a ?b ?c " * n + "}" * n + " }"
        yield "nested NOT EXISTS", "SELECT * WHERE { ?a ?b ?c " + "FILTER NOT EXISTS { ?a ?b ?c " * n + "}" * n + " }"
        yield "nested queries", "SELECT * WHERE { " + "{ SELECT * WHERE { " * n + "?a ?b ?c" + " } }" * n + " }"


def _lists() -> Iterator[tuple[str, str]]:
    for n in (1_000, 10_000, 100_000):
        numbers = ", ".join(map(str, range(n)))
        yield "a long IN", f"SELECT * WHERE {{ ?a ?b ?c FILTER (STRLEN(STR(?c)) IN ({numbers})) }}"
        yield "a long NOT IN", f"SELECT * WHERE {{ ?a ?b ?c . ?d ?e ?f FILTER (?c NOT IN ({numbers})) }}"
        values = " ".join(f"({i} {i})" for i in range(n))
        yield (
            "long VALUES, joined",
            f"SELECT (COUNT(*) AS ?n) WHERE {{ VALUES (?x ?y) {{ {values} }} VALUES (?z ?w) {{ {values} }} }}",
        )
    yield "ten thousand patterns", _select(" . ".join(f"?s{i} ?p{i} ?s{i + 1}" for i in range(10_000)))
    yield "ten thousand UNIONs", _select(" UNION ".join(["{ ?s ?p ?o }"] * 10_000))


def _paths() -> Iterator[tuple[str, str]]:
    for path in ("(<x:a>|!<x:a>)*", "(!<x:a>)+", "(^(!<x:a>)/(!<x:b>))+", "((!<x:a>)*)*", "(!<x:a>/!<x:a>/!<x:a>)*"):
        yield "an endless path", f"SELECT * WHERE {{ ?a {path} ?b }}"
        yield "endless paths, joined", f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a {path} ?b . ?b {path} ?c . ?c {path} ?a }}"
    yield "a long path", _select("?a " + "/".join(["!<x:a>"] * 200) + " ?b")
    yield "a wide path", _select("?a (" + "|".join(f"<x:{i}>" for i in range(5_000)) + ")* ?b")


def _expressions() -> Iterator[tuple[str, str]]:
    for pattern in (
        "(a+)+$",
        "(.*)(.*)(.*)(.*)(.*)x$",
        "(a|aa)+b",
        "(.{1,1000}){1,1000}",
        "((a{0,100}){0,100}){0,100}",
    ):
        yield (
            "a regular expression",
            f'SELECT * WHERE {{ ?a ?b ?c . ?d ?e ?f FILTER REGEX(CONCAT(STR(?c), STR(?f)), "{pattern}") }}',
        )
    for n in (10, 1_000, 100_000):
        ors = " || ".join(f'REGEX(STR(?c), "x{i}.*y{i}", "i")' for i in range(n))
        yield "many regular expressions", f"SELECT * WHERE {{ ?a ?b ?c FILTER ({ors}) }}"
