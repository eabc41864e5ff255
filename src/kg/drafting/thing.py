"""`new org`, `new event`, …: a thing with what its shapes require; nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kg.drafting import evidence, finds, kinds, naming, slugs
from kg.drafting.asked import Asked, missing, value_of, values_of
from kg.drafting.evidence import Evidence
from kg.drafting.model import Model
from kg.drafting.proposals.rest import UNKNOWN
from kg.drafting.requirements import requirements
from kg.drafting.turtle import Line, Statement, Terms, with_statements
from kg.drafting.unknown import ORGANISATIONS
from kg.evidence.texts import Source, sources
from kg.store.project import Project
from kg.validation.gather import gather
from kg.validation.validate import validate
from kg.words.errors import BadInput, NotFound
from kg.words.findings import Finding, Severity, relative
from kg.words.names import SKOS, TYPE

Ask = Callable[[Asked, str], str]
"""Asks somebody for what is missing; the second is what is proposed."""

_SLUG: Final = "slug"


@dataclass(frozen=True)
class Said:
    """What somebody says of a thing that is new.

    values  of properties, each `property=value`
    source  slug of the source whose text tells of it; quotes: phrases there that do. page: where its names stand
    """

    slug: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    alternatives: Sequence[tuple[str, str]] = ()
    values: Sequence[str] = ()
    source: str = ""
    quotes: Sequence[str] = ()
    page: str = ""


@dataclass(frozen=True)
class NewThing:
    """What a thing would add to a project.

    findings  what `kg validate` would say about it
    unquoted  properties whose value the text does not say
    likely    what it may be, by its name, and is there already: an IRI, empty for nothing
    """

    iri: str
    class_: str
    files: Mapping[Path, bytes]
    findings: tuple[Finding, ...]
    unquoted: tuple[str, ...] = ()
    likely: str = ""


def new_thing(project: Project, word: str, said: Said, ask: Ask | None = None) -> NewThing:
    """A thing of the kind or class that the word names.

    ask  for what is missing; None where nobody can be asked
    Raise BadInput for a word, a property or a value that nobody knows, a slug that is taken or breaks the pattern, and,
    where nobody can be asked, for what is missing: with the options that say it.
    """
    for finding in project.findings:
        raise BadInput(finding.message, str(finding.place or ""))
    model = Model.of(project)
    known = kinds.words(model)
    if word not in known:
        raise NotFound(f'nothing here is a "{word}". Known are {", ".join(sorted(known))}')
    class_ = known[word]
    if said.quotes and not said.source:
        raise BadInput("--quote names words of a source. Say --source too")
    source = _source(model, project, said.source) if said.source else None
    needed = requirements(model, class_)
    values = values_of(model, class_, needed, said.values, source)
    labels = dict(said.labels)
    languages = naming.languages(model, class_, project.settings.languages)
    gaps = missing(model, needed, values, languages, labels)
    if gaps and ask is None:
        lines = "".join(f"\n    {g.option:<40} {g.what}" for g in gaps)
        raise BadInput(f"this is missing. Say it, or run the command on a terminal:{lines}", word)
    for gap in gaps:
        assert ask is not None
        answer = ask(gap, "")
        if gap.language:
            labels[gap.language] = answer
        else:
            values[gap.property] = [value_of(model, gap, answer)]
    iri = f"{model.base}id/{kinds.kind_of(model, class_)}/{_chosen(model, class_, said, labels, values, ask)}"
    if model.is_described(iri):
        raise BadInput(f"there is {iri.removeprefix(model.base)} already. Say another --slug")
    return _composed(project, model, iri, class_, replace(said, labels=labels), values, source)


def _source(model: Model, project: Project, slug: str) -> Source:
    known = {s.slug: s for s in sources(model.store, project.settings.sources).values()}
    if slug not in known:
        raise NotFound(f'no source is called "{slug}". Known are {", ".join(sorted(known)) or "none"}')
    if known[slug].text is None:
        raise BadInput("its text is not at hand. Name the folder with the texts: --sources or KG_SOURCES", slug)
    return known[slug]


def _chosen(
    model: Model, class_: str, said: Said, labels: Mapping[str, str], values: Mapping[str, list[evidence.Value]],
    ask: Ask | None,
) -> str:  # fmt: skip
    """The slug: as said, else as other things of the class have theirs, else from the English name, else from any."""
    others = [kinds.slug_in(other) for other in model.instances(class_)]
    if said.slug:
        return slugs.check(said.slug, "--slug", like=others)
    ours = {p: kinds.slug_in(v[0].value) for p, v in values.items() if v}
    proposed = kinds.slug_of(model, class_, ours)
    for code in dict.fromkeys(("en", *labels)):
        proposed = proposed or (slugs.propose(labels[code], code) if code in labels else "")
    if ask is not None:
        proposed = ask(Asked("--slug", "the last part of its address", property=_SLUG), proposed)
    if not proposed:
        raise BadInput("no slug can be made of its name. Say --slug")
    return slugs.check(proposed, like=others)


def _composed(
    project: Project, model: Model, iri: str, class_: str, said: Said, values: Mapping[str, list[evidence.Value]],
    source: Source | None,
) -> NewThing:  # fmt: skip
    """What the text says goes to the source's file, the rest to that of names."""
    terms, data = Terms.of(project), project.settings.data
    found = evidence.of(model, iri, class_, said.labels, values, source, said.quotes) if source else None
    lines = list(_stated(terms, model, class_, said, {} if found else values, found))
    files: dict[Path, bytes] = {}
    if source and found:
        path = data / "source" / f"{source.slug}.ttl"
        if not path.exists():
            raise BadInput("there is no file for this source. Register its text first: kg new source", str(path))
        if quoted := list(_quoted(found, terms, source)):
            statement = Statement(terms.iri(iri), quoted)
            files[path] = with_statements(_without_hints(path, found), [statement], terms, path.name)
    if lines:
        path = data / naming.CURATED
        files[path] = with_statements(naming.curated(path, terms), [Statement(terms.iri(iri), lines)], terms, path.name)
    unquoted = tuple(terms.iri(c.predicate) for c in found.claims if c.is_unsaid) if found else ()
    likely = finds.likely(said.labels, model) if class_ in model.below(*ORGANISATIONS) else ""
    return NewThing(iri, class_, files, tuple(_findings(project, files, model, iri)), unquoted, likely)


