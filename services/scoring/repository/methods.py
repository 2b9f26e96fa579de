"""Which methods a run has to use."""

from typing import TypeVar

from shared.domain.methods.kinds import read_method
from shared.domain.methods.method import Method, Spec
from shared.persistence.method_periods import assigned_methods
from shared.persistence.work import Work

S = TypeVar("S", bound=Spec)


async def methods_in_force(
    work: Work, municipality_id: int, year: int, kind: type[S]
) -> list[Method[S]]:
    """Return the methods of a kind for a municipality's academic year, by code.

    Raises:
        InvalidInputError: the content of one is not that of a method.
    """
    rows = await work.session.execute(
        assigned_methods(municipality_id, year, kind.KIND)
    )
    return [
        read_method(row.content).of(kind) for row in rows if row.displaced_by_id is None
    ]
