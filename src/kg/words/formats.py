"""One row a syntax: its name, media types, suffix and what it can carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Carries(Enum):
    """What a syntax is for."""

    GRAPH = auto()
    DATASET = auto()
    RESULT = auto()
    PAGE = auto()


@dataclass(frozen=True, eq=False)  # there is one of each, and much is looked up by it
class Format:
    """A syntax.

    media_type  the registered type it is sent as
    suffix      of a file or a URL, without the dot
    also        other media types that ask for it
    """

    name: str
    media_type: str
    suffix: str
    carries: Carries
    also: tuple[str, ...] = ()
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The Content-Type header: text/* types say their charset, as clients without one assume ASCII."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


HTML = Format("HTML", "text/html", "html", Carries.PAGE, ("application/xhtml+xml",), charset=True)
TURTLE = Format("Turtle", "text/turtle", "ttl", Carries.GRAPH, ("application/x-turtle",), charset=True)
JSON_LD = Format("JSON-LD", "application/ld+json", "jsonld", Carries.GRAPH, ("application/json",))
RDF_XML = Format("RDF/XML", "application/rdf+xml", "rdf", Carries.GRAPH, ("application/xml", "text/xml"))
N_TRIPLES = Format("N-Triples", "application/n-triples", "nt", Carries.GRAPH, ("text/plain",))
N_QUADS = Format("N-Quads", "application/n-quads", "nq", Carries.DATASET, ("text/x-nquads",))
TRIG = Format("TriG", "application/trig", "trig", Carries.DATASET, ("application/x-trig",))

RESULTS_JSON = Format("JSON", "application/sparql-results+json", "json", Carries.RESULT, ("application/json",))
RESULTS_XML = Format("XML", "application/sparql-results+xml", "xml", Carries.RESULT, ("application/xml", "text/xml"))
RESULTS_CSV = Format("CSV", "text/csv", "csv", Carries.RESULT, charset=True)
RESULTS_TSV = Format("TSV", "text/tab-separated-values", "tsv", Carries.RESULT, charset=True)

PROBLEM = Format("problem", "application/problem+json", "json", Carries.RESULT, ("application/json",))

GRAPHS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
DATASETS = (N_QUADS, TRIG)
DATA = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, N_QUADS, TRIG)
DOCUMENTS = (HTML, *DATA)
RESULTS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
READABLE = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, N_QUADS, TRIG)


def by_suffix(suffix: str, offers: tuple[Format, ...]) -> Format | None:
    """The syntax among `offers` that a suffix without dot names, or None."""
    return next((f for f in offers if f.suffix == suffix), None)


def by_media_type(media_type: str, offers: tuple[Format, ...]) -> Format | None:
    """The syntax among `offers` that a media type (parameters ignored) names, or None."""
    bare = media_type.partition(";")[0].strip().lower()
    return next((f for f in offers if bare == f.media_type), None) or next((f for f in offers if bare in f.also), None)
