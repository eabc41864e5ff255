"""What a client asks, read from JSON. Source: Reconciliation Service API 0.2 and 1.0-draft, reconciliation queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.words.errors import BadInput, TooLarge

MAX_BATCH: Final = 50
"""Queries in a batch; the manifest tells clients."""
MAX_LIMIT: Final = 100
MAX_TEXT: Final = 1000
_DEFAULT_LIMIT: Final = 10
_MAX_CONDITIONS: Final = 10
_MAX_VALUES: Final = 20
_MAX_NUMBER: Final = 1e18


@dataclass(frozen=True)
class Reference:
    """A thing as a value: what the client has matched before."""

    id: str
    name: str = ""


Value = str | bool | int | float | Reference


@dataclass(frozen=True)
class Condition:
    """What a thing should have.

    property    identifier of a property, or a path of them
    required    things that are known to be without are no candidates
    quantifier  `any`, `all` or `none` of the values
    """

    property: str
    values: tuple[Value, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True)
class Question:
    """One reconciliation query.

    names       what the thing is called; one of them is enough
    ids         identifiers that the thing may have
    types       identifiers of classes
    strictness  whether a candidate `should` be of one of the types, must be of `any`, or of `all`
    limit       candidates wanted
    """

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strictness: str = "should"
    limit: int = _DEFAULT_LIMIT
    conditions: tuple[Condition, ...] = ()


def parse(text: str | bytes, what: str) -> Any:
    """The JSON of a parameter or body. Raise BadInput, naming it, if it is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise BadInput(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{what} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError as error:
        raise BadInput(f"{what} is no JSON: {error}") from None


def batch(document: Any) -> dict[str, Question]:
    """A batch of version 0.2: key -> question. Raise BadInput, TooLarge."""
    queries = an_object(document, "queries")
    _count(queries, MAX_BATCH, "queries")
    return {clean(key): _question(query, f'query "{clean(key)[:50]}"') for key, query in queries.items()}


def draft_batch(document: Any) -> list[Question]:
    """A batch of version 1.0-draft, in its order. Raise BadInput, TooLarge."""
    queries = a_list(an_object(document, "the body").get("queries"), "queries")
    _count(queries, MAX_BATCH, "queries")
    return [_draft_question(query, f"query {number}") for number, query in enumerate(queries)]


def _question(document: Any, where: str) -> Question:
    query = an_object(document, where)
    if "query" not in query and not query.get("properties"):
        raise BadInput(f"{where} has neither query nor properties")
    types = query.get("type") or []
    types = types if isinstance(types, list) else [types]
    strictness = query.get("type_strict") or "should"
    if strictness not in ("should", "any", "all"):
        raise BadInput(f"type_strict of {where} is {clean(repr(strictness))[:50]}. It can be should, any or all")
    conditions = []
    for property_ in _some(query.get("properties"), _MAX_CONDITIONS, f"properties of {where}"):
        condition = an_object(property_, f"a property of {where}")
        pid = a_text(condition.get("pid", condition.get("p")), f"pid of {where}")
        conditions.append(Condition(pid, _values(condition.get("v"), f"v of {pid[:50]} in {where}")))
    name = query.get("query")
    return Question(
        names=() if name is None else (a_text(str(name) if _is_number(name) else name, f"query of {where}"),),
        types=tuple(_type(t, where) for t in types[:_MAX_VALUES]),
        strictness=strictness,
        limit=a_limit(query.get("limit"), f"limit of {where}"),
        conditions=tuple(conditions),
    )


def _draft_question(document: Any, where: str) -> Question:
    query = an_object(document, where)
    asked = _some(query.get("conditions"), _MAX_CONDITIONS, f"conditions of {where}")
    if not asked:
        raise BadInput(f"{where} has no conditions")
    names: list[str] = []
    ids: list[str] = []
    conditions: list[Condition] = []
    for part in asked:
        condition = an_object(part, f"a condition of {where}")
        kind = condition.get("matchType")
        values = _values(condition.get("propertyValue"), f"propertyValue of {where}")
        if kind == "property":
            quantifier = condition.get("matchQuantifier") or "any"
            if quantifier not in ("any", "all", "none"):
                raise BadInput(f"matchQuantifier of {where} can be any, all or none")
            id_ = a_text(condition.get("propertyId"), f"propertyId of {where}")
            conditions.append(Condition(id_, values, condition.get("required") is True, quantifier))
        elif kind in ("name", "id"):
            texts = [v.id if isinstance(v, Reference) else str(v) for v in values]
            (names if kind == "name" else ids).extend(texts)
        else:
            raise BadInput(f"matchType of {where} can be name, id or property")
    type_ = query.get("type")
    return Question(
        tuple(names),
        tuple(ids),
        () if type_ is None else (_type(type_, where),),
        limit=a_limit(query.get("limit"), f"limit of {where}"),
        conditions=tuple(conditions),
    )


def _type(value: Any, where: str) -> str:
    return a_text(value.get("id") if isinstance(value, Mapping) else value, f"type of {where}")


def _values(value: Any, where: str) -> tuple[Value, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_value(v, where) for v in _some(values, _MAX_VALUES, where) if v is not None)


def _value(value: Any, where: str) -> Value:
    if isinstance(value, bool) or _is_number(value):
        if abs(value) > _MAX_NUMBER:
            raise BadInput(f"{where} is a number that is too large")
        return value  # type: ignore[no-any-return]
    if isinstance(value, Mapping):
        name = value.get("name")
        return Reference(a_text(value.get("id"), f"id in {where}"), clean(name) if isinstance(name, str) else "")
    return a_text(value, where)


def an_object(value: Any, what: str) -> Mapping[str, Any]:
    """The value, if it is an object. Raise BadInput."""
    if not isinstance(value, Mapping):
        raise BadInput(f"{what} has to be an object")
    return value


def a_list(value: Any, what: str) -> list[Any]:
    """The value, if it is an array. Raise BadInput."""
    if not isinstance(value, list):
        raise BadInput(f"{what} has to be an array")
    return value


def a_text(value: Any, what: str) -> str:
    """The value, if it is a string that is not too long. Raise BadInput."""
    if not isinstance(value, str):
        raise BadInput(f"{what} has to be a string")
    text = clean(value)
    if len(text) > MAX_TEXT:
        raise BadInput(f"{what} is longer than {MAX_TEXT} characters")
    return text


def a_limit(value: Any, what: str, *, default: int = _DEFAULT_LIMIT, most: int = MAX_LIMIT) -> int:
    """A positive number, at most `most`; nothing, an empty text and 0 ask for the default. Raise BadInput."""
    if value in (None, "", 0, "0"):
        return default
    text = str(value).removesuffix(".0")
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal() or len(text) > 9 or not int(text):
        raise BadInput(f"{what} has to be a positive whole number")
    return min(int(text), most)


def clean(text: str) -> str:
    """The text without halves of surrogate pairs, which no encoding has."""
    return text.encode("utf-8", "replace").decode()


def _some(value: Any, most: int, what: str) -> list[Any]:
    values = a_list([] if value is None else value, what)
    if len(values) > most:
        raise BadInput(f"{what} are {len(values)}. At most {most} are taken")
    return values


def _count(queries: Any, most: int, what: str) -> None:
    if len(queries) > most:
        raise TooLarge(f"the batch has {len(queries)} {what}. At most {most} are taken at once")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")
