"""Source texts, found by their hash."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.evidence.texts import read_text, sources
from kg.store import release
from kg.words.errors import BadInput
from tests.evidence.texts import BASE, PREFIXES, TEXT, registered


def store(turtle: str) -> ox.Store:
    return release.stated(
        [
            ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(BASE + "graph/provenance"))
            for q in ox.parse((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
        ]
    )


def test_text_is_known_by_its_hash_whatever_its_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "zz_ 1.txt").write_bytes(TEXT.encode())
    (tmp_path / "t.txt").write_text("another", encoding="utf-8")
    found = sources(store(registered()), tmp_path)[BASE + "source/t.txt"]
    assert (found.text, found.language, found.slug) == (TEXT, "uk", "t")
    assert found.file == tmp_path / "zz_ 1.txt"


def test_text_that_changed_in_one_character_is_not_the_text(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes(TEXT.replace("171", "172").encode())
    assert sources(store(registered()), tmp_path)[BASE + "source/t.txt"].text is None


def test_without_a_folder_there_is_no_text() -> None:
    assert sources(store(registered()), None)[BASE + "source/t.txt"].text is None


def test_document_that_only_a_range_names_is_a_source(tmp_path: Path) -> None:
    found = sources(store("<source/u.txt#char=0,1> nif:referenceContext <source/u.txt> ."), tmp_path)
    assert [(s.iri, s.sha256, s.text) for s in found.values()] == [(BASE + "source/u.txt", "", None)]


def test_line_ends_and_odd_characters_are_kept(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("a\r\nb\rc\u0085d\u2028🏥".encode())
    assert read_text(tmp_path / "t.txt") == "a\r\nb\rc\u0085d\u2028🏥"


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("їжак".encode("cp1251"))
    with pytest.raises(BadInput, match=r"t\.txt: not UTF-8 at byte 0"):
        read_text(tmp_path / "t.txt")


def test_text_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"t\.txt: cannot be read"):
        read_text(tmp_path / "t.txt")


def test_file_beside_the_texts_that_is_no_text_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes(TEXT.encode())
    (tmp_path / "notes.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.txt").mkdir()
    assert sources(store(registered()), tmp_path)[BASE + "source/t.txt"].text == TEXT
