"""From the words of a query to what it says, for the part of SPARQL that is answered here.

Whatever is not surely in that part raises Declined, mistakes in the syntax among it: telling those is not done here.
Section numbers are those of SPARQL 1.1 Query.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.store.columns import scopes
from kg.store.columns.algebra import (
    Call,
    Constant,
    Declined,
    Expression,
    Filter,
    Group,
    Join,
    Pattern,
    Query,
    Reference,
    Slot,
    Union,
    Values,
    variables,
)
from kg.store.columns.expressions import COMPARISONS, Expressions
from kg.store.columns.shape import Shape
from kg.store.columns.tokens import prefixes, tokens

_MOST_TOKENS = 2_000
_MOST_PARTS = 100
"""Of groups, triple patterns and filters: a path of many steps to many objects has more of them than words."""
_ELEMENTS = ("FILTER", "OPTIONAL", "MINUS", "VALUES")
_REPEATS = ("?", "*", "+")
_PATHS = ("^", "/", *_REPEATS)


def parse(shape: Shape) -> tuple[Query, tuple[Constant, ...]]:
    """What all queries of a shape say, and how their constants are written. Raise Declined."""
    found = tokens(shape)
    if len(found) > _MOST_TOKENS:
        raise Declined
    parser = _Parser(found, prefixes(shape.prologue))
    query = parser.query()
    return query, tuple(parser.constants)


class _PathStep(NamedTuple):
    """inverse  whether it leads from object to subject"""

    predicate: Reference
    inverse: bool = False
    repeat: str = ""


class _Parser(Expressions):
    parts = 0

    # Queries: section 19.8

    def query(self) -> Query:
        form = {"SELECT": self.select, "ASK": self.ask, "CONSTRUCT": self.construct}
        found = form[self.must(*form)]()
        return found if self.next("end") else self.fail()

    def ask(self) -> Query:
        return Query(self.where(), True, ())

    def construct(self) -> Query:
        """Only with a template of variables and constants, as blank nodes would be others for each solution."""
        start = self.place
        self.must("{")
        template = tuple(self.triples())
        self.must("}")
        if any(token.kind == "sign" and token.text in _PATHS for token in self.words[start : self.place]):
            raise Declined
        group = self.where()
        limits = self.limits()
        projected = frozenset().union(*(pattern.variables for pattern in template))
        if not group.variables.issuperset(projected):
            raise Declined
        return Query(
            group, False, tuple(sorted(projected)), limit=limits.get("LIMIT"), offset=limits.get("OFFSET"),
            template=template,
        )  # fmt: skip

    def select(self) -> Query:
        distinct = bool(self.take("DISTINCT"))
        projected: list[str] = []
        while not self.sees("WHERE", "{", "*"):
            if self.take("("):
                aggregate = self.aggregate()
                self.must("AS")
                projected.append(self.variable())
                if aggregate is None or projected[-1] in self.aggregates:
                    raise Declined
                self.aggregates[projected[-1]] = aggregate
                self.must(")")
            else:
                projected.append(self.variable())
        everything = not projected and bool(self.must("*"))
        group = self.where()
        keys = tuple(self.many_variables()) if self.take("GROUP") and self.must("BY") else None
        having = tuple(self.having()) if self.take("HAVING") else ()
        order = tuple(self.order()) if self.take("ORDER") and self.must("BY") else ()
        limits = self.limits()
        if self.aggregates and keys is None:
            keys = ()
        known = {*keys, *self.aggregates} if keys is not None else group.certain | group.possible
        counted = {*(keys or ()), *(name for name in self.aggregates if name.startswith(" "))}  # what HAVING sees
        if everything:
            projected = sorted(v for v in known if not v.startswith(" "))
        if (
            not projected
            or len(set(projected)) < len(projected)
            or (keys is not None and (everything or not known.issuperset(projected)))
            or not known.issuperset(v for v, _ in order)
            or (having and keys is None)
            or any(not counted.issuperset(variables(h)) or not _is_comparison(h) for h in having)
            or group.variables.union(keys or ()).intersection(self.aggregates)
        ):
            raise Declined
        return Query(
            group, False, tuple(projected), distinct, keys, tuple(self.aggregates.items()), having, order,
            limits.get("LIMIT"), limits.get("OFFSET"),
        )  # fmt: skip

    def many_variables(self) -> list[str]:
        found = [self.variable()]
        while token := self.next("variable"):
            found.append(token.text[1:])
        return found

    def having(self) -> list[Expression]:
        found: list[Expression] = []
        self.counts = True
        while self.take("("):
            found.append(self.expression())
            self.must(")")
        self.counts = False
        return found or self.fail()

    def order(self) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        while True:
            if direction := self.take("ASC", "DESC"):
                self.must("(")
                found.append((self.variable(), direction == "DESC"))
                self.must(")")
            elif token := self.next("variable"):
                found.append((token.text[1:], False))
            else:
                return found or self.fail()

    def limits(self) -> dict[str, str | Slot]:
        found: dict[str, str | Slot] = {}
        while name := self.take("LIMIT", "OFFSET"):
            number = self.next("number") or self.fail()
            if name in found:
                raise Declined
            found[name] = number.text or Slot(number.slot)
        return found

    def count_parts(self, more: int) -> None:
        self.parts += more
        if self.parts > _MOST_PARTS:
            raise Declined

    # Graph patterns: section 18.2.2

    def where(self) -> Group:
        self.take("WHERE")
        return self.group(frozenset())

    def group(self, outside: frozenset[str]) -> Group:
        """outside  the variables that the group's own filters see besides those of the group"""
        self.must("{")
        scope = scopes.Scope(outside)
        with self.deeper():
            while not self.take("}"):
                self.count_parts(1)
                self.element(scope)
        return scope.group()

    def element(self, scope: scopes.Scope) -> None:
        if self.take("FILTER"):
            self.filter(scope)
        elif self.take("OPTIONAL"):
            scope.optional(self.group(scope.variables))
        elif self.take("MINUS"):
            scope.minus(self.group(frozenset()))
        elif self.take("VALUES"):
            scope.values(self.values())
        elif self.sees("{"):
            groups = [self.group(frozenset())]
            while self.take("UNION"):
                groups.append(self.group(frozenset()))
            scope.union(Union(tuple(groups)))
        else:
            scope.join(Join(tuple(self.triples())))
            if self.words[self.place - 1].text != "." and not self.sees("}", "{", *_ELEMENTS):
                raise Declined
            return
        self.take(".")

    def filter(self, scope: scopes.Scope) -> None:
        negated = self.take("NOT")
        if negated or self.sees("EXISTS"):
            self.must("EXISTS")
            scope.exists(self.group(frozenset()), bool(negated))
        elif self.take("("):
            scope.filter(Filter(self.expression()))
            self.must(")")
        else:
            scope.filter(Filter(self.function() or self.fail()))

    def values(self) -> Values:
        bracketed = bool(self.take("("))
        names = tuple(self.many_variables()) if bracketed else (self.variable(),)
        if bracketed:
            self.must(")")
        rows = []
        self.must("{")
        while not self.take("}"):
            if bracketed:
                self.must("(")
            rows.append(tuple(self.ground() for _ in names))
            if bracketed:
                self.must(")")
        if len(set(names)) < len(names):
            raise Declined
        return Values(names, tuple(rows))

    def ground(self) -> int:
        found = self.term()
        return found if isinstance(found, int) else self.fail()

    def triples(self) -> list[Pattern]:
        """The triples of a block up to what is no triple."""
        found: list[Pattern] = []
        while True:
            subject = self.term()
            if subject is None:
                return found or self.fail()
            self.properties(subject, found)
            if not self.take("."):
                return found

    def properties(self, subject: Reference, found: list[Pattern]) -> None:
        path = self.path() or self.fail()
        while path:
            found += self.along(subject, path)
            while self.take(","):
                found += self.along(subject, path)
            if not self.take(";"):
                return
            while self.take(";"):
                pass
            path = self.path()

    def along(self, subject: Reference, path: list[_PathStep]) -> list[Pattern]:
        """The patterns of a path to an object: section 18.2.2.4."""
        obj = self.term()
        if obj is None:
            raise Declined
        self.count_parts(len(path))
        stops = [subject, *(next(self.hidden) for _ in path[1:]), obj]
        return [
            Pattern(b, step.predicate, a, step.repeat) if step.inverse else Pattern(a, step.predicate, b, step.repeat)
            for a, step, b in zip(stops, path, stops[1:], strict=False)
        ]

    def path(self) -> list[_PathStep]:
        """Steps in sequence; none if there is no predicate."""
        if token := self.next("variable"):
            return [_PathStep(token.text[1:])]
        found: list[_PathStep] = []
        while True:
            inverse = bool(self.take("^"))
            predicate = self.predicate()
            if predicate is None:
                if inverse or found:
                    raise Declined
                return []
            found.append(_PathStep(predicate, inverse, self.repeat()))
            if not self.take("/"):
                return found

    def repeat(self) -> str:
        found = self.take(*_REPEATS)
        following = self.words[self.place]
        if found == "+" and following.kind == "number" and not following.apart:
            raise Declined  # it is the sign of a number
        return found


def _is_comparison(expression: Expression) -> bool:
    """Whether it only compares variables and constants."""
    if isinstance(expression, Call):
        return expression.name in ("&&", "||", "!", *COMPARISONS) and all(map(_is_comparison, expression.arguments))
    return True
