"""Invented graphs and questions about them: small, so that much matches, and with all kinds of terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

T = TypeVar("T")

XSD = "http://www.w3.org/2001/XMLSchema#"
PROLOGUE = f"PREFIX : <http://example.org/>\nPREFIX xsd: <{XSD}>\n"

_THINGS = [f"http://example.org/{name}" for name in ("a", "b", "c", "d", "e,f")]
_PREDICATES = ["p", "q", "r", "s"]
_STRINGS = [
    "",
    "a",
    "ab",
    "B",
    "Ärzte",
    "лікар",
    'q"uo,te',
    "line\nbreak",
    "back\\slash",
    " pad ",
    "a Big  лікар ar",
    "<&>'",
    "10",
    "\t\x07",
]
_LANGUAGES = ["en", "uk", "en-GB"]
_PLAIN = [
    ("integer", ["1", "02", "-3", "10", "1000"]),
    ("int", ["2", "7"]),
    ("decimal", ["1.0", "1.5", "2.50", "-0.25", "10"]),
    ("double", ["1e0", "2.5e0", "-1e-2", "INF", "1e7"]),
    ("boolean", ["true", "0"]),
    ("date", ["2020-01-01", "2020-02-01"]),
    ("dateTime", ["2020-01-01T00:00:00Z", "2021-06-01T12:30:00Z"]),
    ("gYear", ["2013", "2020"]),
]
_ODD = [
    ("float", ["1.5", "2"]),
    ("integer", ["90071992547409930", "abc"]),
    ("decimal", ["0.1234567890123456", "200000000000000000000", "0.00000000000000000001"]),
    ("double", ["NaN"]),
    ("date", ["2020-01-01+02:00", "2020-13-01"]),
    ("dateTime", ["2020-01-01T00:00:00", "2020-01-01T01:00:00.5+01:00"]),
    ("duration", ["P1D", "PT24H"]),
    ("gYear", ["2013Z"]),
    ("time", ["12:00:00"]),
]


def _typed(pairs: list[tuple[str, list[str]]]) -> list[ox.Literal]:
    return [ox.Literal(text, datatype=ox.NamedNode(XSD + name)) for name, texts in pairs for text in texts]


_LITERALS: list[list[ox.Literal]] = [
    [ox.Literal(text) for text in _STRINGS],
    [ox.Literal(text, language=language) for text in _STRINGS[:6] for language in _LANGUAGES],
    _typed(_PLAIN),
    [ox.Literal(text, datatype=ox.NamedNode("http://example.org/type")) for text in ("a", "b", "1")],
]
_ODD_LITERALS = _typed(_ODD)


@dataclass(frozen=True)
class Dice:
    """below  some number from 0 up to, but not with, the given one"""

    below: Callable[[int], int]

    def one(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """So many different ones."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(least + self.below(most - least + 1))]

    def in_(self, times: int) -> bool:
        """True once in so many times."""
        return self.below(times) == 0


def graph(dice: Dice) -> list[ox.Quad]:
    """Some triples. One graph in four has literals that are not compared, which makes many questions be declined."""
    nodes = [ox.NamedNode(iri) for iri in _THINGS] + [ox.BlankNode(name) for name in ("x", "y")]
    kinds = dice.some([*_LITERALS, _ODD_LITERALS] if dice.in_(4) else _LITERALS, 1, 3)
    literals = [literal for kind in kinds for literal in kind]
    return [
        ox.Quad(
            dice.one(nodes),
            ox.NamedNode(f"http://example.org/{dice.one(_PREDICATES)}"),
            dice.one(nodes) if dice.in_(2) else dice.one(literals),
        )
        for _ in range(1 + dice.below(40))
    ]


_VARIABLES = ["?a", "?b", "?c", "?d"]
_COMPARISONS = ["=", "!=", "<", "<=", ">", ">="]


def _written(literal: ox.Literal) -> str:
    text = str(literal)
    return text.replace("\x07", "\\u0007") if "\x07" in text else text


