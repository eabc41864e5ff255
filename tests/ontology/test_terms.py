"""Every term is named, defined and grounded, and the header says what registries ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

ONTOLOGY = URIRef("https://w3id.org/health-solidarity/ns")
HS = Namespace("https://w3id.org/health-solidarity/ns#")
SCHEMA = Namespace("https://schema.org/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
LANGUAGES = ["en", "ru", "uk"]
TEXTS = (RDFS.label, SKOS.altLabel, SKOS.prefLabel, SKOS.definition, RDFS.comment, DCTERMS.title, DCTERMS.description)


def terms(graph: Graph) -> list[URIRef]:
    return sorted({s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(HS)})


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(o.language) for o in graph.objects(subject, predicate) if isinstance(o, Literal))


def test_every_term_has_three_labels(ontology: Graph) -> None:
    assert not [t for t in terms(ontology) if languages(ontology, t, RDFS.label) != LANGUAGES]


def test_every_term_has_one_definition_in_english(ontology: Graph) -> None:
    assert not [t for t in terms(ontology) if languages(ontology, t, SKOS.definition) != ["en"]]


def test_every_term_says_which_ontology_defines_it(ontology: Graph) -> None:
    assert not [t for t in terms(ontology) if list(ontology.objects(t, RDFS.isDefinedBy)) != [ONTOLOGY]]


def test_definitions_are_sentences_of_their_own(ontology: Graph) -> None:
    definitions = [str(o) for t in terms(ontology) for o in ontology.objects(t, SKOS.definition)]
    assert len(set(definitions)) == len(definitions)
    assert not [d for d in definitions if not re.fullmatch(r"[A-Z][^\n]*\.", d)]


def test_no_two_terms_of_a_kind_share_a_label(ontology: Graph) -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual):
        for language in LANGUAGES:
            labels = [
                str(o).casefold()
                for t in terms(ontology)
                if (t, RDF.type, kind) in ontology
                for o in ontology.objects(t, RDFS.label)
                if isinstance(o, Literal) and o.language == language
            ]
            assert sorted(labels) == sorted(set(labels)), (kind, language)


@pytest.mark.parametrize("axiom", [RDFS.domain, RDFS.range], ids=["domain", "range"])
def test_every_property_has_one_domain_and_one_range(ontology: Graph, axiom: URIRef) -> None:
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in terms(ontology):
            if (term, RDF.type, kind) in ontology:
                assert len(list(ontology.objects(term, axiom))) == 1, term


def test_inverses_point_at_each_other_and_swap_domain_and_range(ontology: Graph) -> None:
    def meaning(term: Node, axiom: URIRef) -> set[Node | None]:
        value = ontology.value(term, axiom)
        members = ontology.value(value, OWL.unionOf)
        return set(ontology.items(members)) if members else {value}

    for one, other in ontology.subject_objects(OWL.inverseOf):
        assert (other, OWL.inverseOf, one) in ontology, one
        assert meaning(one, RDFS.domain) == meaning(other, RDFS.range), one


def test_names_follow_the_convention(ontology: Graph) -> None:
    for term in terms(ontology):
        upper = (term, RDF.type, OWL.Class) in ontology
        assert re.fullmatch("[A-Z][A-Za-z]*" if upper else "[a-z][A-Za-z0-9]*", term.removeprefix(HS)), term


def test_text_is_written_in_the_script_of_its_language(whole: Graph) -> None:
    foreign = {"en": "[а-яёіїєґ]", "ru": "[іїєґ]", "uk": "[ыэёъ]"}
    for predicate in TEXTS:
        for subject, text in whole.subject_objects(predicate):
            assert isinstance(text, Literal), (subject, predicate)
            assert text.language in foreign, (subject, predicate)
            assert not re.search(foreign[text.language], text, re.IGNORECASE), (subject, text)
            assert not re.search("[a-z][а-яіїєґ]|[а-яіїєґ][a-z]", text, re.IGNORECASE), (subject, text)
            assert str(text) == " ".join(text.split()), (subject, text)


def test_russian_and_ukrainian_labels_are_cyrillic_unless_they_are_codes(whole: Graph) -> None:
    for predicate in (RDFS.label, SKOS.prefLabel, SKOS.altLabel):
        for subject, text in whole.subject_objects(predicate):
            if isinstance(text, Literal) and text.language != "en" and not re.search("[а-яіїєґ]", text, re.IGNORECASE):
                assert (subject, predicate, Literal(str(text), lang="en")) in whole, (subject, text)


def test_every_name_of_our_namespace_is_declared(ontology: Graph, folder: Path) -> None:
    declared = {t.removeprefix(HS) for t in terms(ontology)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} == {".ttl", ".rq", ".jsonld"}
    for path in files:
        used = set(re.findall(r"\bhs:([A-Za-z]\w*)|health-solidarity/ns#(\w+)", path.read_text(encoding="utf-8")))
        assert {a or b for a, b in used} <= declared, path


def test_data_use_declared_terms_only(ontology: Graph, folder: Path) -> None:
    """The description of the dataset is left out: it uses VoID and DCAT."""
    files = [path for path in sorted(folder.with_name("data").rglob("*.ttl")) if path.name != "void.ttl"]
    if not files:
        pytest.skip("no data yet")
    used: set[str] = set()
    for path in files:
        for quad in ox.parse(path=path):
            term = quad.object if quad.predicate.value == str(RDF.type) else quad.predicate
            used.add(term.value)
            used.update(t.value for t in (quad.subject, quad.object) if str(t).startswith(f"<{HS}"))
    language = tuple(map(str, (RDF, RDFS, OWL)))
    assert {u for u in used if not u.startswith(language)} <= {str(s) for s in ontology.subjects(RDF.type)}


def test_every_schema_org_term_exists(folder: Path, whole: Graph, schema_org: Graph) -> None:
    used = {term for triple in whole for term in triple if isinstance(term, URIRef) and term.startswith(SCHEMA)}
    for path in [folder / "context.jsonld", *(folder / "rules").glob("*.rq")]:
        used |= {SCHEMA[name] for name in re.findall(r"\bschema:(\w+)", path.read_text(encoding="utf-8"))}
    assert len(used) > 30
    assert not [term for term in used if (term, RDF.type, None) not in schema_org]


@pytest.mark.parametrize("vocabulary", [DCTERMS, FOAF, ORG, PROV, SKOS, VANN], ids=lambda v: v.__name__)
def test_every_reused_term_exists(whole: Graph, vocabulary: type[DefinedNamespace]) -> None:
    used = {t for triple in whole for t in triple if isinstance(t, URIRef) and t.startswith(str(vocabulary))}
    assert used
    assert not [term for term in used if term not in vocabulary]


def test_nothing_but_its_kind_is_said_about_a_reused_term(whole: Graph) -> None:
    base = "https://w3id.org/health-solidarity/"
    for subject, predicate, value in whole:
        if isinstance(subject, URIRef) and not subject.startswith(base):
            assert predicate == RDF.type, (subject, predicate, value)
            assert str(value).startswith(str(OWL)), (subject, predicate, value)


def test_siblings_that_cannot_overlap_are_disjoint(ontology: Graph) -> None:
    lists = [set(ontology.items(members)) for members in ontology.objects(None, OWL.members)]
    assert any({HS.Organisation, HS.Partnership, HS.Memorandum, HS.Event, HS.Campaign} <= members for members in lists)
    assert not any(SCHEMA.Place in members for members in lists)  # a schema:Hospital is a place


@pytest.mark.parametrize(
    "predicate",
    [
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.creator,
        DCTERMS.publisher,
        DCTERMS.license,
        DCTERMS.created,
        DCTERMS.modified,
        DCTERMS.issued,
        DCTERMS.source,
        DCTERMS.bibliographicCitation,
        OWL.versionIRI,
        OWL.versionInfo,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        BIBO.status,
    ],
    ids=lambda p: re.split("[/#]", p)[-1],
)
def test_header_has_what_foops_asks_for(ontology: Graph, predicate: URIRef) -> None:
    assert ontology.value(ONTOLOGY, predicate, any=True)


def test_header_agrees_with_itself(ontology: Graph) -> None:
    version = ontology.value(ONTOLOGY, OWL.versionInfo)
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]
    assert ontology.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert str(ontology.value(ONTOLOGY, VANN.preferredNamespaceUri)) == str(HS)
    assert f"{ONTOLOGY}/{version}" in str(ontology.value(ONTOLOGY, DCTERMS.bibliographicCitation))
    assert languages(ontology, ONTOLOGY, DCTERMS.title) == LANGUAGES
    assert ontology.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize("axiom", [OWL.imports, OWL.equivalentClass, OWL.equivalentProperty], ids=lambda a: a[30:])
def test_nothing_is_imported_or_made_equivalent(ontology: Graph, axiom: URIRef) -> None:
    assert (None, axiom, None) not in ontology
