"""The saved queries and the endpoint, described for programs. Source: OpenAPI Specification 3.1.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from kg import __version__
from kg.store.parameters import example_of, expectation, short
from kg.store.release import Release
from kg.store.saved import Parameter, SavedQuery
from kg.words import formats
from kg.words.formats import HTML, Format
from kg.words.names import RDF, XSD
from kg.words.protocol import FORM, QUERY

Json = dict[str, Any]

_EVERYTHING = formats.RESULTS + formats.GRAPHS + formats.DATASETS
_SCHEMAS: Final[dict[str, Json]] = {
    XSD + "integer": {"type": "integer"},
    XSD + "nonNegativeInteger": {"type": "integer", "minimum": 0},
    XSD + "decimal": {"type": "number"},
    XSD + "double": {"type": "number"},
    XSD + "boolean": {"type": "boolean"},
    XSD + "date": {"type": "string", "format": "date"},
    XSD + "dateTime": {"type": "string", "format": "date-time"},
    XSD + "anyURI": {"type": "string", "format": "uri-reference"},
    RDF + "langString": {"type": "string", "pattern": "@[A-Za-z0-9-]+$"},
}
_PROBLEMS: Final = {
    "400": (
        "BadRequest",
        "A parameter is unknown, repeated or has a value that it cannot have; or SPARQL does not parse",
    ),
    "404": ("NotFound", "There is no such syntax of this answer"),
    "406": ("NotAcceptable", "The answer cannot be had in any of the media types of Accept"),
    "503": ("Overload", "A limit was reached: of time, of memory, or of queries at once"),
}
_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "parameter": {"type": "string", "description": "The parameter that is to blame."},
        "expected": {"type": "string", "description": "What its values are."},
        "example": {"type": "string", "description": "One of them."},
        "offers": {"type": "array", "items": {"type": "string"}, "description": "What there is instead."},
        "limit": {"type": "number", "description": "The limit that was reached, in seconds or MiB."},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "excerpt": {"type": "string", "description": "The line, and below it a caret at the column."},
    },
}
_RESULTS: Final[Json] = {
    "type": "object",
    "description": "SPARQL 1.1 Query Results JSON Format.",
    "required": ["head"],
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "boolean": {"type": "boolean"},
        "results": {
            "type": "object",
            "properties": {
                "bindings": {
                    "type": "array",
                    "items": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Term"}},
                }
            },
        },
    },
}
_TERM: Final[Json] = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
}


def describe_api(release: Release, root: str) -> Json:
    """An OpenAPI document. root: path prefix of the site, without the last slash."""
    paths: Json = {}
    for query in release.saved.queries.values():
        paths[f"/queries/{query.name}"] = {"get": _negotiated(query, release.settings.base)}
        paths[f"/queries/{query.name}.{{suffix}}"] = {"get": _by_suffix(query, release.settings.base)}
    paths["/sparql"] = {"get": _sparql_get(), "post": _sparql_post()}
    info: Json = {
        "title": release.settings.title,
        "version": __version__,
        "description": "Saved queries with parameters, and an endpoint for the SPARQL 1.1 Protocol. "
        f"Names of things are relative to {release.settings.base}.",
    }
    if release.licence:
        info["license"] = {"name": "Licence of the data", "url": release.licence}
    return {
        "openapi": "3.1.1",
        "info": info,
        "servers": [{"url": root or "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, "Results": _RESULTS, "Term": _TERM},
            "responses": {name: _problem(what) for name, what in _PROBLEMS.values()},
        },
    }


def _negotiated(query: SavedQuery, base: str) -> Json:
    return {
        "operationId": query.name,
        **_about(query),
        "parameters": _parameters(query, base),
        "responses": _responses((HTML, *query.syntaxes), "400", "406", "503"),
    }


def _by_suffix(query: SavedQuery, base: str) -> Json:
    suffix = {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "The syntax of the answer.",
        "schema": {"enum": [f.suffix for f in query.syntaxes]},
    }
    return {
        "operationId": f"{query.name}-in",
        **_about(query),
        "parameters": [suffix, *_parameters(query, base)],
        "responses": _responses(query.syntaxes, "400", "404", "503"),
    }


def _about(query: SavedQuery) -> Json:
    about: Json = {"summary": _english(query.questions), "tags": sorted({k.value for k in query.keywords})}
    if comment := _english(query.comments):
        about["description"] = comment
    return about


def _parameters(query: SavedQuery, base: str) -> list[Json]:
    return [_parameter(p, base) for p in query.parameters]


def _parameter(parameter: Parameter, base: str) -> Json:
    schema = dict(_SCHEMAS.get(parameter.datatype, {"type": "string"}))
    kind = expectation(parameter)
    if not parameter.datatype:
        schema["format"] = "iri-reference"
        kind += ", in full, with a well-known prefix, or relative to the base"
    if parameter.default is not None:
        schema["default"] = _typed(short(parameter.default, base), schema)
    empty = "" if parameter.required else " Empty: all."
    return {
        "name": parameter.variable,
        "in": "query",
        "required": parameter.required,
        "allowEmptyValue": not parameter.required,
        "description": f"{_english(parameter.descriptions)} {kind[0].upper()}{kind[1:]}.{empty}".strip(),
        "schema": schema,
        "example": _typed(example_of(parameter, base), schema),
    }


def _typed(text: str, schema: Json) -> Any:
    """The text as JSON writes values of this schema."""
    match schema["type"]:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return text in ("true", "1")
    return text


def _sparql_get() -> Json:
    parameters = [
        {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}, "description": "SPARQL 1.1."},
        *(
            {"name": name, "in": "query", "description": what, "schema": {"type": "array", "items": {"type": "string"}}}
            for name, what in _DATASET.items()
        ),
        *({"name": name, "in": "query", **about} for name, about in _OURS.items()),
    ]
    return {
        "operationId": "sparql",
        "summary": "Query in SPARQL 1.1",
        "description": "SPARQL 1.1 Protocol, section 2.1.1.",
        "parameters": parameters,
        "responses": _responses((*_EVERYTHING, HTML), *_SPARQL_PROBLEMS),
    }


def _sparql_post() -> Json:
    texts = {"type": "array", "items": {"type": "string"}}
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": {"type": "string"},
            **{name: {**texts, "description": what} for name, what in _DATASET.items()},
            **{name: {**about["schema"], "description": about["description"]} for name, about in _OURS.items()},
        },
    }
    return {
        "operationId": "sparql-post",
        "summary": "Query in SPARQL 1.1, also a long one",
        "description": "SPARQL 1.1 Protocol, sections 2.1.2 and 2.1.3.",
        "requestBody": {"required": True, "content": {FORM: {"schema": form}, QUERY: {"schema": {"type": "string"}}}},
        "responses": _responses((*_EVERYTHING, HTML), *_SPARQL_PROBLEMS),
    }


_DATASET: Final = {
    "default-graph-uri": "Graphs whose union is the default graph.",
    "named-graph-uri": "Graphs that GRAPH can name.",
}
_OURS: Final[dict[str, Json]] = {
    "format": {
        "description": "The syntax of the answer; it goes before Accept.",
        "schema": {"type": "string", "enum": [f.suffix for f in _EVERYTHING]},
    },
    "timeout": {
        "description": "Seconds that the query may take at most.",
        "schema": {"type": "number", "exclusiveMinimum": 0},
    },
}
_SPARQL_PROBLEMS: Final = ("400", "406", "503")


def _responses(syntaxes: Iterable[Format], *problems: str) -> Json:
    answer = {"description": "The answer.", "content": {f.media_type: {"schema": _schema(f)} for f in syntaxes}}
    return {
        "200": answer,
        **{status: {"$ref": f"#/components/responses/{_PROBLEMS[status][0]}"} for status in problems},
    }


def _schema(format_: Format) -> Json:
    return {"$ref": "#/components/schemas/Results"} if format_ is formats.RESULTS_JSON else {"type": "string"}


def _problem(what: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"{what}.", "content": {"application/problem+json": {"schema": schema}}}


def _english(texts: Any) -> str:
    """Descriptions for programs are in English where there is English."""
    return str(texts.get("en") or next(iter(texts.values()), ""))
