"""What the layout keeps, whatever the file; and what it makes of each thing that it changes."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.turtle import format as turtle_format
from kg.turtle.format import Altered, Formatted, formatted
from kg.turtle.tokens import COMMENT, tokenize
from kg.words.findings import Finding

HEAD = "@base <https://example.org/> .\n@prefix : <https://example.org/ns#> .\n@prefix ex: <rel/> .\n\n"

IRIS = ["<a>", "<https://example.org/x#y>", "<#é\\u00e9>", "ex:a", "ex:a.b", "ex:a\\,b%20", ":", "ex:", ":1-é"]
LITERALS = [
    '"x"', "'x'", '""', "''", "'it\\'s'", "'\"'", '"a\\"b\\n"', "'''a\n 'b' \"\"'''", '"""a\n  # no comment\t"b" """',
    "'''x'''", '"x"@en', "'y'@en-GB", '"z"@ar--rtl', '"01"^^:int', '"1"^^<int>', "01", "-1.50", "+.5e-3", "1e0", "true",
    '"""a\r\nb"""',
]  # fmt: skip
SPACES = [" ", " ", " ", "\n", "\n    ", "\t", "\r\n", "\n\n\n", " # one\n", "\n# two \n", "\n\n  #three\r\n\n"]


def joined(*strategies: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    return st.tuples(*strategies).map(lambda parts: [token for part in parts for token in part])


def one(*tokens: str) -> st.SearchStrategy[list[str]]:
    return st.sampled_from(tokens).map(lambda token: [token])


def listed(of: st.SearchStrategy[list[str]], *separators: str, least: int = 1) -> st.SearchStrategy[list[str]]:
    """Some of them, with one of the separators in between; of "" there is none."""
    pairs = st.lists(st.tuples(of, st.sampled_from(separators)), min_size=least, max_size=3)
    return pairs.map(
        lambda found: [t for i, (item, mark) in enumerate(found) for t in [*([mark] if i and mark else []), *item]]
    )


def properties(objects: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    each = joined(one("a", ":p", "<q>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"), listed(objects, ","))
    return joined(listed(each, ";"), st.sampled_from([[], [";"], [";", ";"]]))


iris, blanks, literals = one(*IRIS), one("_:b", "_:c.d"), one(*LITERALS)
plain = iris | blanks | literals
short = one(*(t for t in LITERALS if t[:3] not in ("'''", '"""')))  # the parser takes no others in triple terms
terms = st.recursive(
    plain,
    lambda inner: (
        st.just(["[", "]"])
        | joined(one("["), properties(inner), one("]"))
        | joined(one("("), listed(inner, "", least=0), one(")"))
        | joined(one("<<("), iris, one(":p"), iris | blanks | short, one(")>>"))
    ),
    max_leaves=6,
)
annotations = st.just([]) | joined(st.just([]) | joined(one("~"), iris), one("{|"), properties(plain), one("|}"))
statements = joined(iris | blanks, properties(joined(terms, annotations)), one(".")) | joined(
    one("["), properties(terms), one("]"), one(".")
)
directives = st.sampled_from(
    [["@prefix", "b:", "<x>", "."], ["PREFIX", "c:", "<https://example.org/y>"], ["@base", "<z/>", "."],
     ["Base", "<https://example.org/w/>"], ["prefix", "a:", "<https://example.org/y>"]]
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> str:
    tokens = [t for part in draw(st.lists(directives | statements, max_size=5)) for t in part]
    return HEAD + "".join(token + draw(st.sampled_from(SPACES)) for token in tokens)


def laid_out(text: str) -> str:
    result = formatted(text.encode(), "x.ttl")
    assert isinstance(result, Formatted), result
    return result.after.decode()


def canonical(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def comments(text: str) -> Counter[str]:
    return Counter(t.text for t in tokenize(text) if t.kind == COMMENT)


@settings(deadline=None, max_examples=60)
@given(documents())
def test_no_layout_changes_what_a_file_says_or_its_comments(text: str) -> None:
    after = laid_out(text)
    assert canonical(after) == canonical(text)
    assert comments(after) == comments(text)


@settings(deadline=None, max_examples=60)
@given(documents())
def test_what_is_laid_out_stays_so(text: str) -> None:
    after = laid_out(text)
    assert laid_out(after) == after


@settings(deadline=None, max_examples=60)
@given(documents())
def test_the_text_has_clean_lines(text: str) -> None:
    after = laid_out(text)
    assert "\r" not in after
    assert after.endswith("\n")
    assert not after.endswith("\n\n")
    outside = "".join(t for i, t in enumerate(after.split('"""')) if i % 2 == 0)
    assert not [line for line in outside.split("'''")[::2] for line in line.split("\n") if line.endswith("\t")]
    assert "\n\n\n" not in after


P = "@prefix : <https://example.org/> .\n\n"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CASES = {
    "spaces": (":a  :b   :c.", ":a :b :c ."),
    "marks begin no line": (":a :b :c\n  ; :d :e\n  , :f\n.", ":a :b :c ;\n    :d :e ,\n        :f ."),
    "line breaks are the author's": (":a\n:b :c; :d :e.", ":a\n    :b :c ; :d :e ."),
    "brackets": (":a :b [:c :d;:e :f] , [ ] , ( :x\n:y ) .", ":a :b [ :c :d ; :e :f ] , [] , ( :x\n        :y ) ."),
    "broken brackets": (":a :b [\n:c :d ;\n:e ( 1 2 )].", ":a :b [\n        :c :d ;\n        :e ( 1 2 )\n    ] ."),
    "evidence": (":a :b :c {|:q '1,2 x' , '3,4 y';:w :v|}.", ':a :b :c {| :q "1,2 x", "3,4 y" ; :w :v |} .'),
    "marks that say nothing": (":a :b :c ;; :d [ :e :f ; ] ;\n.", ":a :b :c ; :d [ :e :f ] ."),
    "type": (f":a <{RDF}type> <{RDF}type> .", f":a a <{RDF}type> ."),
    "quotation marks": (""":a :b 'x' , 'it\\'s' , 'a"b' , '''y''' .""", """:a :b "x" , "it's" , 'a"b' , \"""y\""" ."""),
    "lexical forms": (":a :b 01 , 1.0 , 1e1 , true .", ":a :b 01 , 1.0 , 1e1 , true ."),
    "comments": (
        ":a :b :c # of c\n ; # of ;\n # of d\n :d :e # of e\n .",
        ":a :b :c ;  # of c\n    # of ;\n    # of d\n    :d :e .  # of e",
    ),
    "a blank line around what is long": (
        ":a :b :c .\n:d\n:e :f .\n:g :h :i .",
        ":a :b :c .\n\n:d\n    :e :f .\n\n:g :h :i .",
    ),
    "lines that belong together": (":a :b :c .\n:d :e :f .\n\n\n\n:g :h :i .", ":a :b :c .\n:d :e :f .\n\n:g :h :i ."),
    "a carriage return in a literal": (':a :b """x\r\ny""" .', ':a :b """x\\r\ny""" .'),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_layout_of(before: str, after: str) -> None:
    assert laid_out(P + before) == P + after + "\n"


def test_directives_are_one_sorted_block() -> None:
    text = (
        "# what this is\n\nPREFIX b-c: <https://b/>\nBASE <https://base/>\n\n@prefix b:<https://b/>. # of b\n:a :b :c ."
    )
    assert laid_out(text.replace(":a :b :c", "b:x b-c:y b:z")) == (
        "# what this is\n\n@base <https://base/> .\n@prefix b: <https://b/> .  # of b\n@prefix b-c: <https://b/> .\n\n"
        "b:x b-c:y b:z .\n"
    )


@pytest.mark.parametrize(
    "block",
    [
        "@prefix b: <x/> .\n@base <https://base/> .\n@prefix a: <y/> .\n",
        "@prefix b: <https://b/> .\n@prefix a: <https://a/> .\n@prefix b: <https://c/> .\n",
        "@prefix b: <https://b/> .\n# the next\n@prefix a: <https://a/> .\n",
    ],
    ids=["relative to a base", "declared twice", "with comments between"],
)
def test_directives_stay_in_an_order_that_has_a_meaning(block: str) -> None:
    assert laid_out(block) == block


def test_a_prefix_that_is_not_of_rdf_makes_no_type() -> None:
    text = "@prefix rdf: <https://example.org/> .\n\nrdf:x rdf:type rdf:y .\n"
    assert laid_out(text) == text
    assert " a " in laid_out(text.replace("https://example.org/", RDF))


def test_a_file_that_does_not_parse_is_told_with_its_place() -> None:
    result = formatted(b"@prefix : <https://example.org/> .\n\n:a :b ex:c .\n", "x.ttl")
    assert isinstance(result, Finding)
    assert str(result.place).startswith("x.ttl:3:")


@pytest.mark.parametrize("wrong", ["", ":a :b :d .\n", "# gone\n"])
def test_a_layout_that_says_something_else_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turtle_format, "lay_out", lambda _tokens: P + wrong)
    with pytest.raises(Altered, match="bug in kg"):
        formatted((P + ":a :b :c .\n").encode(), "x.ttl")
    monkeypatch.setattr(turtle_format, "lay_out", lambda _tokens: P + ":a :b :c .\n")
    assert formatted((P + ":a :b :c .").encode(), "x.ttl")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only this", b"\xef\xbb\xbf"])
def test_files_without_statements(content: bytes) -> None:
    result = formatted(content, "x.ttl")
    assert isinstance(result, Formatted)
    assert result.after == (b"# only this\n" if b"#" in content else b"")
