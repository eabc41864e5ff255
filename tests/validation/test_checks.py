"""Every check that is no shape: an example that it finds, at its line, and what looks like it and is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kg.store import project
from kg.validation.checks import CHECKS
from kg.validation.validate import validate
from kg.words.findings import Finding, Severity
from tests.conftest import ROOT
from tests.validation.clinics import DATA, FIRST_LINE, ONTOLOGY, SHAPES, turtle, write

X = "data/x.ttl"
ONTO = "ontology/more.ttl"
SHAPE = "shapes/more.ttl"
TOOLS = """ns:T0 a ns:Tool ; skos:narrower ns:T1 , ns:T2 .
ns:T1 a ns:Tool ; skos:broader ns:T0 .
ns:T2 a ns:Tool ; skos:broader ns:T0 .
ns:T3 a ns:Tool ; skos:broader ns:T0 .
"""
ELM = '<id/clinic/elm> a ns:Clinic ; skos:prefLabel "Elm Clinic"@en ; ns:beds 3 .\n'


def found(folder: Path, files: dict[str, str | bytes], *, without: tuple[str, ...] = ()) -> list[Finding]:
    """What is found in the project with these files, which get their prefixes here."""
    whole = {n: turtle(text) if isinstance(text, str) and n.endswith(".ttl") else text for n, text in files.items()}
    return list(validate(project.read(write(folder, whole, without=without))).findings)


@dataclass(frozen=True)
class Example:
    """What a check finds: `@n` in `said` is the line behind the prefixes."""

    code: str
    severity: Severity
    files: dict[str, str | bytes]
    place: str
    said: str
    without: tuple[str, ...] = field(default=())


E, V, W, INFO = Severity.ERROR, Severity.VIOLATION, Severity.WARNING, Severity.INFO
EXAMPLES = {
    "syntax": Example("syntax", E, {X: ELM.replace(" .", "")}, X + "@0", "ends within a statement"),
    "a file without triples": Example("file", W, {X: "# soon"}, X, "holds no triple"),
    "a kept name": Example("file", E, {"data/shapes.ttl": ELM}, "data/shapes.ttl@0", "kept for the shapes"),
    "no data": Example("data", E, {}, "", "no data", without=("data/clinics.ttl",)),
    "a slip in a shape": Example("shapes", E, {SHAPE: "shapes:Beds sh:minCont 1 ."}, SHAPE + "@0", "sh:minCount?"),
    "a target without instances": Example(
        "shapes",
        W,
        {SHAPE: "shapes:Y a sh:NodeShape ;\n sh:targetClass owl:Restriction ."},
        SHAPE + "@1",
        "validates nothing",
    ),
    "a rule": Example("rules", E, {"ontology/rules/r.rq": "SELECT * { ?s ?p ?o }"}, "ontology/rules/r.rq", ""),
    "a saved query": Example(
        "query", E, {"queries/q.ttl": '<queries/q> a sh:SPARQLExecutable ; sh:select "SELECT" .'}, "queries/q.ttl@0", ""
    ),
    "evidence": Example("evidence", V, {"data/source/t.ttl": ELM}, "data/source/t.ttl@0", "without evidence"),
    "a range": Example(
        "S44",
        V,
        {"data/source/t.ttl": '<id/clinic/elm> ns:beds 3\n {| hs:quotes "0,9 3" |} .'},
        "data/source/t.ttl@1",
        "9 characters",
    ),
    "a draft": Example(
        "draft", V, {X: ELM + "<id/clinic/elm> ns:beds 3\n {| hs:draft true |} ."}, X + "@2", "confirmed"
    ),
    "a term": Example("unknown-term", V, {X: ELM + "<id/clinic/elm> ns:bed 3 ."}, X + "@1", "Did you mean ns#beds?"),
    "a link": Example(
        "unknown-thing", V, {X: ELM + "<id/clinic/elm> ns:partner <id/clinic/dusk> ."}, X + "@1", "id/clinic/dusk"
    ),
    "a deprecated property": Example(
        "deprecated-term",
        W,
        {
            ONTO: "ns:rooms a owl:DatatypeProperty ; owl:deprecated true ;\n"
            " <http://purl.org/dc/terms/isReplacedBy> ns:beds .",
            X: ELM + "<id/clinic/elm> ns:rooms 4 .",
        },
        X + "@1",
        "ns#rooms is deprecated. Use ns#beds instead",
    ),
    "a deprecated class without a successor": Example(
        "deprecated-term",
        W,
        {ONTO: "ns:Ward a owl:Class ; owl:deprecated true .", X: ELM + "<id/clinic/elm> a ns:Ward ."},
        X + "@1",
        "ns#Ward is deprecated",
    ),
    "a term that nothing uses": Example(
        "unused-term", INFO, {ONTO: "\nns:rooms a owl:DatatypeProperty ."}, ONTO + "@1", "nothing uses ns#rooms"
    ),
    "a concept that nothing uses": Example(
        "unused-term",
        INFO,
        {ONTO: "<vocab/kind> a skos:ConceptScheme .\n<vocab/kind/night> a skos:Concept ; skos:inScheme <vocab/kind> ."},
        ONTO + "@1",
        "vocab/kind/night",
    ),
    "an IRI without a kind": Example(
        "iri-pattern", W, {X: ELM.replace("clinic/elm", "elm")}, X + "@0", "id/elm is not"
    ),
    "an IRI with a capital kind": Example("iri-pattern", W, {X: ELM.replace("clinic/elm", "Clinic/elm")}, X + "@0", ""),
    "an IRI in Cyrillic": Example("iri-pattern", W, {X: ELM.replace("/elm", "/в'яз".replace("'", ""))}, X + "@0", ""),
    "an IRI that ends in a slash": Example("iri-pattern", W, {X: ELM.replace("/elm", "/elm/")}, X + "@0", "Rename it"),
    "a day that is none": Example(
        "literal", V, {X: ELM + '<id/clinic/elm> ns:opened "2031-02-29"^^xsd:date .'}, X + "@1", "is no xsd:date"
    ),
    "a number that is none": Example(
        "literal", V, {X: ELM + '<id/clinic/elm> ns:opened "x"^^xsd:integer .'}, X + "@1", ""
    ),
    "a day of an extended date that is none": Example(
        "literal",
        V,
        {X: ELM + '<id/clinic/elm> ns:opened "2031-02-28/2031-02-30"^^<http://id.loc.gov/datatypes/edtf> .'},
        X + "@1",
        "2031-02-30, which is in no calendar",
    ),
    "a number with a zero before it": Example(
        "literal-form", W, {X: ELM + '<id/clinic/elm> ns:opened "01"^^xsd:integer .'}, X + "@1", 'published as "1"'
    ),
    "a truth value as a number": Example(
        "literal-form", W, {X: ELM + '<id/clinic/elm> ns:opened "1"^^xsd:boolean .'}, X + "@1", 'published as "true"'
    ),
    "white space around a text": Example(
        "literal-form", W, {X: ELM + '<id/clinic/elm> ns:opened "soon " .'}, X + "@1", "white space"
    ),
    "an accent apart from its letter": Example(
        "literal-form", W, {X: ELM + '<id/clinic/elm> ns:opened "и\u0306" .'}, X + "@1", "NFC"
    ),
    "no name": Example(
        "label-missing", W, {X: "\n<id/clinic/elm> a ns:Hospital ; ns:beds 3 ."}, X + "@1", "has no name"
    ),
    "a Latin letter in a Cyrillic word": Example(
        "label-script",
        W,
        {X: ELM + '<id/clinic/elm> skos:prefLabel "Вiльха"@uk .'},
        X + "@1",
        "mixes Latin and Cyrillic",
    ),
    "a Russian letter in Ukrainian": Example(
        "label-script",
        W,
        {X: ELM + '<id/clinic/elm> skos:prefLabel "Вязы"@uk .'},
        X + "@1",
        "no letter of the language @uk",
    ),
    "a Ukrainian letter in Russian": Example(
        "label-script", W, {X: ELM + '<id/clinic/elm> skos:prefLabel "В\u2019їз"@ru .'}, X + "@1", "@ru"
    ),
    "a country in place of a language": Example(
        "label-script", W, {X: ELM + '<id/clinic/elm> skos:prefLabel "В’яз"@ua .'}, X + "@1", "Did you mean @uk?"
    ),
    "Cyrillic as English": Example(
        "label-script", W, {X: ELM + '<id/clinic/elm> skos:altLabel "Вяз"@en .'}, X + "@1", "written in Cyrillic"
    ),
    "English as Ukrainian": Example(
        "label-script",
        W,
        {
            X: ELM
            + '<id/clinic/elm> skos:prefLabel "Клиника Вяз"@ru .\n<id/clinic/elm> skos:prefLabel "Elm Clinic"@uk .'
        },
        X + "@2",
        "written in Latin letters",
    ),
    "one name": Example("near-duplicate", W, {X: ELM.replace("Elm", "DAWN")}, X + "@0", "the name of id/clinic/dawn"),
    "one name in other letters": Example(
        "near-duplicate",
        W,
        {X: ELM + '<id/clinic/elm> a ns:Hospital ; skos:altLabel "Likarnia Svitanok"@en .'},
        X + "@1",
        "the name of id/clinic/dawn",
    ),
    "one identifier": Example(
        "near-duplicate",
        W,
        {X: ELM + "<id/clinic/elm> owl:sameAs <https://a/1> .\n<id/clinic/dawn> owl:sameAs <https://a/1> ."},
        X + "@1",
        "has the identifier of id/clinic/dawn",
    ),
    "one value of an identifying property": Example(
        "near-duplicate",
        W,
        {
            ONTO: "ns:code a owl:DatatypeProperty , owl:InverseFunctionalProperty .",
            X: ELM + '<id/clinic/elm> ns:code "7" .\n<id/clinic/dawn> ns:code "7" .',
        },
        X + "@1",
        "has the identifier of id/clinic/dawn",
    ),
    "a datatype that the ontology rules out": Example(
        "drift",
        W,
        {ONTO: "ns:beds rdfs:range xsd:integer .", SHAPE: "shapes:Z sh:path ns:beds ;\n sh:datatype xsd:date ."},
        SHAPE + "@1",
        "sh:datatype xsd:date, but the range of ns#beds is xsd:integer",
    ),
    "a value where a link has to be": Example(
        "drift",
        W,
        {SHAPE: "shapes:Z sh:path ns:partner ;\n sh:datatype xsd:date ."},
        SHAPE + "@1",
        "owl:ObjectProperty",
    ),
    "a literal where a link has to be": Example(
        "drift",
        W,
        {SHAPE: "shapes:Z sh:path ns:partner ;\n sh:nodeKind sh:Literal ."},
        SHAPE + "@1",
        "owl:ObjectProperty",
    ),
    "a link where a value has to be": Example(
        "drift", W, {SHAPE: "shapes:Z sh:path ns:beds ;\n sh:nodeKind sh:IRI ."}, SHAPE + "@1", "owl:DatatypeProperty"
    ),
    "a class that the ontology rules out": Example(
        "drift",
        W,
        {
            ONTO: "ns:partner rdfs:range ns:Ship . ns:Ship a owl:Class .",
            SHAPE: "shapes:Z sh:path ns:partner ;\n sh:class ns:Clinic .",
        },
        SHAPE + "@1",
        "sh:class ns#Clinic, but the range of ns#partner is ns#Ship",
    ),
    "a use outside the domain": Example(
        "drift",
        W,
        {ONTO: "ns:Ship a owl:Class . ns:beds rdfs:domain ns:Clinic .", X: "\n<id/ship/dawn> a ns:Ship ; ns:beds 3 ."},
        X + "@1",
        "ns#beds is used of id/ship/dawn, but its domain is ns#Clinic",
    ),
    "a use outside a range of two classes": Example(
        "drift",
        W,
        {
            ONTO: "ns:Ship a owl:Class . ns:Boat a owl:Class .\n"
            "ns:partner rdfs:range [ a owl:Class ; owl:unionOf ( ns:Ship ns:Boat ) ] .",
            X: ELM + "<id/clinic/elm> ns:partner <id/clinic/dawn> .",
        },
        X + "@1",
        "its range is ns#Boat or ns#Ship",
    ),
    "a number under an object property": Example("drift", W, {X: ELM + "<id/clinic/elm> ns:partner 3 ."}, X + "@1", ""),
    "a link under a datatype property": Example(
        "drift", W, {X: ELM + "<id/clinic/elm> ns:opened <id/clinic/dawn> ."}, X + "@1", "leads to a thing"
    ),
    "a class as a property": Example("drift", W, {X: ELM + "<id/clinic/elm> ns:Hospital 3 ."}, X + "@1", "is a class"),
    "a property below one of another kind": Example(
        "drift", W, {ONTO: "ns:beds rdfs:subPropertyOf ns:partner ."}, ONTO + "@0", "of different kinds"
    ),
    "a property of no kind": Example(
        "drift", W, {ONTO: "ns:rooms a owl:FunctionalProperty ."}, ONTO + "@0", "is a property of no kind"
    ),
    "a class as the range of a datatype property": Example(
        "drift", W, {ONTO: "ns:opened rdfs:range ns:Clinic ."}, ONTO + "@0", "its range ns#Clinic is a class"
    ),
    "a class above itself": Example(
        "drift", W, {ONTO: "ns:Ship a owl:Class ; rdfs:subClassOf ns:Ship ."}, ONTO + "@0", "above itself"
    ),
    "a text that is not there": Example(
        "unknown-thing", V, {X: ELM + "<id/clinic/elm> rdfs:seeAlso <source/a.txt> ."}, X + "@1", "source/a.txt"
    ),
    "a label that others have": Example(
        "term-gap",
        W,
        {ONTO: "".join(f'ns:T{n} a ns:Tool ; rdfs:label "{n}"@en .\n' for n in range(4)) + "ns:T9 a ns:Tool ."},
        ONTO + "@4",
        "has no rdfs:label @en",
    ),
    "a licence that no other has": Example(
        "term-gap",
        W,
        {
            ONTO: "".join(f"ns:T{n} a ns:Tool ; dcterms:license <https://l.example/{n // 4}> .\n" for n in range(5)),
        },
        ONTO + "@4",
        "has no dcterms:license https://l.example/0",
    ),
    "a link that is not turned": Example("one-sided", W, {ONTO: TOOLS}, ONTO + "@3", "skos:narrower ns#T3"),
    "one name for two terms": Example(
        "near-duplicate",
        W,
        {ONTO: 'ns:T1 a ns:Tool ; rdfs:label "saw"@en .\nns:T2 a ns:Tool ; rdfs:label "saw"@en .'},
        ONTO + "@1",
        "the name of ns#T1",
    ),
    "no class": Example("type-missing", W, {X: ELM + "<id/clinic/dwan> ns:beds 3 ."}, X + "@1", "of what class"),
    "a term that a vocabulary does not have": Example(
        "unknown-term", W, {X: ELM + "<id/clinic/elm> a foaf:Documet ."}, X + "@1", "Did you mean foaf:Document?"
    ),
    "a term that is not declared, as all others of its vocabulary are": Example(
        "unknown-term",
        W,
        {
            ONTO: "".join(f"<https://v.example/{n}> a owl:Class .\n" for n in range(4))
            + "ns:Clinic rdfs:subClassOf "
            + " , ".join(f"<https://v.example/{n}>" for n in range(5))
            + " ."
        },
        ONTO + "@4",
        "https://v.example/4 is not declared in the ontology",
    ),
    "a part of a page that is not there, as another is": Example(
        "unknown-term",
        V,
        {X: ELM + "<map#ash> a owl:Thing ; rdfs:seeAlso <map#elm> , <list#elm> ."},
        X + "@1",
        "unknown term map#elm",
    ),
    "an ontology that is not there": Example(
        "unknown-term", V, {ONTO: "ns:beds rdfs:isDefinedBy <ns2> ."}, ONTO + "@0", "unknown term ns2"
    ),
    "English words as German": Example(
        "label-script", W, {X: ELM + '<id/clinic/elm> rdfs:comment "one of the oldest"@de .'}, X + "@1", "words of the"
    ),
    "other figures in a translation": Example(
        "translation",
        W,
        {X: ELM + '<id/clinic/elm> rdfs:comment "COVID-18"@uk , "COVID-19"@en , "COVID-19"@ru .'},
        X + "@1",
        "the figures 18, in another language 19",
    ),
    "a target that is no class": Example(
        "drift", W, {SHAPE: "shapes:Y a sh:NodeShape ;\n sh:targetClass ns:beds ."}, SHAPE + "@1", "is no class"
    ),
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_check_finds_its_example_at_its_line(tmp_path: Path, example: Example) -> None:
    told = [f for f in found(tmp_path, example.files, without=example.without) if f.rule == example.code]
    path, _, line = example.place.partition("@")
    wanted = f"{path}:{FIRST_LINE + int(line)}" if line else path
    assert [f for f in told if f.severity is example.severity and example.said in f.message], told
    assert [f for f in told if str(f.place or "").startswith(wanted)], told


def test_every_check_has_an_example() -> None:
    assert {example.code for example in EXAMPLES.values()} | {"baseline"} == set(CHECKS)


NONE: dict[str, dict[str, str | bytes]] = {
    "nothing": {},
    "a deprecated term that says what it is itself": {
        ONTO: "ns:rooms a owl:DatatypeProperty ; owl:deprecated true .",
        SHAPE: "shapes:Beds rdfs:seeAlso ns:beds .",
    },
    "a term that only a query uses": {
        ONTO: "ns:rooms a owl:DatatypeProperty .",
        SHAPE: 'shapes:ClinicShape sh:sparql shapes:Q . shapes:Q sh:message "m" ;\n'
        '  sh:select "SELECT $this { $this <https://example.org/kg/ns#rooms> 99 }" .',
    },
    "a term that only another term uses": {
        ONTO: "ns:rooms a owl:DatatypeProperty . ns:beds rdfs:subPropertyOf ns:rooms ."
    },
    "IRIs with a dot, two hyphens and capitals in the slug": {
        X: ELM.replace("/elm", "/elm--v1.2") + ELM.replace("/elm", "/UA").replace("Elm", "Ukrainian"),
    },
    "a leap day": {X: ELM + '<id/clinic/elm> ns:opened "2032-02-29"^^xsd:date .'},
    "an extended date": {X: ELM + '<id/clinic/elm> ns:opened "2032-02-29/.."^^<http://id.loc.gov/datatypes/edtf> .'},
    "a text of several lines": {X: ELM + '<id/clinic/elm> ns:opened """\none\ntwo\n""" .'},
    "a Latin name in every language": {X: ELM + '<id/clinic/elm> skos:prefLabel "ELM 7"@uk , "ELM 7"@ru .'},
    "a Latin word beside Cyrillic ones": {X: ELM + '<id/clinic/elm> skos:prefLabel "Клініка Elm"@uk , "ІТ-Elm"@uk .'},
    "names of another kind": {
        ONTO: "ns:Ship a owl:Class .",
        X: '<id/ship/dawn> a ns:Ship ; skos:prefLabel "Dawn Clinic"@en .',
    },
    "no name where nothing of the kind has one": {ONTO: "ns:Ship a owl:Class .", X: "<id/ship/dawn> a ns:Ship ."},
    "a datatype derived from the range": {
        ONTO: "ns:beds rdfs:range xsd:integer .",
        SHAPE: "shapes:Beds sh:datatype xsd:integer .",
    },
    "a class below the range": {
        ONTO: "ns:partner rdfs:range ns:Clinic .",
        SHAPE: "shapes:Z sh:path ns:partner ; sh:class ns:Hospital .",
    },
    "links that are all written one way": {
        ONTO: "ns:Tool a owl:Class .\n" + TOOLS.replace("; skos:narrower ns:T1 , ns:T2", ""),
        SHAPE: "shapes:Beds rdfs:seeAlso ns:T1 , ns:T2 , ns:T3 .",
    },
    "a name that is a property's and a class's": {
        ONTO: 'ns:Clinic rdfs:label "clinic"@en . ns:partner rdfs:label "clinic"@en .'
    },
    "figures that are words in another language": {
        X: ELM + '<id/clinic/elm> rdfs:comment "2 клініки"@uk , "two clinics"@en .'
    },
    "another language within quotation marks": {X: ELM + '<id/clinic/elm> rdfs:comment "Вона зветься «Вязы»"@uk .'},
    "a use for a class below the domain": {
        ONTO: "ns:beds rdfs:domain ns:Clinic . ns:partner rdfs:domain owl:Thing .",
        X: ELM + "<id/clinic/dawn> ns:partner <id/clinic/elm> .",
    },
    "a range that is a class expression": {
        ONTO: "ns:partner rdfs:range [ owl:complementOf ns:Hospital ] .",
        SHAPE: "shapes:Z sh:path ns:partner ; sh:class ns:Hospital .",
    },
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE)
def test_what_only_looks_like_a_mistake_is_not_told(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert found(tmp_path, files) == []


def test_quoted_words_keep_their_form(tmp_path: Path) -> None:
    text = '<id/clinic/elm> ns:opened "x" {| hs:quotes "0,2 x " ; hs:wording <vocab/wording/implied> |} .'
    assert "literal-form" not in [f.rule for f in found(tmp_path, {"data/source/t.ttl": text})]


def test_documentation_has_every_check_and_no_other() -> None:
    text = (ROOT / "docs" / "validate.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| ([^|]+) \| [^|]+ \|$", text, re.MULTILINE))
    assert rows == CHECKS


def test_the_invented_project_is_free_of_findings_without_which_no_example_could_stand_out(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "data/clinics.ttl": DATA, "ontology/ontology.ttl": ONTOLOGY, "shapes/shapes.ttl": SHAPES,
    }  # fmt: skip
    assert found(tmp_path, files) == []
