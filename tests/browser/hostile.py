"""An invented project whose names, texts and IRIs attack the page that shows them."""

from __future__ import annotations

from pathlib import Path

BASE = "https://traps.example/kg/"
MARKUP = "</title></script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">'`{{7*7}}"
NAMES = {
    "markup": MARKUP,
    "override": "safe \u202egnp.exe",
    "isolate": "left \u2067\u2066 open \u202b",
    "right-to-left": "שם בעברית",
    "long-word": "Pneumono" * 400,
    "long-text": "endless name " * 80_000,
    "emoji": "👩🏽‍⚕️🏥🇺🇦" * 30,
    "marks": "Z" + "\u0351\u0321" * 300,
    "controls": "a\u0001\u0007\u001b[31m\u007f\u0085\ufeff\u2028b",
    "empty": "",
    "blank": " \u00a0\u200b",
    "quotes": "\" onmouseover=\"document.title='ran'\" '",
}
IRIS = (
    "javascript:document.title='ran'",
    "JaVaScRiPt:document.title='ran'//",
    "data:text/html,%3Cscript%3Eparent.document.title='ran'%3C/script%3E",
    "vbscript:x",
    "https://elsewhere.example/\u202egnp.exe",
    f"https://elsewhere.example/{'very-long-' * 300}",
    "https://elsewhere.example/?a='onmouseover='x&lt;b&gt;",
)
_HEAD = f"""@base <{BASE}> .
@prefix ex: <{BASE}ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
_ONTOLOGY = """
<ns> a owl:Ontology ; rdfs:label "Traps"@en .
ex:Trap a owl:Class ; rdfs:label "trap"@en .
ex:says a owl:DatatypeProperty ; rdfs:label "says"@en .
ex:besides a owl:ObjectProperty ; rdfs:label "stands besides"@en .
"""


def write(folder: Path) -> None:
    """The whole project below a folder: every trap stands besides the hub, and the hub besides every trap and IRI."""
    (folder / "kg.toml").write_text(f'base = "{BASE}"\ntitle = "Traps"\nlanguages = ["en"]\n')
    traps = [
        f"<id/trap/{slug}> a ex:Trap ; skos:prefLabel {literal(name)}@en ; ex:says {literal(name)} ;"
        f" ex:besides <id/trap/hub> .\n<id/trap/hub> ex:besides <id/trap/{slug}> .\n"
        for slug, name in NAMES.items()
    ]
    iris = [f"<id/trap/hub> ex:besides <{iri}> ; rdfs:seeAlso <{iri}> .\n" for iri in IRIS]
    hub = '<id/trap/hub> a ex:Trap ; skos:prefLabel "the hub"@en .\n'
    for name, text in (("ontology/ontology.ttl", _ONTOLOGY), ("data/curated.ttl", hub + "".join(traps + iris))):
        (folder / name).parent.mkdir()
        (folder / name).write_text(_HEAD + text, encoding="utf-8")


def literal(text: str) -> str:
    """A text as a string of Turtle."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'
