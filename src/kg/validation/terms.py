"""Names: terms that nothing declares, links that lead nowhere, terms that are out of use, things without an address."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.store.claims import REIFIES, vocabulary
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.validation.named import Names
from kg.words.findings import Finding, Severity
from kg.words.names import DCTERMS, HS, OWL, RDFS, SH, SKOS, TYPE, curie

_DEPRECATED: Final = ox.NamedNode(OWL + "deprecated")
_SUCCESSOR: Final = ox.NamedNode(DCTERMS + "isReplacedBy")
_MEMBERSHIP: Final = frozenset(
    ox.NamedNode(p)
    for p in (
        RDFS + "isDefinedBy", SKOS + "inScheme", SKOS + "topConceptOf", SKOS + "hasTopConcept", SKOS + "member",
        DCTERMS + "isReplacedBy",
    )
)  # fmt: skip
"""What says that a term is there, and not what it is for."""
_DEFINED_BY: Final = ox.NamedNode(RDFS + "isDefinedBy")
_CLOSED: Final = ("DCTERMS", "FOAF", "ORG", "OWL", "PROV", "RDFS", "SKOS", "XSD")
"""Vocabularies of which rdflib has all terms, and which hardly change."""
_USES: Final = frozenset(
    {
        TYPE,
        *(RDFS + n for n in ("domain", "range", "subClassOf", "subPropertyOf")),
        *(SH + n for n in ("path", "class")),
    }
)
_ENOUGH: Final = 4
"""Terms of another vocabulary that are declared, before one is missed among them."""
_THING: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+|--[A-Za-z0-9]+)*")
_IN_TEXT: Final = re.compile(r"(?:[A-Za-z][\w-]*)?:[\w/.-]*\w|<[^<>\s]+>")


def check(project: Project) -> Iterator[Finding]:
    """`unknown-term`, `unknown-thing`, `deprecated-term`, once a file each; `iri-pattern`, once a thing.

    Where a file could not be read, what it would declare is not missed.
    """
    names = Names(project.settings.base)
    judged = (names.terms if project.ontology and "ontology" not in project.incomplete else ()) + (
        (names.things,) if "data" not in project.incomplete else ()
    )
    described = {q.subject.value for d in project.documents for q in d.quads if isinstance(q.subject, ox.NamedNode)}
    notation = vocabulary(names.base)
    is_declared = 2 * len(described & notation) > len(notation)
    known = described if is_declared else described | notation
    declared = {iri for iri in known if iri.startswith((*names.terms, names.things, names.base + "source/"))}
    meant = _Meant(declared, names)
    successors, reused = _deprecated(project.ontology), _Reused(project, names)
    data = set() if "data" in project.incomplete else set(project.data)
    pages = tuple({iri.partition("#")[0] + "#" for iri in described if "#" in iri and "#char=" not in iri})
    for document in (*project.documents, *project.queries):
        reported: set[str] = set()
        sound: set[str] = set()
        is_with_texts = document in data or (bool(data) and _cites(document, names.base + "source/", described))
        judged_here = (*judged, names.base + "source/") if is_with_texts else judged
        for index, quad in enumerate(document.quads):
            for iri in (quad.subject.value, *_iris(quad)):  # type: ignore[union-attr]
                if iri in reported or (iri in sound and quad.predicate != _DEFINED_BY):
                    continue
                is_part = document in data and iri.startswith(pages) and not iri.startswith(names.terms)
                within = names.base if quad.predicate == _DEFINED_BY or is_part else judged_here
                is_ours = iri.startswith(within) and "#char=" not in iri
                if is_ours and iri not in known:
                    reported.add(iri)
                    yield _unknown(document, index, iri, meant, names)
                elif not is_ours and (problem := reused.problem(iri)):
                    reported.add(iri)
                    about = names.short(quad.subject), "", "", names.short(iri)
                    yield Finding(Severity.WARNING, "unknown-term", problem, document.place(index), *about)
                elif iri not in successors:
                    sound.add(iri)
                elif quad.subject.value != iri:  # type: ignore[union-attr]
                    reported.add(iri)
                    yield _out_of_use(document, index, quad, iri, successors[iri], names)
    yield from _patterns(project.data, names)


def _cites(document: Document, texts: str, described: Set[str]) -> bool:
    """Whether it names a text that is described: an ontology that is used with other data names none of theirs."""
    return any(iri in described for quad in document.quads for iri in _iris(quad) if iri.startswith(texts))


class _Meant:
    """Finds the declared name that is spelled nearly as one that is not."""

    def __init__(self, declared: Iterable[str], names: Names) -> None:
        self._names, self._declared = names, declared
        self._found: dict[str, str] = {}

    def nearest(self, iri: str) -> str:
        """In the short form, without what all of them have in common; empty if there is none."""
        if iri not in self._found:
            close = difflib.get_close_matches(self._names.short(iri), self._short, n=1, cutoff=0.8)
            self._found[iri] = close[0] if close else ""
        return self._found[iri]

    @cached_property
    def _short(self) -> list[str]:
        return sorted(map(self._names.short, self._declared))


class _Reused:
    """Terms of other vocabularies: those of a closed one, one alone that the ontology does not declare, and one that is
    nearly a term that it declares.
    """

    def __init__(self, project: Project, names: Names) -> None:
        from rdflib import namespace

        self._closed = {str(n): n for n in (getattr(namespace, name) for name in _CLOSED)}
        documents = (*project.documents, *project.queries)
        used: dict[str, set[str]] = defaultdict(set)
        terms: set[str] = set()
        for quad in (q for d in documents for q in d.quads):
            terms.add(quad.predicate.value)
            if isinstance(quad.object, ox.Literal):
                terms.add(quad.object.datatype.value)
            elif isinstance(quad.object, ox.NamedNode) and quad.predicate.value in _USES:
                terms.add(quad.object.value)
                if not quad.object.value.startswith((HS, names.base)):
                    used[_namespace(quad.object.value)].add(quad.object.value)
        typed = {q.subject.value for d in project.ontology for q in d.quads if q.predicate.value == TYPE}  # type: ignore[union-attr]
        missing = (iris - typed for iris in used.values() if len(iris) > _ENOUGH)
        self._lone = {iri for iris in missing if len(iris) == 1 for iri in iris if "ontology" not in project.incomplete}
        self._declared = {iri for iri in typed if not iri.startswith((HS, names.base))}
        self._homes = self._closed.keys() | set(map(_namespace, self._declared))
        foreign = (t for t in terms - typed if not t.startswith((HS, names.base)) and _namespace(t) not in self._closed)
        self._meant = {t: meant for t in foreign if (meant := self._nearest(t))}

    def problem(self, iri: str) -> str:
        """What is wrong with the term, if anything."""
        terms = self._closed.get(_namespace(iri))
        if terms is not None and iri not in terms and iri != str(terms):
            close = difflib.get_close_matches(iri, map(str, dir(terms)), n=1, cutoff=0.8)
            hint = f"Did you mean {curie(close[0])}?" if close else "Correct it"
            return f"{curie(iri)} is no term of its vocabulary. {hint}"
        if iri in self._meant:
            return f"{curie(iri)} is not declared in the ontology. Did you mean {curie(self._meant[iri])}?"
        if iri in self._lone:
            return f"{curie(iri)} is not declared in the ontology, and all others of its vocabulary are. Declare it"
        return ""

    def _nearest(self, iri: str) -> str:
        """The declared term of nearly this name in its vocabulary, or of this name in one of nearly its address.

        Names with a digit, such as P31, are alike and mean different things.
        """
        home = _namespace(iri)
        name = iri.removeprefix(home)
        if home not in self._homes:
            near = difflib.get_close_matches(home, sorted(self._homes), n=1, cutoff=0.95)
            twins = (n + name for n in near)
            return next((t for t in twins if t in self._declared or t in self._closed.get(_namespace(t), ())), "")
        others = [t.removeprefix(home) for t in sorted(self._declared) if _namespace(t) == home]
        close = difflib.get_close_matches(name, others, n=1, cutoff=0.8) if name.isalpha() else []
        return home + close[0] if close else ""


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def unused(project: Project) -> Iterator[Finding]:
    """`unused-term`: what the ontology declares, and neither data, shapes, queries, rules nor another term uses."""
    names = Names(project.settings.base)
    if project.incomplete or not (project.data and project.shapes):
        return
    declared: dict[str, tuple[Document, int]] = {}
    used = set(vocabulary(names.base))
    for document in project.ontology:
        for index, quad in enumerate(document.quads):
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if quad.predicate.value == TYPE and subject.startswith(names.own_terms):
                declared.setdefault(subject, (document, index))
            if quad.predicate not in _MEMBERSHIP:
                used.update(iri for iri in _iris(quad) if iri != subject)
            elif isinstance(quad.object, ox.NamedNode) and quad.predicate.value == SKOS + "inScheme":
                used.add(quad.object.value)
    for document in (*project.data, *project.shapes, *project.queries):
        for quad in document.quads:
            used.update(_iris(quad))
    texts = [*project.rules.values(), *_literals(project.shapes), *_literals(project.queries)]
    words = {word.strip("<>") for text in texts for word in _IN_TEXT.findall(text)}
    local = words | {word.rpartition(":")[2] for word in words}
    for iri in sorted(declared.keys() - used - _deprecated(project.ontology).keys()):
        parts = iri.removeprefix(names.base).replace("#", "/").split("/")
        if {iri, parts[-1], "/".join(parts[-2:]), iri.removeprefix(names.base)}.isdisjoint(local):
            document, index = declared[iri]
            short = names.short(iri)
            message = f"nothing uses {short}. Use it, deprecate it (owl:deprecated true), or remove it"
            yield Finding(Severity.INFO, "unused-term", message, document.place(index), short)


def _iris(quad: ox.Quad) -> Iterable[str]:
    for term in (quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode) and term != REIFIES:
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value
        elif isinstance(term, ox.Triple):
            yield from (t.value for t in (term.predicate, term.object) if isinstance(t, ox.NamedNode))


def _literals(documents: Iterable[Document]) -> Iterator[str]:
    return (q.object.value for d in documents for q in d.quads if isinstance(q.object, ox.Literal))


def _deprecated(ontology: Iterable[Document]) -> dict[str, str]:
    """Each term that is out of use -> what replaces it, empty where nothing is said to."""
    found: dict[str, str] = {}
    replaced: dict[str, str] = {}
    for document in ontology:
        for quad in document.quads:
            if quad.predicate == _DEPRECATED and isinstance(quad.object, ox.Literal):
                if quad.object.value in ("true", "1") and isinstance(quad.subject, ox.NamedNode):
                    found[quad.subject.value] = ""
            elif quad.predicate == _SUCCESSOR and isinstance(quad.object, ox.NamedNode):
                replaced[quad.subject.value] = quad.object.value  # type: ignore[union-attr]
    return {iri: replaced.get(iri, "") for iri in found}


def _out_of_use(document: Document, index: int, quad: ox.Quad, iri: str, successor: str, names: Names) -> Finding:
    instead = f"Use {names.short(successor)} instead" if successor else "The ontology says what to use instead, or why"
    message = f"{names.short(iri)} is deprecated. {instead}"
    place = document.place(index)
    return Finding(
        Severity.WARNING, "deprecated-term", message, place, names.short(quad.subject), "", "", names.short(iri)
    )


def _patterns(data: Iterable[Document], names: Names) -> Iterator[Finding]:
    seen: set[str] = set()
    for document in data:
        for index, quad in enumerate(document.quads):
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if not subject.startswith(names.things) or subject in seen:
                continue
            seen.add(subject)
            if not _THING.fullmatch(subject, len(names.things)):
                short = names.short(subject)
                message = (
                    f"{short} is not id/{{kind}}/{{slug}}, with ASCII letters, digits and single hyphens, a kind in "
                    "small letters. Rename it: links to it would break in some program"
                )
                yield Finding(Severity.WARNING, "iri-pattern", message, document.place(index), short)


def _unknown(document: Document, index: int, iri: str, meant: _Meant, names: Names) -> Finding:
    kind = "thing" if iri.startswith((names.things, names.base + "source/")) else "term"
    nearest = meant.nearest(iri)
    hint = f" Did you mean {nearest}?" if nearest else f" Declare it, or use a {kind} that is there"
    message = f"unknown {kind} {names.short(iri)}: no file says what it is.{hint}"
    place = document.place(index)
    return Finding(Severity.VIOLATION, "unknown-" + kind, message, place, "", "", "", names.short(iri))
