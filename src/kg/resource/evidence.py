"""Why a fact is on a page: the passages, the pages elsewhere and the premises that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.pages.values import Value
from kg.resource.claims import Claim, Range
from kg.resource.viewer import Viewer

_PLAIN, _DERIVED = "modality/asserted", "modality/derived"


@dataclass(frozen=True)
class Quote:
    """A range of a source: where it stands and what it says (nothing if it is too long to quote)."""

    source: Value
    start: int
    end: int
    phrase: str
    language: str


@dataclass(frozen=True)
class Evidence:
    """Why a fact is here.

    href       page of the claim
    is_note    it is about a name that no source gives: then `status` says whose it is
    modality   None where the source simply says it, and where premises or origins say that it is derived
    premises   passages that it was derived from; derived_from: other things of ours that it was
    elsewhere  pages and registries outside that say it
    comments   with their languages
    """

    href: str | None
    is_note: bool
    modality: Value | None
    status: Value | None
    quotes: tuple[Quote, ...]
    premises: tuple[Quote, ...]
    derived_from: tuple[Value, ...]
    elsewhere: tuple[Value, ...]
    said_by: tuple[Value, ...]
    comments: tuple[Value, ...]

    @property
    def passages(self) -> tuple[Quote, ...]:
        return self.quotes + self.premises


def of_claims(claims: Iterable[Claim], viewer: Viewer) -> tuple[Evidence, ...]:
    """What the claims give as evidence."""
    return tuple(_evidence(claim, viewer) for claim in claims)


def quote(range_: Range, viewer: Viewer) -> Quote:
    """A range with the link to where it stands."""
    source = replace(viewer.thing(range_.source), href=viewer.reader.address.link(range_.iri))
    return Quote(source, range_.start, range_.end, " ".join(range_.phrase.split()), range_.language)


def _evidence(claim: Claim, viewer: Viewer) -> Evidence:
    origins = tuple(map(viewer.thing, claim.derived_from))
    told = claim.modality.endswith(_PLAIN) or (claim.modality.endswith(_DERIVED) and claim.premises)
    return Evidence(
        href=viewer.reader.address.link(claim.iri) if claim.iri else None,
        is_note=claim.is_note,
        modality=None if told or not claim.modality else viewer.thing(claim.modality),
        status=viewer.thing(claim.status) if claim.status else None,
        quotes=tuple(quote(r, viewer) for r in claim.ranges),
        premises=tuple(quote(r, viewer) for r in claim.premises),
        derived_from=tuple(v for v in origins if not v.external),
        elsewhere=tuple(v for v in origins if v.external),
        said_by=tuple(map(viewer.thing, claim.attributed_to)),
        comments=tuple(map(viewer.value, claim.comments)),
    )
