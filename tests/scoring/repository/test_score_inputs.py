"""What methods are computed from, read from a real database."""

import polars as pl

from services.scoring.repository.areas import Area
from services.scoring.repository.score_inputs import read_score_inputs
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import District
from tests.scoring.repository.test_facts import add


async def test_facts_are_read_of_the_year_and_the_one_before_where_they_are_named(
    district: District,
) -> None:
    for year, pupils in ((2018, 100), (2019, 120)):
        await add(district, EnrolmentRow, academic_year=year, pupils=pupils, classes=11)

    async with begin_as_system(district.scoring, district.id) as work:
        area = Area.of(district.id)
        named = await read_score_inputs(work, area, 2019, ["enrolment.pupils"])
        unnamed = await read_score_inputs(work, area, 2019)

    known = named.facts.filter(pl.col("enrolment.pupils").is_not_null())
    assert known.rows() == [
        (district.id, district.schools["a"], 2018, 100.0),
        (district.id, district.schools["a"], 2019, 120.0),
    ]
    assert unnamed.facts.is_empty()
