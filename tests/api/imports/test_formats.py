"""Files of every format, from the upload to the result that the API answers."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import Placed
from shared.persistence.tables.schools import SchoolIdentifierRow
from shared.persistence.work import begin_as_system
from tests.api.imports.district import (
    commit,
    counts,
    places,
    preview,
    row_of,
    schools,
    upload,
)
from tests.api.imports.readers.pupil_files import f1, f1_pupil, form
from tests.api.imports.readers.test_gia_protocol import DENSE, NAME, joined, pupil
from tests.api.imports.readers.test_journal_comparison import BAND, BELOW, TITLES
from tests.api.imports.readers.test_score_distribution import distribution
from tests.api.imports.workbooks import statistics, workbook
from tests.support.api import ClientAs

GIA_CODE = "111002"
PERSONAL = (NAME, "Синтет", "Тайн", "567890")
# What is kept of an upload or because of it.
KEPT = (
    "imports",
    "import_lines",
    "import_runs",
    "audit_entries",
    "outbox",
    "assessment_results",
    "idempotency_keys",
)


@pytest.fixture
async def ilinka(engine: AsyncEngine) -> Placed:
    """Return a school that has a code in the certification, too."""
    placed = (await schools(engine))["uzhur.ilinskaya"]
    async with begin_as_system(engine) as work:
        work.session.add(
            SchoolIdentifierRow(
                municipality_id=placed.municipality_id,
                school_id=placed.school_id,
                kind="gia_code",
                value=GIA_CODE,
                valid_from=None,
                valid_to=None,
            )
        )
    return placed


async def imported(
    client: httpx.AsyncClient, source: io.BytesIO, file_format: str, **fields: Any
) -> dict[str, Any]:
    """Preview and commit a file, and return the preview."""
    previewed = await preview(client, source, file_format=file_format, **fields)
    answer = await commit(client, previewed)
    assert answer.status_code == 200, answer.text
    return previewed


async def only_result(
    client: httpx.AsyncClient, school: Placed, **wanted: Any
) -> dict[str, Any]:
    """Return the school's only result of that kind, read by itself."""
    filters = {"school_id": school.school_id, **wanted}
    listed = await client.get("/v1/results", params=filters)
    (item,) = listed.json()["items"]
    result: dict[str, Any] = (await client.get(f"/v1/results/{item['id']}")).json()
    return result


def figures(result: dict[str, Any], *names: str) -> list[Any]:
    return [result[name] for name in names]


def of_ilinka(ilinka: Placed, *row: object) -> list[object]:
    """Return a row of a region-wide file about Russian in grade 4 in spring 2016."""
    demo = ilinka.demo
    keys = [2016, 4, "Русский язык", demo.municipality, demo.name, demo.login]
    return [*keys, *row]


async def test_a_form_of_collection_becomes_a_result_in_scores(
    client_as: ClientAs, ilinka: Placed
) -> None:
    client = await client_as("uzhur")
    service: list[list[object]] = [
        ["Предмет", "География"],
        ["Класс", 6],
        ["Логин ОО", ilinka.demo.login],
        ["Дата", "17.04.2016"],
    ]
    pupils: list[list[object]] = [
        [10001, 1, 5, 2, 3, 1, 4, 10],
        [10002, 2, 4, "x", 1, 1, 3, 5],
    ]
    absent = [10003, "отсутствовал", "", "", "", 1, 3, 0]

    previewed = await imported(
        client, form(*pupils, absent, service=service, made=1499), "vpr_collection"
    )

    assert counts(previewed) == {"new": 1}
    result = await only_result(
        client, ilinka, subject="geography", pupil_grade=6, academic_year=2015
    )
    assert figures(result, "n", "n2", "n_absent", "mean_primary_score") == [
        2,
        None,
        1,
        7.5,
    ]
    assert result["score_counts"] == {"5": 1, "10": 1}
    assert result["max_primary_score"] == 10
    again = await preview(
        client, form(*pupils, absent, service=service), file_format="vpr_collection"
    )
    assert counts(again) == {"unchanged": 1}


async def test_individual_results_become_one_with_marks_and_warn_of_who_is_missing(
    client_as: ClientAs, ilinka: Placed
) -> None:
    client = await client_as("uzhur")
    school = (ilinka.demo.login, ilinka.demo.municipality, ilinka.demo.name)
    separator = [f"{ilinka.demo.name} ({ilinka.demo.login}) Кол-во участников: 3"]
    pupils = [
        f1_pupil(50001, 2, 3, 5, 5, 4, school=school),
        f1_pupil(50002, 1, "x", 1, 2, 2, school=school),
    ]

    previewed = await imported(
        client,
        f1(separator, *pupils, title="ВПР 2016 Математика 5 класс"),
        "vpr_individual",
    )

    assert counts(previewed) == {"new": 1}
    assert "3" in previewed["warnings"][0]["reason_ru"]
    result = await only_result(
        client, ilinka, subject="mathematics", pupil_grade=5, academic_year=2015
    )
    assert figures(result, "n", "n2", "n5", "n_equal", "n_higher") == [2, 1, 1, 1, 1]
    assert result["counts_rebuilt"] is False


