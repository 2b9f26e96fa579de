"""The bytes that leave: the body of a call, or a file that is imported here as well."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

import xlsxwriter

from shared.domain.exchange.datasets import ExchangeDataset, TargetKind, columns_of
from shared.domain.exchange.differences import Difference, Record, json_of

FORMAT: Final = "podyom-exchange/1"
JSON: Final = "application/json"
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What makes a spreadsheet program take a text for a formula (OWASP, CSV Injection).
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file with its name."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return sha256(self.content).hexdigest()


def render(
    kind: TargetKind, dataset: ExchangeDataset, sequence: int, change: Difference
) -> list[RenderedFile]:
    """Return the files of a push; what is deleted is in one of its own."""
    if kind is TargetKind.HTTP:
        return [_call(dataset, sequence, change)]
    files = []
    if change.upserts:
        make = _workbook if kind is TargetKind.XLSX else _table
        rows = list(change.upserts.values())
        content = make(columns_of(dataset), rows)
        media_type = XLSX if kind is TargetKind.XLSX else CSV
        name = f"{dataset.code}-{sequence:06d}.{kind}"
        files.append(RenderedFile(name, media_type, content))
    if change.deletes:
        keys = [{"key": key} for key in change.deletes]
        name = f"{dataset.code}-{sequence:06d}-deleted.csv"
        files.append(RenderedFile(name, CSV, _table(("key",), keys)))
    return files


def _call(dataset: ExchangeDataset, sequence: int, change: Difference) -> RenderedFile:
    body = {
        "format": FORMAT,
        "dataset": dataset.code,
        "sequence": sequence,
        "upserts": [{"key": key, **row} for key, row in change.upserts.items()],
        "deletes": change.deletes,
    }
    name = f"{dataset.code}-{sequence:06d}.json"
    return RenderedFile(name, JSON, json_of(body).encode())


def _table(columns: Sequence[str], rows: Iterable[Record]) -> bytes:
    """Return CSV as exports have it: UTF-8 with BOM, «;», fractions with a comma."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([_csv_text(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(value).replace(".", ",")
        case dict():
            return json_of(value)
        case str() if value.startswith(FORMULA_STARTS):
            return f"'{value}"
        case _:
            return str(value)


def _workbook(columns: Sequence[str], rows: Iterable[Record]) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, columns)
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            match row[name]:
                case None:
                    continue
                case bool() as value:
                    sheet.write_boolean(number, place, value)
                case int() | float() as value:
                    sheet.write_number(number, place, value)
                case date() as value:
                    sheet.write_datetime(number, place, value, day)
                case dict() as value:
                    sheet.write_string(number, place, json_of(value))
                case value:
                    sheet.write_string(number, place, str(value))
    workbook.close()
    return target.getvalue()
