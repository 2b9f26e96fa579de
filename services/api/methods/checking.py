"""Looking at a method without saving it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.api.http.auth import Actor
from shared.domain.errors import Fault, InvalidInputError
from shared.domain.methods.dependencies import DependencyGraph, dependency_graph
from shared.domain.methods.kinds import read_method
from shared.domain.methods.sources import require_own_sources


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a method, and of one that nothing is wrong with its graph."""

    faults: Sequence[Fault]
    content_hash: str | None = None
    graph: DependencyGraph | None = None


def check(actor: Actor, content: object) -> Findings:
    """Return what would be refused if the actor saved it."""
    try:
        method = read_method(content)
        graph = dependency_graph(method)
        if actor.municipality_id is not None or actor.region_id is not None:
            require_own_sources(method, None)
    except InvalidInputError as error:
        return Findings(error.faults or [Fault(reason=error.detail)])
    return Findings([], method.content_hash, graph)
