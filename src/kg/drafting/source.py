"""`new source`: a text registered, read, and drafted; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.drafting import morphology, naming
from kg.drafting.draft import write
from kg.drafting.finds import Finds, find
from kg.drafting.model import Model
from kg.drafting.proposals import Block, propose
from kg.drafting.proposals.claims import Drafting
from kg.drafting.register import Registration, register
from kg.drafting.turtle import Line, Statement, Terms, with_statements
from kg.evidence.texts import sources
from kg.store.project import Project
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, HS, TYPE, XSD

_PROVENANCE: Final = "provenance.ttl"
_NEW_PROVENANCE: Final = "# The source texts as files: what a person registers about them.\n\n@base <{base}> .\n"


@dataclass(frozen=True)
class NewSource:
    """What a text would add to a project.

    files     the contents of each file that would be new or changed
    draft     the file of the draft, among them
    missing   the languages in which the source has no name yet
    in_folder the text lies in the folder of texts, where checks look for it
    """

    registration: Registration
    finds: Finds
    blocks: tuple[Block, ...]
    files: Mapping[Path, bytes]
    draft: Path
    missing: tuple[str, ...]
    in_folder: bool

    @property
    def lacks_dictionary(self) -> bool:
        reading = self.finds.reading
        return morphology.is_missing(reading.morphology, reading.language)


@dataclass(frozen=True)
class Said:
    """What somebody says of a text that is new.

    publisher  a thing, by its IRI, its address, its slug or its name; labels: the source's names, by language
    """

    slug: str = ""
    language: str = ""
    published: str = ""
    title: str = ""
    publisher: str = ""
    labels: Mapping[str, str] | None = None


def new_source(project: Project, path: Path, said: Said) -> NewSource:
    """Read a text for a project.

    Raise BadInput for a text that cannot be one, a name that is taken, a publisher that nobody knows, or a project with
    a file that does not parse.
    """
    for finding in project.findings:
        raise BadInput(finding.message, str(finding.place or ""))
    model, settings = Model.of(project), project.settings
    known = sources(model.store, settings.sources)
    found = register(path, model, known, slug=said.slug, code=said.language, published=said.published, title=said.title)
    draft = settings.data / "source" / f"{found.slug}.ttl"
    if draft.exists():
        raise BadInput(f"there is a file for a source called {found.slug}. Say another --slug", str(draft))
    publisher = naming.thing(model, said.publisher, "--publisher") if said.publisher else ""
    finds = find(found.text, found.language, model, found.day)
    drafting = Drafting(finds, model, found.iri, found.slug, said.published, said.title, publisher)
    blocks = propose(drafting)
    terms = Terms.of(project)
    files = {
        settings.data / _PROVENANCE: _registered(settings.data / _PROVENANCE, found, drafting, blocks, terms),
        draft: write(drafting, blocks, terms, draft.name, naming.language(found.language)),
    }
    labels = dict(said.labels or {})
    named = [Statement(terms.iri(found.iri), naming.label_lines(labels.items(), terms, model))] if labels else []
    for block in (b for b in blocks if b.names):
        lines = naming.label_lines(block.names.items(), terms, model, is_draft=True)
        named.append(Statement(terms.iri(block.subject), lines))
    if named:
        curated = settings.data / naming.CURATED
        files[curated] = with_statements(naming.curated(curated, terms), named, terms, curated.name)
    missing = tuple(c for c in naming.languages(model, HS + "SourceDocument", settings.languages) if c not in labels)
    in_folder = settings.sources is not None and path.resolve().parent == settings.sources.resolve()
    return NewSource(found, finds, tuple(blocks), files, draft, missing, in_folder)


def _registered(path: Path, found: Registration, drafting: Drafting, blocks: list[Block], terms: Terms) -> bytes:
    """The file of texts with this one: what is true of it as a file, and what was said and does not stand in it."""

    def count(number: int) -> str:
        return terms.term(ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer")))

    lines = [
        Line("a", terms.iri(HS + "SourceDocument")),
        Line(terms.iri(DCTERMS + "language"), terms.term(ox.Literal(found.language))),
        Line(terms.iri(HS + "sha256"), terms.term(ox.Literal(found.sha256))),
        Line(terms.iri(HS + "characters"), count(found.characters)),
        Line(terms.iri(HS + "bytes"), count(found.bytes)),
        *_said(drafting, blocks, terms),
    ]
    content = path.read_bytes() if path.exists() else _NEW_PROVENANCE.format(base=terms.base).encode()
    return with_statements(content, [Statement(terms.iri(found.iri), lines)], terms, path.name)


def _said(drafting: Drafting, blocks: list[Block], terms: Terms) -> list[Line]:
    """What was said of the document and is not among its claims."""
    claimed = {c.predicate for b in blocks if b.subject == drafting.source for c in b.claims}
    language = drafting.finds.reading.language
    values: dict[str, ox.NamedNode | ox.Literal] = {}
    if drafting.title:
        values[DCTERMS + "title"] = ox.Literal(drafting.title, language=language)
    if drafting.published:
        values[DCTERMS + "issued"] = ox.Literal(drafting.published, datatype=ox.NamedNode(XSD + "date"))
    if drafting.publisher:
        values[DCTERMS + "publisher"] = ox.NamedNode(drafting.publisher)
    return [Line(terms.iri(p), terms.term(v)) for p, v in values.items() if p not in claimed and p != TYPE]
