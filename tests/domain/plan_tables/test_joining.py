"""Rows that a page tore are one line again, and titles of blocks are no lines."""

from shared.domain.plan_tables.joining import lines_of
from tests.domain.plan_tables.reading import lines, plan

HEADER = ("№", "Мероприятие", "Срок", "Ответственный")


def test_a_row_that_begins_amid_a_sentence_goes_on_with_the_line_above() -> None:
    (line,) = lines(
        HEADER,
        ("1", "Смещение акцентов, организуемых", "Май", "Школы"),
        HEADER,
        ("", "ими самостоятельно", "", "и УО"),
    )
    assert line.title == "Смещение акцентов, организуемых ими самостоятельно"
    assert line.responsible == "Школы и УО"
    assert line.rows == [2, 4]


def test_a_number_that_stands_only_in_the_second_half_belongs_to_both() -> None:
    above, torn, below = lines(
        HEADER,
        ("4.1.", "Мониторинг", "Июнь 2020", "УО"),
        ("", "Измерения результатов на", "Конец каждой", ""),
        HEADER,
        ("4.2.", "основе районных КИМ.", "четверти", "УО"),
        ("4.3.", "мониторинг безопасности", "Май", "УО"),
    )
    assert (torn.number, torn.term) == ("4.2.", "Конец каждой четверти")
    assert torn.title == "Измерения результатов на основе районных КИМ."
    assert (above.number, below.number) == ("4.1.", "4.3.")


def test_a_row_of_one_text_over_the_table_is_the_title_of_what_follows() -> None:
    found = lines_of(
        plan(
            HEADER,
            ("Задача 1: Сбор", "", "", ""),
            ("1", "Анкета", "Май", "ОО"),
            ("", "Аналитическая работа", "", ""),
            ("1", "Анализ", "Август", "УО"),
            ("Задача 3: Пусто", "", "", ""),
        )
    )
    assert [(line.block, line.number) for line in found.lines] == [
        ("Задача 1: Сбор", "1"),
        ("Аналитическая работа", "1"),
    ]
    assert found.empty_blocks == [(6, "Задача 3: Пусто")]


def test_a_numbered_line_of_words_alone_titles_the_lines_numbered_within_it() -> None:
    found = lines(
        HEADER,
        ("1.", "Кадры", "", ""),
        ("1.1.", "Курсы", "Май", "УО"),
        ("1.2.", "Анкета", "Июнь", "УО"),
        ("2.", "Итоги", "", ""),
    )
    assert [(line.number, line.block, line.term) for line in found] == [
        ("1.1.", "1. Кадры", "Май"),
        ("1.2.", "1. Кадры", "Июнь"),
        ("2.", None, ""),  # nothing stands under it: a line that has no term
    ]


def test_numbers_make_a_tree_wherever_they_stand_and_however_they_end() -> None:
    found = lines(
        HEADER,
        ("1.", "Среда", "Май", ""),
        ("1.4", "Физическая", "Май", ""),
        ("", "1.4.1. обеспечение режима", "Май", ""),
        ("", "01.09.20 начало", "Май", "УО"),
        ("2", "Мотивация", "Май", ""),
    )
    assert [(line.number, line.parent) for line in found] == [
        ("1.", None),
        ("1.4", 0),
        ("1.4.1.", 1),
        ("2", None),
    ]
    assert found[2].title == "обеспечение режима 01.09.20 начало"


def test_rows_that_number_the_columns_are_passed_over() -> None:
    (line,) = lines(HEADER, ("1", "2", "3", "4"), ("1", "Анкета", "Май", "ОО"))
    assert line.title == "Анкета"
