"""A thing as search engines read it: JSON-LD in the page, saying no more than the page does.

Source: JSON-LD 1.1, section 7 (embedding JSON-LD in HTML documents).
"""

from __future__ import annotations

import pyoxigraph as ox

from kg.pages.values import Value
from kg.resource.describe import Description
from kg.words.names import DCTERMS, FOAF, OWL, RDFS, SCHEMA, SKOS, local_name


def schema_org(description: Description, title: Value) -> dict[str, object]:
    """The names, links and classes for which schema.org has terms."""

    def iris(predicate: str) -> list[str]:
        values = (f.value for f in description.facts if f.predicate == predicate)
        return [v.value for v in values if isinstance(v, ox.NamedNode)]

    def texts(predicate: str) -> list[dict[str, str]]:
        return [
            {"@value": f.value.value, **({"@language": f.value.language} if f.value.language else {})}
            for f in description.facts
            if f.predicate == predicate and isinstance(f.value, ox.Literal)
        ]

    types = [local_name(t) for t in description.types if t.startswith(SCHEMA)]
    members: dict[str, object] = {
        "@context": "https://schema.org/",
        "@id": description.iri,
        "@type": sorted(types) or ["Thing"],
        "name": texts(SKOS + "prefLabel") or texts(RDFS + "label") or title.text,
        "alternateName": texts(SKOS + "altLabel"),
        "description": texts(SKOS + "definition") or texts(DCTERMS + "description"),
        "url": iris(FOAF + "homepage"),
        "sameAs": iris(OWL + "sameAs"),
    }
    return {name: value for name, value in members.items() if value}
