"""What schools are known by in an academic year, read from a real database."""

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import event, insert

from services.scoring.engine.formulas import compile_formula, share_of_schools
from services.scoring.repository.areas import Area
from services.scoring.repository.facts import read_facts
from shared.domain.formulas import parse
from shared.domain.formulas.conditions import CONDITIONS
from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import (
    ObjectivitySignRow,
    ResourceItemRow,
    StaffProfileRow,
    VacancyRow,
)
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.tables.staff_trainings import StaffTrainingRow
from shared.persistence.tables.surveys import ClimateSurveyRow, SatisfactionSurveyRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import District, new_district

YEARS = (2019, 2020)
KEY = ["municipality_id", "school_id", "academic_year"]


async def add(district: District, table: type[Base], **values: Any) -> int:
    """Add a row, of the school a unless told otherwise; return its number."""
    code = values.pop("school", "a")
    own = {"municipality_id": district.id, "provenance": "local"}
    if "school_id" in table.__table__.c:
        own["school_id"] = district.schools[code]
    async with begin_as_system(district.api) as work:
        added = insert(table).values(own | values).returning(table.__table__.c.id)
        number: int = (await work.session.scalars(added)).one()
    return number


async def facts(
    district: District, *names: str, years: tuple[int, ...] = YEARS
) -> pl.DataFrame:
    async with begin_as_system(district.scoring, district.id) as work:
        return await read_facts(work, Area.of(district.id), years, names or None)


async def of_a(district: District, name: str) -> list[float | None]:
    """The column of the school a in 2019 and in 2020."""
    frame = await facts(district, name)
    own = frame.filter(pl.col("school_id") == district.schools["a"])
    assert own.columns == [*KEY, name]
    assert own["academic_year"].to_list() == [*YEARS]
    return own[name].to_list()


async def test_without_data_every_school_has_a_row_of_nothing_in_every_year(
    district: District,
) -> None:
    found = await facts(district)

    names = [column.name for column in CONDITIONS]
    assert found.columns == [*KEY, *names]
    assert found.schema[names[0]] == pl.Float64
    schools = sorted(district.schools.values())
    assert found.select("school_id", "academic_year").rows() == [
        (school, year) for school in schools for year in YEARS
    ]
    assert sum(found.select(names).null_count().row(0)) == len(names) * found.height
    assert (await facts(district, years=())).equals(found.head(0))


async def test_every_column_is_read_under_its_own_name(district: District) -> None:
    group = await add(district, MsokoGroupRow, code="2.3", title="Кадры")
    await add(
        district,
        MsokoScoreRow,
        academic_year=2020,
        group_id=group,
        score=163,
        maximum=200,
    )
    await add(district, EnrolmentRow, academic_year=2020, pupils=184, classes=11)
    await add(
        district,
        SocialPassportRow,
        academic_year=2020,
        bussed_percent=12.5,
        bussed_count=23,
        bussed_localities=4,
    )
    await add(
        district,
        ObjectivitySignRow,
        year=2020,
        has_sign=True,
        russian_4=1,
        mathematics_4=1,
        marker_count=2,
    )
    await add(
        district,
        SatisfactionSurveyRow,
        calendar_year=2021,
        question="municipal_management",
        respondents=20,
        satisfied=14,
    )

    (row,) = (
        (await facts(district, years=(2020,)))
        .filter(pl.col("school_id") == district.schools["a"])
        .rows(named=True)
    )

    known = {name: value for name, value in row.items() if value is not None}
    assert known == {
        "municipality_id": district.id,
        "school_id": district.schools["a"],
        "academic_year": 2020,
        "enrolment.pupils": 184,
        "enrolment.classes": 11,
        "passport.bussed_percent": 12.5,
        "passport.bussed_count": 23,
        "passport.bussed_localities": 4,
        "satisfaction.municipal_management_percent": 70,
        "satisfaction.municipal_management_respondents": 20,
        "satisfaction.municipal_management_satisfied": 14,
        "objectivity.markers": 2,
        "objectivity.has_sign": 1,
        "msoko.2_3": 81.5,
    }


async def test_of_a_year_the_latest_profile_of_the_staff_counts(
    district: District,
) -> None:
    for day, teachers in (
        (date(2019, 8, 31), 1),
        (date(2019, 9, 1), 19),
        (date(2020, 8, 31), 20),
        (date(2020, 9, 1), 21),
        (date(2021, 9, 1), 3),
    ):
        await add(
            district,
            StaffProfileRow,
            as_of=day,
            teachers=teachers,
            external_part_timers_subjects=[],
            load_max_subjects=[],
            load_min_subjects=[],
        )

    assert await of_a(district, "staff.teachers") == [20, 21]


