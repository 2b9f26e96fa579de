"""Which methods a run has to use."""

from typing import TypeVar

from sqlalchemy import func, select

from shared.domain.methods.kinds import read_method
from shared.domain.methods.method import Method, Spec
from shared.persistence.tables.methods import MethodRow
from shared.persistence.work import Work

S = TypeVar("S", bound=Spec)


async def methods_in_force(
    work: Work,
    municipality_id: int,  # noqa: ARG001 (the same everywhere so far)
    year: int,  # noqa: ARG001 (the same in all years so far)
    kind: type[S],
) -> list[Method[S]]:
    """Return the methods of a kind for a municipality's academic year, by code.

    Raises:
        InvalidInputError: the content of one is not that of a method.
    """
    contents = await work.session.scalars(
        select(MethodRow.content)
        .where(MethodRow.in_force, MethodRow.kind == kind.KIND)
        .order_by(func.convert_to(MethodRow.code, "UTF8"))
    )
    return [read_method(content).of(kind) for content in contents]
