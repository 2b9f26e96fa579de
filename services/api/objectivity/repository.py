"""Signs of non-objectivity as their explanation needs them."""

from datetime import datetime

from sqlalchemy import select, update

from shared.persistence.tables.conditions import ObjectivitySignRow
from shared.persistence.work import Work


async def lock_sign(
    work: Work, sign_id: int, school_id: int
) -> ObjectivitySignRow | None:
    """Return the school's sign, which nobody else changes until the transaction ends.

    None where the school has no such sign, or the caller does not see it.
    """
    row: ObjectivitySignRow | None = await work.session.scalar(
        select(ObjectivitySignRow)
        .where(
            ObjectivitySignRow.id == sign_id, ObjectivitySignRow.school_id == school_id
        )
        .with_for_update()
    )
    return row


async def write_explanation(
    work: Work, sign_id: int, explanation: str, at: datetime
) -> ObjectivitySignRow:
    """Write the next version of a sign, with its explanation, and return it."""
    return (
        await work.session.scalars(
            update(ObjectivitySignRow)
            .where(ObjectivitySignRow.id == sign_id)
            .values(
                explanation=explanation,
                explained_at=at,
                version=ObjectivitySignRow.version + 1,
            )
            .returning(ObjectivitySignRow)
            .execution_options(populate_existing=True)
        )
    ).one()