async def test_no_vacancies_are_none_only_where_the_staff_is_known(
    district: District,
) -> None:
    staff: dict[str, Any] = {
        "as_of": date(2019, 10, 1),
        "external_part_timers_subjects": [],
        "load_max_subjects": [],
        "load_min_subjects": [],
    }
    await add(district, StaffProfileRow, **staff)
    await add(district, VacancyRow, school="b", year=2019, subject="Физика", hours=18)
    await add(district, VacancyRow, school="b", year=2019, subject="Химия", hours=4.5)
    await add(district, VacancyRow, school="b", year=2020, subject="Физика", hours=18)
    await add(district, VacancyRow, school="b", year=2020, subject="Химия")
    await add(district, StaffProfileRow, school="b", **staff)

    assert await of_a(district, "vacancies.count") == [0, None]
    assert await of_a(district, "vacancies.hours") == [0, None]
    found = await facts(district, "vacancies.count", "vacancies.hours")
    of_b = found.filter(pl.col("school_id") == district.schools["b"])
    assert of_b["vacancies.count"].to_list() == [2, 2]
    assert of_b["vacancies.hours"].to_list() == [22.5, None]


async def test_trainings_of_unknown_outcome_are_not_none(district: District) -> None:
    for year, topic, trained in ((2019, "A", 3), (2019, "B", 0), (2020, "A", None)):
        await add(
            district,
            StaffTrainingRow,
            academic_year=year,
            topic=topic,
            planned=4,
            trained=trained,
        )

    assert await of_a(district, "training.planned") == [8, 4]
    assert await of_a(district, "training.trained") == [3, None]


async def test_the_climate_is_pooled_over_the_latest_answers_of_each_group(
    district: District,
) -> None:
    for day, group, respondents, positive in (
        (date(2020, 2, 1), "pupils", 90, 0),
        (date(2020, 5, 20), "pupils", 80, 50),
        (date(2020, 5, 10), "parents", 20, 13),
        (date(2020, 9, 1), "teachers", 3, 1),
    ):
        await add(
            district,
            ClimateSurveyRow,
            held_on=day,
            component="moral",
            respondent_group=group,
            respondents=respondents,
            positive=positive,
        )

    assert await of_a(district, "climate.moral_respondents") == [100, 3]
    assert await of_a(district, "climate.moral_positive") == [63, 1]
    assert await of_a(district, "climate.moral_percent") == [63, 100 / 3]
    assert await of_a(district, "climate.physical_percent") == [None, None]


async def test_resources_are_in_the_state_they_were_last_given(
    district: District,
) -> None:
    for year, title, state, offered in (
        (2018, "Лаборатория", "lacking", False),
        (2020, "Лаборатория", "available", True),
        (None, "Мастерская", "available", False),
        (2021, "Мастерская", "lacking", False),
    ):
        await add(
            district,
            ResourceItemRow,
            kind="material",
            year=year,
            title=title,
            state=state,
            offered=offered,
        )

    assert await of_a(district, "resources.available") == [1, 2]
    assert await of_a(district, "resources.material_lacking") == [1, 0]
    assert await of_a(district, "resources.offered") == [0, 1]
    assert await of_a(district, "resources.staff_available") == [0, 0]


async def test_another_municipality_is_not_read_and_changes_nothing(
    district: District,
) -> None:
    await add(district, EnrolmentRow, academic_year=2020, pupils=184)
    before = await facts(district)
    async with new_district(district.url, "zarechny") as other:
        await other.add_school("a")
        await add(other, EnrolmentRow, academic_year=2020, pupils=7)
        await add(other, MsokoGroupRow, code="9.9", title="Своя")

        found = await facts(other)

    assert (await facts(district)).equals(before)
    assert found["enrolment.pupils"].to_list() == [None, 7]
    assert "msoko.9_9" in found.columns


async def test_a_group_that_the_municipality_lacks_is_a_column_of_nothing(
    district: District,
) -> None:
    assert await of_a(district, "msoko.9_9") == [None, None]


async def test_a_dataset_is_read_by_one_statement_if_it_is_asked_for(
    district: District,
) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    async def count(*names: str) -> int:
        statements.clear()
        await read_facts(work, Area.of(district.id), YEARS, names or None)
        return len(statements)

    async with begin_as_system(district.scoring, district.id) as work:
        connection = (await work.session.connection()).sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", note)

        # The schools, and the dataset; results are not facts.
        assert await count("enrolment.pupils", "enrolment.classes") == 2
        assert await count("enrolment.pupils", "msoko.1_1", "results.n4") == 3
        assert await count() == 11


async def test_formulas_are_counted_over_what_was_read(district: District) -> None:
    for school, pupils, bussed in (("a", 50, 20.0), ("b", 200, 10.0), ("c", 10, None)):
        await add(
            district, EnrolmentRow, school=school, academic_year=2019, pupils=pupils
        )
        await add(
            district,
            SocialPassportRow,
            school=school,
            academic_year=2019,
            bussed_percent=bussed,
        )
    number = parse("enrolment.pupils * passport.bussed_percent / 100")
    condition = parse("passport.bussed_percent >= 15")

    found = await facts(district, *number.columns, years=(2019,))

    assert found.select(compile_formula(number)).to_series().to_list() == [10, 20, None]
    (share,) = share_of_schools(found, condition).rows(named=True)
    assert (share["numerator"], share["denominator"]) == (1, 2)
    assert share["school_ids"] == [district.schools["a"]]
    assert share["undecided_ids"] == [district.schools["c"]]
