"""The dataset in VoID and DCAT: what the project says of it, and all that can be counted.

Sources: Describing Linked Datasets with the VoID Vocabulary; DCAT version 3; SPDX 2.3 for checksums.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.distribution.dumps import Dump
from kg.distribution.statistics import Linkset, Statistics
from kg.store.lookup import texts
from kg.store.release import Release
from kg.words.formats import DATA, Format
from kg.words.names import DCAT, DCTERMS, FOAF, TYPE, VOID, XSD, curie, local_name

SPDX = "http://spdx.org/rdf/terms#"
_IANA = "https://www.iana.org/assignments/media-types/"
_FORMATS = "http://www.w3.org/ns/formats/"
_EXAMPLES = 3
_VOCABULARIES = re.compile(r".*[#/]")


@dataclass(frozen=True)
class Where:
    """Where clients find what is described. The IRIs of the dataset and its parts are canonical, wherever that is.

    site       its page and its endpoint, without the last slash
    downloads  the folder of the dumps, likewise
    """

    site: str
    downloads: str
    has_endpoint: bool = True


class Describer:
    """Gathers the description of a release's dataset."""

    def __init__(self, release: Release, where: Where) -> None:
        self.release, self.where = release, where
        self.base = release.settings.base
        self.dataset = self.base + "dataset"
        self.triples: dict[ox.Triple, None] = {}

    def describe(self, counts: Statistics, dumps: Iterable[Dump], documents: list[str]) -> list[ox.Triple]:
        """The description; `documents` are the paths of all there are."""
        self._stated()
        self._defaults(counts, documents)
        self._release()
        self._counts(counts, documents)
        self._linksets(counts.linksets)
        self._graphs()
        self._dumps(list(dumps))
        if self.where.has_endpoint:
            self._service()
        return list(self.triples)

    def _stated(self) -> None:
        """What the project's own files say of the dataset and of what that leads to: its parts, its makers."""
        inferred = ox.NamedNode(self.base + "graph/inferred")
        found = [ox.NamedNode(self.dataset)]
        for node in found:
            for quad in self.release.store.quads_for_pattern(node, None, None, None):
                if quad.graph_name in (ox.DefaultGraph(), inferred):
                    continue
                self.triples[ox.Triple(quad.subject, quad.predicate, quad.object)] = None
                leads_to = quad.object
                if isinstance(leads_to, ox.NamedNode) and leads_to.value.startswith(self.dataset + "#"):
                    found += [leads_to] if leads_to not in found else []

    def _defaults(self, counts: Statistics, documents: list[str]) -> None:
        """What every description has, for projects that leave it out."""
        for class_ in (VOID + "Dataset", DCAT + "Dataset"):
            self.say(self.dataset, TYPE, class_)
        self.unless_stated(DCTERMS + "title", ox.Literal(self.release.settings.title))
        self.unless_stated(DCTERMS + "identifier", ox.Literal(self.dataset, datatype=ox.NamedNode(XSD + "anyURI")))
        self.unless_stated(FOAF + "homepage", self.base)
        self.unless_stated(DCAT + "landingPage", self.dataset)
        self.unless_stated(VOID + "uriSpace", ox.Literal(self.base))
        if self.where.has_endpoint:
            self.unless_stated(VOID + "sparqlEndpoint", self.base + "sparql")
        things = [d for d in documents if d.startswith("doc/")]
        self.unless_stated(VOID + "exampleResource", *(f"{self.base}id/{d[4:]}" for d in things[:_EXAMPLES]))
        terms = [p.iri for p in counts.properties] + [c.iri for c in counts.classes]
        spaces = sorted({m[0] for t in terms if (m := _VOCABULARIES.match(t))})
        self.unless_stated(VOID + "vocabulary", *spaces)

    def _release(self) -> None:
        version = f"{self.base}dumps/{self.release.hash}"
        self.say(self.dataset, DCAT + "version", ox.Literal(self.release.hash))
        self.say(self.dataset, DCAT + "hasCurrentVersion", version)
        self.say(version, TYPE, DCAT + "Dataset")
        self.say(version, DCAT + "isVersionOf", self.dataset)
        self.say(version, DCAT + "version", ox.Literal(self.release.hash))
        document = self.dataset + ".ttl"
        self.say(document, TYPE, VOID + "DatasetDescription")
        self.say(document, FOAF + "primaryTopic", self.dataset)

    def _counts(self, counts: Statistics, documents: list[str]) -> None:
        numbers = {
            "triples": counts.triples, "entities": counts.entities, "documents": len(documents),
            "classes": len(counts.classes), "properties": len(counts.properties),
            "distinctSubjects": counts.subjects, "distinctObjects": counts.objects,
        }  # fmt: skip
        for name, number in numbers.items():
            self.say(self.dataset, VOID + name, ox.Literal(number))
        for class_ in counts.classes:
            part = self.part("class", class_.iri)
            self.say(self.dataset, VOID + "classPartition", part)
            self.say(part, VOID + "class", class_.iri)
            self.say(part, VOID + "entities", ox.Literal(class_.entities))
        for property_ in counts.properties:
            part = self.part("property", property_.iri)
            self.say(self.dataset, VOID + "propertyPartition", part)
            self.say(part, VOID + "property", property_.iri)
            self.say(part, VOID + "triples", ox.Literal(property_.triples))
            self.say(part, VOID + "distinctSubjects", ox.Literal(property_.subjects))
            self.say(part, VOID + "distinctObjects", ox.Literal(property_.objects))

    def _linksets(self, linksets: Iterable[Linkset]) -> None:
        for links in linksets:
            iri = links.iri
            if not iri:
                host = links.space.partition("//")[2].rstrip("/")
                iri, target = (
                    f"{self.dataset}#{kind}-{host}" for kind in (f"links-{local_name(links.predicate)}", "at")
                )
                self.say(iri, TYPE, VOID + "Linkset")
                self.say(iri, VOID + "linkPredicate", links.predicate)
                self.say(iri, VOID + "subjectsTarget", self.dataset)
                self.say(iri, VOID + "objectsTarget", target)
                self.say(target, TYPE, VOID + "Dataset")
                self.say(target, VOID + "uriSpace", ox.Literal(links.space))
            self.say(self.dataset, VOID + "subset", iri)
            self.say(iri, VOID + "triples", ox.Literal(links.triples))

    def _graphs(self) -> None:
        for graph, size in self.release.graphs.items():
            self.say(self.dataset, VOID + "subset", graph)
            self.say(graph, TYPE, VOID + "Dataset")
            self.say(graph, TYPE, DCAT + "Dataset")
            self.say(graph, DCTERMS + "isPartOf", self.dataset)
            self.say(graph, VOID + "triples", ox.Literal(size))

    def _dumps(self, dumps: list[Dump]) -> None:
        for format_ in DATA:
            self.say(self.dataset, VOID + "feature", _FORMATS + _format_name(format_))
        for dump in dumps:
            about, path = dump.graph or self.dataset, f"dumps/{self.release.hash}/{dump.href}"
            file, address = self.base + path, f"{self.where.downloads}/{path}"
            checksum = file + "#checksum"
            self.say(about, DCAT + "distribution", file)
            if dump.compressed:
                self.say(about, VOID + "dataDump", address)
                self.say(file, DCAT + "compressFormat", _IANA + "application/gzip")
            self.say(file, TYPE, DCAT + "Distribution")
            self.say(file, DCTERMS + "title", ox.Literal(dump.name.rpartition("/")[2]))
            self.say(file, DCAT + "accessURL", f"{self.where.site}/dataset")
            self.say(file, DCAT + "downloadURL", address)
            self.say(file, DCAT + "mediaType", _IANA + dump.format.media_type)
            self.say(file, DCTERMS + "format", _FORMATS + _format_name(dump.format))
            self.say(file, DCAT + "byteSize", ox.Literal(str(dump.size_bytes), datatype=_type("nonNegativeInteger")))
            self.say(file, SPDX + "checksum", checksum)
            self.say(checksum, TYPE, SPDX + "Checksum")
            self.say(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
            self.say(checksum, SPDX + "checksumValue", ox.Literal(dump.sha256, datatype=_type("hexBinary")))
            if self.release.licence:
                self.say(file, DCTERMS + "license", self.release.licence)
            if self.release.modified:
                self.say(
                    file,
                    DCTERMS + "modified",
                    ox.Literal(self.release.modified, datatype=_date_type(self.release.modified)),
                )

    def _service(self) -> None:
        service = self.base + "sparql"
        self.say(self.dataset, DCAT + "accessService", service)
        self.say(service, TYPE, DCAT + "DataService")
        self.say(service, DCTERMS + "title", ox.Literal("SPARQL endpoint", language="en"))
        self.say(service, DCAT + "endpointURL", f"{self.where.site}/sparql")
        self.say(service, DCAT + "endpointDescription", f"{self.where.site}/sparql")
        self.say(service, DCAT + "servesDataset", self.dataset)
        self.say(service, DCTERMS + "conformsTo", "https://www.w3.org/TR/sparql11-protocol/")

    def say(self, subject: str, predicate: str, value: str | ox.Literal) -> None:
        """State something; a string is an IRI. What is no IRI is left out."""
        try:
            object_ = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
            self.triples[ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), object_)] = None
        except ValueError:
            return

    def unless_stated(self, predicate: str, *values: str | ox.Literal) -> None:
        """Say it of the dataset if the project says nothing by this property."""
        if not texts(self.release.store, self.dataset, predicate):
            for value in values:
                self.say(self.dataset, predicate, value)

    def part(self, kind: str, iri: str) -> str:
        """The IRI of a partition: readable where the term has a short name."""
        short = curie(iri)
        name = short.replace(":", "-") if short != iri else hashlib.sha256(iri.encode()).hexdigest()[:12]
        return f"{self.dataset}#{kind}-{name}"


def _format_name(format_: Format) -> str:
    return format_.name.replace("/", "_")


def _date_type(date: str) -> ox.NamedNode:
    return _type("dateTime" if "T" in date else "date")


def _type(name: str) -> ox.NamedNode:
    return ox.NamedNode(XSD + name)
