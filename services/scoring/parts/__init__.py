"""The parts of a municipality's figures: how each topic is computed.

A part reads its inputs in the transaction that it is given, computes them in a thread,
writes what came of it, and returns the number of its run. A topic without a part here
is never out of date.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from services.scoring.parts import (
    conditions,
    identification,
    matching,
    objectivity,
    programme,
    results,
)
from services.scoring.repository.areas import Area
from services.scoring.repository.part import Part
from shared.contracts.events import Topic
from shared.persistence.work import Work

Compute = Callable[[Work, int, Part], Awaitable[int]]
ComputeArea = Callable[[Work, Area, Part], Awaitable[dict[int, int]]]

COMPUTE: Final[Mapping[Topic, Compute]] = MappingProxyType(
    {
        Topic.RESULTS: results.compute,
        Topic.CONDITIONS: conditions.compute,
        Topic.IDENTIFICATION: identification.compute,
        Topic.OBJECTIVITY: objectivity.compute,
        Topic.PROGRAMME: programme.compute,
        Topic.MATCHING: matching.compute,
    }
)

# Parts that many municipalities can have computed together.
COMPUTE_AREA: Final[Mapping[Topic, ComputeArea]] = MappingProxyType(
    {
        Topic.RESULTS: results.compute_area,
        Topic.CONDITIONS: conditions.compute_area,
        Topic.IDENTIFICATION: identification.compute_area,
        Topic.OBJECTIVITY: objectivity.compute_area,
        Topic.PROGRAMME: programme.compute_area,
        Topic.MATCHING: matching.compute_area,
    }
)
