"""What each dataset gives for an example is accepted, kept, answered and exported."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.api.datasets.columns import Kind
from services.api.datasets.definitions import DATASETS
from tests.api.exports.reading import csv_rows, xlsx
from tests.api.exports.test_round_trip import cell_text_of, text_of
from tests.api.records.examples import RECORDED, schools_of, write_example
from tests.support.api import ClientAs

# Here the example's value gives way to one of the school's own.
OF_PLACE = {("school-identifiers", "value")}


async def test_the_example_of_every_dataset_is_written_and_exported(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    lost: list[object] = []
    for code in RECORDED:
        row = await write_example(client, code, school)
        address = f"/v1/{code}/{row['id']}"
        assert (await client.get(address)).json() == row
        history = (await client.get(f"{address}/history")).json()["items"]
        assert [change["action"] for change in history] in ([], ["create"])
        lines = await csv_rows(client, code)
        (line,) = [line for line in lines if line["id"] == str(row["id"])]
        cells = (await xlsx(client, code)).rows
        (cell,) = [each for each in cells if each["id"] == row["id"]]
        lost += [*not_as_written(code, row), *not_as_answered(code, row, line, cell)]
    assert lost == []


def not_as_written(code: str, row: dict[str, Any]) -> Iterator[object]:
    """Yield the values of the example that the answer has not."""
    for name, value in RECORDED[code].example.items():
        is_of_place = name.endswith("_id") or (code, name) in OF_PLACE
        if not is_of_place and not same(row[name], value):
            yield code, name, row[name]


def not_as_answered(
    code: str, row: dict[str, Any], line: dict[str, str], cell: dict[str, Any]
) -> Iterator[object]:
    """Yield the values that a file has otherwise than the answer."""
    kinds = {column.name: column.kind for column in DATASETS[code].columns}
    for name, in_csv in line.items():
        text = text_of(name, row[name])
        if kinds[name] is Kind.DECIMAL:
            text = text.replace(".", ",")
        if in_csv != text:
            yield code, name, in_csv
        is_number = isinstance(cell[name], float)
        shown = cell[name] if is_number else cell_text_of(name, cell[name])
        if not (same(row[name], shown) if is_number else shown == text):
            yield code, name, cell[name]


def same(one: Any, other: Any) -> bool:
    """Compare what may be a number, or the text of one."""
    if isinstance(other, float) and one is not None:
        return bool(float(one) == pytest.approx(other))
    return bool(one == other)
