"""What is told of a draft: to people in sentences, to programs as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.drafting import morphology, naming
from kg.drafting.proposals.claims import Claim
from kg.drafting.reading import Span
from kg.drafting.source import NewSource
from kg.drafting.thing import NewThing
from kg.words.findings import relative
from kg.words.names import curie
from kg.words.settings import Settings


def summary(new: NewSource, settings: Settings) -> str:
    """What was found in a text, what could not be, and what to do next."""
    return "\n".join(_summary(new, settings))


def _summary(new: NewSource, settings: Settings) -> Iterator[str]:
    found, finds = new.registration, new.finds
    language = naming.language(found.language) + (" (guessed)" if found.is_guessed else "")
    yield f"{found.slug}: {language}, {found.characters:,} characters, {found.bytes:,} bytes."
    if found.earlier:
        slug = found.earlier.rpartition("/")[2].removesuffix(".txt")
        yield f"It has {found.share:.0%} of the source {slug}: this is registered as a later version of it."
    counts = {
        "known name": len(finds.things),
        "concept": len(finds.concepts),
        "unknown name": len(finds.unknown),
        "number": len(finds.quantities),
        "date": len(finds.dates),
        "quotation": len(finds.quotations),
    }
    yield "Found " + ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items()) + "."
    claims = [c for b in new.blocks for c in b.claims]
    sure = sum(c.is_sure for c in claims)
    yield f"{sure} claims to confirm, {len(claims) - sure} more as comments, in {relative(new.draft, settings.root)}."
    if new.lacks_dictionary:
        yield (
            "Words were compared by their endings: fewer names are found, and kinds of words are not known. "
            f"With dictionaries: {morphology.INSTALL}"
        )
    if new.missing:
        yield f"The source has no name in {', '.join(map(naming.language, new.missing))} yet: data/{naming.CURATED}."
    if not new.in_folder:
        yield "Keep the text in your folder of texts: kg validate --sources FOLDER holds the ranges against it."
    yield "Next: read the draft beside the text, and run kg validate."


def thing_summary(new: NewThing, settings: Settings) -> str:
    """What `kg validate` would say of a new thing."""
    short = new.iri.removeprefix(settings.base)
    lines = [f"{short}: {curie(new.class_)}."]
    for f in new.findings:
        of = f"{f.focus} " if f.focus != short else ""
        lines.append(f"{f.severity.name.lower()} {f.rule}: {of}{f.message}" + (f" ({f.value})" if f.value else ""))
    lines += [
        f"The text does not say {p}: quote a range, keep it in data/{naming.CURATED}, or remove it."
        for p in new.unquoted
    ]
    if new.likely and not any(f.rule == "near-duplicate" for f in new.findings):
        lines.append(f"Is it {new.likely.removeprefix(settings.base)}? Its name is nearly the same.")
    lines.append("Conforms." if not new.findings else "Not complete yet: see above.")
    return "\n".join(lines)


def thing_as_json(new: NewThing, settings: Settings) -> dict[str, Any]:
    return {
        "iri": new.iri,
        "class": new.class_,
        "files": _files(new, settings),
        "likely": new.likely or None,
        "findings": [
            {"severity": f.severity.name.lower(), "rule": f.rule, "message": f.message, "value": f.value}
            for f in new.findings
        ],
    }


def as_json(new: NewSource, settings: Settings) -> dict[str, Any]:
    """All that was found in a text, each with its range, and what is proposed."""
    found, finds = new.registration, new.finds
    return {
        "source": {
            "iri": found.iri,
            "slug": found.slug,
            "language": found.language,
            "language_guessed": found.is_guessed,
            "sha256": found.sha256,
            "characters": found.characters,
            "bytes": found.bytes,
            "date": finds.day.isoformat() if finds.day else None,
            "version_of": found.earlier or None,
        },
        "dictionary": finds.reading.morphology.has_dictionary,
        "files": _files(new, settings),
        "things": [_at(new, m) | {"iri": m.iri, "sure": not m.is_foreign} for m in finds.things],
        "concepts": [_at(new, m) | {"iri": m.iri} for m in finds.concepts],
        "unknown": [_at(new, u) | {"name": u.name, "class": u.class_ or None} for u in finds.unknown],
        "numbers": [
            _at(new, q)
            | {"value": str(q.value), "hedge": q.hedge.iri if q.hedge else None}
            | {"counted": finds.reading.of(q.counted) if q.counted else None}
            for q in finds.quantities
        ],
        "dates": [
            _at(new, d) | {"value": str(d.value) if d.value else None, "relative": d.is_told} for d in finds.dates
        ],
        "quotations": [
            _range(q) | {"speaker": q.speaker.iri if q.speaker else None, "parts": [_range(p) for p in q.parts]}
            for q in finds.quotations
        ],
        "titles": [_at(new, t.inner) | {"property": t.property} for t in finds.titles],
        "claims": [_claim(c) for b in new.blocks for c in b.claims if c.subject],
    }


def _files(new: NewSource | NewThing, settings: Settings) -> list[str]:
    return sorted(relative(p, settings.root) for p in new.files)


def _range(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end}


def _at(new: NewSource, span: Span) -> dict[str, Any]:
    return _range(span) | {"text": new.finds.reading.of(span)}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": str(claim.value),
        "ranges": [_range(r) for r in claim.ranges],
        "wording": claim.wording or "verbatim",
        "proposed_as": "claim" if claim.is_sure else "comment",
    }
