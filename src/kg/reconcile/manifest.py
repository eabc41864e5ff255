"""What the service says of itself. Source: Reconciliation Service API 0.2 and 1.0-draft, service manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kg import __version__
from kg.pages.phrases import marked
from kg.reconcile.asked import MAX_BATCH
from kg.reconcile.extend import CONTENTS
from kg.reconcile.schema import Schema

DRAFT: Final = "1.0-draft"
PREVIEW: Final = (420, 260)
"""Width and height of a preview, in pixels."""
_CONTENTS: Final = (marked("Things"), marked("Names"), marked("IRIs"))

Json = dict[str, Any]


@dataclass(frozen=True)
class Describer:
    """Writes manifests for somebody.

    title  what the service is called
    here   where the reader sees the site, without the last slash
    t      the interface's phrases in the reader's language
    name   IRI -> what the reader calls a class
    """

    schema: Schema
    title: str
    here: str
    t: Callable[[str], str]
    name: Callable[[str], str]

    def manifest(self) -> Json:
        """The manifest of version 0.2."""
        service = f"{self.here}/reconcile"
        width, height = PREVIEW
        return {
            "versions": ["0.2"],
            "identifierSpace": self.schema.ids.base,
            "schemaSpace": f"{self.schema.ids.base}ns",
            **self._both(),
            "view": {"url": f"{service}/view?id={{{{id}}}}"},
            "preview": {"url": f"{service}/preview?id={{{{id}}}}", "width": width, "height": height},
            "suggest": {
                kind: {
                    "service_url": service,
                    "service_path": f"/suggest/{kind}",
                    "flyout_service_url": service,
                    "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
                }
                for kind in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": {"service_url": service, "service_path": "/extend/propose"},
                "property_settings": [
                    {"name": s.pop("id"), "label": s.pop("name"), "help_text": s.pop("helpText"), **s}
                    for s in self._settings()
                ],
            },
        }

    def draft_manifest(self) -> Json:
        """The manifest of version 1.0-draft."""
        width, height = PREVIEW
        return {
            "versions": [DRAFT],
            **self._both(),
            "view": {"url": f"{self.here}/reconcile/view{{?id}}"},
            "standardizedScore": True,
            "preview": {"width": width, "height": height},
            "suggest": {"entity": True, "type": True, "property": True},
            "extend": {"proposeProperties": True, "propertySettings": self._settings()},
        }

    def _both(self) -> Json:
        return {
            "name": self.title,
            "documentation": f"{self.here}/",
            "logo": f"{self.here}/static/mark.svg",
            "serviceVersion": __version__,
            "defaultTypes": [self._type(class_) for class_ in self.schema.default_types()],
            "batchSize": MAX_BATCH,
        }

    def _type(self, class_: str) -> Json:
        broader = [{"id": self.schema.ids.short(c), "name": self.name(c)} for c in self.schema.broader(class_)]
        return {"id": self.schema.ids.short(class_), "name": self.name(class_)} | (
            {"broader": broader} if broader else {}
        )

    def _settings(self) -> list[Json]:
        choices = [{"value": c, "name": self.t(text)} for c, text in zip(CONTENTS, _CONTENTS, strict=True)]
        return [
            {
                "id": "limit", "name": self.t("Values of a thing"), "type": "number", "default": 0,
                "helpText": self.t("How many at most; 0 for all"),
            },
            {
                "id": "content", "name": self.t("Things as"), "type": "select", "default": CONTENTS[0],
                "helpText": self.t("What a value that is a thing comes as"), "choices": choices,
            },
            {
                "id": "language", "name": self.t("Language"), "type": "text", "default": "",
                "helpText": self.t("Only texts in this language, such as uk; empty for all"),
            },
        ]  # fmt: skip
