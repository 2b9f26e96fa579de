"""Reorganisations, the lives of the schools in them, and who came from whom."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import any_, func, insert, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from services.api.reorganisations.records import Ancestor, OpenAgreement
from shared.domain.agreements import CLOSED_STATUSES
from shared.domain.reorganisations import SchoolLife
from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.reorganisations import LineageRow, ReorganisationRow
from shared.persistence.tables.schools import SchoolIdentifierRow, SchoolRow
from shared.persistence.work import Work

# Whoever came from a school that came from another, and so on; rings cannot arise,
# since a school never comes from one that closes later.
FURTHEST = 20
SORTS: Sortable = {
    "id": ReorganisationRow.__table__.c.id,
    "takes_effect_on": ReorganisationRow.__table__.c.takes_effect_on,
    "order_on": ReorganisationRow.__table__.c.order_on,
}


async def lock_schools(
    work: Work, school_ids: Collection[int]
) -> dict[int, tuple[int, SchoolLife]]:
    """Return municipality and life of the schools seen; nobody else changes them."""
    statement = (
        select(
            SchoolRow.id,
            SchoolRow.municipality_id,
            SchoolRow.name,
            SchoolRow.opened_on,
            SchoolRow.closed_on,
        )
        .where(SchoolRow.id.in_(school_ids))
        .order_by(SchoolRow.id)
        .with_for_update()
    )
    return {
        row.id: (
            row.municipality_id,
            SchoolLife(row.id, row.name, row.opened_on, row.closed_on),
        )
        for row in await work.session.execute(statement)
    }


async def list_open_agreements(
    work: Work, school_ids: Collection[int]
) -> list[OpenAgreement]:
    """Return the agreements that the schools are still parties to."""
    agreement = AgreementRow
    rows = await work.session.execute(
        select(
            agreement.id, agreement.mentor_school_id, agreement.mentee_school_id
        ).where(
            agreement.status.not_in(CLOSED_STATUSES),
            or_(
                agreement.mentor_school_id.in_(school_ids),
                agreement.mentee_school_id.in_(school_ids),
            ),
        )
    )
    return [
        OpenAgreement(number, mentor if mentor in school_ids else mentee)
        for number, mentor, mentee in rows
    ]


async def insert_school(work: Work, values: Mapping[str, Any]) -> int:
    """Write a school that opens, and return its number."""
    statement = insert(SchoolRow).values(**values).returning(SchoolRow.id)
    return (await work.session.scalars(statement)).one()


async def codes_taken(
    work: Work, municipality_id: int, codes: Collection[str]
) -> list[str]:
    """Return which of the codes schools of the municipality have already."""
    statement = select(SchoolRow.code).where(
        SchoolRow.municipality_id == municipality_id, SchoolRow.code.in_(codes)
    )
    return sorted(await work.session.scalars(statement))


async def is_synthetic(work: Work, school_id: int) -> bool:
    """Tell whether the school is a generated one."""
    statement = select(SchoolRow.synthetic).where(SchoolRow.id == school_id)
    return (await work.session.scalars(statement)).one()


async def close_schools(
    work: Work, school_ids: Collection[int], day: date
) -> dict[int, date | None]:
    """Close schools from a day on; their codes are valid until the day before.

    Returns the last days that the codes had, by their ids.
    """
    await work.session.execute(
        update(SchoolRow)
        .where(SchoolRow.id.in_(school_ids))
        .values(closed_on=day, version=SchoolRow.version + 1)
    )
    code = SchoolIdentifierRow
    ending = (
        code.school_id.in_(school_ids),
        or_(code.valid_from.is_(None), code.valid_from < day),
        or_(code.valid_to.is_(None), code.valid_to >= day),
    )
    found = await work.session.execute(
        select(code.id, code.valid_to).where(*ending).with_for_update()
    )
    ended = {row.id: row.valid_to for row in found}
    await work.session.execute(
        update(code)
        .where(code.id.in_(ended))
        .values(valid_to=day - timedelta(days=1), version=code.version + 1)
    )
    return ended


async def insert_reorganisation(
    work: Work,
    values: Mapping[str, Any],
    *,
    predecessors: Sequence[int],
    successors: Sequence[int],
) -> int:
    """Write a reorganisation with who went over into whom, and return its number."""
    statement = insert(ReorganisationRow).values(**values)
    number = (
        await work.session.scalars(statement.returning(ReorganisationRow.id))
    ).one()
    pairs = [
        {
            "municipality_id": values["municipality_id"],
            "reorganisation_id": number,
            "predecessor_id": before,
            "successor_id": after,
        }
        for before in predecessors
        for after in successors
    ]
    await work.session.execute(insert(LineageRow), pairs)
    return number


async def list_reorganisations(
    work: Work,
    *,
    municipality_id: int | None,
    school_id: int | None,
    paging: NumberedPaging,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` reorganisations, of a school if it is named."""
    statement = REORGANISATIONS
    if municipality_id is not None:
        statement = statement.where(
            ReorganisationRow.municipality_id == municipality_id
        )
    if school_id is not None:
        statement = statement.where(
            or_(
                literal(school_id) == any_(_PREDECESSORS),
                literal(school_id) == any_(_SUCCESSORS),
            )
        )
    return await read_numbered_page(
        work, statement, paging, key=ReorganisationRow.__table__.c.id, by=SORTS
    )


