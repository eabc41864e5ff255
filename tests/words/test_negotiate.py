"""Which syntax an Accept header gets, which language an Accept-Language header gets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.words import formats
from kg.words.formats import (
    DATASETS,
    DOCUMENTS,
    GRAPHS,
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TURTLE,
    Format,
)
from kg.words.negotiate import choose, language, languages, parse

RDFLIB = (
    "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
    "application/trix, application/trig"
)
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
JENA_DATASET = "application/trig,application/n-quads;q=0.9,application/x-trig;q=0.8,application/ld+json;q=0.5,*/*;q=0.3"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,"
    "application/rdf+xml;q=0.5,application/json;q=0.45,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
    "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18"
)
COMUNICA_BROWSER = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,*/*;q=0.1"
)
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted http://www.w3.org/ns/json-ld#context"'

OF_A_DOCUMENT: dict[str, tuple[str | None, Format | None]] = {
    "no header": (None, HTML),
    "empty header": ("", HTML),
    "anything": ("*/*", HTML),
    "a lone star, as old Java clients send": ("*", HTML),
    "Java's HttpURLConnection": ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    "Chrome": (CHROME, HTML),
    "Firefox": (FIREFOX, HTML),
    "XHTML alone": ("application/xhtml+xml", HTML),
    "rdflib, no format given": (RDFLIB, TURTLE),
    "rdflib, format nt": ("text/plain, */*;q=0.1", N_TRIPLES),
    "rdflib, format turtle": ("text/turtle, application/x-turtle, */*;q=0.1", TURTLE),
    "rdflib, format xml": ("application/rdf+xml, */*;q=0.1", RDF_XML),
    "rdflib, format json-ld": ("application/ld+json, application/json;q=0.9, */*;q=0.1", JSON_LD),
    "rdflib, format trig": ("application/trig, */*;q=0.1", TRIG),
    "Jena, a graph": (JENA, TURTLE),
    "Jena, a dataset": (JENA_DATASET, TRIG),
    "Comunica": (COMUNICA, N_QUADS),
    "Comunica in a browser": (COMUNICA_BROWSER, N_QUADS),
    "quality decides": ("text/turtle;q=0.5, text/html;q=0.3", TURTLE),
    "quality decides, other order": ("text/html;q=0.3, text/turtle;q=0.5", TURTLE),
    "a JSON-LD profile": (PROFILE, JSON_LD),
    "a version of Turtle": ("text/turtle;version=1.2", TURTLE),
    "a version with a quality": ("text/turtle;version=1.2;q=0.2, application/n-triples;q=0.3", N_TRIPLES),
    "plain JSON": ("application/json", JSON_LD),
    "plain XML": ("application/xml", RDF_XML),
    "XML as text": ("text/xml", RDF_XML),
    "old Turtle type": ("application/x-turtle", TURTLE),
    "old N-Quads type": ("text/x-nquads", N_QUADS),
    "old TriG type": ("application/x-trig", TRIG),
    "any text": ("text/*", HTML),
    "any text but HTML": ("text/*, text/html;q=0", TURTLE),
    "any application": ("application/*", JSON_LD),
    "q=0 excludes against a wildcard": ("text/html;q=0, */*", TURTLE),
    "q=0 excludes, wildcard first": ("*/*, text/html;q=0", TURTLE),
    "q=0.000 excludes": ("text/html;q=0.000, */*", TURTLE),
    "an excluded type does not come back as its alias": ("application/ld+json;q=0, application/json", None),
    "specific beats wildcard of higher quality": ("text/turtle;q=0.1, application/*;q=0", TURTLE),
    "the exact type's quality counts, not the wildcard's": ("text/turtle;q=0.2, text/*;q=0.9, */*;q=0.5", HTML),
    "an alias is worth less than the type itself": ("application/json, text/turtle", TURTLE),
    "type and alias at the same quality": ("application/json, application/ld+json", JSON_LD),
    "capital letters": ("Text/Turtle", TURTLE),
    "capital Q": ("text/turtle;Q=0.1, application/n-triples;q=0.2", N_TRIPLES),
    "white space": ("  text/turtle ;  q=0.1 ,application/n-triples ; q = 0.2", N_TRIPLES),
    "a quality beyond 1 is 1": ("text/turtle;q=5, application/n-triples;q=1", TURTLE),
    "a negative quality is 0": ("text/turtle;q=-1, application/n-triples;q=0.1", N_TRIPLES),
    "a quality that is no number counts as none": ("text/turtle;q=high", TURTLE),
    "empty elements": (",,text/turtle,,", TURTLE),
    "an element without a slash": ("turtle, application/n-triples", N_TRIPLES),
    "nothing but rubbish": ("turtle", HTML),
    "a comma in a quoted parameter": ('text/turtle;a="x,text/html", application/n-triples;q=0.5', TURTLE),
    "a semicolon and q in a quoted parameter": ('application/ld+json;profile="http://a/;q=0;b"', JSON_LD),
    "nothing we have": ("image/png", None),
    "only what we have not, with qualities": ("image/png, video/*;q=0.5", None),
    "everything excluded": ("*/*;q=0", None),
}


@pytest.mark.parametrize(("header", "expected"), OF_A_DOCUMENT.values(), ids=OF_A_DOCUMENT)
def test_document_is_sent_in_the_syntax_that_fits_best(header: str | None, expected: Format | None) -> None:
    assert choose(header, DOCUMENTS) == expected


OF_A_RESULT: dict[str, tuple[str | None, Format | None]] = {
    "no header": (None, RESULTS_JSON),
    "anything": ("*/*", RESULTS_JSON),
    "SPARQLWrapper, JSON": (
        "application/sparql-results+json,application/json,text/javascript,application/javascript",
        RESULTS_JSON,
    ),
    "SPARQLWrapper, XML": ("application/sparql-results+xml", RESULTS_XML),
    "Jena": (
        "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
        "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1",
        RESULTS_JSON,
    ),
    "R and OpenRefine": ("text/csv", RESULTS_CSV),
    "a browser": (CHROME, RESULTS_XML),
    "Turtle": ("text/turtle", None),
}


@pytest.mark.parametrize(("header", "expected"), OF_A_RESULT.values(), ids=OF_A_RESULT)
def test_result_is_sent_in_the_syntax_that_fits_best(header: str | None, expected: Format | None) -> None:
    assert choose(header, RESULTS) == expected


def test_equal_wishes_follow_our_order() -> None:
    assert choose("*/*", DATASETS) == DATASETS[0]
    assert choose("application/n-triples, text/turtle", GRAPHS) == GRAPHS[0]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_header_is_too_strange_to_answer(header: str) -> None:
    assert choose(header, DOCUMENTS) in (None, *DOCUMENTS)
    assert all(0 <= r.quality <= 1 for r in parse(header))


MEDIA_RANGES = st.sampled_from([t for f in DOCUMENTS for t in (f.media_type, *f.also)] + ["*/*", "text/*", "image/png"])
ELEMENTS = st.lists(st.tuples(MEDIA_RANGES, st.integers(0, 1000)), min_size=1, max_size=6, unique_by=lambda e: e[0])


@settings(deadline=None)
@given(ELEMENTS)
def test_order_of_the_elements_does_not_matter(elements: list[tuple[str, int]]) -> None:
    written = [f"{range_};q={quality / 1000}" for range_, quality in elements]
    assert choose(", ".join(written), DOCUMENTS) == choose(", ".join(reversed(written)), DOCUMENTS)


@settings(deadline=None)
@given(ELEMENTS)
def test_what_is_excluded_is_never_sent(elements: list[tuple[str, int]]) -> None:
    chosen = choose(", ".join(f"{r};q={q / 1000}" for r, q in elements), DOCUMENTS)
    assert chosen is None or (chosen.media_type, 0) not in elements


LANGUAGES: dict[str, tuple[str | None, str]] = {
    "no header": (None, "en"),
    "empty": ("", "en"),
    "Ukrainian": ("uk", "uk"),
    "a region falls back to its language": ("uk-UA", "uk"),
    "a browser in Kyiv": ("uk-UA,uk;q=0.9,ru;q=0.8,en-US;q=0.7,en;q=0.6", "uk"),
    "quality decides": ("ru;q=0.3, uk;q=0.8", "uk"),
    "equal quality: the order of the header": ("ru, uk", "ru"),
    "what we have not is passed over": ("de-AT, de;q=0.9, ru;q=0.1", "ru"),
    "nothing we have": ("de, fr", "en"),
    "anything": ("*", "en"),
    "anything but English": ("*, en;q=0", "uk"),
    "nothing we have, and not English": ("de, en;q=0", "uk"),
    "excluded": ("uk;q=0, ru;q=0.1", "ru"),
    "capital letters": ("UK-ua", "uk"),
    "a longer tag that only begins alike": ("ukx", "en"),
    "rubbish": (";;q=,=", "en"),
}


@pytest.mark.parametrize(("header", "expected"), LANGUAGES.values(), ids=LANGUAGES)
def test_language_is_looked_up(header: str | None, expected: str) -> None:
    assert language(header, ("en", "uk", "ru")) == expected


KNOWN = {"de", "fr", "uk", "en", "en-gb", "en-us", "ru", "zh-hant"}
ORDERS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "no header": (None, ("en", "en-gb", "en-us", "uk")),
    "languages of the data, then ours": ("de;q=1, fr;q=.8, uk;q=.5", ("de", "fr", "uk", "en", "en-gb", "en-us")),
    "a region, then its language": ("en-GB, uk", ("en-gb", "en", "en-us", "uk")),
    "a language, then its regions": ("ru, zh;q=0.1", ("ru", "zh-hant", "en", "en-gb", "en-us", "uk")),
    "a range that is cut twice": ("zh-Hant-x-tw", ("zh-hant", "en", "en-gb", "en-us", "uk")),
    "refused": ("fr, en;q=0", ("fr", "en-gb", "en-us", "uk")),
    "asked for and refused": ("en, en;q=0", ("en", "en-gb", "en-us", "uk")),
    "five at most": ("zh, ru, fr, de, uk, en-gb", ("zh-hant", "ru", "fr", "de", "uk", "en", "en-gb", "en-us")),
    "anything": ("*", ("en", "en-gb", "en-us", "uk")),
    "rubbish": ('";;q=,=-', ("en", "en-gb", "en-us", "uk")),
}


@pytest.mark.parametrize(("header", "expected"), ORDERS.values(), ids=ORDERS)
def test_languages_are_in_the_reader_s_order(header: str | None, expected: tuple[str, ...]) -> None:
    assert languages(header, KNOWN, ("en", "uk")) == expected


@settings(deadline=None)
@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from(["de", "x-", "*", "zh-hant", "q", "uk;q=0", "en-GB"])).map(",".join)
)
def test_no_language_header_is_too_strange(header: str) -> None:
    assert language(header, ("en", "uk")) in ("en", "uk")
    found = languages(header, KNOWN, ("en", "uk"))
    assert set(found) <= KNOWN
    assert len(found) == len(set(found)) <= 5 + 4


SUFFIXES = {f.suffix: f for f in DOCUMENTS}


@pytest.mark.parametrize(("suffix", "expected"), SUFFIXES.items(), ids=SUFFIXES)
def test_suffix_names_a_syntax(suffix: str, expected: Format) -> None:
    assert formats.by_suffix(suffix, DOCUMENTS) == expected


def test_unknown_suffix_names_none() -> None:
    assert formats.by_suffix("pdf", DOCUMENTS) is None
    assert formats.by_suffix("", DOCUMENTS) is None
    assert formats.by_suffix("html", GRAPHS) is None


MEDIA_TYPES: dict[str, tuple[str, Format | None]] = {
    "exact": ("text/turtle", TURTLE),
    "with charset": ("text/turtle; charset=UTF-8", TURTLE),
    "capital letters": ("Text/TURTLE", TURTLE),
    "alias": ("application/x-turtle", TURTLE),
    "unknown": ("application/pdf", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("media_type", "expected"), MEDIA_TYPES.values(), ids=MEDIA_TYPES)
def test_media_type_names_a_syntax(media_type: str, expected: Format | None) -> None:
    assert formats.by_media_type(media_type, GRAPHS) == expected


def test_text_types_say_their_charset() -> None:
    assert TURTLE.content_type == "text/turtle; charset=utf-8"
    assert JSON_LD.content_type == "application/ld+json"
