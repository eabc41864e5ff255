"""A result as columns for reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.words.names import XSD, curie
from kg.words.printable import printable

_UNLIMITED = 1_000_000
_NUMBERS = {XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "decimal", "double", "float")}


def show(columns: Sequence[str], rows: Iterable[Sequence[Term | None]], base: str, output: TextIO) -> int:
    """Print the rows, as wide as the terminal or, where there is none, as the widest row; return how many they are.

    base  what IRIs are written relative to; those with a well-known prefix are written with it
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terms = [tuple(row) for row in rows]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, column in enumerate(columns):
        values = [row[index] for row in terms if row[index] is not None]
        numeric = bool(values) and all(isinstance(v, ox.Literal) and v.datatype.value in _NUMBERS for v in values)
        table.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in terms:
        table.add_row(*(Text(_text(term, base)) for term in row))
    console = Console(file=output, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = _UNLIMITED
    if console.measure(table).maximum > console.width:
        table.leading = 1  # cells are folded: a blank line tells the rows apart
    if columns:
        console.print(table)
    return len(terms)


def _text(term: Term | None, base: str) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        short = curie(term.value)
        return printable(short if short != term.value or not base else term.value.removeprefix(base))
    if isinstance(term, ox.Literal):
        return printable(term.value) + (f" @{term.language}" if term.language else "")
    return str(term)
