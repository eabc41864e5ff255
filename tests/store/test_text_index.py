"""The index over an invented graph: what is found, in which order, and that nothing that is typed can hurt."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store.text.index import Found, TextIndex
from kg.words.errors import Busy
from kg.words.names import NIF, RDF, SCHEMA, SKOS

BASE = "https://birds.example/"
TURTLE = f"""
@base <{BASE}> .
@prefix : <{BASE}ns#> .
@prefix skos: <{SKOS}> . @prefix schema: <{SCHEMA}> . @prefix nif: <{NIF}> . @prefix rdf: <{RDF}> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<id/stork> a :Wader ; skos:prefLabel "Лелека білий"@uk , "Аист белый"@ru , "White stork"@en ;
    skos:altLabel "бузько"@uk , "чорногуз"@uk ; skos:definition "Великий птах, що гніздиться на стовпах."@uk .
<id/black-stork> a :Wader ; skos:prefLabel "Лелека чорний"@uk , "Black stork"@en .
<id/heron> a :Wader ; skos:prefLabel "Чапля"@uk , "Heron"@en ; :diet "Frogs, and the eggs of a stork now and then."@en .
<id/nest> a :Place ; skos:prefLabel "Stork nest"@en , "Гніздо лелеки"@uk .
<id/society> a :Society ; skos:prefLabel "Society for the White Stork and Other Birds of the Meadow"@en ;
    skos:notation "WS-7" .
<id/nightjar> a :Nocturnal ; skos:prefLabel "Дрімлюга"@uk , "Nightjar"@en .
<id/jay> a :Singer ; skos:prefLabel "Сойка"@uk , "Jay"@en ; schema:alternateName "Garrulus" .
<id/goldfinch> a :Singer ; skos:prefLabel "Щиголь"@uk .
<id/eat> a :Habit ; skos:prefLabel "їжа"@uk .
<id/other> a :Habit ; skos:prefLabel "іжа"@uk .
<id/claim/1> a rdf:Statement ; rdf:subject <id/stork> ; rdf:predicate skos:prefLabel ; rdf:object "White stork"@en ;
    skos:prefLabel "A claim about the white stork"@en .
<source/letter.txt> skos:prefLabel "A letter"@en ; dcterms:language "uk" .
<source/letter.txt#char=3,30> a nif:RFC5147String ; nif:anchorOf "гніздо  старого\\nлелеки на даху" ;
    nif:referenceContext <source/letter.txt> .
