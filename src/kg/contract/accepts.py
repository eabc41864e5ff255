"""Accept headers that clients are known to send."""

from __future__ import annotations

from typing import Final

CHROME: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB: Final = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
RDFLIB_NT: Final = "text/plain, */*;q=0.1"
JENA: Final = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JENA_DATASET: Final = (
    "application/trig,application/n-quads;q=0.9,application/x-trig;q=0.8,application/ld+json;q=0.5,*/*;q=0.3"
)
COMUNICA: Final = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,application/json;q=0.45,text/n3;q=0.35,application/xml;q=0.3,"
    "image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18"
)
COMUNICA_IN_A_BROWSER: Final = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1"
)
"""Cut to the 128 bytes that need no preflight."""
JSON_LD_PROFILE: Final = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
