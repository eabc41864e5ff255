"""Saved queries: SPARQL with a name, a question and parameters, read from RDF.

Source: SHACL, section 5.2.1 (prefixes); SHACL-SPARQL, section 6.2.1 (parameters); the SPARQL executables of the SHACL
vocabulary. A parameter's variable is the local name of its sh:path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.store.claims import Expansion
from kg.store.locate import Locator
from kg.store.rdf_io import Document, Term
from kg.store.sparql_text import prefixes_used, readable_syntax_error, without_requests
from kg.words import formats
from kg.words.errors import KgError, QuerySyntaxError
from kg.words.findings import Finding, Place, Severity
from kg.words.formats import Format
from kg.words.names import DCAT, DCTERMS, LABEL_PROPERTIES, OWL, RDFS, SCHEMA, SH, TYPE, XSD, curie, local_name

TAKEN: Final = ("lang",)
"""What no parameter can be called, because the pages use it."""

_FORMS: Final = {"select": "SELECT", "ask": "ASK", "construct": "CONSTRUCT"}
_EXECUTABLES: Final = ("SPARQLExecutable", "SPARQLSelectExecutable", "SPARQLAskExecutable", "SPARQLConstructExecutable")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_ENDS_IN_VALUES = re.compile(r"\bVALUES\b[^{}]*\{[^{}]*\}\s*\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Parameter:
    """A variable that whoever runs the query gives a value.

    names, descriptions  language -> text
    datatype             of the literals it takes; empty where it takes things
    class_               what the things are instances of; empty where that does not matter
    default              the value of one who gives none; None: the variable stays free
    required             there is no default, and without a value the query has no meaning
    """

    variable: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    datatype: str
    class_: str
    default: ox.NamedNode | ox.Literal | None
    required: bool


@dataclass(frozen=True)
class SavedQuery:
    """One query that somebody wrote for others.

    name      the last part of its IRI
    form      SELECT, ASK or CONSTRUCT
    text      complete: the prefixes that it uses in front
    questions, comments  language -> what it answers, and what to know about it
    keywords  as they are written, with their languages
    """

    name: str
    iri: str
    form: str
    text: str
    questions: Mapping[str, str]
    comments: Mapping[str, str]
    keywords: tuple[ox.Literal, ...]
    parameters: tuple[Parameter, ...]

    @property
    def syntaxes(self) -> tuple[Format, ...]:
        """What its answer can be had in. CSV and TSV have no truth values."""
        if self.form == "ASK":
            return formats.RESULTS_JSON, formats.RESULTS_XML
        return formats.RESULTS if self.form == "SELECT" else formats.GRAPHS + formats.DATASETS

    def with_values(self, bindings: Sequence[tuple[str, str]]) -> str:
        """The text that anybody can run elsewhere: the values of its parameters joined to it in the end."""
        if not bindings or _ENDS_IN_VALUES.search(self.text):  # there can be only one
            return self.text
        variables, terms = " ".join(f"?{v}" for v, _ in bindings), "\n    ".join(term for _, term in bindings)
        return f"{self.text}\nVALUES ( {variables} ) {{\n  ( {terms} )\n}}"


@dataclass(frozen=True)
class Catalogue:
    """All saved queries of a project, by name.

    triples   their descriptions
    findings  what is wrong with those that are left out
    """

    queries: Mapping[str, SavedQuery] = field(default_factory=dict)
    triples: tuple[ox.Triple, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(documents: Sequence[Document], base: str) -> Catalogue:
    """The queries in these documents: whatever is a SPARQL executable or has the text of one.

    base  what relative IRIs in the queries are relative to
    """
    reader = _Reader(documents, base)
    queries: dict[str, SavedQuery] = {}
    findings = []
    for subject in reader.executables():
        try:
            query = reader.query(subject)
            if query.name in queries:
                raise _Mistake(f"{query.iri} and {queries[query.name].iri} have the same name. Rename one", subject)
        except _Mistake as mistake:
            findings.append(Finding(Severity.ERROR, "query", mistake.message, reader.place(mistake)))
        else:
            queries[query.name] = query
    triples = tuple(dict.fromkeys(q.triple for d in documents for q in d.quads))
    return Catalogue(dict(sorted(queries.items())), triples, tuple(findings))


class _Mistake(Exception):
    """Why a query is left out, and the statement that says so; `trouble` is what a parser says of its object."""

    def __init__(
        self,
        message: str,
        subject: Term,
        predicate: ox.NamedNode | None = None,
        text: ox.Literal | None = None,
        trouble: QuerySyntaxError | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.subject, self.predicate, self.text = message, subject, predicate, text
        self.trouble = trouble


class _Reader:
    def __init__(self, documents: Sequence[Document], base: str) -> None:
        self.documents, self.base = documents, base
        self.store = ox.Store()
        self.store.extend(ox.Quad(q.subject, q.predicate, q.object) for d in documents for q in d.quads)
        self.locator = Locator(documents, Expansion())

    def executables(self) -> list[Term]:
        """What is to be a query, sorted."""
        found = {q.subject for p in _FORMS for q in self.store.quads_for_pattern(None, ox.NamedNode(SH + p), None)}
        for class_ in _EXECUTABLES:
            quads = self.store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(SH + class_))
            found |= {q.subject for q in quads}
        return sorted(found, key=str)

    def query(self, iri: Term) -> SavedQuery:
        """The query of that IRI. Raise _Mistake if it has none, or cannot be served."""
        if not isinstance(iri, ox.NamedNode):
            raise _Mistake("a saved query needs an IRI, which is where it is served", iri)
        name = local_name(iri.value)
        if not _NAME.fullmatch(name):
            message = f'"{name}", the end of its IRI, cannot be its name: use ASCII letters, digits and hyphens'
            raise _Mistake(message, iri)
        texts = [(p, o) for p in _FORMS for o in self.values(iri, SH + p) if isinstance(o, ox.Literal)]
        if len(texts) != 1:
            found = f"has {len(texts)} texts" if texts else "has no text"
            raise _Mistake(f"the query {name} {found}. Give it one sh:select, sh:ask or sh:construct", iri)
        predicate, literal = texts[0]
        declared = self.prefixes(iri)
        form, columns = self.parse(iri, ox.NamedNode(SH + predicate), literal, declared)
        if form != _FORMS[predicate]:
            raise _Mistake(f"sh:{predicate} of the query {name} holds {form}. Use sh:{form.lower()}", iri)
        nodes = self.values(iri, SH + "parameter")
        parameters = tuple(self.parameter(node, literal, columns) for node in sorted(nodes, key=self.order))
        text = literal.value.strip("\n")
        lines = (f"PREFIX {p}: <{declared[p]}>\n" for p in prefixes_used(text) if p in declared)
        keywords = (*self.values(iri, SCHEMA + "keywords"), *self.values(iri, DCAT + "keyword"))
        return SavedQuery(
            name,
            iri.value,
            form,
            "".join(lines) + text,
            self.first_texts(iri, LABEL_PROPERTIES) or {"": name},
            self.first_texts(iri, (RDFS + "comment", DCTERMS + "description", SH + "description")),
            tuple(k for k in keywords if isinstance(k, ox.Literal)),
            parameters,
        )

    def parse(
        self, iri: ox.NamedNode, predicate: ox.NamedNode, literal: ox.Literal, declared: dict[str, str]
    ) -> tuple[str, tuple[str, ...]]:
        """The query's form and the variables of its result. Raise _Mistake if it cannot be evaluated."""
        name = local_name(iri.value)
        try:
            text = without_requests(literal.value, declared)
            outcome = ox.Store().query(text, base_iri=self.base, prefixes=declared)
        except (SyntaxError, QuerySyntaxError) as error:
            trouble = error if isinstance(error, KgError) else readable_syntax_error(error, literal.value)
            message = f"the query {name} does not parse: {trouble.what}"
            raise _Mistake(message, iri, predicate, literal, trouble) from None
        except (RuntimeError, KgError) as error:
            message = f"the query {name} cannot be evaluated: {error}"
            raise _Mistake(message, iri, predicate, literal) from None
        if isinstance(outcome, ox.QuerySolutions):
            return "SELECT", tuple(v.value for v in outcome.variables)
        return ("ASK" if isinstance(outcome, ox.QueryBoolean) else "CONSTRUCT"), ()

    def parameter(self, node: Term, text: ox.Literal, columns: tuple[str, ...]) -> Parameter:
        """A parameter of a query with this text and these variables in its result. Raise _Mistake if it is none."""
        path = next(iter(self.values(node, SH + "path")), None)
        variable = local_name(path.value) if isinstance(path, ox.NamedNode) else ""
        if not _VARIABLE.fullmatch(variable):
            raise _Mistake("a parameter needs an sh:path, whose end is the name of the variable", node)
        if variable in TAKEN:
            raise _Mistake(f'a parameter cannot be called "{variable}": the pages use that themselves', node)
        if columns and variable not in columns:
            raise _Mistake(
                f"the query gives no ?{variable}, so that its parameter cannot be bound. Add it to SELECT", node
            )
        if not columns and not re.search(rf"[?$]{variable}\b", text.value):
            raise _Mistake(f"the query has no variable ?{variable} for its parameter", node)
        datatype, class_, kind = (
            self.first_iri(node, SH + p).removeprefix(SH) for p in ("datatype", "class", "nodeKind")
        )
        default = next(iter(self.values(node, SH + "defaultValue")), None)
        if kind == "Literal" and not datatype:
            datatype = default.datatype.value if isinstance(default, ox.Literal) else XSD + "string"
        if not (datatype or class_ or kind == "IRI"):
            raise _Mistake(
                f"what is ?{variable}? Give its parameter an sh:datatype, or an sh:class, or sh:nodeKind sh:IRI", node
            )
        if default is not None and not _fits(default, datatype):
            wanted = curie(datatype) if datatype else "an IRI"
            raise _Mistake(f"the default value of ?{variable} is {default}, and not {wanted}", node)
        optional = self.first_text(node, SH + "optional") in ("true", "1")
        return Parameter(
            variable,
            self.first_texts(node, (SH + "name", RDFS + "label")) or {"": variable},
            self.first_texts(node, (SH + "description", RDFS + "comment")),
            datatype,
            class_,
            default if isinstance(default, ox.NamedNode | ox.Literal) else None,
            required=default is None and not optional,
        )

    def prefixes(self, iri: ox.NamedNode) -> dict[str, str]:
        """What the query's sh:prefixes declare, themselves and by what they import."""
        found: dict[str, str] = {}
        waiting, seen = self.values(iri, SH + "prefixes"), set[Term]()
        while waiting:
            ontology = waiting.pop()
            if ontology in seen:
                continue
            seen.add(ontology)
            waiting += self.values(ontology, OWL + "imports")
            for declaration in self.values(ontology, SH + "declare"):
                prefix, namespace = (self.first_text(declaration, SH + p) for p in ("prefix", "namespace"))
                found[prefix] = namespace
        return found

    def order(self, parameter: Term) -> tuple[float, str]:
        text = self.first_text(parameter, SH + "order")
        try:
            return float(text), str(parameter)
        except ValueError:
            return float("inf"), str(parameter)

    def values(self, subject: Term, predicate: str) -> list[Term]:
        quads = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)  # type: ignore[arg-type]
        return sorted((q.object for q in quads), key=str)

    def first_text(self, subject: Term, predicate: str) -> str:
        return next((o.value for o in self.values(subject, predicate) if isinstance(o, ox.Literal)), "")

    def first_iri(self, subject: Term, predicate: str) -> str:
        return next((o.value for o in self.values(subject, predicate) if isinstance(o, ox.NamedNode)), "")

    def first_texts(self, subject: Term, predicates: Sequence[str]) -> dict[str, str]:
        """language -> text, of the first predicate that has any."""
        for predicate in predicates:
            found = [o for o in self.values(subject, predicate) if isinstance(o, ox.Literal)]
            if found:
                return {o.language or "": o.value for o in found}
        return {}

    def place(self, mistake: _Mistake) -> Place | None:
        """Where it is written: the statement, or the place in its text that the parser names."""
        place = self.locator.place(mistake.subject, mistake.predicate, mistake.text)
        if mistake.text is None or mistake.trouble is None or not mistake.trouble.line:
            return place
        return self.inside(mistake.text.value, place, mistake.trouble) or place

    def inside(self, text: str, place: Place | None, trouble: QuerySyntaxError) -> Place | None:
        """A position in the text of a query as a position in its file; None where the file spells it otherwise."""
        document = next((d for d in self.documents if place and d.name == place.path), None)
        content = document.content.decode() if document else ""
        start = content.find(text)
        if document is None or start < 0:
            return None
        before = start - (content.rfind("\n", 0, start) + 1) if trouble.line == 1 else 0
        return Place(document.name, content.count("\n", 0, start) + trouble.line, before + trouble.column)


def _fits(term: Term, datatype: str) -> bool:
    if datatype:
        return isinstance(term, ox.Literal) and term.datatype.value == datatype
    return isinstance(term, ox.NamedNode)
