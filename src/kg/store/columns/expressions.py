"""The words of a query one after the other, and what its terms and expressions say. See `syntax`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Never

from kg.store.columns.algebra import Aggregate, Call, Constant, Declined, Expression, Reference, Slot
from kg.store.columns.tokens import Token
from kg.words.names import RDF, XSD

_DEEPEST = 16
COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE")
_FUNCTIONS = {
    **dict.fromkeys(("BOUND", "LANG", "DATATYPE", "STR", "LCASE", "UCASE"), (1,)),
    **dict.fromkeys(("ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC"), (1,)),
    **dict.fromkeys(("LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS"), (2,)),
    "REGEX": (2, 3),
}
"""Each with how many arguments it may have."""


class Expressions:
    """A place among the words, and the constants and aggregates that were read so far."""

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

    def fail(self) -> Never:
        raise Declined

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Declined
        yield
        self.depth -= 1

    # Terms: section 4.1

    def iri(self) -> int | None:
        if token := self.next("iri"):
            return self.constant(Constant(Slot(token.slot)))
        if token := self.next("name"):
            return self.constant(Constant(self.expanded(token)))
        return None

    def predicate(self) -> int | None:
        return self.constant(Constant(RDF + "type")) if self.take("a") else self.iri()

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
        with self.deeper():
            return self.chain("||", lambda: self.chain("&&", self.relation))

    def chain(self, operator: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.take(operator):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(operator, tuple(parts))

    def relation(self) -> Expression:
        left = self.unary()
        if operator := self.take(*COMPARISONS):
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

    def aggregate(self) -> Aggregate | None:
        function = self.take(*_AGGREGATES)
        if not function:
            return None
        self.must("(")
        distinct = bool(self.take("DISTINCT"))
        about = None if function == "COUNT" and not distinct and self.take("*") else self.variable()
        self.must(")")
        return Aggregate(function, about, distinct)
