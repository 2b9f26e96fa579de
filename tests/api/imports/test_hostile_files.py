"""Workbooks with cells that no spreadsheet program writes are told row by row."""

import io
import zipfile

import pytest

from tests.api.imports.test_forms import schools_of, upload, workbook
from tests.support.api import ClientAs

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


def with_other(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with other bytes in one of its parts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as made,
    ):
        for name in source.namelist():
            text = source.read(name)
            assert name != part or old in text
            made.writestr(name, text.replace(old, new) if name == part else text)
    return target.getvalue()


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"NaN", b"1e300"])
async def test_a_number_without_end_is_a_bad_cell(
    client_as: ClientAs, number: bytes
) -> None:
    client = await client_as("uzhur")
    own = (await schools_of(client))["ilinskaya"]["id"]
    rows = (("school_id", "academic_year", "pupils"), (own, 2020, 777))
    file = with_other(workbook(*rows), SHEET, b"<v>777</v>", b"<v>" + number + b"</v>")
    preview = await upload(client, "enrolments", file)
    assert preview["counts"]["bad"] == 1
    assert preview["bad_rows"][0]["faults"][0]["column"] == "pupils"
    corrections = await client.get(f"/v1/imports/{preview['id']}/bad-rows")
    assert corrections.status_code == 200


async def test_a_text_that_cannot_be_kept_is_a_bad_cell(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    own = (await schools_of(client))["ilinskaya"]["id"]
    rows = (("school_id", "alias"), (own, "Школа QQQ"))
    file = with_other(workbook(*rows), TEXTS, b"QQQ", b"_x0000_")
    preview = await upload(client, "school-aliases", file)
    assert preview["counts"]["bad"] == 1
    assert preview["bad_rows"][0]["faults"][0]["column"] == "alias"
