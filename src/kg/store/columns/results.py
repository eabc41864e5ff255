"""Solutions written out in the syntaxes of results, a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

import numpy as np

from kg.store.columns.cells import CSV, JSON, TSV, XML, Cells, Pieces, Syntax, Which, Writer
from kg.store.columns.grouping import Computed
from kg.store.columns.tables import Solution, Table
from kg.store.columns.terms import UNBOUND, Terms
from kg.words import formats
from kg.words.formats import Format

_ROWS, _FEWER_ROWS, _ROWS_AT_ONCE = 1 << 13, 1 << 10, 1 << 9
"""How many rows are put together, of many and of fewer in all, and how many of them are written at once."""


@dataclass(frozen=True)
class _Layout:
    """How rows of cells are laid out.

    head    what comes before all rows, by the names of the variables
    first   what comes before the first cell of a row, by the name of its variable; and `later` before each later one
    end     what ends a row, and `none` what is in place of a row without any cell
    foot    what comes after all rows
    truth   an answer to ASK
    sparse  whether an unbound variable has no cell, where else it has an empty one
    alone   what is in place of an empty cell if a row has but one
    cut     how many characters the first row leaves out, as none is before it
    """

    syntax: Syntax
    head: Callable[[tuple[str, ...]], str]
    first: Callable[[str], str]
    later: Callable[[str], str]
    end: str
    foot: str
    truth: Callable[[str], str]
    none: str = ""
    sparse: bool = False
    alone: str = ""
    cut: int = 0


_XML = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
_LAYOUTS = {
    formats.RESULTS_JSON: _Layout(
        JSON,
        lambda names: f'{{"head":{{"vars":{json.dumps(names, separators=(",", ":"))}}},"results":{{"bindings":[',
        lambda name: f',{{"{name}":',
        lambda name: f',"{name}":',
        "}",
        "]}}",
        lambda truth: f'{{"head":{{}},"boolean":{truth}}}',
        none=",{}",
        sparse=True,
        cut=1,
    ),
    formats.RESULTS_XML: _Layout(
        XML,
        lambda names: _XML + "".join(f'<variable name="{name}"/>' for name in names) + "</head><results>",
        lambda name: f'<result><binding name="{name}">',
        lambda name: f'</binding><binding name="{name}">',
        "</binding></result>",
        "</results></sparql>",
        lambda truth: f"{_XML}</head><boolean>{truth}</boolean></sparql>",
        none="<result></result>",
        sparse=True,
    ),
    formats.RESULTS_CSV: _Layout(
        CSV, lambda names: ",".join(names) + "\r\n", lambda _: "", lambda _: ",", "\r\n", "", str, alone='""'
    ),
    formats.RESULTS_TSV: _Layout(
        TSV, lambda names: "\t".join("?" + n for n in names) + "\n", lambda _: "", lambda _: "\t", "\n", "", str
    ),
}


def truth(found: bool, format_: Format) -> bytes:
    """The answer to ASK."""
    return _LAYOUTS[format_].truth("true" if found else "false").encode()


def write(
    tables: Iterable[Table],
    names: tuple[str, ...],
    format_: Format,
    terms: Terms,
    computed: Computed,
    output: IO[bytes],
) -> None:
    """All solutions, as they come."""
    layout = _LAYOUTS[format_]
    writer = Writer(layout.syntax, terms, computed)
    output.write(layout.head(names).encode())
    cut = layout.cut
    for table in tables:
        together = _ROWS if table.rows >= _ROWS else _FEWER_ROWS
        for start in range(0, table.rows, together):
            for pieces in _pieces(_columns(table.part(start, start + together), names, layout, writer)):
                rows = b"".join(pieces)
                output.write(rows[cut:] if cut else rows)
                cut = 0
    output.write(layout.foot.encode())


def few(solutions: Iterable[Solution], names: tuple[str, ...], format_: Format, cells: Cells) -> bytes:
    """All solutions, of which there are few, with terms of the store."""
    layout, head, columns = _prepared(format_, names)
    pieces: list[bytes] = []
    end = layout.end.encode()
    for solution in solutions:
        begun = False
        for name, first, later in columns:
            number = solution.get(name, UNBOUND)
            if number or not layout.sparse:
                pieces += (later if begun else first, cells[number])
                begun = True
        if layout.alone and len(names) == 1 and not pieces[-1]:
            pieces.append(layout.alone.encode())
        pieces.append(end if begun else layout.none.encode())
    return head + b"".join(pieces)[layout.cut :] + layout.foot.encode()


@lru_cache(maxsize=256)
def _prepared(format_: Format, names: tuple[str, ...]) -> tuple[_Layout, bytes, list[tuple[str, bytes, bytes]]]:
    """The layout of answers and their head; each variable with what stands before its cell: the first, a later one."""
    layout = _LAYOUTS[format_]
    columns = [(name, layout.first(name).encode(), layout.later(name).encode()) for name in names]
    return layout, layout.head(names).encode(), columns


def syntax_of(format_: Format) -> Syntax:
    """How terms are written in results."""
    return _LAYOUTS[format_].syntax


def _columns(table: Table, names: tuple[str, ...], layout: _Layout, writer: Writer) -> list[Pieces]:
    """What to write for the rows: in each a piece of each kind, one after the other."""
    if layout.alone and len(names) == 1:
        end = layout.end.encode()
        alone = layout.alone.encode() + end
        return [[alone if cell == end else cell for cell in writer.cells(table.column(names[0]), "", layout.end)]]
    found: list[Pieces] = []
    begun: Which = 0  # which rows have a cell already: all or none of them, or each for itself
    which: Which = 0
    for name in names:
        column = table.column(name)
        bound = column != UNBOUND if layout.sparse else None
        if bound is None or bound.all():
            which, begun = begun + 1, 1
        else:
            which, begun = bound * (begun + 1), begun | bound
        last = name == names[-1] and isinstance(which, int)
        before = ("", layout.first(name), layout.later(name))
        found += writer.pieces(column, before, which, layout.end if last else "")
    if not names or not isinstance(which, int):
        ends = np.array([layout.none.encode(), layout.end.encode()], np.object_)
        found.append(ends[np.full(table.rows, begun)])
    return found


def _pieces(columns: list[Pieces]) -> Iterator[list[bytes]]:
    """The same row by row, of so many rows as are written at once."""
    if all(isinstance(column, np.ndarray) for column in columns):
        rows = np.stack(columns, axis=1)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            yield rows[first : first + _ROWS_AT_ONCE].ravel().tolist()
        return
    found = [b""] * (len(columns) * len(columns[0]))
    for place, column in enumerate(columns):
        found[place :: len(columns)] = column if isinstance(column, list) else column.tolist()
    for first in range(0, len(found), len(columns) * _ROWS_AT_ONCE):
        yield found[first : first + len(columns) * _ROWS_AT_ONCE]
