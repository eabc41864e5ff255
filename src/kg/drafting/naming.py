"""Names that a maintainer gives: what they name, and how they stand in the file of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.drafting import kinds, names
from kg.drafting.model import Model
from kg.drafting.requirements import requirements
from kg.drafting.turtle import Annotation, Line, Terms
from kg.store.text import folding
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, HS, SKOS, curie, is_absolute

CURATED: Final = "curated.ttl"
_NEW: Final = "# Names in several languages, kinds, and what else the maintainers add by hand.\n\n@base <{base}> .\n"
_SOME: Final = 5


def thing(model: Model, said: str, what: str, classes: Sequence[str] = ()) -> str:
    """The IRI of the thing that somebody names by an IRI, an address such as id/org/giz, a slug, or a name.

    what     the option, for messages
    classes  of which the thing must be one, if any are given
    Raise BadInput if nothing is named so, or several things are.
    """
    whole = {c for class_ in classes for c in model.below(class_)} | set(classes)
    able = [iri for iri in _named(model, said) if not whole or not model.classes(iri).isdisjoint(whole)]
    if len(able) == 1:
        return able[0]
    shown = " or ".join(curie(model.name(c)) for c in classes)
    wanted = f" of the class {shown}" if classes else ""
    if able:
        some = ", ".join(i.removeprefix(model.base) for i in able[:_SOME])
        raise BadInput(f'{what} "{said}" names several things: {some}. Say which')
    like = next((i for c in classes for i in model.instances(c)), "")
    such = f", such as {like.removeprefix(model.base)}" if like else ""
    is_thing = like.startswith(model.base + "id/")
    new = f". If it is new, begin with kg new {kinds.word_for(model, classes[0])}" if is_thing else ""
    raise BadInput(f'{what} "{said}" names no thing{wanted}. Say its address{such}, its slug or its name{new}')


def _named(model: Model, said: str) -> list[str]:
    whole = said if is_absolute(said) else model.base + said.strip("<>/")
    if is_absolute(whole) and model.is_described(whole):
        return [whole]
    folded, found = folding.folded(said), set()
    for quad in model.store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        iri = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if not iri.startswith(model.base) or "/id/claim/" in iri:
            continue
        is_name = quad.predicate.value in names.PROPERTIES and isinstance(quad.object, ox.Literal)
        if iri.endswith((f"/{said}", f"#{said}")) or (is_name and folding.folded(quad.object.value) == folded):  # type: ignore[union-attr]
            found.add(iri)
    return sorted(found)


def languages(model: Model, class_: str, fallback: Sequence[str]) -> list[str]:
    """The languages in which things of a class must have names: as the shapes say, else those of the settings."""
    found = [c for r in requirements(model, class_) if SKOS + "prefLabel" in r.properties for c in r.languages]
    return found or list(fallback)


def language(code: str) -> str:
    """What a language is called in English."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("-", "_")).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def label_lines(
    labels: Iterable[tuple[str, str]], terms: Terms, model: Model, *, page: str = "", is_draft: bool = False
) -> list[Line]:
    """Names with where they come from: from a page, or translated by the project; an invented one is a draft."""
    status = f"{model.base}vocab/label-status/{'attested' if page else 'translated'}"
    notes = [terms.draft()] if is_draft else []
    if model.is_described(status):
        notes.append(Annotation(terms.iri(HS + "labelStatus"), (terms.iri(status),)))
    if page:
        notes.append(Annotation(terms.iri(DCTERMS + "source"), (f"<{page}>",)))
    return [
        Line(terms.iri(SKOS + "prefLabel"), terms.term(ox.Literal(text, language=code)), tuple(notes))
        for code, text in labels
    ]


def curated(path: Path, terms: Terms) -> bytes:
    """The file of names as it is, or as it begins."""
    return path.read_bytes() if path.exists() else _NEW.format(base=terms.base).encode()
