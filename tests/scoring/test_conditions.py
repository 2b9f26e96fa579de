"""Conditions of a municipality brought up to date, in a real database."""

from typing import Any

from sqlalchemy import insert, select, update

from services.scoring.usecases import Outcome
from shared.contracts.events import Topic
from shared.persistence.tables.condition_indices import ConditionIndexRow
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District
from tests.scoring.records import add_passport, tell_of_records, use_method

SHARES = ("bussed", "low_income", "school_register", "dangerous_situation")
CODES = [f"s{number:02}" for number in range(24)]


METHOD = "conditions-of-schools"


def alike(percent: float) -> dict[str, float]:
    """Return the same figure in four shares."""
    return dict.fromkeys(SHARES, percent)


async def fill(district: District) -> None:
    """Add 24 schools; the harder their conditions the worse their results, mostly."""
    for place, code in enumerate(CODES):
        await district.add_school(code)
        await add_passport(district, code, year=YEAR, **alike(4.0 * place))
        failed = place + (place * 7 % 5) + (0 if code == "s20" else 6)
        await district.add_result(code, failed, 10, 30 - place, 8)


async def conditions(district: District, year: int = YEAR) -> dict[str, Any]:
    """Return the rows of the current run by the codes of schools, as written."""
    run = await district.current_run(Topic.CONDITIONS, year)
    codes = {number: code for code, number in district.schools.items()}
    async with begin_as_system(district.api, district.id) as work:
        rows = await work.session.scalars(
            select(SchoolConditionsRow).where(SchoolConditionsRow.run_id == run.id)
        )
        return {
            codes[row.school_id]: {
                column.name: getattr(row, column.name)
                for column in SchoolConditionsRow.__table__.c
                if column.name not in {"id", "run_id"}
            }
            for row in rows
        }


async def model(district: District) -> ConditionModelRow:
    run = await district.current_run(Topic.CONDITIONS)
    async with begin_as_system(district.api, district.id) as work:
        found: ConditionModelRow | None = await work.session.scalar(
            select(ConditionModelRow).where(ConditionModelRow.run_id == run.id)
        )
    assert found is not None
    return found


async def test_a_regression_over_a_district_is_written_with_all_that_follows(
    district: District,
) -> None:
    await use_method(district, METHOD)
    await fill(district)

    assert await district.recalculate() is Outcome.UP_TO_DATE

    rests_on = await model(district)
    assert (rests_on.basis, rests_on.schools) == ("regression", 24)
    assert [term["term"] for term in rests_on.coefficients] == ["intercept", "index"]
    assert rests_on.coefficients[1]["estimate"] > 0
    assert (rests_on.index_low, rests_on.index_high) == (0, 1)
    schools = await conditions(district)
    assert schools["s00"]["index"] == 1
    assert schools["s23"]["index"] == 0
    assert schools["s00"]["shares_known"] == 4
    hard = {code for code, row in schools.items() if row["difficulty"] == "difficult"}
    assert hard == set(CODES[-8:])
    above = {code for code in CODES if schools[code]["z"] >= 1}
    resilient = {code for code in CODES if schools[code]["resilience"] == "resilient"}
    assert resilient == above & hard == {"s20"}
    assert schools["a"]["index_reason"] == "no_passport"
    run = await district.current_run(Topic.CONDITIONS)
    assert run.method_code == "conditions-of-schools"
    assert run.schools_count == 27


async def test_step_by_step_gives_what_one_run_over_everything_gives(
    district: District,
) -> None:
    await use_method(district, METHOD)
    await fill(district)
    await district.recalculate()
    await add_passport(district, CODES[0], year=YEAR - 1, **alike(50.0))
    await district.recalculate()
    await district.add_result(CODES[5], 9, 1, 0, 0)
    await district.recalculate()
    steps = await conditions(district)

    async with begin_as_system(district.scoring) as work:
        await work.session.execute(
            update(CurrentRunRow)
            .where(CurrentRunRow.topic == Topic.CONDITIONS)
            .values(input_snapshot="1:1:")
        )
    await district.recalculate()

    assert await conditions(district) == steps


async def test_an_earlier_years_passport_is_counted_again_where_it_may_matter(
    district: District,
) -> None:
    await use_method(
        district, METHOD, reference={"area": "municipality", "year": YEAR - 3}
    )
    await fill(district)
    await district.recalculate()
    before = await conditions(district)

    for code, percent in (("s00", 0.0), ("s01", 50.0)):
        await add_passport(district, code, year=YEAR - 3, **alike(percent))
    assert (await district.current_run(Topic.CONDITIONS)).is_stale
    await district.recalculate()

    assert {before[code]["index_reason"] for code in CODES} == {"no_reference"}
    after = await conditions(district)
    assert after["s05"]["index"] == 1 - 20 / 50
    assert after["s23"]["index"] == 0


async def test_a_published_index_is_used_where_the_method_says_so(
    district: District,
) -> None:
    await use_method(district, METHOD, index="published")
    await fill(district)
    await district.recalculate()

    async with begin_as_system(district.api) as work:
        await work.session.execute(
            insert(ConditionIndexRow).values(
                municipality_id=district.id,
                school_id=district.schools["s03"],
                academic_year=YEAR,
                value=0.33,
                source="Отчёт",
                provenance="document",
            )
        )
        await tell_of_records(work, district, "condition-indices", YEAR)
    await district.recalculate()

    schools = await conditions(district)
    assert (schools["s03"]["index"], schools["s03"]["published_index"]) == (0.33, 0.33)
    assert schools["s03"]["computed_index"] == 1 - 12 / 92
    assert schools["s04"]["index_reason"] == "no_published_index"


async def test_without_a_method_a_run_says_nothing(district: District) -> None:
    await add_passport(district, "a", year=YEAR, **alike(10))

    assert await district.recalculate() is Outcome.UP_TO_DATE

    run = await district.current_run(Topic.CONDITIONS)
    assert run.method_code is None
    assert await conditions(district) == {}
