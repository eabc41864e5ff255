"""What is read of a thing of which thousands of statements are made."""

from __future__ import annotations

import pyoxigraph as ox

from kg.resource.describe import describe

HUB, GRAPH = ox.NamedNode("https://lamps.example/kg/id/hub"), ox.NamedNode("https://lamps.example/kg/graph/g")
MANY, FEW = 5200, 3


def test_the_values_left_out_are_counted_by_property() -> None:
    store = ox.Store()
    for predicate, count in (("many", MANY), ("few", FEW)):
        node = ox.NamedNode(f"https://lamps.example/kg/ns#{predicate}")
        values = [ox.Literal(str(n)) for n in range(count)]
        store.extend(ox.Quad(HUB, node, value, graph) for value in values for graph in (GRAPH, ox.DefaultGraph()))
    description = describe(store, HUB.value, limit=100)
    assert description.left_out == {"https://lamps.example/kg/ns#many": MANY - 100}
    assert len(description.facts) == 100 + FEW
    assert {f.graphs for f in description.facts} == {(GRAPH.value,)}