_CONSTANTS = [_written(literal) for kind in _LITERALS for literal in kind if "\x07" not in literal.value]
_NUMBERS = ["1", "2", "10", "1.5", "-3", "0", "1e0", "1000000", "2.0"]


def _variable(dice: Dice) -> str:
    return dice.one(_VARIABLES)


def _constant(dice: Dice) -> str:
    return dice.one(dice.one([_CONSTANTS, _NUMBERS, [":a", ":b", ":none", "true"]]))


def _node(dice: Dice) -> str:
    return dice.one([*_VARIABLES, *_VARIABLES, *_VARIABLES, ":a", ":b", "<http://example.org/e,f>"])


def _predicate(dice: Dice) -> str:
    return dice.one([":p", ":q", ":r", ":s", ":p", ":q", "?b", "?d", "^:p", ":p/:q", ":q/^:p", _repeated(dice)])


def _repeated(dice: Dice) -> str:
    return dice.one([":p+", ":q*", ":r?", "^:p+", ":p/:q+", ":p?/^:q*"])


def _triples(dice: Dice) -> str:
    found = []
    for _ in range(dice.one([1, 1, 2])):
        obj = _constant(dice) if dice.in_(6) else _node(dice)
        more = f" ; {_predicate(dice)} {_node(dice)} , {_node(dice)}" if dice.in_(12) else ""
        found.append(f"{_node(dice)} {_predicate(dice)} {obj}{more}")
    return " . ".join(found)


def _text(dice: Dice) -> str:
    variable = _variable(dice)
    return dice.one([variable, f"STR({variable})", f"LCASE(STR({variable}))", f"UCASE({variable})"])


def _comparison(dice: Dice) -> str:
    left, sign = _variable(dice), dice.one(_COMPARISONS)
    right = _variable(dice) if dice.in_(4) else _constant(dice)
    return f"{left} {sign} {right}" if dice.in_(2) else f"{right} {sign} {left}"


def _language(dice: Dice) -> str:
    tag = dice.one(['"en"', '"uk"', '""', '"*"', '"en-gb"', '"EN"'])
    variable = _variable(dice)
    return dice.one(
        [f"LANG({variable}) = {tag}", f"LANG({variable}) != {tag}", f"LANGMATCHES(LANG({variable}), {tag})"]
    )


def _text_test(dice: Dice) -> str:
    name = dice.one(["CONTAINS", "STRSTARTS", "STRENDS"])
    piece = dice.one(["a", "b", "", "лік", "ar", "B", "e,", " ", "a b", "ig  л", "  "])
    return f'{name}({_text(dice)}, "{piece}")'


def _regex(dice: Dice) -> str:
    pattern = dice.one(
        ["^a", "b$", "a.*b", "A", ".", "^$", "i|B", "[a-c]", "(a|b)r?", r"\\.", "лік", "a+", "^a big", "Ar$"]
    )
    flags = dice.one(["", ', "i"', ', "s"', ', ""'])
    return f'REGEX({_text(dice)}, "{pattern}"{flags})'


def _kind(dice: Dice) -> str:
    name = dice.one(["isIRI", "isBlank", "isLiteral", "isNumeric", "BOUND"])
    return f"{name}({_variable(dice)})"


def _datatype(dice: Dice) -> str:
    name = dice.one(["integer", "string", "decimal", "date", "float"])
    sign = dice.one(["=", "!="])
    return f"DATATYPE({_variable(dice)}) {sign} xsd:{name}"


def _among(dice: Dice) -> str:
    members = ", ".join(_constant(dice) for _ in range(1 + dice.below(3)))
    word = dice.one(["IN", "NOT IN"])
    return f"{_variable(dice)} {word} ({members})"


def _equal_text(dice: Dice) -> str:
    sign = dice.one(["=", "!="])
    text = dice.one(["a", "1", "http://example.org/a"])
    return f'STR({_variable(dice)}) {sign} "{text}"'


_TESTS: list[Callable[[Dice], str]] = [
    _comparison, _comparison, _comparison, _language, _text_test, _regex, _kind, _datatype, _among, _equal_text,
]  # fmt: skip


