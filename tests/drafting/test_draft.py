"""Whatever a text says, a draft of it is Turtle that the checks can read, and its ranges hold what they quote."""

from __future__ import annotations

import hashlib
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.drafting.draft import write as write_draft
from kg.drafting.finds import find
from kg.drafting.model import Model
from kg.drafting.proposals import propose
from kg.drafting.proposals.claims import Drafting
from kg.drafting.turtle import Terms
from kg.evidence import check as evidence
from kg.evidence.texts import Source
from kg.store import claims, project, rdf_io, release
from kg.words.findings import Finding, Severity
from kg.words.settings import load
from tests.drafting.world import BASE, TEXT, write

IRI = f"{BASE}source/any.txt"
PARTS = [
    *" \n\n\r\n\t«»“”„\"'’(){}|<>#@\\–-.,;:!?%№&°🏥\u00a0\u2028\u0301ї",
    *("«", "»", ", – сказала ", "Доглядачка Кита", "Клініка «Чапля»", "Клініки «Чаплі»", "МОЕ", " та ", "; "),
    *("Міністерство опіки Ельбонії", "Ельбонія", " (Ельбонія)", "Вигадана клініка ", "імені І. І. Вигаданого"),
    *("понад ", "150 гостей", "двадцять один", "дев'ять хірургів", "14 травня 2031 року", "у 2030 році", "щороку"),
    *("торік", "під гаслом ", "Угоду уклали: ", "Весняна зустріч", "акушерська допомога", "Friends of Storks"),
    "https://example.org/a?b=1",
]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=40).map("".join).filter(str.strip)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> project.Project:
    root = tmp_path_factory.mktemp("world")
    write(root)
    return project.read(load(root))


def drafted(world: project.Project, text: str, language: str) -> bytes:
    model = Model.of(world)
    drafting = Drafting(find(text, language, model), model, IRI, "any")
    return write_draft(drafting, propose(drafting), Terms.of(world), "data/source/any.ttl", "any language")


def findings(world: project.Project, draft: bytes, text: str, language: str) -> list[Finding]:
    """What is wrong with a draft, but that it is one; a name that it gives may say more plainly what it says too."""
    read = rdf_io.read(Path("any.ttl"), "data/source/any.ttl", f"{BASE}graph/source/any", BASE, draft)
    assert isinstance(read, rdf_io.Document), read
    expansion = claims.expand([*world.documents, read], BASE)
    source = Source(IRI, hashlib.sha256(text.encode()).hexdigest(), language, text)
    store = release.stated(expansion.quads)
    checks = evidence.Checks(store, BASE, {IRI: source}, lambda *_: None)
    found = [*checks.of_sources(None), *chain(*checks.of(checks.all()).values())]
    wrong = [f for f in (*expansion.findings, *found) if f.severity >= Severity.VIOLATION]
    return [f for f in wrong if f.rule != claims.UNCONFIRMED]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.sampled_from(["uk", "ru", "en"]))
@example(TEXT, "uk")
@example('"\u2028." «Ми — . ! та інші чекали довго», – сказала Доглядачка Кита', "uk")
@example("Міністерство опіки Ельбонії https://example.org/a?b=1{", "uk")
@example("«« »», – сказала \r\n МОЕ (", "ru")
def test_any_text_makes_a_draft_whose_claims_hold(world: project.Project, text: str, language: str) -> None:
    assert findings(world, drafted(world, text, language), text, language) == []


def test_a_draft_is_the_same_each_time(world: project.Project) -> None:
    assert drafted(world, TEXT, "uk") == drafted(world, TEXT, "uk")


def test_every_claim_is_marked_and_quotes_something(world: project.Project) -> None:
    quads = list(ox.parse(drafted(world, TEXT, "uk"), ox.RdfFormat.TURTLE, base_iri=BASE))
    reified = {q.subject for q in quads if q.predicate == claims.REIFIES}
    stated = [q for q in quads if q.subject not in reified]
    assert len(reified) == len(stated) > 20
    assert {q.subject for q in quads if q.predicate == claims.DRAFT} == reified
    assert {q.subject for q in quads if q.predicate == claims.QUOTES} == reified
