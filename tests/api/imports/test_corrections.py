"""Downloading the bad rows of a file, correcting them, and uploading them again."""

import io
import re
import zipfile

from python_calamine import CalamineWorkbook
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.imports.district import commit, counts, preview, row_of, schools
from tests.api.imports.workbooks import HEADER, statistics, workbook
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"
COMMENT = re.compile(r'<comment ref="(\w+)".*?</comment>', re.DOTALL)


def table(content: bytes, sheet: str) -> list[list[object]]:
    """Return the cells of a sheet, row by row."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[*row] for row in book.get_sheet_by_name(sheet).iter_rows()]


def comments(content: bytes) -> dict[str, str]:
    """Return the comments of the only sheet by their cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = parts.read("xl/comments1.xml").decode()
    return {found[1]: found[0] for found in COMMENT.finditer(text)}


async def test_bad_rows_are_downloaded_with_comments_corrected_and_uploaded_again(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    file = statistics(
        row_of(ilinka),
        row_of(ilinka, grade=5, two="двенадцать"),
        row_of(ilinka, grade=6, subject="Алхимия"),
    )
    previewed = await preview(client, file)
    assert (await commit(client, previewed, "partial")).status_code == 200
    answer = await client.get(f"/v1/imports/{previewed['id']}/bad-rows")
    assert answer.status_code == 200, answer.text
    header, first, second = table(answer.content, "ВПР")
    assert [str(title) for title in header] == [str(title) for title in HEADER]
    assert (first[7], second[2]) == ("двенадцать", "Алхимия")
    told = comments(answer.content)
    assert set(told) == {"H2", "C3"}
    assert "Ожидается доля" in told["H2"]
    assert "percentage is expected" in told["H2"]
    first[7], second[2] = 12, "Математика"
    corrected = workbook({"ВПР": [header, first, second]})
    again = await preview(client, corrected)
    assert counts(again) == {"new": 2}


async def test_a_file_without_bad_rows_has_nothing_to_correct(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    previewed = await preview(client, statistics(row_of(ilinka)))
    answer = await client.get(f"/v1/imports/{previewed['id']}/bad-rows")
    assert answer.status_code == 409
    assert answer.json()["code"] == "import_without_corrections"
    stranger = await client_as("zhigalovo")
    hidden = await stranger.get(f"/v1/imports/{previewed['id']}/bad-rows")
    assert hidden.status_code == 404
