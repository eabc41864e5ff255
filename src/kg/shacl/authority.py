"""pySHACL, the one authority on what the shapes mean, and faster than it comes, with the same results."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import OWL, SH
from rdflib.paths import MulPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from kg.shacl.terms import to_rdflib
from kg.words.errors import BadInput

Asked = Mapping[Node, set[Node] | None]
"""Shape -> the nodes that it is asked about, if they are among its targets; None for all of these."""


class Refused(BadInput):
    """rdflib, which runs the queries of shapes, does not take one of them."""


class Authority:
    """Shapes, loaded once, to be asked about several graphs."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self.shapes = shapes
        self._prepared: dict[str, Any] = {}
        self._loaded: Any = None

    def everything(self, triples: Iterable[ox.Triple]) -> rdflib.Graph:
        """The validation report of the triples. Raise BadInput if the shapes cannot be used."""
        import pyshacl
        from pyshacl.errors import ValidationFailure

        data = to_rdflib(triples, PreparedGraph(self._prepared))
        with _as_run_here():
            _, report, _ = pyshacl.validate(
                data, shacl_graph=self.shapes, inplace=True, inference="none", do_owl_imports=False
            )
        if isinstance(report, ValidationFailure):
            raise BadInput(f"the shapes cannot be used: {report.message}")
        assert isinstance(report, rdflib.Graph)
        return report

    def about(self, triples: Iterable[ox.Triple], asked: Asked) -> tuple[rdflib.Graph, dict[Node, set[Node]]]:
        """The validation report of some shapes about some nodes, and which of the nodes are targets of each.

        triples  all that the shapes read of these nodes, at least
        pySHACL's option `focus_nodes` would filter the nodes of nested shapes too, and `use_shapes` leaves nested
        shapes out; both change what the shapes mean.
        """
        from pyshacl.errors import ValidationFailure
        from pyshacl.graph_abstraction import DataGraph
        from pyshacl.pytypes import SHACLExecutor
        from pyshacl.shapes_graph import ShapesGraph
        from pyshacl.validator import Validator

        data = DataGraph.from_rdflib(to_rdflib(triples, PreparedGraph(self._prepared)))
        met: dict[Node, set[Node]] = {}
        reports: list[Any] = []
        with _as_run_here():
            try:
                if self._loaded is None:
                    self._loaded = ShapesGraph(self.shapes)
                for shape in self._loaded.shapes:
                    wanted = asked.get(shape.node, set())
                    nodes = set() if wanted == set() else set(shape.focus_nodes(data))
                    if wanted is not None:
                        nodes &= wanted
                    if nodes:
                        met[shape.node] = nodes
                        reports += shape.validate(SHACLExecutor(), data, focus=nodes)[1]
            except ValidationFailure as failure:
                raise BadInput(f"the shapes cannot be used: {failure.message}") from None
            report, _ = Validator.create_validation_report(self._loaded, not reports, reports)
        return report, met


def as_shapes(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Shapes as pySHACL reads them: of an xsd:boolean, only `true` is true there.

    Prefixes that an ontology imports become its own, as pySHACL does not follow owl:imports (SHACL, section 5.2.1).
    """
    from pyshacl.monkey import rdflib_bool_patch, rdflib_bool_unpatch

    rdflib_bool_patch()  # type: ignore[no-untyped-call]
    try:
        shapes = to_rdflib(quads, rdflib.Graph("SimpleMemory"))
    finally:
        rdflib_bool_unpatch()  # type: ignore[no-untyped-call]
    for ontology in set(shapes.objects(None, SH.prefixes)):
        for declaration in set(shapes.objects(ontology, MulPath(OWL.imports, "+") / SH.declare)):
            shapes.add((ontology, SH.declare, declaration))
    return shapes


class PreparedGraph(rdflib.Graph):
    """A graph that translates each query text once: pySHACL asks the same constraint again for every focus node."""

    def __init__(self, prepared: dict[str, Any]) -> None:
        super().__init__(bind_namespaces="none")
        self._prepared = prepared

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query_object, str):
            prepared = self._prepared.get(query_object)
            if prepared is None:
                prepared = self._prepared[query_object] = prepareQuery(query_object)
            query_object = prepared
        return super().query(query_object, *args, **kwargs)


@contextmanager
def _as_run_here() -> Iterator[None]:
    """pySHACL with our comparisons, which raise nothing, and without its log: what it would log is raised too."""
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    _prepare_pyshacl()
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    try:
        yield
    except (ConstraintLoadError, ShapeLoadError, ReportableRuntimeError) as error:
        raise BadInput(f"the shapes cannot be used: {error}") from None
    except ParseException:
        raise Refused("the shapes cannot be used: a query of them is no SPARQL that rdflib takes") from None


@functools.cache
def _prepare_pyshacl() -> None:
    """Our comparisons, and three shortcuts that change no result."""
    import pyshacl.shape
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
    from pyshacl.constraints.constraint_component import ConstraintComponent
    from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper

    from kg.shacl.comparison import LessThan, LessThanOrEquals

    components = CONSTRAINT_PARAMETERS_MAP | {SH.lessThan: LessThan, SH.lessThanOrEquals: LessThanOrEquals}
    # every predicate of a shape is looked up in a list; a set takes a third less time in all
    vars(pyshacl.shape)["CONSTRAINT_PARAMS"] = (frozenset(ALL_CONSTRAINT_PARAMETERS), components)
    # a query is searched for what SHACL forbids, in square time, at each focus node: once will do
    check = SPARQLQueryHelper.check_invalid_sparql
    SPARQLQueryHelper.check_invalid_sparql = _once(check)  # type: ignore[method-assign]
    # each result is told in words too, even one of a shape in sh:or that nobody hears of: only its triples are read
    ConstraintComponent.make_v_result_description = lambda *_, **__: ""  # type: ignore[method-assign]


def _once(check: Callable[..., bool]) -> Callable[..., bool]:
    """The same check of a query, which is not done again for a text that has passed it."""
    passed: set[tuple[str, bool, frozenset[str]]] = set()

    def checked(
        helper: Any, text: str, valuenode: Node | None = None, extravars: Collection[str] | None = None
    ) -> bool:
        question = text, valuenode is None, frozenset(extravars or ())
        if question not in passed:
            check(helper, text, valuenode, extravars)
            passed.add(question)
        return True

    return checked