"""
INFERRED = f"<{BASE}id/stork> a <{BASE}ns#Bird> . <{BASE}id/jay> a <{BASE}ns#Bird> ."


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for text, graph in ((TURTLE, "birds"), (INFERRED, "inferred")):
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
            name = ox.NamedNode(f"{BASE}graph/{graph}")
            store.extend([quad, ox.Quad(quad.subject, quad.predicate, quad.object, name)])
    return store


@pytest.fixture(scope="module")
def index(store: ox.Store) -> TextIndex:
    return TextIndex(store, BASE)


def ids(found: Found) -> list[str]:
    return [hit.iri.removeprefix(BASE).removeprefix("id/") for hit in found.hits]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("лелека білий", "stork", id="name"),
        pytest.param("білий лелека", "stork", id="words in another order"),
        pytest.param("бузько", "stork", id="other name"),
        pytest.param("leleka bilyi", "stork", id="transliterated"),
        pytest.param("вайт сторк", "stork", id="Latin name in Cyrillic"),
        pytest.param("schygol", "goldfinch", id="in a hurry"),
        pytest.param("дрімлюгу", "nightjar", id="accusative"),
        pytest.param("Dremlyuga", "nightjar", id="another language's vowel"),
        pytest.param("нightjar", "nightjar", id="a letter of another alphabet"),
        pytest.param("nihgtjar", "nightjar", id="letters that changed places"),
        pytest.param("ws-7", "society", id="notation"),
        pytest.param("garrulus", "jay", id="name without a language"),
        pytest.param("society meadow", "society", id="some of the words"),
        pytest.param("heron zz lake", "heron", id="words that are nowhere"),
        pytest.param("стовпах", "stork", id="definition"),
        pytest.param("frogs", "heron", id="another text with a language"),
        pytest.param("старого лелеки", "source/letter.txt#char=3,30", id="phrase"),
        pytest.param(BASE + "id/jay", "jay", id="address"),
        pytest.param(f"<{BASE}id/jay>", "jay", id="address in brackets"),
    ],
)
def test_it_is_found_first(index: TextIndex, typed: str, first: str) -> None:
    assert ids(index.search(typed))[:1] == [first]


def test_names_come_in_the_order_of_how_much_they_are_what_was_typed(index: TextIndex) -> None:
    found = index.search("stork")
    assert [h.field for h in found.hits] == ["label"] * 4 + ["definition"]
    assert ids(found)[0] == "nest"  # begins with it
    assert ids(found)[3:] == ["society", "heron"]
    assert [h.score for h in found.hits] == sorted((h.score for h in found.hits), reverse=True)
    assert all(0 < h.score <= 1 for h in found.hits)
    assert index.search("white stork").hits[0].score == 1


def test_similar_letters_are_found_behind_the_same_ones(index: TextIndex) -> None:
    assert ids(index.search("їжа")) == ["eat", "other"]
    assert ids(index.search("іжа")) == ["other", "eat"]


def test_a_claim_about_a_thing_is_not_the_thing(index: TextIndex) -> None:
    assert ids(index.search("claim about")) == []


def test_phrases_have_the_language_of_their_source_and_one_line(index: TextIndex) -> None:
    hit = index.search("старого").hits[0]
    assert (hit.field, hit.language, hit.snippet.language) == ("phrase", "uk", "uk")
    assert hit.snippet.parts == (("гніздо ", False), ("старого", True), (" лелеки на даху", False))


def test_what_answers_is_marked_and_the_label_is_in_its_language(index: TextIndex) -> None:
    hit = index.search("чорногуз").hits[0]
    assert (hit.label, hit.language, hit.field) == ("Лелека білий", "uk", "alternative")
    assert hit.snippet.parts == (("чорногуз", True),)


def test_facets_count_stated_classes_whatever_was_chosen(index: TextIndex) -> None:
    all_ = index.search("stork")
    assert all_.facets == {f"{BASE}ns#Wader": 3, f"{BASE}ns#Place": 1, f"{BASE}ns#Society": 1}
    assert next(iter(all_.facets)) == f"{BASE}ns#Wader"
    chosen = index.search("stork", classes=[f"{BASE}ns#Place", f"{BASE}ns#Society"])
    assert ids(chosen) == ["nest", "society"]
    assert (chosen.total, all_.total) == (2, 5)
    assert chosen.facets == all_.facets


def test_inferred_classes_narrow_as_well(index: TextIndex) -> None:
    for ask in (lambda c: index.search("stork", classes=c).hits, lambda c: index.suggest("stork", classes=c),
                lambda c: index.candidates("stork", classes=c)):  # fmt: skip
        assert [h.iri for h in ask([f"{BASE}ns#Bird"])] == [BASE + "id/stork"]
        assert list(ask(["https://nowhere.example/"])) == []


def test_pages_do_not_overlap(index: TextIndex) -> None:
    whole = ids(index.search("stork"))
    assert ids(index.search("stork", limit=2)) + ids(index.search("stork", limit=3, offset=2)) == whole


def test_there_is_an_end_to_what_is_put_in_order(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.store.text.index.RANKED", 2)
    index = TextIndex(store, BASE)
    found = index.search("stork")
    assert found.total == 5
    assert len(found.hits) == found.listed < 5


@pytest.mark.parametrize(
    ("typed", "meant"), [("Nightjra", "Nightjar"), ("дрімлуга", "Дрімлюга"), ("white strok", "white stork")]
)
def test_it_says_what_was_meant(index: TextIndex, typed: str, meant: str) -> None:
    assert index.search(typed).meant == meant


def test_what_is_spelt_right_needs_no_other_spelling(index: TextIndex) -> None:
    assert index.search("white stork").meant == index.search("leleka").meant == ""


def test_the_other_keyboard_is_understood(index: TextIndex) -> None:
    found = index.search("xfgkz")
    assert (ids(found), found.meant) == (["heron"], "чапля")
    assert [h.iri for h in index.suggest("xfgk")] == [BASE + "id/heron"]


@pytest.mark.parametrize("typed", ["ste", "sto", "stor", "stork", "stork n"])
def test_every_suggestion_has_a_name_that_answers(index: TextIndex, typed: str) -> None:
    assert {h.field for h in index.suggest(typed)} <= {"label", "alternative"}


def test_suggestions_begin_with_names_that_begin_so(index: TextIndex) -> None:
    assert index.suggest("sto")[0].snippet.text == "Stork nest"
    assert [h.iri for h in index.suggest("nightha")] == [BASE + "id/nightjar"]
    assert len(index.suggest("s", limit=2)) == 2


def test_candidates_are_ordered_by_how_alike_they_are_as_wholes(index: TextIndex) -> None:
    found = index.candidates("White stork")
    assert found[0].iri == BASE + "id/stork"
    assert found[0].score == 1 > found[1].score
    assert index.candidates("The Black Stork Ltd.")[0].iri == BASE + "id/black-stork"
    assert index.candidates("leleka chornyy")[0].iri == BASE + "id/black-stork"


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_answered(index: TextIndex, text: str) -> None:
    found = index.search(text)
    assert found.total >= len(found.hits)
    assert len(index.suggest(text)) <= 10
    assert len(index.candidates(text)) <= 50


HOSTILE = (
    '"', '""', "NEAR(a b)", "stork NOT heron", "stork*", "^stork", "folded:stork", "{key}:stork", "(stork", "stork OR",
    "-stork", "stork AND", "'; DROP TABLE entry; --", "\x00stork", "stork\x00", "😀", "\ud800stork", "%", "_", "\\",
    "\u202ekrots\u202c", "stork\n\nnest", "ß" * 50, "a" * 10_000, "stork " * 2_000, "ab" * 100, "\u0301" * 200,
    "к\u0301" * 100,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_nothing_that_is_typed_is_an_operator(index: TextIndex, text: str) -> None:
    for ask in (index.search, index.suggest, index.candidates):
        ask(text)
    if "stork" in text and len(text) < 200:
        assert [h for h in index.search(text).hits if "stork" in h.snippet.text.casefold()]


def test_operators_are_words(index: TextIndex) -> None:
    assert "heron" in ids(index.search("stork NOT heron")) or "stork" in ids(index.search("stork NOT heron"))
    assert ids(index.search("nest*")) == ids(index.search("nest"))


def test_many_threads_get_the_same_answers(index: TextIndex) -> None:
    expected = index.search("stork")
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            if index.search("stork") != expected:
                wrong.append(threading.get_ident())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_process_that_was_forked_builds_its_own(store: ox.Store) -> None:
    index = TextIndex(store, BASE)
    index.build()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(index.search("heron").total).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        assert told.read() == str(index.search("heron").total) != "0"
    assert os.waitpid(child, 0)[1] == 0


def test_nothing_is_built_before_it_is_asked_for(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr("kg.store.text.index.texts", lambda s: read.append(s) or iter(()))
    index = TextIndex(store, BASE)
    assert read == []
    index.build()
    index.build()
    assert read == [store]


def test_who_comes_while_it_is_built_is_told_so(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, is_building = threading.Event(), threading.Event()

    def slow(_: ox.Store) -> object:
        is_building.set()
        may_go_on.wait(30)
        return iter(())

    monkeypatch.setattr("kg.store.text.index.texts", slow)
    monkeypatch.setattr("kg.store.text.index._PATIENCE_S", 0.01)
    index = TextIndex(store, BASE)
    builder = threading.Thread(target=index.build)
    builder.start()
    assert is_building.wait(30)
    with pytest.raises(Busy, match="being built"):
        index.search("stork")
    may_go_on.set()
    builder.join()
    assert index.search("stork").hits == ()


def test_an_empty_store_has_nothing_to_find() -> None:
    index = TextIndex(ox.Store(), BASE)
    assert (index.search("stork"), index.suggest("stork"), index.candidates("stork")) == (Found(), [], [])


def test_it_leaves_no_file(index: TextIndex) -> None:
    index.build()
    opened = (path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    assert not [path for path in opened if "etilqs" in path.name or path.suffix == ".db"]


BESIDE = """
import os, sys, pathlib, signal
import pyoxigraph as ox
from kg.store.text import index as module

