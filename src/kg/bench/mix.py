"""The questions: texts in `queries/`, filled with what differs from request to request."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from kg.bench.dataset import Dataset
from kg.words.formats import N_TRIPLES, RESULTS_CSV, RESULTS_JSON, Format

EXPORTED_ROWS = 100_000
_ABOVE_ALL = 1_000_000
_LANGUAGES = ("en", "uk", "ru")
_COUNTRIES = ("DE", "FR", "PL", "LT", "SE", "ES", "IT", "CZ", "AT", "NL", "US", "CA", "JP")
_QUERIES = Path(__file__).parent / "queries"

Values = Callable[[Dataset, int, random.Random], dict[str, object]]


@dataclass(frozen=True)
class Query:
    """One question of the mix.

    values    what the request of a number asks for
    variants  how many different requests "warm" repeats
    """

    name: str
    format: Format
    template: Template
    values: Values
    variants: int = 20

    def text(self, dataset: Dataset, number: int) -> str:
        """The query of a request; no two numbers give the same, so a number that was never asked finds no cache.

        Where the subject does not differ, `$never` does: a limit above all that there is.
        """
        chance = random.Random(number)
        return self.template.substitute(self.values(dataset, number, chance), never=_ABOVE_ALL + number)


def queries() -> tuple[Query, ...]:
    """The whole mix, in the order of the report."""
    return (
        _query("point", _thing),
        _query("label-contains", _piece),
        _query("label-regex", _words),
        _query("two-hops", _hospital),
        _query("three-hops", _hospital),
        _query("aggregate", _nothing),
        _query("top-k", _language),
        _query("path", _whole),
        _query("optional", _country),
        _query("construct", _thing, N_TRIPLES),
        _query("export-json", _part, file="export", variants=2),
        _query("export-csv", _part, RESULTS_CSV, file="export", variants=2),
    )


def rows(format_: Format, body: bytes) -> int:
    """How many rows an answer has; triples, each counted once, if it is a graph."""
    if format_ is RESULTS_JSON:
        return len(json.loads(body)["results"]["bindings"])
    if format_ is RESULTS_CSV:
        return len(body.splitlines()) - 1
    return len({line for line in body.splitlines() if line.strip() and not line.startswith(b"#")})


def _query(name: str, values: Values, format_: Format = RESULTS_JSON, *, file: str = "", variants: int = 20) -> Query:
    text = (_QUERIES / f"{file or name}.rq").read_text(encoding="utf-8")
    return Query(name, format_, Template(text), values, variants)


def _thing(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {"thing": chance.choice(dataset.things)}


def _hospital(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {"hospital": chance.choice(dataset.hospitals), "language": chance.choice(_LANGUAGES)}


def _whole(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {"whole": chance.choice(dataset.wholes), "language": chance.choice(_LANGUAGES)}


def _piece(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    language = chance.choice(_LANGUAGES)
    name = chance.choice(dataset.labels[language])
    start = chance.randrange(len(name) - 8)
    return {"language": language, "piece": name[start : start + chance.randint(6, 8)]}


def _words(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    words = [w for w in chance.choice(dataset.labels["en"]).replace(",", "").split() if w.isalpha() and w.isascii()]
    return {"first": words[0].lower(), "last": words[-1].lower()}


def _nothing(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {}


def _language(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {"language": chance.choice(_LANGUAGES)}


def _country(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    return {"country": chance.choice(_COUNTRIES)}


def _part(dataset: Dataset, number: int, chance: random.Random) -> dict[str, object]:
    size = min(EXPORTED_ROWS, dataset.triples * 3 // 4)
    return {"rows": size, "skipped": number % (dataset.triples - size)}
