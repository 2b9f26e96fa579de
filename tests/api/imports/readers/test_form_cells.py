"""What cells of forms say, however a program wrote them."""

from datetime import date, datetime

import pytest

from services.api.datasets.columns import Column
from services.api.datasets.definitions import DATASETS
from services.api.imports.readers.cells import Cell
from services.api.imports.readers.form_cells import UnreadableCellError, value_of


def column(code: str, name: str) -> Column:
    return next(each for each in DATASETS[code].columns if each.name == name)


AS_OF = column("staff-profiles", "as_of")
PUPILS = column("enrolments", "pupils")
HOURS = column("vacancies", "hours")
ALIAS = column("school-aliases", "alias")
SUBJECTS = column("staff-profiles", "load_max_subjects")


@pytest.mark.parametrize(
    "cell",
    [
        44075.0,
        "2020-09-01",
        "01.09.2020",
        " 2020-09-01T00:00:00 ",
        date(2020, 9, 1),
        datetime(2020, 9, 1),  # noqa: DTZ001 (as a workbook has it)
    ],
)
def test_a_day_is_read_however_it_was_kept(cell: Cell) -> None:
    assert value_of(cell, AS_OF) == date(2020, 9, 1)


@pytest.mark.parametrize(
    ("cell", "of"),
    [
        (44075.5, AS_OF),
        (12.0, AS_OF),
        (1e300, AS_OF),
        ("2020-09-01 и позже", AS_OF),
        ("2020-09-01T15:00", AS_OF),
        (float("inf"), PUPILS),
        (float("nan"), HOURS),
        (float("-inf"), HOURS),
        ("9" * 400, HOURS),
        (2.0**31, PUPILS),
        ("а\0б", ALIAS),
        ("а" * 301, ALIAS),
        ("| ".join("я" * 201), SUBJECTS),
        ("я" * 4001, SUBJECTS),
    ],
)
def test_what_no_row_can_hold_is_told(cell: Cell, of: Column) -> None:
    with pytest.raises(UnreadableCellError) as refused:
        value_of(cell, of, is_key=True)
    assert refused.value.expected.ru
    assert refused.value.expected.en