store = ox.Store()
store.load(sys.stdin.buffer.read(), format=ox.RdfFormat.TURTLE, base_iri="https://birds.example/")
def full():
    raise BlockingIOError("no room")

if sys.argv[2] == "killed":
    module.os.nice = lambda _: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "no room":
    module.os.fork = full
index, folder = module.TextIndex(store, "https://birds.example/"), pathlib.Path(sys.argv[1])
index.beside(folder)
for text in ("stork", "лелека", "strok"):
    print(*(hit.iri for hit in index.search(text).hits))
    print(*(hit.iri for hit in index.candidates(text)))
print(os.listdir(folder) if folder.is_dir() else [])
"""


@pytest.mark.parametrize("end", ["well", "killed", "without a folder", "no room"])
def test_it_is_built_beside_and_if_that_fails_here(index: TextIndex, tmp_path: Path, end: str) -> None:
    folder = tmp_path / "none" if "without" in end else tmp_path
    command = [sys.executable, "-c", BESIDE, str(folder), end]
    run = subprocess.run(command, input=TURTLE, capture_output=True, text=True, timeout=60, check=True)
    expected = []
    for text in ("stork", "лелека", "strok"):
        expected.append(" ".join(hit.iri for hit in index.search(text).hits))
        expected.append(" ".join(hit.iri for hit in index.candidates(text)))
    assert run.stdout.splitlines() == [*expected, "[]"]
    assert ("has failed" in run.stderr) is (end in ("killed", "without a folder"))
    assert ("no process can build" in run.stderr) is (end == "no room")
