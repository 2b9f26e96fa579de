"""Writing rows that may be there already."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.conditions import StaffProfileRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work, begin_as_system


async def profile(work: Work, **changes: Any) -> dict[str, Any]:
    school = (
        await work.session.execute(
            select(SchoolRow.id, SchoolRow.municipality_id).order_by(SchoolRow.id)
        )
    ).first()
    assert school is not None
    return {
        "municipality_id": school.municipality_id,
        "school_id": school.id,
        "as_of": date(2021, 1, 1),
        "external_part_timers": 3,
        "external_part_timers_percent": Decimal("7.5"),
        "external_part_timers_subjects": ["Физика", 'Химия "профиль"'],
        "load_max_subjects": [],
        "load_min_subjects": [],
        "provenance": "local",
        **changes,
    }


async def write(work: Work, row: dict[str, Any], keep: tuple[str, ...] = ()) -> Written:
    return await upsert(
        work, StaffProfileRow, [row], key=["school_id", "as_of"], keep=keep
    )


async def test_new_equal_and_changed_rows_are_told_apart(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        row = await profile(work)
        assert await write(work, row) == Written(new=1)
        assert await write(work, row) == Written()
        assert await write(work, row | {"external_part_timers": None}) == Written(
            changed=1
        )


async def test_values_arrive_as_they_were_given(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        await write(work, await profile(work))
        stored = (
            await work.session.scalars(
                select(StaffProfileRow).where(StaffProfileRow.as_of == date(2021, 1, 1))
            )
        ).one()
    assert stored.external_part_timers_percent == 7.5
    assert stored.external_part_timers_subjects == ["Физика", 'Химия "профиль"']
    assert stored.load_mean_hours is None


async def test_kept_columns_are_written_for_new_rows_only(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        row = await profile(work)
        await write(work, row)
        later = row | {"external_part_timers": 9}
        assert await write(work, later, ("external_part_timers",)) == Written()


async def test_no_rows_are_no_work(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        assert await upsert(work, SchoolRow, [], key=["id"]) == Written()
