"""SHACL in words: what a shape demands, as sentences in the reader's language.

Source: SHACL, section 4 (core constraint components), 2.3.1 (paths).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from kg.pages.phrases import marked, phrase
from kg.pages.readable import readable
from kg.pages.sentence import Sentence, joined, say, say_counted
from kg.pages.telling import told
from kg.pages.values import Reader, Value
from kg.store.rdf_io import Term
from kg.words.names import LABEL_PROPERTIES, RDF, SH, XSD

_DEFAULT = ox.DefaultGraph()
_DEEPEST = 4

_LIMITS = {
    "minInclusive": marked("at least {value}"),
    "minExclusive": marked("more than {value}"),
    "maxInclusive": marked("at most {value}"),
    "maxExclusive": marked("less than {value}"),
}
_PAIRS = {
    "equals": marked("just the values of {path}"),
    "disjoint": marked("none of the values of {path}"),
    "lessThan": marked("less than each value of {path}"),
    "lessThanOrEquals": marked("at most each value of {path}"),
}
_NODE_KINDS = {
    "IRI": marked("an IRI"),
    "Literal": marked("a literal"),
    "BlankNode": marked("a blank node"),
    "BlankNodeOrIRI": marked("an IRI or a blank node"),
    "IRIOrLiteral": marked("an IRI or a literal"),
    "BlankNodeOrLiteral": marked("a blank node or a literal"),
}
_PATHS = {
    "inversePath": marked("{path} (backwards)"),
    "zeroOrMorePath": marked("{path} (any number of times)"),
    "oneOrMorePath": marked("{path} (once or more)"),
    "zeroOrOnePath": marked("{path} (at most once)"),
}


class Words:
    """Says the shapes of a store to a reader."""

    def __init__(self, store: ox.Store, reader: Reader) -> None:
        self._store, self._reader = store, reader
        self._language = reader.language

    def targets(self, shape: Term) -> Iterator[Sentence]:
        """What a shape is about: “every partnership”."""
        for class_ in self.objects(shape, "targetClass"):
            yield say(marked("Every {thing}"), self._language, thing=self._reader.value(class_))
        for property_ in self.objects(shape, "targetSubjectsOf"):
            yield say(marked("Everything that has {path}"), self._language, path=self._reader.value(property_))
        for property_ in self.objects(shape, "targetObjectsOf"):
            yield say(marked("Every value of {path}"), self._language, path=self._reader.value(property_))
        for node in self.objects(shape, "targetNode"):
            yield (self._reader.value(node),)

    def rule(self, shape: Term) -> Sentence:
        """What a shape demands, without its targets: “has exactly one foreign party, which is an organisation”."""
        return self._rule(shape, 0)

    def path(self, term: Term) -> Sentence:
        """A property path."""
        if isinstance(term, ox.NamedNode):
            return (self._reader.value(term),)
        for name, text in _PATHS.items():
            if inner := self.first(term, name):
                return say(text, self._language, path=self.path(inner))
        if alternatives := self.first(term, "alternativePath"):
            return self._either(map(self.path, self.items(alternatives)))
        return joined(map(self.path, self.items(term)), " / ")

    def name(self, shape: Term) -> Value | None:
        """What a shape is called, with the link to its place on the page; None for one without a name."""
        if not isinstance(shape, ox.NamedNode):
            return None
        named = told(self._store, self._reader, shape.value, SH + "name", *LABEL_PROPERTIES)
        shown = self._reader.thing(shape.value)
        return replace(shown, text=named.text, language=named.language) if named else None

    def objects(self, subject: Term, name: str) -> list[Term]:
        """The objects of a property of SHACL, sorted."""
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return []
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(SH + name), None, _DEFAULT)
        return sorted((q.object for q in quads), key=str)

    def first(self, subject: Term, name: str) -> Term | None:
        return next(iter(self.objects(subject, name)), None)

    def items(self, list_: Term) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        while isinstance(list_, ox.BlankNode | ox.NamedNode) and list_.value != RDF + "nil" and len(found) < 1000:
            first, rest = (
                next(
                    (q.object for q in self._store.quads_for_pattern(list_, ox.NamedNode(RDF + n), None, _DEFAULT)),
                    None,
                )
                for n in ("first", "rest")
            )
            if first is None or rest is None:
                break
            found.append(first)
            list_ = rest
        return found

    def _rule(self, shape: Term, depth: int) -> Sentence:
        if depth > _DEEPEST:
            return ("…",)
        path = self.first(shape, "path")
        if path is not None:
            return joined([*self._about(shape, self.path(path), depth), *self._whole_shape(shape)], "; ")
        clauses = [say(marked("is {what}"), self._language, what=d) for d in self._own_demands(shape)]
        clauses += self._logic(shape, depth)
        clauses += [rule for p in self.objects(shape, "property") if depth and (rule := self._rule(p, depth + 1))]
        return joined([*clauses, *self._whole_shape(shape)], ", ")

    def _about(self, shape: Term, path: Sentence, depth: int) -> Iterator[Sentence]:
        """What a shape of a property demands: how many values, which ones, of what kind."""
        language = self._language
        demands = joined(self._demands(shape, depth), ", ")
        counted = self._count(shape, path)
        if demands:
            single = self._whole(self.first(shape, "maxCount")) == 1
            text = marked("{has}, which is {demands}") if single else marked("{has}, each of which is {demands}")
            yield say(
                text, language, has=counted or say(marked("may have {path}"), language, path=path), demands=demands
            )
        elif counted:
            yield counted
        for value in self.objects(shape, "hasValue"):
            yield say(marked("has {value} as {path}"), language, value=self._value(value), path=path)
        for qualified in self.objects(shape, "qualifiedValueShape"):
            least, most = (self._whole(self.first(shape, f"qualified{n}Count")) for n in ("Min", "Max"))
            number = self._number(least, most, path) or say(marked("may have {path}"), language, path=path)
            yield say(marked("{has} that {rule}"), language, has=number, rule=self._rule(qualified, depth + 1))
        if self._is_true(shape, "uniqueLang"):
            yield say(marked("has no two texts as {path} in one language"), language, path=path)
        for nested in self.objects(shape, "property"):
            rule = self._rule(nested, depth + 1)
            yield say(marked("each {path} {rule}"), language, path=path, rule=rule)

    def _whole_shape(self, shape: Term) -> Iterator[Sentence]:
        if self._is_true(shape, "closed"):
            yield say(marked("has no other properties"), self._language)
        for _ in self.objects(shape, "sparql"):
            yield say(marked("passes a check in SPARQL"), self._language)

    def _demands(self, shape: Term, depth: int) -> Iterator[Sentence]:
        """What each value must be, as words that follow “is”."""
        yield from self._own_demands(shape)
        for node in self.objects(shape, "node"):
            yield self._what(node, depth)
        for node in self.objects(shape, "not"):
            yield say(marked("not {what}"), self._language, what=self._what(node, depth))
        for list_ in self.objects(shape, "and"):
            yield joined((self._what(n, depth) for n in self.items(list_)), ", ")
        for list_ in self.objects(shape, "or"):
            yield self._either(self._what(n, depth) for n in self.items(list_))
        for list_ in self.objects(shape, "xone"):
            whats = self._either(self._what(n, depth) for n in self.items(list_))
            yield say(marked("just one of: {what}"), self._language, what=whats)

    def _what(self, shape: Term, depth: int) -> Sentence:
        """Another shape as words that follow “is”: by its name, else by what it demands."""
        verbs = ("path", "property", "closed", "sparql")
        if depth <= _DEEPEST and not self.name(shape) and not any(self.first(shape, name) for name in verbs):
            return joined(self._demands(shape, depth + 1), ", ")
        return say(marked("something that {rule}"), self._language, rule=self._named(shape, depth))

    def _own_demands(self, shape: Term) -> Iterator[Sentence]:
        language = self._language
        for class_ in self.objects(shape, "class"):
            yield say(marked("an instance of {thing}"), language, thing=self._reader.value(class_))
        for datatype in self.objects(shape, "datatype"):
            yield say(marked("a literal of type {datatype}"), language, datatype=self._reader.value(datatype))
        for kind in self.objects(shape, "nodeKind"):
            if isinstance(kind, ox.NamedNode) and (text := _NODE_KINDS.get(kind.value.removeprefix(SH))):
                yield say(text, language)
        for list_ in self.objects(shape, "in"):
            yield say(marked("one of: {values}"), language, values=joined(map(self._value, self.items(list_)), ", "))
        for list_ in self.objects(shape, "languageIn"):
            tags = joined(map(self._value, self.items(list_)), ", ")
            yield say(marked("text in one of these languages: {languages}"), language, languages=tags)
        for pattern in self.objects(shape, "pattern"):
            yield say(marked("text of the form {pattern}"), language, pattern=self._value(pattern))
        for name, limit in _LIMITS.items():
            for value in self.objects(shape, name):
                yield say(limit, language, value=self._value(value))
        yield from self._lengths(shape)
        for name, text in _PAIRS.items():
            for path in self.objects(shape, name):
                yield say(text, language, path=self.path(path))

    def _lengths(self, shape: Term) -> Iterator[Sentence]:
        least, most = (self._whole(self.first(shape, name)) for name in ("minLength", "maxLength"))
        if least:
            yield say_counted(
                "text of at least {count} character", "text of at least {count} characters", least, self._language
            )
        if most is not None:
            yield say_counted(
                "text of at most {count} character", "text of at most {count} characters", most, self._language
            )

    def _logic(self, shape: Term, depth: int) -> Iterator[Sentence]:
        """What a shape of a thing demands by others."""
        for node in self.objects(shape, "node"):
            yield self._named(node, depth)
        for node in self.objects(shape, "not"):
            yield say(marked("it is not so that it {rule}"), self._language, rule=self._named(node, depth))
        for list_ in self.objects(shape, "and"):
            yield joined((self._named(n, depth) for n in self.items(list_)), ", ")
        for list_ in self.objects(shape, "or"):
            yield self._either(self._named(n, depth) for n in self.items(list_))
        for list_ in self.objects(shape, "xone"):
            rules = self._either(self._named(n, depth) for n in self.items(list_))
            yield say(marked("just one holds: {rule}"), self._language, rule=rules)

    def _named(self, shape: Term, depth: int) -> Sentence:
        if isinstance(shape, ox.NamedNode) and (name := self.name(shape)):
            return say(marked("fits {shape}"), self._language, shape=name)
        return self._rule(shape, depth + 1)

    def _either(self, sentences: Iterable[Sentence]) -> Sentence:
        either = phrase("or", self._language)
        return joined(sentences, f" {either} ")

    def _count(self, shape: Term, path: Sentence) -> Sentence:
        least, most = (self._whole(self.first(shape, f"{name}Count")) for name in ("min", "max"))
        return self._number(least, most, path)

    def _number(self, least: int | None, most: int | None, path: Sentence) -> Sentence:
        """How many values there are; nothing where that does not matter."""
        language = self._language
        if most == 0:
            return say(marked("has no {path}"), language, path=path)
        if least and least == most:
            return say_counted(
                "has exactly one {path}", "has exactly {count} values of {path}", least, language, path=path
            )
        if least and most:
            numbers = {"least": str(least), "most": str(most)}
            return say(marked("has {least} to {most} values of {path}"), language, **numbers, path=path)
        if least:
            return say_counted(
                "has at least one {path}", "has at least {count} values of {path}", least, language, path=path
            )
        if most:
            return say_counted(
                "has at most one {path}", "has at most {count} values of {path}", most, language, path=path
            )
        return ()

    def _value(self, term: Term) -> Sentence:
        if isinstance(term, ox.Literal) and term.datatype.value == XSD + "string":
            return (Value(term.value, datatype="text"),)
        if isinstance(term, ox.Literal):
            return (readable(term, self._language),)
        return (self._reader.value(term),)

    def _whole(self, term: Term | None) -> int | None:
        return int(term.value) if isinstance(term, ox.Literal) and term.value.isdecimal() else None

    def _is_true(self, shape: Term, name: str) -> bool:
        return any(isinstance(o, ox.Literal) and o.value in ("true", "1") for o in self.objects(shape, name))