def _condition(dice: Dice, depth: int = 2) -> str:
    shape = dice.below(6) if depth else 5
    if shape <= 1:
        return f"({_condition(dice, depth - 1)} {'&&' if shape else '||'} {_condition(dice, depth - 1)})"
    return f"!({_condition(dice, depth - 1)})" if shape == 2 else dice.one(_TESTS)(dice)


def _values(dice: Dice) -> str:
    if dice.in_(2):
        return f"VALUES {_variable(dice)} {{ {_constant(dice)} :a }}"
    return f"VALUES (?a ?b) {{ (:a {_constant(dice)}) (:b :a) }}"


def _element(dice: Dice, depth: int) -> str:
    shape = dice.below(14)
    if shape <= 3 or depth == 0:
        return _triples(dice)
    if shape <= 6:
        return f"FILTER ({_condition(dice)})"
    if shape <= 9:
        return f"OPTIONAL {_group(dice, depth - 1)}"
    if shape == 10:
        return f"{_group(dice, depth - 1)} UNION {_group(dice, depth - 1)}"
    if shape == 11:
        return f"MINUS {_group(dice, depth - 1)}"
    if shape == 12:
        word = dice.one(["EXISTS", "NOT EXISTS"])
        return f"FILTER {word} {_group(dice, depth - 1)}"
    return dice.one([_values, lambda d: _group(d, depth - 1)])(dice)


def _group(dice: Dice, depth: int) -> str:
    elements = [_triples(dice) if dice.below(10) else ""]
    elements += [_element(dice, depth) for _ in range(dice.below(4))]
    return "{ " + " . ".join(e for e in elements if e) + " }" if all(elements) else "{ " + " ".join(elements) + " }"


def _aggregated(dice: Dice) -> str:
    keys = dice.some(_VARIABLES, 0, 2)
    aggregates = []
    for place in range(1 + dice.below(2)):
        function = dice.one(["COUNT", "SUM", "MIN", "MAX", "AVG"])
        about = "*" if function == "COUNT" and dice.in_(2) else dice.one(["", "DISTINCT "]) + _variable(dice)
        aggregates.append(f"({function}({about}) AS ?n{place})")
    about = dice.one(["COUNT(*)", "COUNT(*)", "?n0", *keys])
    having = f" HAVING ({about} {dice.one(_COMPARISONS)} {dice.below(4)})" if dice.in_(5) else ""
    by = f" GROUP BY {' '.join(keys)}" if keys else ""
    order = dice.one(["", "", " ORDER BY ?n0", " ORDER BY DESC(?n0)"])
    return f"SELECT {' '.join([*keys, *aggregates])} WHERE {_group(dice, 2)}{by}{having}{order}"


def _selected(dice: Dice) -> str:
    names = dice.some(_VARIABLES, 1, 4)
    what = "*" if dice.in_(2) else " ".join(names)
    keys = dice.some(names, 0, min(2, len(names)))
    by = [f"DESC({k})" if dice.in_(2) else k for k in keys]
    order = f" ORDER BY {' '.join(by)}" if by else ""
    distinct = dice.one(["", "", "DISTINCT "])
    return f"SELECT {distinct}{what} WHERE {_group(dice, 2)}{order}"


def _constructed(dice: Dice) -> str:
    template = f"{_node(dice)} {dice.one([':p', ':new', '?b'])} {_node(dice)}"
    return f"CONSTRUCT {{ {template} }} WHERE {_group(dice, 2)}"


def query(dice: Dice) -> str:
    """A question, most likely of the part of SPARQL that columns answer, without LIMIT."""
    shape = dice.below(10)
    text = f"ASK {_group(dice, 2)}" if shape == 0 else _aggregated(dice) if shape <= 3 else _selected(dice)
    return PROLOGUE + (_constructed(dice) if dice.in_(8) else text)


@st.composite
def worlds(draw: DrawFn, questions: int) -> tuple[list[ox.Quad], list[str]]:
    """A graph and some questions."""
    dice = Dice(lambda count: draw(st.integers(0, count - 1)))
    return graph(dice), [query(dice) for _ in range(questions)]
