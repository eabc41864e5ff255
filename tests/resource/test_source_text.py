"""A source's text in pieces: nothing of it is lost, and each passage holds its words, however ranges cross."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.resource.claims import Citation, Range
from kg.resource.source_page import Piece, pieces

TEXT = "Ґанок, 🏥 and a hill\nwith <b>lamps</b>."


def citation(start: int, end: int, claims: int = 1) -> Citation:
    source = "https://lamps.example/kg/source/s.txt"
    return Citation(Range(f"{source}#char={start},{end}", source, start, end, "", "en"), (), claims)


ranges = st.lists(
    st.tuples(st.integers(0, len(TEXT) + 3), st.integers(0, len(TEXT) + 3), st.integers(0, 20)),
    max_size=12,
    unique_by=lambda r: r[:2],
)


def in_order(found: list[tuple[int, int, int]]) -> list[Citation]:
    return [citation(*r) for r in sorted(found, key=lambda r: (r[0], -r[1]))]


@settings(deadline=None)
@given(ranges)
def test_the_pieces_are_the_text(found: list[tuple[int, int, int]]) -> None:
    assert "".join(p.text for p in pieces(TEXT, in_order(found))) == TEXT


@settings(deadline=None)
@given(ranges)
def test_passages_are_nested(found: list[tuple[int, int, int]]) -> None:
    depth = 0
    for piece in pieces(TEXT, in_order(found)):
        depth += bool(piece.opens) - piece.closes
        assert depth >= 0
    assert depth == 0


def spoken(all_: list[Piece]) -> dict[str, str]:
    """Anchor -> the characters between its beginning and its end, with what a cut moved behind another's end."""
    open_: list[str] = []
    found: dict[str, str] = {}
    for piece in all_:
        if piece.closes:
            open_.pop()
        elif piece.opens:
            open_.append(piece.opens)
        else:
            for anchor in open_:
                found[anchor] = found.get(anchor, "") + piece.text
    return found


@settings(deadline=None)
@given(ranges)
def test_each_passage_holds_its_characters(found: list[tuple[int, int, int]]) -> None:
    fitting = [(start, end) for start, end, _ in found if start < end <= len(TEXT)]
    expected = {f"char={start},{end}": TEXT[start:end] for start, end in fitting}
    assert spoken(list(pieces(TEXT, in_order(found)))) == expected


@settings(deadline=None)
@given(ranges)
def test_characters_tell_how_many_claims_cite_them(found: list[tuple[int, int, int]]) -> None:
    at = 0
    for piece in pieces(TEXT, in_order(found)):
        for place in range(at, at + len(piece.text)):
            claims = sum(n for start, end, n in found if start <= place < end <= len(TEXT))
            assert piece.claims == claims
        at += len(piece.text)


def test_an_anchor_begins_once_and_goes_on_behind_a_cut() -> None:
    opened = [(p.opens, p.is_tail) for p in pieces("abcdef", [citation(0, 4), citation(2, 6)]) if p.opens]
    assert opened == [("char=0,4", False), ("char=2,6", False), ("char=2,6", True)]
