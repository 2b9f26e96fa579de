"""Columns are found by what the header says, pages of one plan are one."""

import pytest

from shared.domain.plan_tables.columns import PlanTableError, Role, plan_tables
from shared.domain.plan_tables.parties import parties_of
from tests.domain.plan_tables.plan_headers import HEADERS
from tests.domain.plan_tables.reading import table


@pytest.mark.parametrize(("header", "places"), HEADERS)
def test_a_header_says_what_each_column_holds(
    header: tuple[str, ...], places: dict[str, int]
) -> None:
    (found,) = plan_tables([table(("Приложение",), header, ("1",))], {})
    assert {role.value: place for role, place in found.layout.places.items()} == places
    assert [row.number for row in found.rows] == [3]


def test_pages_with_one_header_or_none_are_one_plan() -> None:
    header = ("№", "Мероприятие", "Срок")
    first = table(header, ("1", "А", "Май"), name="таблица 1")
    second = table(header, ("2", "Б", "Май"), name="таблица 2")
    third = table(("3", "В", "Май"), name="таблица 3")
    other = table(("№", "Расход"), ("1", "Курсы"), name="таблица 4")
    (found,) = plan_tables([first, second, third, other], {})
    assert [row.cell(1) for row in found.rows if row.cells != header] == ["А", "Б", "В"]


def test_two_columns_of_one_kind_are_asked_about() -> None:
    with pytest.raises(PlanTableError) as caught:
        plan_tables([table(("Мероприятие", "Срок начала", "Срок конца"))], {})
    (fault,) = caught.value.faults
    assert (fault.column, fault.value) == ("2, 3", "Срок начала | Срок конца")
    stated = {Role.TITLE: 0, Role.TERM: 2}
    (found,) = plan_tables(
        [table(("Мероприятие", "Срок начала", "Срок конца"))], stated
    )
    assert found.layout.places == stated


@pytest.mark.parametrize(
    ("words", "parties"),
    [
        ("Управление образования администрации района", ["municipality"]),
        ("РУО, руководители школ", ["municipality", "schools"]),
        ("Муниципальный координатор", ["municipality"]),
        ("МБОУ СОШ", ["schools"]),
        ("Администрация школы", ["schools"]),
        ("ЦДО Спортивная школа", []),
        ("Общественный совет", []),
        ("", []),
    ],
)
def test_who_owes_a_measure_is_read_from_its_words_or_not_at_all(
    words: str, parties: list[str]
) -> None:
    assert list(parties_of(words)) == parties
