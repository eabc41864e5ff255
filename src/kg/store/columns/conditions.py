"""Whether solutions meet a condition, in the three-valued logic of SPARQL, for whole columns at once.

A condition on one variable is evaluated once for each term that the variable is bound to. What is equal, and what is
less, is what Oxigraph takes for it. Source: SPARQL 1.1 Query, section 17.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.store.columns import texts
from kg.store.columns.algebra import Call, Declined, Expression, Query, variables
from kg.store.columns.constants import Known
from kg.store.columns.tables import Table
from kg.store.columns.terms import NUMERIC, UNBOUND, Block, Ids, Kind, Terms, distinct
from kg.store.columns.triples import Triples

FALSE, ERROR, TRUE, UNKNOWN = 0, 1, 2, 3
"""In this order the least of two is their conjunction, and the greatest their disjunction."""

Truths = NDArray[np.int8]
_Unary = Callable[[Ids], Truths]
_OPERATORS: dict[str, Callable[[Any, Any], NDArray[np.bool_]]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_FEW = 64
"""Among so many times as many terms the truths of few are not kept."""
_NO_IDS = np.zeros(0, np.int32)
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ORDERED = np.isin(np.arange(len(Kind)), [Kind.STRING, Kind.TAGGED, Kind.DATED])
_VALUED = np.isin(np.arange(len(Kind)), NUMERIC)
_INCOMPARABLE_WITH_OTHER = ~np.isin(np.arange(len(Kind)), [Kind.BLANK, Kind.IRI, Kind.TAGGED])
_KINDS_OF_BLOCKS: dict[str, Callable[[Kind], bool]] = {
    "ISIRI": lambda kind: kind is Kind.IRI,
    "ISURI": lambda kind: kind is Kind.IRI,
    "ISBLANK": lambda kind: kind is Kind.BLANK,
    "ISLITERAL": lambda kind: kind >= Kind.STRING,
    "ISNUMERIC": lambda kind: kind in NUMERIC,
}


class Conditions:
    """Makes conditions for one query.

    odd  the variables that may be bound to a term that is not compared here
    """

    def __init__(self, terms: Terms, constants: list[Known], computed: list[float], odd: Set[str]) -> None:
        self.terms, self.constants, self.computed, self.odd = terms, constants, computed, odd

    def condition(self, expression: Expression) -> Callable[[Table], NDArray[np.bool_]]:
        """What tells which rows of a table meet a condition. Raise Declined."""
        truths = self._truths(expression)
        return lambda table: truths(table) == TRUE

    def chosen(self, expression: Expression, blocks: Iterable[int]) -> Ids | None:
        """The terms of some blocks that meet a condition on one variable; None if it takes long to find them."""
        (name,) = variables(expression)
        parts = list(_conjuncts(expression))
        about_texts = next((p for p in parts if isinstance(p, Call) and p.name in texts.FUNCTIONS), None)
        if about_texts is None:
            return None
        parts.remove(about_texts)
        about_kinds = [self._unary(p, name) for p in parts if _is_about_kinds(p)]
        others = [self._unary(p, name) for p in parts if not _is_about_kinds(p)]
        test = self._test(about_texts)
        found = []
        for place in sorted(blocks):
            one = np.array([self.terms.blocks[place].start], np.int32)
            if all((unary(one) == TRUE).all() for unary in about_kinds):
                ids = test.all_of(self.terms, place)
                if ids is None:
                    return None
                found.append(ids)
        ids = np.concatenate([_NO_IDS, *found])
        for unary in others:
            ids = ids[unary(ids) == TRUE]
        return ids

    def _truths(self, expression: Expression) -> Callable[[Table], Truths]:
        names = variables(expression)
        if len(names) == 1:
            (name,) = names
            unary = self._unary(expression, name)
            if not _is_about_kinds(expression):
                unary = _Remembered(unary, len(self.terms) + len(self.computed))
            return lambda table: unary(table.column(name))
        if not isinstance(expression, Call):
            raise Declined
        if expression.name in ("&&", "||", "!"):
            parts = [self._truths(argument) for argument in expression.arguments]
            return lambda table: _combined(expression.name, [part(table) for part in parts])
        left, right = _two(expression)
        if not isinstance(left, str) or not isinstance(right, str) or names & self.odd:
            raise Declined
        return lambda table: self._compared(expression.name, table.column(left), table.column(right))

    def _unary(self, expression: Expression, name: str) -> _Unary:
        """Of a condition on one variable: what gives the truth for each of some terms, which come in their order."""
        if not isinstance(expression, Call):
            raise Declined
        arguments = expression.arguments
        if expression.name in ("&&", "||"):
            return _short_cut(expression.name, [self._unary(a, name) for a in arguments])
        if expression.name == "!":
            inner = self._unary(arguments[0], name)
            return lambda ids: TRUE - inner(ids)
        if expression.name == "BOUND":
            return lambda ids: np.where(ids == UNBOUND, FALSE, TRUE).astype(np.int8)
        if test := _KINDS_OF_BLOCKS.get(expression.name):
            if arguments != (name,) or (expression.name == "ISNUMERIC" and name in self.odd):
                raise Declined
            return self._by_block(lambda block: ERROR if block.kind is Kind.UNBOUND else _truth(test(block.kind)))
        if expression.name == "LANGMATCHES":
            known = self._string(arguments[1])
            if arguments[0] != Call("LANG", (name,)):
                raise Declined
            return self._by_block(lambda block: _of_language(block, lambda tag: texts.in_range(tag, known)))
        if expression.name in _MIRRORED:
            return self._comparison(expression, name)
        return self._text_test(expression)

    def _comparison(self, expression: Call, name: str) -> _Unary:
        left, right = _two(expression)
        sign = expression.name
        if isinstance(left, int):
            left, right, sign = right, left, _MIRRORED[sign]
        if not isinstance(right, int):
            raise Declined
        known = self.constants[right]
        if left == name:
            if name in self.odd or known.kind is Kind.ODD:
                raise Declined
            return lambda ids: self._compared(sign, ids, known)
        if sign not in ("=", "!="):
            raise Declined
        wanted = sign == "="
        if left == Call("LANG", (name,)):
            language = self._string(right)
            return self._by_block(lambda block: _of_language(block, lambda tag: (tag == language) == wanted))
        if left == Call("DATATYPE", (name,)) and known.kind is Kind.IRI:
            datatype = known.text
            return self._by_block(
                lambda block: _truth((block.datatype == datatype) == wanted) if block.datatype else ERROR
            )
        found = self._text_test(Call("=", (left, right)))
        return found if wanted else lambda ids: TRUE - found(ids)

    def _text_test(self, expression: Call) -> _Unary:
        """A function of a variable's text and of constants."""
        test = self._test(expression)
        from_str = _changes(expression)[-1:] == ["STR"]

        def truths(ids: Ids) -> Truths:
            kinds = self.terms.kinds_of(ids)
            has_text = (kinds == Kind.STRING) | (kinds == Kind.TAGGED)
            if from_str:
                has_text = (kinds != Kind.UNBOUND) & (kinds != Kind.BLANK)
            found = np.full(len(ids), ERROR, np.int8)
            found[has_text] = np.where(test(self.terms, ids[has_text]), TRUE, FALSE)
            return found

        return truths

    def _test(self, expression: Call) -> texts.TextTest:
        changes = _changes(expression)
        if expression.name == "=" and "STR" not in changes:
            raise Declined
        constants = [self._string(a) for a in expression.arguments[1:]]
        by_case = {"LCASE", "UCASE"}.intersection(changes) or "i" in "".join(constants[1:])
        if by_case and not self.terms.usual_letters:
            raise Declined
        return texts.test(expression.name, constants, [c for c in reversed(changes) if c != "STR"])

    def _string(self, expression: Expression) -> str:
        known = self.constants[expression] if isinstance(expression, int) else None
        if known is None or known.kind is not Kind.STRING:
            raise Declined
        return known.text

    def _by_block(self, truth: Callable[[Block], int]) -> _Unary:
        """What is the same for all terms of a block."""
        truths = np.array([truth(block) for block in self.terms.blocks], np.int8)
        return lambda ids: truths[self.terms.blocks_of(ids)]

    def _compared(self, sign: str, left: Ids, right: Ids | Known) -> Truths:
        """Terms compared one by one with others, or all with one constant. Source: section 17.3."""
        terms = self.terms
        blocks = terms.blocks_of(left)
        kinds = terms.kinds[blocks]
        values = self._values(left, kinds)
        other_blocks: Any
        other_kinds: Any
        other_values: Any
        places: Any
        if isinstance(right, Known):
            other_kinds, other_values = right.kind, right.value
            other_blocks = terms.blocks.index(right.block) if right.block else -1
            same = left == right.number
            places = 2 * right.place - (right.number < 0)
        else:
            other_blocks = terms.blocks_of(right)
            other_kinds = terms.kinds[other_blocks]
            other_values = self._values(right, other_kinds)
            same = left == right
            places = 2 * right.astype(np.int64)
        numeric = _VALUED[kinds] & _VALUED[other_kinds]
        unbound = (kinds == Kind.UNBOUND) | (other_kinds == Kind.UNBOUND)
        if sign in ("=", "!="):
            found = np.where(np.where(numeric, values == other_values, same), TRUE, FALSE).astype(np.int8)
            unsure = (kinds == Kind.OTHER) & _INCOMPARABLE_WITH_OTHER[other_kinds]
            unsure |= (other_kinds == Kind.OTHER) & _INCOMPARABLE_WITH_OTHER[kinds]
            found[unsure & ~same | unbound] = ERROR
            return found if sign == "=" else (TRUE - found).astype(np.int8)
        compare = _OPERATORS[sign]
        ordered = np.where(numeric, compare(values, other_values), compare(2 * left.astype(np.int64), places))
        comparable = numeric | same | (_ORDERED[kinds] & (blocks == other_blocks))
        return np.where(comparable & ~unbound, np.where(ordered, TRUE, FALSE), ERROR).astype(np.int8)

    def _values(self, ids: Ids, kinds: NDArray[np.int8]) -> NDArray[np.float64]:
        """The values of those that are numeric, 0 for the others."""
        found = np.zeros(len(ids))
        stored = _VALUED[kinds] & (ids < len(self.terms))
        found[stored] = self.terms.numbers[ids[stored] - self.terms.first_number]
        if self.computed:
            late = ids >= len(self.terms)
            found[late] = np.array(self.computed)[ids[late] - len(self.terms)]
        return found