async def test_region_wide_files_fill_one_result_together(
    client_as: ClientAs, ilinka: Placed
) -> None:
    client = await client_as("uzhur")
    marks = statistics(row_of(ilinka, year=2016))
    scores = distribution(of_ilinka(ilinka, 25, 0, 20, 40, 20, 20))
    journal = workbook(
        {
            "Лист": [
                BAND,
                [*TITLES, *BELOW],
                of_ilinka(ilinka, 4, 16, 20, 80, 1, 4, 25, 100),
            ]
        }
    )

    first = await imported(client, marks, "mark_statistics")
    second = await imported(client, scores, "score_distribution")
    third = await imported(client, journal, "journal_comparison")

    assert [*map(counts, (first, second, third))] == [
        {"new": 1},
        {"changed": 1},
        {"changed": 1},
    ]
    result = await only_result(
        client, ilinka, subject="russian", pupil_grade=4, academic_year=2015
    )
    assert figures(result, "n", "n2", "n3", "n4", "n5") == [25, 3, 7, 10, 5]
    assert figures(result, "n_lower", "n_equal", "n_higher") == [4, 20, 1]
    assert result["score_counts"] == {"1": 5, "2": 10, "3": 5, "4": 5}
    assert result["mean_primary_score"] == 2.4
    assert result["percentages"]["2"] == 12
    assert result["percentages"]["score_2"] == 40
    assert result["percentages"]["journal_equal"] == 80


async def test_figures_that_do_not_fit_what_is_recorded_are_bad_rows(
    client_as: ClientAs, ilinka: Placed
) -> None:
    client = await client_as("uzhur")
    await imported(client, statistics(row_of(ilinka, year=2016)), "mark_statistics")

    previewed = await preview(
        client,
        distribution(of_ilinka(ilinka, 5, 0, 20, 40, 20, 20)),
        file_format="score_distribution",
    )

    assert counts(previewed) == {"bad": 1}
    lines = await client.get(f"/v1/imports/{previewed['id']}/lines?action=bad")
    (place,) = places(lines.json()["items"])
    assert place[1:3] == (2, "Кол-во участников")


@pytest.mark.parametrize("name", ["протокол.xlsx", "протокол.csv"])
async def test_a_protocol_becomes_a_result_of_each_exam(
    client_as: ClientAs, ilinka: Placed, name: str
) -> None:
    client = await client_as("uzhur")
    ege = [pupil(1, GIA_CODE, 31, 60), pupil(2, GIA_CODE, 9, 23)]
    oge = [pupil(1, GIA_CODE, 20, 4, "9"), pupil(2, GIA_CODE, 7, 2, "9")]
    rows = [
        ["01 - Русский язык 2019.06.03"],
        DENSE,
        *ege,
        ["02 - Математика 2019.06.06"],
        [*DENSE[:-1], "Оценка"],
        *oge,
    ]
    source = _as_text(rows) if name.endswith("csv") else workbook({"Лист": rows})

    previewed = await imported(client, source, "gia_protocol")

    assert counts(previewed) == {"new": 2}
    russian = await only_result(client, ilinka, procedure="ege", academic_year=2018)
    assert figures(russian, "subject", "n", "n2", "written_on") == [
        "russian",
        2,
        None,
        "2019-06-03",
    ]
    assert figures(russian, "mean_test_score", "n_below_minimum") == [41.5, 1]
    maths = await only_result(
        client, ilinka, procedure="oge", academic_year=2018, subject="mathematics"
    )
    assert figures(maths, "n2", "n4", "n_below_minimum") == [1, 1, None]


async def test_nothing_personal_is_kept_logged_or_answered(
    client_as: ClientAs,
    engine: AsyncEngine,
    ilinka: Placed,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert ilinka.demo.code == "uzhur.ilinskaya"
    client = await client_as("uzhur")
    rows = [
        ["01 - Русский язык 2019.06.03"],
        DENSE,
        pupil(1, GIA_CODE, 31, 60),
        pupil(2, NAME, 31, 60),
        pupil(3, 999999, NAME, f"{NAME} 3"),
        pupil(4, "111003", 31, 60),
        [f"{NAME} 5"],
        ["99 - Тайный предмет 2019.06.03"],
        ["Председатель", f"{NAME} 6"],
    ]
    answers = [
        await upload(client, workbook({"Лист": rows}), file_format="gia_protocol"),
        await upload(client, _as_text(rows), file_format="gia_protocol"),
        await upload(client, workbook({"Лист": rows[2:]}), file_format="gia_protocol"),
        await upload(
            client,
            io.BytesIO(b'"' + NAME.encode() * 20_000),
            file_format="gia_protocol",
        ),
        await upload(
            client,
            f1(f1_pupil(1, NAME, f"{NAME} 7", NAME, NAME, "567890")),
            file_format="vpr_individual",
        ),
        await upload(
            client,
            form([1, NAME, NAME, NAME, NAME, 1, NAME, NAME], service=[[NAME, NAME]]),
            file_format="vpr_collection",
            subject="География",
            academic_year=2015,
            school_id=ilinka.school_id,
        ),
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [201, 201, 422, 422, 201, 201]
    for answer in answers[:2]:
        assert answer.json()["counts"]["bad"] >= 3
    committed = await commit(client, answers[0].json(), mode="partial")
    assert committed.status_code == 200, committed.text
    told = "".join(answer.text for answer in answers)
    for answer in answers:
        if answer.status_code == 201:
            lines = await client.get(f"/v1/imports/{answer.json()['id']}/lines")
            told += lines.text
    logged = capfd.readouterr()
    kept = await _dump(engine)
    for word in PERSONAL:
        assert word not in told
        assert word not in logged.out + logged.err
        assert word not in kept


async def _dump(engine: AsyncEngine) -> str:
    async with begin_as_system(engine) as work:
        parts = [
            await work.session.scalar(
                text(f"SELECT string_agg(t::text, ' ') FROM api.{table} t")  # noqa: S608 (constants)
            )
            for table in KEPT
        ]
    assert "gia_protocol" in str(parts)
    return " ".join(str(part) for part in parts)


def _as_text(rows: Iterable[Sequence[object]]) -> io.BytesIO:
    return io.BytesIO("\n".join(map(joined, rows)).encode("utf-8-sig"))
