"""From the words of a query to what it says, for the part of SPARQL that is answered here.

Whatever is not surely in that part raises Declined, mistakes in the syntax among it: telling those is not done here.
Section numbers are those of SPARQL 1.1 Query.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Never

from kg.store.columns import scopes
from kg.store.columns.algebra import (
    Aggregate,
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
from kg.store.columns.shape import Shape
from kg.store.columns.tokens import Token, prefixes, tokens
from kg.words.names import RDF, XSD

_MOST_TOKENS = 2_000
_DEEPEST = 16
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE")
_ELEMENTS = ("FILTER", "OPTIONAL", "MINUS", "VALUES")
_FUNCTIONS = {
    **dict.fromkeys(("BOUND", "LANG", "DATATYPE", "STR", "LCASE", "UCASE"), (1,)),
    **dict.fromkeys(("ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC"), (1,)),
    **dict.fromkeys(("LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS"), (2,)),
    "REGEX": (2, 3),
}
"""Each with how many arguments it may have."""


def parse(shape: Shape) -> tuple[Query, tuple[Constant, ...]]:
    """What all queries of a shape say, and how their constants are written. Raise Declined."""
    found = tokens(shape)
    if len(found) > _MOST_TOKENS:
        raise Declined
    parser = _Parser(found, prefixes(shape.prologue))
    query = parser.query()
    return query, tuple(parser.constants)


class _Parser:
    def __init__(self, words: list[Token], names: dict[str, str]) -> None:
        self.words, self.names = words, names
        self.place = self.depth = 0
        self.counts = False  # whether an expression may have aggregates
        self.constants: dict[Constant, int] = {}
        self.aggregates: dict[str, Aggregate] = {}
        self.hidden = map(" {}".format, count())

    # Words

    def take(self, *texts: str) -> str:
        """The next word or sign if it is one of these; else nothing."""
        token = self.words[self.place]
        if token.kind in ("word", "sign") and token.text in texts:
            self.place += 1
            return token.text
        return ""

    def must(self, *texts: str) -> str:
        return self.take(*texts) or self.fail()

    def sees(self, *texts: str) -> bool:
        token = self.words[self.place]
        return token.kind in ("word", "sign") and token.text in texts

    def next(self, *kinds: str) -> Token | None:
        token = self.words[self.place]
        if token.kind not in kinds:
            return None
        self.place += 1
        return token

    def variable(self) -> str:
        return (self.next("variable") or self.fail()).text[1:]

    def constant(self, constant: Constant) -> int:
        return self.constants.setdefault(constant, len(self.constants))

    # Queries: section 19.8

    def query(self) -> Query:
        asks = self.must("SELECT", "ASK") == "ASK"
        found = Query(self.where(), True, ()) if asks else self.select()
        return found if self.next("end") else self.fail()

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
        limits = dict(self.limits())
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

    def aggregate(self) -> Aggregate | None:
        function = self.take(*_AGGREGATES)
        if not function:
            return None
        self.must("(")
        distinct = bool(self.take("DISTINCT"))
        about = None if function == "COUNT" and not distinct and self.take("*") else self.variable()
        self.must(")")
        return Aggregate(function, about, distinct)

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

    def limits(self) -> list[tuple[str, str | Slot]]:
        found: list[tuple[str, str | Slot]] = []
        while (name := self.take("LIMIT", "OFFSET")) and name not in dict(found):
            number = self.next("number") or self.fail()
            found.append((name, number.text or Slot(number.slot)))
        return found

    # Graph patterns: section 18.2.2

    def where(self) -> Group:
        self.take("WHERE")
        return self.group(frozenset())

    def group(self, outside: frozenset[str]) -> Group:
        """outside  the variables that the group's own filters see besides those of the group"""
        self.must("{")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Declined
        scope = scopes.Scope(outside)
        while not self.take("}"):
            self.element(scope)
        self.depth -= 1
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

    def along(self, subject: Reference, path: list[tuple[Reference, bool]]) -> list[Pattern]:
        """The patterns of a path to an object: section 18.2.2.4."""
        obj = self.term()
        if obj is None:
            raise Declined
        stops = [subject, *(next(self.hidden) for _ in path[1:]), obj]
        return [
            Pattern(b, predicate, a) if inverse else Pattern(a, predicate, b)
            for a, (predicate, inverse), b in zip(stops, path, stops[1:], strict=False)
        ]

    def path(self) -> list[tuple[Reference, bool]]:
        """Predicates in sequence, and whether each leads from object to subject; none if there is no predicate."""
        if token := self.next("variable"):
            return [(token.text[1:], False)]
        found: list[tuple[Reference, bool]] = []
        while True:
            inverse = bool(self.take("^"))
            step = self.predicate()
            if step is None:
                if inverse or found:
                    raise Declined
                return []
            found.append((step, inverse))
            if not self.take("/"):
                return found

    def predicate(self) -> int | None:
        return self.constant(Constant(RDF + "type")) if self.take("a") else self.iri()

    def iri(self) -> int | None:
        if token := self.next("iri"):
            return self.constant(Constant(Slot(token.slot)))
        if token := self.next("name"):
            return self.constant(Constant(self.expanded(token)))
        return None

    def expanded(self, name: Token) -> str:
        prefix, colon, local = name.text.partition(":")
        if prefix + colon not in self.names:
            raise Declined
        return self.names[prefix + colon] + local

    def term(self) -> Reference | None:
        """A variable or a constant, if there is one."""
        if token := self.next("variable"):
            return token.text[1:]
        if (iri := self.iri()) is not None:
            return iri
        if token := self.next("number"):
            return self.constant(Constant(token.text or Slot(token.slot), number=True))
        if word := self.take("true", "false"):
            return self.constant(Constant(word, XSD + "boolean"))
        return self.literal()

    def literal(self) -> int | None:
        token = self.next("string")
        if token is None:
            return None
        text = Slot(token.slot)
        following = self.words[self.place]
        if language := self.next("language"):
            return self.constant(Constant(text, language=language.text[1:].lower()))
        if not self.take("^^"):
            if following.kind == "string" and not following.apart:
                raise Declined  # what looks like three strings is one in threefold quotes
            return self.constant(Constant(text, XSD + "string"))
        if named := self.next("iri"):
            return self.constant(Constant(text, Slot(named.slot)))
        return self.constant(Constant(text, self.expanded(self.next("name") or self.fail())))

    # Expressions: section 17

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Declined
        found = self.chain("||", lambda: self.chain("&&", self.relation))
        self.depth -= 1
        return found

    def chain(self, operator: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.take(operator):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(operator, tuple(parts))

    def relation(self) -> Expression:
        left = self.unary()
        if operator := self.take(*_COMPARISONS):
            return Call(operator, (left, self.unary()))
        negated = self.take("NOT")
        if not self.take("IN"):
            return self.fail() if negated else left
        self.must("(")
        members = [self.expression()]
        while self.take(","):
            members.append(self.expression())
        self.must(")")
        found = Call("||", tuple(Call("=", (left, member)) for member in members))
        return Call("!", (found,)) if negated else found

    def unary(self) -> Expression:
        if self.take("!"):
            return Call("!", (self.primary(),))
        if self.take("-"):
            number = self.next("number") or self.fail()
            if number.slot >= 0:
                raise Declined
            return self.constant(Constant("-" + number.text, number=True))
        return self.primary()

    def primary(self) -> Expression:
        if self.take("("):
            found = self.expression()
            self.must(")")
            return found
        if (call := self.function()) is not None:
            return call
        aggregate = self.aggregate() if self.counts else None
        if aggregate is not None:
            name = next(self.hidden)
            self.aggregates[name] = aggregate
            return name
        term = self.term()
        return self.fail() if term is None else term

    def function(self) -> Call | None:
        name = self.take(*_FUNCTIONS)
        if not name:
            return None
        self.must("(")
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self.must(")")
        if len(arguments) not in _FUNCTIONS[name] or (name == "BOUND" and not isinstance(arguments[0], str)):
            raise Declined
        return Call(name, tuple(arguments))

    def fail(self) -> Never:
        raise Declined


def _is_comparison(expression: Expression) -> bool:
    """Whether it only compares variables and constants."""
    if isinstance(expression, Call):
        return expression.name in ("&&", "||", "!", *_COMPARISONS) and all(map(_is_comparison, expression.arguments))
    return True
