"""All proposals for one text, in its order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.drafting.names import PROPERTIES
from kg.drafting.proposals import documents, numbers, pairs, rest, speech, things
from kg.drafting.proposals.claims import Block, Claim, Drafting, Value
from kg.words.names import TYPE

_WORDINGS = ("", "inflected", "implied")


def propose(drafting: Drafting) -> list[Block]:
    """The blocks of a draft. What is proposed of one thing in several ways stands together."""
    blocks = [
        *documents.blocks(drafting),
        *things.blocks(drafting),
        *numbers.blocks(drafting),
        *speech.blocks(drafting),
        *pairs.blocks(drafting),
    ]
    joined = _joined(blocks)
    return sorted([*joined, *rest.blocks(drafting, joined)], key=lambda b: (b.start, b.subject))


def _joined(blocks: Iterable[Block]) -> list[Block]:
    by_subject: dict[str, Block] = {}
    for number, block in enumerate(blocks):
        key = block.subject or f"#{number}"
        known = by_subject.get(key)
        by_subject[key] = block if known is None else _both(known, block)
    return [replace(b, claims=tuple(_ordered(_merged(b.claims)))) for b in by_subject.values()]


def _both(one: Block, other: Block) -> Block:
    return Block(
        min(one.start, other.start),
        one.subject,
        (*one.claims, *other.claims),
        (*one.comments, *other.comments),
        (*one.behind, *other.behind),
        {**one.names, **other.names},
    )


def _merged(claims: Iterable[Claim]) -> list[Claim]:
    """One claim for each statement, with all its ranges.

    A claim says in one way what it says: what the text says itself comes before what it quotes, what is sure before
    what may be.
    """
    found: dict[tuple[str, Value], list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.predicate, claim.value), []).append(claim)
    return [_one(same) for same in found.values()]


def _one(same: list[Claim]) -> Claim:
    best = min(same, key=lambda c: (not c.is_sure, bool(c.modality)))
    alike = [c for c in same if (c.is_sure, c.modality, c.speaker) == (best.is_sure, best.modality, best.speaker)]
    ranges = tuple(dict.fromkeys(r for c in alike for r in c.ranges))
    return replace(best, ranges=ranges, wording=min((c.wording for c in alike), key=_WORDINGS.index))


def _ordered(claims: list[Claim]) -> list[Claim]:
    """What it is, what it is called, and the rest."""
    first = (TYPE, *PROPERTIES)
    return sorted(claims, key=lambda c: first.index(c.predicate) if c.predicate in first else len(first))
