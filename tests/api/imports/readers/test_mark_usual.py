"""Reading a row at a glance says the same as reading it cell by cell."""

from dataclasses import replace
from typing import Any

import pytest

from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import BadRow, ImportedRow, ReadRow
from tests.api.imports.workbooks import row, statistics

UNUSUAL: dict[str, dict[str, Any]] = {
    "as the one before": {},
    "other marks": {"two": 4, "three": 36, "four": 40, "five": 20},
    "shares of 1": {"two": 0.12, "three": 0.28, "four": 0.4, "five": 0.2},
    "shares as text": {"two": "12", "three": "28,0", "four": "40 %", "five": "20"},
    "more decimals than files have": {"two": 12.000000000001},
    "shares that cannot be": {"two": 13, "three": 27},
    "shares that need sharing out": {
        "n": 3,
        "two": 33.33,
        "three": 33.33,
        "four": 33.34,
    },
    "a sum that is wrong": {"two": 50},
    "a share below 0": {"two": -12, "three": 52},
    "nobody": {"n": 0, "two": 0, "three": 0, "four": 0, "five": 0},
    "half a pupil": {"n": 25.5},
    "a number as text": {"n": "25"},
    "too many": {"n": 100_001},
    "a truth": {"n": True},
    "another school": {"school": "МБОУ «Другая школа»", "login": "sch249999"},
    "a login as a number": {"login": 240001},
    "no login": {"login": ""},
    "a year as text": {"year": "2019 г."},
    "a year that cannot be": {"year": 1919},
    "a grade that cannot be": {"grade": 14},
    "no subject": {"subject": ""},
}


def read(*rows: list[object]) -> list[ReadRow]:
    return list(read_mark_statistics(statistics(*rows), FileOptions()))


def said(parsed: ReadRow) -> object:
    """Return all that a row says but for where it stands."""
    if isinstance(parsed, ImportedRow):
        cells = dict(parsed.cells)
        return (parsed.names, parsed.key, parsed.figures, parsed.when_new, cells)
    if isinstance(parsed, BadRow):
        faults = [replace(fault, row=0) for fault in parsed.faults]
        return (parsed.names, faults, dict(parsed.cells))
    return parsed.reason


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_a_row_says_does_not_depend_on_the_rows_before(name: str) -> None:
    sheet_row = row(**UNUSUAL[name])
    (alone,) = read(sheet_row)
    *_, after_others = read(row(), row(grade=5), sheet_row)
    assert said(after_others) == said(alone)
