"""What files do to the programs that open them, and to the memory that writes them."""

import tracemalloc
from tempfile import TemporaryFile
from typing import IO

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.datasets.definitions import DATASETS
from services.api.exports import writers
from services.api.exports.cells import csv_text
from services.api.exports.usecases import FileFormat, Narrowing, write_export
from services.api.exports.writers import TooManyRowsError
from shared.persistence.tables.conditions import ResourceItemRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.api.exports.reading import csv_rows, read_workbook, xlsx
from tests.support.api import ClientAs

FORMULAS = ["=1+1", "+7 900", "-1", '@SUM(A1)"', "\t=1+1", "\r=1+1"]
HARMLESS = ['Класс «А»; "точка"', "две\nстроки", "'в кавычке'", "1=1"]

ROWS = 20_000
MOST_MEMORY = 8 << 20  # bytes; all of those rows at once take three times that

MANY_RESULTS = """
    INSERT INTO api.assessment_results (municipality_id, school_id, procedure, subject,
      programme_grade, pupil_grade, academic_year, wave, n, n2, n3, n4, n5, n_absent,
      n_ungraded, counts_rebuilt, synthetic, version, created_at, updated_at)
    SELECT municipality_id, id, 'vpr', 'mathematics', 5, 6, 2031, wave, 10, 1, 2, 3, 4,
      0, 0, false, true, 1, now(), now()
    FROM (SELECT municipality_id, id FROM api.schools ORDER BY id LIMIT 1) AS school,
      generate_series(1, :rows) AS wave
"""


@pytest.mark.parametrize("value", FORMULAS)
def test_a_text_like_a_formula_begins_with_an_apostrophe(value: str) -> None:
    assert csv_text(value) == f"'{value}"


def test_numbers_stay_numbers_with_a_decimal_comma() -> None:
    assert [csv_text(value) for value in (-3, -0.5, 15.7, True, None)] == [
        "-3",
        "-0,5",
        "15,7",
        "true",
        "",
    ]


async def test_formulas_do_not_reach_a_spreadsheet_program(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    async with begin_as_system(engine) as work:
        school = (
            await work.session.execute(
                select(SchoolRow.municipality_id, SchoolRow.id).order_by(SchoolRow.id)
            )
        ).first()
        assert school is not None
        await work.session.execute(
            insert(ResourceItemRow),
            [
                {
                    "municipality_id": school.municipality_id,
                    "school_id": school.id,
                    "kind": "material",
                    "title": title,
                    "year": 2031,
                    "provenance": "local",
                }
                for title in [*FORMULAS, *HARMLESS]
            ],
        )
    client = await client_as("admin")
    lines = await csv_rows(client, "resource-items")
    titles = [line["title"] for line in lines if line["year"] == "2031"]
    assert titles == [*(f"'{title}" for title in FORMULAS), *HARMLESS]
    book = await xlsx(client, "resource-items")
    cells = [row["title"] for row in book.rows if row["year"] == 2031]
    assert [str(cell).replace("_x000D_", "\r") for cell in cells] == [
        *FORMULAS,
        *HARMLESS,
    ]


async def write(engine: AsyncEngine, file_format: FileFormat, target: IO[bytes]) -> int:
    """Write the results and return the most memory that Python used for it."""
    async with begin_as_system(engine) as work:
        tracemalloc.start()
        try:
            await write_export(
                work, DATASETS["results"], Narrowing(), file_format, target
            )
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("file_format", FileFormat)
async def test_a_large_export_takes_little_memory(
    engine: AsyncEngine, file_format: FileFormat
) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(MANY_RESULTS), {"rows": ROWS})
    with TemporaryFile() as target:
        assert await write(engine, file_format, target) < MOST_MEMORY
        target.seek(0)
        content = target.read()
    if file_format is FileFormat.CSV:
        assert content.count(b"\r\n") > ROWS
    else:
        assert len(read_workbook(content).rows) > ROWS


async def test_more_rows_than_a_sheet_holds_are_refused_as_a_workbook(
    client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "LARGEST_SHEET", 10)
    client = await client_as("uzhur")
    answer = await client.get("/v1/exports/schools", params={"format": "xlsx"})
    assert answer.status_code == 422
    assert answer.json()["code"] == TooManyRowsError.code
    assert len(await csv_rows(client, "schools")) > 10