def _stated(
    terms: Terms, model: Model, class_: str, said: Said, values: Mapping[str, list[evidence.Value]],
    found: Evidence | None,
) -> Iterator[Line]:  # fmt: skip
    """What no source says: names in other languages, as drafts what its text does not say; without a source, all."""
    quoted = found.languages if found else frozenset()
    if not found:
        yield Line("a", terms.iri(class_))
    for claim in found.claims if found else ():
        if not claim.ranges:
            yield Line(terms.iri(claim.predicate), terms.term(claim.value), (terms.draft(),))
    labels = [(code, text) for code, text in said.labels.items() if code not in quoted]
    yield from naming.label_lines(labels, terms, model, page=said.page)
    for line in naming.label_lines(said.alternatives, terms, model, page=said.page):
        yield replace(line, property=terms.iri(SKOS + "altLabel"))
    for property_, stated in values.items():
        yield from (Line(terms.iri(property_), terms.term(v)) for v in stated)


def _without_hints(path: Path, found: Evidence) -> bytes:
    """The file without the comments of its draft that say of the thing's name that the graph does not have it."""
    content = path.read_bytes().decode()
    for start, end in {(r.start, r.end) for c in found.claims for r in c.ranges}:
        hint = rf"^# {start},{end} «[^\n]* {UNKNOWN}[^\n]*\n#     kg new [^\n]*\n\n?"
        content = re.sub(hint, "", content, flags=re.MULTILINE)
    return content.encode()


def _quoted(found: Evidence, terms: Terms, source: Source) -> Iterator[Line]:
    from kg.drafting.draft import beside

    for claim in sorted((c for c in found.claims if c.ranges), key=lambda c: c.predicate != TYPE):
        notes = beside(claim, source.text or "", terms, is_draft=not claim.is_sure)
        yield Line(terms.iri(claim.predicate), terms.term(claim.value), tuple(notes))


def _findings(project: Project, files: Mapping[Path, bytes], model: Model, iri: str) -> Iterator[Finding]:
    """What the checks would say about the thing, with the files as they would be."""
    given = {relative(path, project.settings.root): content for path, content in files.items()}
    short = iri.removeprefix(model.base)
    for finding in validate(gather(project.settings, given=given), before=project).findings:
        is_twin = finding.rule == "near-duplicate" and f" {short}." in finding.message
        if (finding.focus == short or is_twin) and finding.severity > Severity.INFO:
            yield finding
