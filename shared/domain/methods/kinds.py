"""The kinds of methods that there are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.methods.conditions import Conditions
from shared.domain.methods.identification import Identification
from shared.domain.methods.matching import Matching
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.objectivity import Objectivity
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.methods.ranking import Ranking

KINDS: Final[Mapping[str, type[Spec]]] = MappingProxyType(
    {
        spec.KIND: spec
        for spec in (
            Ranking,
            Identification,
            Matching,
            Objectivity,
            Conditions,
            ProgrammeShares,
        )
    }
)


def read_method(mapping: object) -> Method[Spec]:
    """Read a method of any kind from plain data.

    Raises:
        InvalidInputError: With a fault for everything that is wrong in it.
    """
    return Method.read(mapping, KINDS)
