"""The graph of what is computed from what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.methods.dependencies import DependencyCycleError, graph_of

NODES = [f"n{number}" for number in range(8)]


@given(st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES))))
def test_everything_comes_after_what_it_needs(pairs: set[tuple[str, str]]) -> None:
    needs = {node: [each for each, by in pairs if by == node < each] for node in NODES}
    graph = graph_of(needs)
    assert sorted(graph.order) == sorted(graph.nodes)
    for needed, by in graph.edges:
        assert graph.order.index(needed) < graph.order.index(by)
    assert len(graph.edges) == sum(map(len, needs.values()))


def test_a_circle_is_refused_and_shown() -> None:
    with pytest.raises(DependencyCycleError) as caught:
        graph_of({"a": ["b"], "b": ["c"], "c": ["a"]})
    assert {"a", "b", "c"} <= set(caught.value.detail.en)
