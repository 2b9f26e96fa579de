"""Text is read as the table that it was copied from."""

from services.api.plan_imports.readers.pasted import read_pasted
from shared.domain.plan_tables.columns import plan_tables
from shared.domain.plan_tables.joining import lines_of
from shared.domain.plan_tables.numbering import set_parents


def read(text: str) -> list[tuple[str, str, str]]:
    (plan,) = plan_tables(read_pasted(text), {})
    return [(line.number, line.title, line.term) for line in lines_of(plan).lines]


def test_cells_between_tabs_bars_or_wide_gaps_are_cells() -> None:
    rows = [("№", "Мероприятие", "Срок"), ("1", "Анкета <i>школ</i> .", "Май 2021")]
    for separator in ("\t", " | ", "   "):
        text = "\n".join(separator.join(row) for row in rows)
        assert read(text) == [("1", "Анкета школ.", "Май 2021")], repr(separator)
    assert read("| № | Мероприятие | Срок |\n|---|---|---|\n| 1 | А | Май |") == [
        ("1", "А", "Май")
    ]


def test_a_cell_of_two_paragraphs_is_put_together() -> None:
    text = '№\tМероприятие\tСрок\n1\tАнкета\nи анализ\tМай\n2\t"Опрос\nшкол"\tИюнь'
    assert read(text) == [("1", "Анкета и анализ", "Май"), ("2", "Опрос школ", "Июнь")]


def test_what_a_pdf_gives_is_parted_at_number_and_term() -> None:
    text = (
        "4.1. Осуществление ежегодного мониторинга образовательных\n"
        "результатов. Июнь 2020, 2021, 2022\n"
        "4.2. Измерения предметных результатов Конец каждой\nчетверти\n"
        "4.3. Работа с банком наставников\n"
    )
    assert read(text) == [
        (
            "4.1.",
            "Осуществление ежегодного мониторинга образовательных результатов.",
            "Июнь 2020, 2021, 2022",
        ),
        ("4.2.", "Измерения предметных результатов", "Конец каждой четверти"),
        ("4.3.", "Работа с банком наставников", ""),
    ]


def test_a_text_that_is_all_numbers_is_no_tree_of_a_million_levels() -> None:
    text = "№\tМероприятие\tСрок\n" + "1." * 100_000
    (plan,) = plan_tables(read_pasted(text), {})
    found = lines_of(plan).lines
    set_parents(found)
    assert [line.number for line in found] in ([""], [])
