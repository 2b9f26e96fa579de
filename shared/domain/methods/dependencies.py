"""Which parts of a method are computed from which others, and in what order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Protocol, runtime_checkable

from shared.domain.errors import InvalidInputError, Text
from shared.domain.methods.method import Method, Spec


@runtime_checkable
class HasDependencies(Protocol):
    """A spec whose indicators are computed from columns and from each other."""

    def dependencies(self) -> Mapping[str, Collection[str]]:
        """Return what each indicator is computed from directly, by code."""


class DependencyCycleError(InvalidInputError):
    """Indicators are computed from each other in a circle."""

    code = "dependency_cycle"
    title = Text("Показатели зависят друг от друга", "Indicators depend on each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyGraph:
    """`edges` go from what is needed to what needs it; `order` computes all of it."""

    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    order: tuple[str, ...]


def dependency_graph(method: Method[Spec]) -> DependencyGraph:
    """Return the graph of a method; without indicators it is empty.

    Equal methods have equal graphs: what is free is in the order of the codes.

    Raises:
        DependencyCycleError: there is no order to compute it in.
    """
    spec: object = method.spec
    needs = spec.dependencies() if isinstance(spec, HasDependencies) else {}
    return graph_of(needs)


def graph_of(needs: Mapping[str, Collection[str]]) -> DependencyGraph:
    """Return the graph of what each node needs directly.

    >>> graph_of({"share": ["passed", "n"], "index": ["share"]}).order
    ('n', 'passed', 'share', 'index')
    """
    nodes = sorted({*needs, *(each for needed in needs.values() for each in needed)})
    edges = sorted((each, node) for node in needs for each in set(needs[node]))
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for node in nodes:
        sorter.add(node, *needs.get(node, ()))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise DependencyCycleError(
            Text(
                f"Показатели зависят друг от друга по кругу: {circle}.",
                f"Indicators depend on each other in a circle: {circle}.",
            )
        ) from None
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return DependencyGraph(nodes=tuple(nodes), edges=tuple(edges), order=tuple(order))
