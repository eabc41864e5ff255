"""What the Reconciliation Service API, 0.2 and 1.0-draft, demands of each JSON document, as JSON schemas."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
URL: Schema = {"type": "string", "pattern": "^https?://"}


def an_object(required: Schema, optional: Schema | None = None, *, closed: bool = True) -> Schema:
    properties = required | (optional or {})
    return {
        "type": "object", "properties": properties, "required": list(required), "additionalProperties": not closed,
    }  # fmt: skip


def an_array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


NAMED = an_object({"id": TEXT, "name": TEXT})
TYPE = an_object({"id": TEXT, "name": TEXT}, {"broader": an_array(NAMED)})
_WITH_ID: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
_SERVICE = an_object(
    {"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}},
    {"flyout_service_url": URL, "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}},
)
_ABOUT = {
    "name": TEXT, "documentation": URL, "logo": URL, "serviceVersion": TEXT, "defaultTypes": an_array(TYPE),
    "batchSize": {"type": "integer", "minimum": 1},
}  # fmt: skip
_SIZE: Schema = {"type": "integer", "minimum": 1}
_KINDS: Schema = {"enum": ["number", "text", "checkbox", "select"]}


def _setting(id_: str, name: str, help_text: str) -> Schema:
    choices = an_array(an_object({"value": TEXT, "name": TEXT}))
    return an_object({id_: TEXT, name: TEXT, "type": _KINDS}, {help_text: TEXT, "default": {}, "choices": choices})


MANIFEST = an_object(
    _ABOUT
    | {
        "versions": {"const": ["0.2"]},
        "identifierSpace": URL,
        "schemaSpace": URL,
        "view": an_object({"url": _WITH_ID}),
        "preview": an_object({"url": _WITH_ID, "width": _SIZE, "height": _SIZE}),
        "suggest": an_object({"entity": _SERVICE, "type": _SERVICE, "property": _SERVICE}),
        "extend": an_object(
            {"propose_properties": _SERVICE, "property_settings": an_array(_setting("name", "label", "help_text"))}
        ),
    }
)
DRAFT_MANIFEST = an_object(
    _ABOUT
    | {
        "versions": {"const": ["1.0-draft"]},
        "view": an_object({"url": {"type": "string", "pattern": r"^https?://.*\{[?+]?id\}$"}}),
        "preview": an_object({"width": _SIZE, "height": _SIZE}),
        "suggest": an_object({kind: {"const": True} for kind in ("entity", "type", "property")}),
        "standardizedScore": {"const": True},
        "extend": an_object(
            {"proposeProperties": {"const": True}, "propertySettings": an_array(_setting("id", "name", "helpText"))}
        ),
    }
)

_VALUE: Schema = {"type": ["boolean", "number"]}
_CANDIDATE = {
    "id": TEXT, "name": TEXT, "description": {"type": "string"}, "type": an_array(NAMED),
    "score": {"type": "number", "minimum": 0, "maximum": 100}, "match": {"type": "boolean"},
}  # fmt: skip
RESULTS: Schema = {
    "type": "object",
    "additionalProperties": an_object(
        {"result": an_array(an_object(_CANDIDATE | {"features": an_array(an_object({"id": TEXT, "value": _VALUE}))}))}
    ),
}
_FEATURES = an_array(an_object({"id": TEXT, "name": TEXT, "value": _VALUE}))
DRAFT_RESULTS = an_object(
    {
        "results": an_array(
            an_object({"candidates": an_array(an_object(_CANDIDATE | {"features": _FEATURES}, {"lang": TEXT}))})
        )
    }
)
SUGGESTIONS = an_object(
    {
        "result": an_array(
            an_object({"id": TEXT, "name": TEXT}, {"description": {"type": "string"}, "notable": an_array(NAMED)})
        )
    }
)
PROPOSALS = an_object({"properties": an_array(NAMED), "type": {"type": "string"}, "limit": {"type": "integer"}})

_DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$"}


def _cell(optional: Schema) -> Schema:
    kinds = ({"str": {"type": "string"}}, {"int": {"type": "integer"}}, {"float": {"type": "number"}}, {"date": _DATE})
    return {"oneOf": [NAMED, *(an_object(kind, optional) for kind in kinds)]}


_META = an_array(an_object({"id": TEXT, "name": TEXT}, {"type": NAMED}))
EXTENSION = an_object(
    {
        "meta": _META,
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": an_array(_cell({}))},
        },
    }
)
DRAFT_EXTENSION = an_object(
    {
        "meta": _META,
        "rows": an_array(
            an_object(
                {"id": TEXT, "properties": an_array(an_object({"id": TEXT, "values": an_array(_cell({"lang": TEXT}))}))}
            )
        ),
    }
)


def conforms(document: Any, schema: Schema) -> None:
    """Raise a ValidationError if the document does not conform."""
    Draft202012Validator(schema).validate(document)
