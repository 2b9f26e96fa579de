"""Reading «Сравнение отметок с отметками по журналу»."""

import io

import pytest

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.journal_comparison import read_journal_comparison
from services.api.imports.readers.rows import SkippedRow
from tests.api.imports.readers.pupil_files import faults, only, read, results
from tests.api.imports.readers.test_score_distribution import ILINKA, KEYS
from tests.api.imports.workbooks import workbook

TITLES: list[object] = [*KEYS[:6]]
GROUPS = (
    "Понизили (Отметка < Отметка по журналу)",
    "Подтвердили (Отметка = Отметка по журналу)",
    "Повысили (Отметка > Отметка по журналу)",
    "Всего",
)
BAND: list[object] = [*[""] * 6, *(t for group in GROUPS for t in (group, ""))]
BELOW: list[object] = ["Кол-во участников", "%"] * 4
ROW: list[object] = [*ILINKA, 4, 16, 20, 80, 1, 4, 25, 100]
DOWN: list[object] = ["Группы участников", "Кол-во участников", "%"]


def down(*shares: tuple[object, object]) -> list[list[object]]:
    return [[group, *pair] for group, pair in zip(GROUPS, shares, strict=True)]


SOUND = down((4, 16), (20, 80), (1, 4), (25, 100))


@pytest.mark.parametrize(
    "rows",
    [
        [[*BAND], [*TITLES, *BELOW], ROW],
        [[*TITLES, *BAND[6:]], [*[""] * 6, *BELOW], ROW],
        [[], ["Отчёт"], [*BAND], [*TITLES, *BELOW], [*ROW, "", ""]],
        [
            [*TITLES, *(f"{g}{k}" for g in GROUPS for k in (", чел.", ", %"))],
            ROW,
        ],
        [[*TITLES, *DOWN], *([*ILINKA, *group] for group in SOUND)],
        [
            [*TITLES, *DOWN],
            [*ILINKA, *SOUND[0]],
            *([*[""] * 6, *group] for group in SOUND[1:]),
        ],
        [
            ["ВПР 2025 Русский язык 4 класс"],
            DOWN,
            ["Ужурский район"],
            *down((40, 20), (150, 75), (10, 5), (200, 100)),
            ["МБОУ «Ильинская СОШ» (sch240001)"],
            *SOUND,
        ],
        [[*BAND], [*TITLES, *BELOW], [*ILINKA, 4, 0.16, 20, 0.8, 1, 0.04, 25, 1]],
        [[*BAND], [*TITLES, *BELOW], [*ILINKA, "", 16, "", 80, "", 4, 25, 100]],
    ],
)
def test_the_groups_are_read_across_or_down(rows: list[list[object]]) -> None:
    found = results(read(read_journal_comparison, workbook({"Лист": rows})))

    (result,) = found
    assert result.key == {"year": 2025, "grade": 4}
    assert (result.names.subject, result.names.login) == ("Русский язык", "sch240001")
    figures = dict(result.figures)
    rebuilt = rows[-1][6:7] == [""]
    assert figures.pop("counts_rebuilt", False) is rebuilt
    assert figures == {
        "n_lower": 4,
        "n_equal": 20,
        "n_higher": 1,
        "percentages": {
            "journal_lower": 16.0,
            "journal_equal": 80.0,
            "journal_higher": 4.0,
        },
    }
    assert result.when_new == {"n": 25}


def file(*rows: list[object]) -> io.BytesIO:
    return workbook({"Лист": [[*BAND], [*TITLES, *BELOW], *rows]})


def test_contradictions_are_told_by_their_column() -> None:
    rows = read(
        read_journal_comparison,
        file(
            [*ILINKA, 4, 16, 20, 80, 1, 4, 26, 100],
            [*ILINKA, 4, 12, 20, 80, 1, 4, 25, 100],
            [*ILINKA, "мало", 16, 20, 80, 1, 4, 25, 100],
            [*ILINKA, "", "", "", "", "", "", "", ""],
        ),
    )

    assert faults(rows) == [
        (3, "Всего", "26"),
        (4, "Понизили, %", "12"),
        (5, "Понизили", "мало"),
        (6, "Всего", ""),
    ]


def test_whole_per_cents_are_taken_as_they_are_rounded() -> None:
    result = only(
        read(read_journal_comparison, file([*ILINKA, 1, 33, 1, 33, 1, 33, 3, 100]))
    )

    assert result.figures["n_equal"] == 1


def test_the_groups_of_a_municipality_are_no_schools() -> None:
    total = [*ILINKA[:4], "Ужурский район", "", 4, 16, 20, 80, 1, 4, 25, 100]

    (row,) = read(read_journal_comparison, file([*total]))

    assert isinstance(row, SkippedRow)


def test_a_file_without_the_groups_is_refused_with_what_it_has() -> None:
    rows = [[*TITLES, "Понизили"], [*ILINKA, 4]]

    with pytest.raises(UnreadableFileError) as caught:
        read(read_journal_comparison, workbook({"Лист": rows}))

    assert "нет: «Подтвердили», «Повысили»" in caught.value.detail.ru
