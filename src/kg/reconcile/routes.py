"""`/reconcile`: the Reconciliation Service API 0.2, as OpenRefine speaks it; `/reconcile/1.0-draft`: the next version.

JSONP is left out: 0.2 makes it optional, the draft removes it, and every client that has CORS does without.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request

from kg.pages.phrases import marked, phrase
from kg.reconcile import asked, extend
from kg.reconcile.asked import MAX_LIMIT, Question
from kg.reconcile.deadline import WITHIN_S
from kg.reconcile.extend import Extender, Extension
from kg.reconcile.ids import Ids
from kg.reconcile.manifest import DRAFT, Describer
from kg.reconcile.match import Candidate, Matcher
from kg.reconcile.pages import preview
from kg.reconcile.schema import Schema, fits
from kg.reconcile.things import Things
from kg.site import Site
from kg.store.text.index import TextIndex
from kg.words.errors import BadInput, NotFound, TooLarge, UnsupportedMediaType
from kg.words.formats import HTML, Carries, Format

_JSON: Final = Format("JSON", "application/json", "json", Carries.RESULT)
_MAX_BODY: Final = 1 << 20
_MAX_OFFSET: Final = 10_000
_FRAMED: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""A preview stands in a frame of the client's page, wherever that is from."""
_FEATURES: Final = {"name": marked("Name"), "type": marked("Type"), "identifier": marked("Identifier")}

Json = dict[str, Any]


def blueprint(site: Site, index: TextIndex) -> Blueprint:
    """The routes of both versions."""
    routes = Blueprint("reconcile", __name__)
    service = _Service(site, index)
    draft = f"/reconcile/{DRAFT}"

    routes.get("/reconcile", endpoint="root")(service.root)
    routes.post("/reconcile", endpoint="queries")(service.root)
    routes.get("/reconcile/view", endpoint="view")(service.view)
    routes.get("/reconcile/flyout/<kind>", endpoint="flyout")(service.flyout)
    routes.get(draft, endpoint="draft")(service.draft_root)
    routes.post(f"{draft}/match", endpoint="draft_match")(service.draft_match)
    routes.post(f"{draft}/extend", endpoint="draft_extend")(service.draft_extend)
    for name, root in (("", "/reconcile"), ("draft_", draft)):
        routes.get(f"{root}/preview", endpoint=f"{name}preview")(service.preview)
        routes.get(f"{root}/suggest/<kind>", endpoint=f"{name}suggest")(service.suggest)
        routes.get(f"{root}/extend/propose", endpoint=f"{name}propose")(service.propose)
    return routes