class _Remembered:
    """The truths of a condition on one variable, each found once."""

    def __init__(self, unary: _Unary, size: int) -> None:
        self._unary, self._size = unary, size

    @cached_property
    def _truths(self) -> Truths:
        return np.full(self._size, UNKNOWN, np.int8)

    def __call__(self, ids: Ids) -> Truths:
        if len(ids) * _FEW < self._size:
            different = distinct(ids)
            return self._unary(different)[different.searchsorted(ids)]
        found = self._truths[ids]
        new = ids[found == UNKNOWN]
        if len(new):
            new = distinct(new)
            self._truths[new] = self._unary(new)
            found = self._truths[ids]
        return found


def _combined(name: str, parts: list[Truths]) -> Truths:
    if name == "!":
        return (TRUE - parts[0]).astype(np.int8)
    return reduce(np.minimum if name == "&&" else np.maximum, parts)


def _short_cut(name: str, parts: list[_Unary]) -> _Unary:
    """A conjunction or disjunction whose later parts are asked only about what the earlier ones leave open."""
    combine, settled = (np.minimum, FALSE) if name == "&&" else (np.maximum, TRUE)

    def truths(ids: Ids) -> Truths:
        found = parts[0](ids)
        for part in parts[1:]:
            open_ = found != settled
            if open_.any():
                found[open_] = combine(found[open_], part(ids[open_]))
        return found

    return truths