async def read_reorganisation(work: Work, number: int) -> AnyRow | None:
    """Return one reorganisation."""
    statement = REORGANISATIONS.where(ReorganisationRow.id == number)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def list_relatives(
    work: Work, school_id: int, *, earlier: bool
) -> list[Ancestor]:
    """Return the schools that a school came from, or that it went over into."""
    lineage = LineageRow
    start = lineage.successor_id if earlier else lineage.predecessor_id
    end = lineage.predecessor_id if earlier else lineage.successor_id
    steps = (
        select(end.label("school_id"), lineage.reorganisation_id, literal(1).label("n"))
        .where(start == school_id)
        .cte(recursive=True)
    )
    steps = steps.union(
        select(end, lineage.reorganisation_id, steps.c.n + 1)
        .join(steps, start == steps.c.school_id)
        .where(steps.c.n < FURTHEST)
    )
    statement = (
        select(
            steps.c.school_id,
            SchoolRow.name,
            func.min(steps.c.n).label("steps"),
            ReorganisationRow.takes_effect_on,
            steps.c.reorganisation_id,
        )
        .join(SchoolRow, SchoolRow.id == steps.c.school_id)
        .join(ReorganisationRow, ReorganisationRow.id == steps.c.reorganisation_id)
        .group_by(
            steps.c.school_id,
            SchoolRow.name,
            ReorganisationRow.takes_effect_on,
            steps.c.reorganisation_id,
        )
        .order_by("steps", steps.c.school_id)
    )
    return [Ancestor(*row) for row in await work.session.execute(statement)]


async def sees_school(work: Work, school_id: int) -> bool:
    """Tell whether the caller sees the school."""
    statement = select(SchoolRow.id).where(SchoolRow.id == school_id)
    return await work.session.scalar(statement) is not None


def _ids(column: InstrumentedAttribute[int]) -> Any:
    ordered = select(column).where(LineageRow.reorganisation_id == ReorganisationRow.id)
    return func.array(ordered.distinct().order_by(column).scalar_subquery())


_REORGANISATION = ReorganisationRow.__table__.c
_PREDECESSORS = func.coalesce(
    _REORGANISATION.undone_predecessors, _ids(LineageRow.predecessor_id)
)
_SUCCESSORS = func.coalesce(
    _REORGANISATION.undone_successors, _ids(LineageRow.successor_id)
)
REORGANISATIONS = select(
    *_REORGANISATION,
    _PREDECESSORS.label("predecessor_ids"),
    _SUCCESSORS.label("successor_ids"),
)
