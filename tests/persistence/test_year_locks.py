"""A year is not closed while its data are written, nor written while it is closed."""

import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.data_years import YearLockedError, YearState
from shared.persistence.tables.years import DataYearRow
from shared.persistence.work import Work, begin_as_system
from shared.persistence.year_locks import (
    find_closed_years,
    hold_year_alone,
    require_open_year,
    require_open_years,
)
from tests.api.mentoring.conftest import Places, places

__all__ = ["places"]  # a fixture

YEAR = 2019
# Long enough for a statement that does not wait to be answered.
SOON = 0.5


@pytest_asyncio.fixture
async def district(places: Places) -> int:
    return places.municipalities["uzhur"]


def locked(municipality_id: int, work: Work, school_id: int | None) -> DataYearRow:
    return DataYearRow(
        municipality_id=municipality_id,
        school_id=school_id,
        academic_year=YEAR,
        state=YearState.LOCKED,
        order_number="1",
        order_on=work.now.date(),
        changed_at=work.now,
    )


async def check(
    work: Work, places: Places, *, school: str | None, reason: str | None = None
) -> None:
    await require_open_year(
        work,
        school_id=None if school is None else places.schools[school],
        municipality_id=places.municipalities["uzhur"],
        academic_year=YEAR,
        reason=reason,
        may_correct=True,
    )


async def test_a_lock_waits_for_the_writers_and_the_next_writer_finds_it(
    engine: AsyncEngine, places: Places, district: int
) -> None:
    school = "uzhur.ilinskaya"
    async with begin_as_system(engine) as writer, begin_as_system(engine) as locker:
        await check(writer, places, school=school)
        waiting = asyncio.create_task(hold_year_alone(locker, district, YEAR))
        done, _ = await asyncio.wait([waiting], timeout=SOON)
        assert not done
        async with begin_as_system(engine) as beside:
            other_year = hold_year_alone(beside, district, YEAR - 1)
            await asyncio.wait_for(other_year, SOON)
        await writer.session.commit()
        await waiting
        async with begin_as_system(engine) as late:
            writing = asyncio.create_task(check(late, places, school=school))
            done, _ = await asyncio.wait([writing], timeout=SOON)
            assert not done
            locker.session.add(locked(district, locker, places.schools[school]))
            await locker.session.flush()
            await locker.session.commit()
            with pytest.raises(YearLockedError, match="2019/2020"):
                await writing


async def test_a_municipality_that_is_locked_holds_its_new_schools_as_well(
    engine: AsyncEngine, places: Places, district: int
) -> None:
    one, two = places.schools["uzhur.ilinskaya"], places.schools["uzhur.prirechenskaya"]
    async with begin_as_system(engine) as work:
        work.session.add(locked(district, work, None))
        unlocked = locked(district, work, two)
        unlocked.state, unlocked.note = YearState.UNLOCKED, "Апелляции"
        work.session.add(unlocked)
        await work.session.flush()
        wanted = [(one, YEAR), (two, YEAR), (None, YEAR), (one, YEAR - 1)]
        assert await find_closed_years(work, district, wanted) == {
            (one, YEAR): YearState.LOCKED,
            (None, YEAR): YearState.LOCKED,
        }
        await check(work, places, school="uzhur.prirechenskaya")
        for school in ("uzhur.ilinskaya", None):
            with pytest.raises(YearLockedError):
                await check(work, places, school=school)
            await check(work, places, school=school, reason="Апелляция")
        with pytest.raises(YearLockedError):
            await require_open_years(
                work,
                municipality_id=district,
                school_years=wanted,
                reason=None,
                may_correct=True,
            )


async def test_a_school_can_not_open_its_municipalitys_year(
    engine: AsyncEngine, places: Places, district: int
) -> None:
    async with begin_as_system(engine) as work:
        work.session.add(locked(district, work, None))
        await work.session.flush()
        await work.session.execute(
            text("SELECT set_config('podyom.municipalities', :tenant, true)"),
            {"tenant": str(district)},
        )
        school = str(places.schools["uzhur.ilinskaya"])
        await work.session.execute(
            text("SELECT set_config('podyom.school', :school, true)"),
            {"school": school},
        )
        seen = await work.session.scalar(text("SELECT state FROM api.data_years"))
        assert seen == "locked"
        with pytest.raises(DBAPIError, match="row-level security"):
            await work.session.execute(
                text("UPDATE api.data_years SET state = 'open' WHERE school_id IS NULL")
            )
        await work.session.rollback()
