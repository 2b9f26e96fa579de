"""What the database itself keeps of methods and of their periods."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.repository.methods import methods_in_force
from shared.domain.methods.ranking import Ranking
from shared.persistence.engine import create_engine
from shared.persistence.method_periods import assigned_methods
from shared.persistence.tables.methods import MethodPeriodRow, MethodRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work, begin_as_system
from tests.api.methods.rows import municipality, write_method, write_period


@pytest.mark.parametrize(
    "values",
    [
        {"content": {}},
        {"content_hash": "0"},
        {"order_number": "18"},
        {"state": "draft", "approved_at": None},
        {"code": "another"},
        {"version": 2},
    ],
)
async def test_an_approved_method_never_changes(
    engine: AsyncEngine, values: dict[str, Any]
) -> None:
    async with begin_as_system(engine) as work:
        uzhur = await municipality(work, "uzhur")
        method_id = await write_method(work, municipality_id=uzhur)
    with pytest.raises(DBAPIError, match=r"never changed|keeps its|cannot become"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                update(MethodRow).where(MethodRow.id == method_id).values(values)
            )
    with pytest.raises(DBAPIError, match="never deleted"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                delete(MethodRow).where(MethodRow.id == method_id)
            )


async def test_a_period_is_of_an_approved_method_where_it_belongs(
    engine: AsyncEngine,
) -> None:
    async with begin_as_system(engine) as work:
        uzhur = await municipality(work, "uzhur")
        zhigalovo = await municipality(work, "zhigalovo")
        draft = await write_method(work, approved=False, municipality_id=uzhur)
        own = await write_method(work, municipality_id=uzhur, code="approved")
    for method_id, place, match in (
        (draft, uzhur, "is draft"),
        (own, zhigalovo, "belongs elsewhere"),
        (own, None, "belongs elsewhere"),
    ):
        with pytest.raises(DBAPIError, match=match):
            async with begin_as_system(engine) as work:
                await write_period(work, method_id, municipality_id=place)
    async with begin_as_system(engine) as work:
        await write_period(work, own, municipality_id=uzhur)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((2019, None), (2020, 2021), True),
        ((2019, 2020), (2020, None), True),
        ((2019, 2019), (2020, None), False),
    ],
)
async def test_periods_of_a_kind_do_not_overlap_in_a_place(
    engine: AsyncEngine,
    first: tuple[int, int | None],
    second: tuple[int, int | None],
    overlap: bool,  # noqa: FBT001 (a parameter of the cases)
) -> None:
    async def enter(code: str, years: tuple[int, int | None]) -> None:
        async with begin_as_system(engine) as work:
            uzhur = await municipality(work, "uzhur")
            method_id = await write_method(work, municipality_id=uzhur, code=code)
            await write_period(
                work,
                method_id,
                municipality_id=uzhur,
                valid_from=years[0],
                valid_to=years[1],
            )

    await enter("first", first)
    if overlap:
        with pytest.raises(DBAPIError, match="one_in_force"):
            await enter("second", second)
    else:
        await enter("second", second)


async def test_an_ordered_period_only_changes_its_end(engine: AsyncEngine) -> None:
    async with begin_as_system(engine) as work:
        uzhur = await municipality(work, "uzhur")
        method_id = await write_method(work, municipality_id=uzhur)
        period_id = await write_period(work, method_id, municipality_id=uzhur)
    this = MethodPeriodRow.id == period_id
    with pytest.raises(DBAPIError, match="only the end"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                update(MethodPeriodRow).where(this).values(valid_from=2018)
            )
    with pytest.raises(DBAPIError, match="never deleted"):
        async with begin_as_system(engine) as work:
            await work.session.execute(delete(MethodPeriodRow).where(this))
    async with begin_as_system(engine) as work:
        await work.session.execute(
            update(MethodPeriodRow).where(this).values(valid_to=2020)
        )


async def _in_force(work: Work, place: int, year: int) -> list[str]:
    return [each.code for each in await methods_in_force(work, place, year, Ranking)]


async def test_the_nearest_assignment_is_in_force_and_the_others_give_way(
    database_url: str, engine: AsyncEngine
) -> None:
    async with begin_as_system(engine) as work:
        uzhur = await municipality(work, "uzhur")
        zhigalovo = await municipality(work, "zhigalovo")
        region = await work.session.scalar(
            select(MunicipalityRow.region_id).where(MunicipalityRow.id == uzhur)
        )
        regional = await write_method(work, region_id=region, code="regional")
        own = await write_method(work, municipality_id=uzhur, code="own")
        await write_period(work, regional, region_id=region, valid_from=2018)
        await write_period(
            work, own, municipality_id=uzhur, valid_from=2020, valid_to=2020
        )

    scoring = create_engine(database_url, "scoring")
    async with begin_as_system(scoring, uzhur) as work:
        by_year = {
            year: await _in_force(work, uzhur, year) for year in range(2017, 2022)
        }
    async with begin_as_system(scoring, zhigalovo) as work:
        elsewhere = await _in_force(work, zhigalovo, 2020)
        assert not set(await work.session.scalars(select(MethodRow.id))) & {
            regional,
            own,
        }
    async with begin_as_system(scoring, uzhur) as work:
        rows = (await work.session.execute(assigned_methods(uzhur, 2020))).all()
    await scoring.dispose()

    assert by_year == {
        2017: ["quality-of-results"],
        2018: ["regional"],
        2019: ["regional"],
        2020: ["own"],
        2021: ["regional"],
    }
    assert elsewhere == ["quality-of-results"]
    displaced = {row.code: row.displaced_by_id for row in rows if row.kind == "ranking"}
    assert displaced == {"own": None, "quality-of-results": own, "regional": own}