class _Service:
    def __init__(self, site: Site, index: TextIndex) -> None:
        store = site.release.store
        self.site, self.index, self.store = site, index, store
        self.ids = Ids(site.base)
        self.things = Things(store, site.base)
        self.schema = Schema(store, self.things, self.ids)
        self.matcher = Matcher(store, self.things, index, self.ids)

    # Manifest, matching and extension

    def root(self) -> Response:
        """The manifest, or the answer to `queries` or `extend`, in the URL or a form."""
        given = request.values
        if "queries" in given:
            batch = asked.batch(asked.parse(given["queries"], "queries"))
            found = zip(batch, self._candidates(batch.values()), strict=True)
            return self._json({key: {"result": candidates} for key, candidates in found})
        if "extend" in given:
            return self._json(self._extender().answer(_extension(given["extend"])))
        if request.method == "POST":
            raise BadInput("the form has neither queries nor extend")
        return self._json(self._describer().manifest())

    def draft_root(self) -> Response:
        return self._json(self._describer().draft_manifest())

    def draft_match(self) -> Response:
        questions = asked.draft_batch(_body())
        return self._json({"results": [{"candidates": found} for found in self._candidates(questions, draft=True)]})

    def draft_extend(self) -> Response:
        return self._json(self._extender().draft_answer(extend.read(_body())))

    # For people who choose

    def suggest(self, kind: str) -> Response:
        prefix = asked.a_text(request.args.get("prefix", ""), "prefix")
        limit = asked.a_limit(request.args.get("limit"), "limit")
        skipped = request.args.get("cursor", request.args.get("offset"))
        offset = asked.a_limit(skipped, "cursor", default=0, most=_MAX_OFFSET)
        if kind == "entity":
            result = [self._suggestion(iri) for iri in self._entities(prefix, offset + limit)[offset:]]
        elif kind in ("type", "property"):
            result = self._terms(kind, prefix)[offset : offset + limit]
        else:
            raise NotFound(f"nothing is suggested for {kind}. There are entity, type and property")
        return self._json({"result": result})

    def flyout(self, kind: str) -> Response:
        """A few words of HTML on what is suggested."""
        id_ = _id()
        iri = self.ids.iri(id_)
        known = iri in self.things if kind == "entity" else iri in self._all_terms(kind)
        if iri is None or not known:
            raise NotFound(f"no {kind} has the identifier {id_}")
        html = render_template("reconcile_flyout.html", name=self._name(iri), id=id_, about=self._description(iri))
        return self._json({"id": id_, "html": html})

    def propose(self) -> Response:
        """Properties of the things of a class; of all things if there is no such class."""
        given = asked.clean(request.args.get("type", ""))
        limit = asked.a_limit(request.args.get("limit"), "limit", default=MAX_LIMIT)
        properties = self.schema.properties(self.ids.iri(given) or "")[:limit]
        return self._json({"properties": [self._named(p) for p in properties], "type": given, "limit": limit})

    def view(self) -> Response:
        """303 to the document about a thing."""
        iri = self._thing()
        where = self.site.address.document(iri)
        if where is None:
            raise NotFound(f"there is no page about {iri} here")
        return redirect(where, 303, Response)  # type: ignore[return-value]

    def preview(self) -> Response:
        iri, reader = self._thing(), self.site.reader()
        shown = preview(self.store, self.things, reader, iri, self.site.base + "graph/inferred")
        response = self.site.page("reconcile_preview.html", preview=shown)
        response.headers["Content-Security-Policy"] = _FRAMED
        return self.site.conditional(response, HTML)

    # Parts of answers

    def _candidates(self, questions: Iterable[Question], *, draft: bool = False) -> list[list[Json]]:
        """The candidates for each question. Raise QueryTimeout if it takes too long for all together."""
        deadline = _deadline()
        return [[self._candidate(c, draft) for c in self.matcher.match(q, deadline)] for q in questions]

    def _candidate(self, candidate: Candidate, draft: bool) -> Json:
        label = candidate.label
        described: Json = {
            "id": self.ids.short(candidate.iri),
            "name": label.text if label else self._name(candidate.iri),
            "description": self._description(candidate.iri),
            "type": [self._named(c) for c in self.things.classes(candidate.iri)],
            "score": candidate.score,
            "match": candidate.match,
            "features": [
                {"id": id_, "value": value} | ({"name": self._feature(id_)} if draft else {})
                for id_, value in candidate.features
            ],
        }
        return described | ({"lang": label.language} if draft and label and label.language else {})

    def _feature(self, id_: str) -> str:
        if id_ in _FEATURES:
            return phrase(_FEATURES[id_], self.site.language())
        return self._extender().property_name(id_)

    def _entities(self, prefix: str, limit: int) -> list[str]:
        """Things that an identifier names, else those whose names begin so."""
        type_ = self.ids.iri(request.args.get("type", ""))
        iri = self.ids.iri(prefix)
        named = [iri] if iri and iri in self.things else sorted(self.things.by_identifier(prefix))
        hits = self.index.suggest(prefix, classes=[type_] if type_ else (), limit=limit + 20)
        return list(dict.fromkeys([*named, *(hit.iri for hit in hits if hit.iri in self.things)]))[:limit]

    def _suggestion(self, iri: str) -> Json:
        notable = [self._named(c) for c in self.things.classes(iri)[:3]]
        return {**self._named(iri), "description": self._description(iri), "notable": notable}

    def _terms(self, kind: str, prefix: str) -> list[Json]:
        named = [self._named(iri) for iri in self._all_terms(kind)]
        return [term for term in named if fits(prefix, term["name"], term["id"])]

    def _all_terms(self, kind: str) -> list[str]:
        if kind == "type":
            return self.schema.types()
        return self.schema.properties(self.ids.iri(request.args.get("type", "")) or "")

    def _named(self, iri: str) -> Json:
        return {"id": self.ids.short(iri), "name": self._name(iri)}

    def _name(self, iri: str) -> str:
        return self.site.reader().thing(iri).text

    def _description(self, iri: str) -> str:
        """What kind of thing it is, and where: what tells namesakes apart."""
        around = self.matcher.fitter.neighbours(iri)[:3] if iri in self.things else []
        return "; ".join(self._name(i) for i in [*self.things.classes(iri)[:1], *around])

    def _thing(self) -> str:
        id_ = _id()
        iri = self.ids.iri(id_)
        if iri is None or iri not in self.things:
            raise NotFound(f"no thing has the identifier {id_}")
        return iri

    def _extender(self) -> Extender:
        return Extender(self.store, self.things, self.ids, self._name, _deadline())

    def _describer(self) -> Describer:
        language = self.site.language()
        return Describer(
            self.schema, self.site.title().text, self.site.here(), lambda text: phrase(text, language), self._name
        )

    def _json(self, document: Json) -> Response:
        body = json.dumps(document, ensure_ascii=False, allow_nan=False)
        response = Response(body, content_type=_JSON.content_type)
        response.headers["Content-Language"] = self.site.language()
        return self.site.conditional(response, _JSON) if request.method in ("GET", "HEAD") else response


def _deadline() -> float:
    return time.monotonic() + WITHIN_S


def _id() -> str:
    return asked.a_text(request.args.get("id", ""), "id")


def _extension(text: str) -> Extension:
    return extend.read(asked.parse(text, "extend"))


def _body() -> Any:
    if request.mimetype not in ("application/json", ""):
        raise UnsupportedMediaType(f"the body is {request.mimetype}. Send application/json")
    body = request.get_data()
    if len(body) > _MAX_BODY:
        raise TooLarge(f"the body is larger than {_MAX_BODY >> 20} MiB")
    return asked.parse(body, "the body")
