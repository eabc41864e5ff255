"""Claims as Turtle in the notation of the project's files: short names, annotations, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.evidence.cite import Occurrence
from kg.store.claims import DRAFT
from kg.store.project import Project
from kg.turtle.format import formatted
from kg.words.errors import BadInput
from kg.words.findings import Finding
from kg.words.names import HS, PREFIXES, PROV, TYPE, XSD

_PREFIX: Final = re.compile(r"^@prefix\s+([A-Za-z][\w.-]*):\s+<([^>]*)>\s*\.", re.MULTILINE)
_DIRECTIVE: Final = re.compile(r"^@(?:base|prefix)\b[^\n]*\n", re.MULTILINE)
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_USED: Final = re.compile(r"(?<![\w<\"/:#-])([A-Za-z][\w.-]*):(?=[A-Za-z0-9_])")
_STRING_OR_IRI: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:@[A-Za-z-]+)?|<[^<>\s]*>|#[^\n]*')
_PLAIN: Final = re.compile(r"[0-9]+\Z")


@dataclass(frozen=True)
class Annotation:
    """Property, as a short name, and its values, as Turtle."""

    property: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.property} {', '.join(self.values)}"


@dataclass(frozen=True)
class Line:
    """A property and a value of a subject, as Turtle, with its annotations; a comment where `is_comment`."""

    property: str
    value: str
    annotations: tuple[Annotation, ...] = ()
    is_comment: bool = False

    def __str__(self) -> str:
        inside = " ; ".join(map(str, self.annotations))
        return f"{self.property} {self.value}" + (f" {{| {inside} |}}" if inside else "")


@dataclass
class Statement:
    """What is said of a subject. Comments stand in front, and `behind` within, where what they ask for belongs."""

    subject: str = ""
    lines: list[Line] = field(default_factory=list)
    comments: Sequence[str] = ()
    behind: Sequence[str] = ()

    def __str__(self) -> str:
        said = [line for line in self.lines if not line.is_comment]
        maybe = [str(line) for line in self.lines if line.is_comment]
        front = [f"# {c}" for c in self.comments]
        if not said:
            return "\n".join([*front, *self._as_comment([*maybe, *self.behind])])
        body = [f"    {line} ;" for line in said[:-1]] + [f"    {said[-1]}"]
        within = [*(f"    # {m} ;" for m in maybe), *(f"    # {b}" for b in self.behind)]
        return "\n".join([*front, self.subject, *body[:-1], *within, f"{body[-1]} ."])

    def _as_comment(self, asked: Sequence[str]) -> Iterable[str]:
        """A statement that is a comment as a whole, to be made one by taking the marks away."""
        if self.subject and asked:
            yield f"# {self.subject}"
            yield from (f"#     {a} {'.' if a is asked[-1] else ';'}" for a in asked)
        else:
            yield from (f"#     {a}" for a in asked)


class Terms:
    """IRIs and literals in short form: below the base, or by a prefix that the project's files use."""

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self.base = base
        self.prefixes = {**PREFIXES, **prefixes}

    @classmethod
    def of(cls, project: Project) -> Terms:
        base = project.settings.base
        found = {}
        for document in (*project.ontology, *project.shapes, *project.data):
            found.update({name: iri for name, iri in _PREFIX.findall(document.content.decode()) if ":" in iri})
        return cls(base, found)

    def iri(self, iri: str) -> str:
        if iri == TYPE:
            return "a"
        if iri.startswith(self.base + "id/"):
            return f"<{iri.removeprefix(self.base)}>"
        for name, namespace in sorted(self.prefixes.items(), key=lambda p: (-len(p[1]), p[0])):
            if iri.startswith(namespace) and _LOCAL.match(iri, len(namespace)):
                return f"{name}:{iri[len(namespace) :]}"
        scheme, _, concept = iri.removeprefix(self.base + "vocab/").partition("/")
        if iri.startswith(self.base + "vocab/") and _LOCAL.fullmatch(scheme) and _LOCAL.fullmatch(concept):
            self.prefixes[scheme] = f"{self.base}vocab/{scheme}/"
            return f"{scheme}:{concept}"
        return f"<{iri.removeprefix(self.base)}>"

    def term(self, term: ox.NamedNode | ox.Literal) -> str:
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value) if term.value != TYPE else "rdf:type"
        kind = term.datatype.value
        if kind == XSD + "integer" and _PLAIN.match(term.value):
            return term.value
        if term.language or kind == XSD + "string":
            return str(term)
        return f"{ox.Literal(term.value)}^^{self.iri(kind)}"

    def quotes(self, text: str, ranges: Iterable[tuple[int, int]]) -> Annotation:
        """The annotation for ranges of a text."""
        found = (Occurrence(start, end, text[start:end], "", "").quote for start, end in ranges)
        return Annotation(self.iri(HS + "quotes"), tuple(str(ox.Literal(q)) for q in found))

    def draft(self) -> Annotation:
        """The mark of what nobody has confirmed."""
        return Annotation(self.iri(DRAFT.value), ("true",))

    def concept(self, property_: str, scheme: str, name: str) -> Annotation:
        return Annotation(self.iri(HS + property_), (self.iri(f"{self.base}vocab/{scheme}/{name}"),))

    def attributed(self, speaker: str) -> Annotation:
        return Annotation(self.iri(PROV + "wasAttributedTo"), (self.iri(speaker),))


def document(head: str, statements: Iterable[Statement], terms: Terms, name: str) -> bytes:
    """A whole file: a comment, the directives it needs, and the statements."""
    return with_statements(f"{head}\n@base <{terms.base}> .\n".encode(), statements, terms, name)


def with_statements(content: bytes, statements: Iterable[Statement], terms: Terms, name: str) -> bytes:
    """The file with more statements at its end and the prefixes that they need, laid out.

    Raise BadInput if a prefix stands for something else in it.
    """
    before = content.decode()
    body = "\n\n".join(map(str, statements))
    known = dict(_PREFIX.findall(before))
    used = {p for text in (body, _uncommented(body)) for p in _USED.findall(_STRING_OR_IRI.sub("", text))}
    for prefix in sorted(used & known.keys() & terms.prefixes.keys()):
        if known[prefix] != terms.prefixes[prefix]:
            raise BadInput(f'the prefix "{prefix}" is not that of other files. Give it the IRI that it has there', name)
    needed = sorted((used & terms.prefixes.keys()) - known.keys())
    lines = "".join(f"@prefix {p}: <{terms.prefixes[p]}> .\n" for p in needed)
    at = max((m.end() for m in _DIRECTIVE.finditer(before)), default=0)
    laid = formatted(f"{before[:at]}{lines}{before[at:].rstrip()}\n\n{body}\n".encode(), name)
    assert not isinstance(laid, Finding), laid.message
    return laid.after


def _uncommented(body: str) -> str:
    """What stands in comments, as if it did not, so that a proposal can be taken out of its comment as it is."""
    return re.sub(r"^(\s*)# ", r"\1", body, flags=re.MULTILINE)
