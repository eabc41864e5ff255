"""Namespaces, prefixes, and the two ways to write a name: IRI and CURIE."""

from __future__ import annotations

import re
from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
NIF: Final = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
SCHEMA: Final = "https://schema.org/"
ORG: Final = "http://www.w3.org/ns/org#"
EDTF: Final = "http://id.loc.gov/datatypes/edtf"
DCAT: Final = "http://www.w3.org/ns/dcat#"
VOID: Final = "http://rdfs.org/ns/void#"
HS: Final = "https://w3id.org/health-solidarity/ns#"
"""The vocabulary of claims (hs:Claim, hs:quotes, ...), which the software knows whatever data it serves."""

TYPE: Final = RDF + "type"
LABEL_PROPERTIES: Final = (SKOS + "prefLabel", RDFS + "label", FOAF + "name", DCTERMS + "title", SCHEMA + "name")
"""Properties whose value names a thing, best first."""

PREFIXES: Final[dict[str, str]] = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "sh": SH,
    "skos": SKOS,
    "foaf": FOAF,
    "dcterms": DCTERMS,
    "prov": PROV,
    "nif": NIF,
    "schema": SCHEMA,
    "org": ORG,
    "hs": HS,
    "void": VOID,
    "dcat": DCAT,
    "vann": "http://purl.org/vocab/vann/",
    "m8g": "http://data.europa.eu/m8g/",
    "time": "http://www.w3.org/2006/time#",
}

_LOCAL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\x9f<>\"{}|\\^`]*")


def is_absolute(iri: str) -> bool:
    """Whether it has a scheme and none of the characters that no IRI has (SPARQL 1.1 Query, rule 139)."""
    return _ABSOLUTE.fullmatch(iri) is not None


def curie(iri: str) -> str:
    """The short form `prefix:name` where a known prefix fits, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL_NAME.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def local_name(iri: str) -> str:
    """What stands behind the last `#`, `/` or `:`; the IRI itself if nothing does."""
    return re.split(r"[#/:]", iri.rstrip("/#"))[-1] or iri
