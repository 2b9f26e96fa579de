"""Lines find their measures by number, words and place, none of which is a key."""

from typing import Any

from shared.domain.plan_tables.matching import matched
from shared.domain.plan_tables.numbering import new_key
from tests.domain.plan_tables.reading import lines

HEADER = ("№", "Мероприятие", "Срок")


def measure(number: str, title: str, **fields: Any) -> dict[str, Any]:
    return {"number": number, "title": title, "block": None, "parent": None} | fields


def test_equal_numbers_in_two_blocks_are_two_measures() -> None:
    found = lines(
        HEADER,
        ("Первый", "", ""),
        ("17", "Мониторинг", "Май"),
        ("Второй", "", ""),
        ("17", "Супервизия иначе", "Май"),
    )
    measures = {
        "roadmap-2.17": measure("17", "Супервизия", block="Второй"),
        "roadmap-1.17": measure("17", "Мониторинг", block="Первый"),
    }
    assert matched(found, measures) == {0: "roadmap-1.17", 1: "roadmap-2.17"}


def test_a_line_between_others_numbers_them_anew_and_is_the_only_new_one() -> None:
    found = lines(
        HEADER, ("1", "Анкета", "Май"), ("2", "Новое", "Май"), ("3", "Анализ", "Май")
    )
    measures = {"1": measure("1", "Анкета"), "2": measure("2", "Анализ")}
    assert matched(found, measures) == {0: "1", 2: "2"}
    assert new_key(found, 1, plan="plan", taken={"1", "2"}) == "2-2"


def test_a_line_under_another_parent_is_a_new_measure() -> None:
    found = lines(HEADER, ("1.", "А", "Май"), ("2.", "Б", "Май"), ("2.1", "В", "Май"))
    measures = {
        "1": measure("1.", "А"),
        "2": measure("2.", "Б"),
        "1.1": measure("1.1", "В", parent="1"),
    }
    assert matched(found, measures) == {0: "1", 1: "2"}


def test_lines_without_numbers_get_keys_of_their_places() -> None:
    found = lines(
        HEADER, ("", "Анкета", "Май"), ("", "Анализ", "Май"), ("", "Анализ", "Июнь")
    )
    keys = [new_key(found, n, plan="cyclogram", taken=()) for n in range(3)]
    assert keys == ["cyclogram-n1", "cyclogram-n2", "cyclogram-n3"]
    known = {"a": measure("б/н", "Анализ"), "b": measure("б/н", "Опрос")}
    assert matched(found, known) == {1: "a"}