def _changes(expression: Call) -> list[str]:
    """What is done to a variable's text before a function of it, the last first. Raise Declined."""
    about = expression.arguments[0]
    found: list[str] = []
    while isinstance(about, Call) and about.name in ("STR", "LCASE", "UCASE"):
        found.append(about.name)
        (about,) = about.arguments
    if not isinstance(about, str):
        raise Declined
    return found


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Call) and expression.name == "&&":
        for argument in expression.arguments:
            yield from _conjuncts(argument)
    else:
        yield expression


def _is_about_kinds(expression: Expression) -> bool:
    """Whether a condition on one variable is the same for all terms of a block."""
    if not isinstance(expression, Call):
        return False
    if expression.name in ("&&", "||", "!"):
        return all(map(_is_about_kinds, expression.arguments))
    if expression.name in ("=", "!="):
        return any(isinstance(a, Call) and a.name in ("LANG", "DATATYPE") for a in expression.arguments)
    return expression.name in ("BOUND", "LANGMATCHES", *_KINDS_OF_BLOCKS)


def _two(call: Call) -> tuple[Expression, Expression]:
    if call.name not in _MIRRORED:
        raise Declined
    left, right = call.arguments
    return left, right


def _truth(value: bool) -> int:
    return TRUE if value else FALSE


def _of_language(block: Block, test: Callable[[str], bool]) -> int:
    """Whether the language of a block's terms passes; literals without one have an empty one."""
    return _truth(test(block.language)) if block.kind >= Kind.STRING else ERROR


def odd_variables(query: Query, constants: Sequence[int], terms: Terms, triples: Triples) -> set[str]:
    """The variables that may be bound to terms which are not compared here."""
    odd = {place for place, block in enumerate(terms.blocks) if block.kind is Kind.ODD}
    found: set[str] = set()
    for pattern in query.patterns if odd else ():
        if pattern.repeat in ("?", "*"):  # both ends may be the same term, whatever it is
            found |= pattern.variables
        elif isinstance(pattern.object, str):
            predicate = constants[pattern.predicate] if isinstance(pattern.predicate, int) else None
            spread = triples.spreads.get(predicate) if predicate is not None else None
            if predicate is None or (spread is not None and spread.blocks & odd):
                found.add(pattern.object)
    return found
