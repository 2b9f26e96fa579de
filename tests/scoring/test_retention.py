"""Runs that nobody needs any more, in a real database."""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import func, insert, select, update

from services.scoring.repository.retention import PARTS
from services.scoring.retention import remove_superseded
from shared.contracts.events import Topic
from shared.persistence import tables
from shared.persistence.tables.base import SCORING, Base
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.ranking_publications import RankingPublicationRow
from shared.persistence.tables.scoring import CurrentRunRow, RankingPlaceRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District


async def keep(district: District, runs: int) -> None:
    async with begin_as_system(district.api) as work:
        await work.session.execute(update(MunicipalityRow).values(runs_kept=runs))


async def compute_times(district: District, times: int) -> None:
    for number in range(times):
        await district.add_result("a", 1, 2, 3, 4 + number)
        await district.recalculate()


async def publish(district: District, run_id: int) -> None:
    async with begin_as_system(district.api) as work:
        await work.session.execute(
            insert(RankingPublicationRow).values(
                municipality_id=district.id,
                run_id=run_id,
                academic_year=YEAR,
                rows_hash="",
                status="draft",
                objections_from=date(2020, 9, 1),
                objections_until=date(2020, 9, 10),
                drafted_at=work.now,
            )
        )


async def remove_all(district: District) -> None:
    while await remove_superseded(district.scoring, batch=3):
        pass


async def test_the_newest_superseded_runs_stay_and_older_ones_go_with_all_they_hold(
    district: District,
) -> None:
    await keep(district, 2)
    await compute_times(district, 5)
    runs = await district.run_ids()
    contents = await district.contents(runs[-2])

    await remove_all(district)

    assert await district.run_ids() == runs[-3:]
    assert await district.contents(runs[-2]) == contents
    assert (await district.current_run()).id == runs[-1]
    async with begin_as_system(district.api) as work:
        for table in (FigureRow, RankingPlaceRow):
            owners = await work.session.scalars(select(table.run_id).distinct())
            assert set(owners) == set(runs[-3:])
        current = await work.session.scalar(select(func.count(CurrentRunRow.run_id)))
    assert current


async def test_a_published_run_stays_with_the_one_that_it_is_compared_with(
    district: District,
) -> None:
    await keep(district, 1)
    await compute_times(district, 6)
    runs = await district.run_ids()
    await publish(district, runs[2])

    await remove_all(district)

    assert await district.run_ids() == [*runs[1:3], *runs[-2:]]
    assert len(await district.run_ids(Topic.CONDITIONS)) == 2


def test_all_tables_with_what_a_run_came_to_are_known() -> None:
    for module in iter_modules(tables.__path__, "shared.persistence.tables."):
        import_module(module.name)
    of_runs = {
        table.fullname
        for table in Base.metadata.tables.values()
        if table.schema == SCORING and "run_id" in table.c
    }

    known = {f"{SCORING}.{part.__tablename__}" for part in PARTS}
    assert of_runs - {"scoring.current_runs"} == known
