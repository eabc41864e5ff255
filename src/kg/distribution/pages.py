"""The dataset as people and search engines see it."""

from __future__ import annotations

from kg.distribution.publication import Publication
from kg.distribution.stated import iris, makers
from kg.pages.dataset_page import DatasetPage, Distribution, GraphSize
from kg.pages.phrases import marked
from kg.pages.values import Reader, Value
from kg.store.lookup import instances, values
from kg.words.names import DCTERMS, HS, VOID


def dataset_page(publication: Publication, reader: Reader, title: Value, here: str) -> DatasetPage:
    """The context of `dataset.html`.

    here  where clients reach this site, without the last slash
    """
    release, root, base = publication.release, reader.address.root, reader.address.base
    store, dataset = release.store, base + "dataset"

    def best(property_: str) -> Value | None:
        found = [reader.value(v) for v in values(store, dataset, DCTERMS + property_)]
        return min(found, key=lambda v: reader.rank(v.language), default=None)

    counts = [
        (marked("RDF triples"), release.triples),
        (marked("Described resources"), publication.statistics().entities),
        (marked("Claims"), len(instances(store, HS + "Claim"))),
        (marked("Sources"), len(instances(store, HS + "SourceDocument"))),
    ]
    first = next(iter(iris(store, dataset, VOID + "exampleResource")), "")
    description = best("description")
    return DatasetPage(
        title=title,
        description=description,
        release=release.hash,
        modified=release.modified,
        licence=best("license"),
        counts=tuple((name, count) for name, count in counts if count),
        distributions=tuple(
            Distribution(
                d.name.rpartition("/")[2], f"{root}/dumps/{release.hash}/{d.href}",
                d.format.media_type, d.size_bytes, d.sha256, d.triples,
            )
            for d in publication.dumps.all() if d.compressed
        ),
        graphs=tuple(GraphSize(reader.thing(g), size) for g, size in release.graphs.items()),
        citation=_citation(publication, title.text),
        endpoint=f"{here}/sparql",
        rights=best("rights"),
        example=f"{here}/{first.removeprefix(base)}" if first.startswith(base) else "",
        schema_org=_schema_org(publication, title, description, here),
    )  # fmt: skip


def _citation(publication: Publication, title: str) -> str:
    """Who (year): what, which release, where; what the description leaves out is left out."""
    release = publication.release
    dataset = release.settings.base + "dataset"
    who = ", ".join(agent.name for agent in makers(release.store, dataset))
    year = f" ({release.modified[:4]})" if release.modified else ""
    return f"{f'{who}{year}: ' if who else ''}{title}. Release {release.hash[:12]}. {dataset}"


def _schema_org(publication: Publication, title: Value, description: Value | None, here: str) -> dict[str, object]:
    """What the page says, for search engines for data sets."""
    release = publication.release
    base, store = release.settings.base, release.store
    dataset = base + "dataset"

    def localised(value: Value) -> object:
        return {"@value": value.text, "@language": value.language} if value.language else value.text

    creators = [
        {"@type": "Person" if a.is_person else "Organization", "name": a.name, **({"@id": a.iri} if a.iri else {})}
        for a in makers(store, dataset)
    ]
    members: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": dataset,
        "name": localised(title),
        "description": localised(description) if description else "",
        "url": dataset,
        "version": release.hash,
        "license": release.licence,
        "dateModified": release.modified,
        "creator": creators,
        "distribution": [
            {
                "@type": "DataDownload",
                "@id": f"{base}dumps/{release.hash}/{d.href}",
                "contentUrl": f"{here}/dumps/{release.hash}/{d.href}",
                "encodingFormat": d.format.media_type,
                "contentSize": f"{d.size_bytes} B",
                "sha256": d.sha256,
            }
            for d in publication.whole() if d.compressed
        ],
    }  # fmt: skip
    return {name: value for name, value in members.items() if value}
