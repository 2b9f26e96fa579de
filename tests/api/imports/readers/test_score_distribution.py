"""Reading «Распределение первичных баллов»."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.rows import SkippedRow, SkipReason
from services.api.imports.readers.score_distribution import read_score_distribution
from tests.api.imports.readers.pupil_files import faults, only, read, results
from tests.api.imports.workbooks import workbook

KEYS: tuple[object, ...] = (
    "Год",
    "Класс",
    "Предмет",
    "Муниципалитет",
    "ОО",
    "Логин",
    "Кол-во участников",
)
ILINKA: tuple[object, ...] = (
    2025,
    4,
    "Русский язык",
    "Ужурский район",
    "МБОУ «Ильинская СОШ»",
    "sch240001",
)


def distribution(
    *rows: Sequence[object], largest: int = 4, above: int = 0
) -> io.BytesIO:
    header = [*KEYS, *range(largest + 1)]
    return workbook({"Баллы": [*[[]] * above, header, *rows]})


@pytest.mark.parametrize(
    "source",
    [
        distribution([*ILINKA, 8, 0, 12.5, 25, 50, 12.5]),
        distribution([*ILINKA, "8", 0, "12,5", "25 %", "50,00", "12,5"]),
        distribution([*ILINKA, 8.0, "-", 0.125, 0.25, 0.5, 0.125], above=3),
        distribution([*ILINKA, 8, "", 12.5, 25, 50, 12.5, ""], ["", ""]),
    ],
)
def test_counts_are_rebuilt_from_the_percentages_of_each_score(
    source: io.BytesIO,
) -> None:
    result = only(read(read_score_distribution, source))

    assert result.key == {"year": 2025, "grade": 4}
    assert result.names.login == "sch240001"
    assert result.figures == {
        "n": 8,
        "score_counts": {"1": 1, "2": 2, "3": 4, "4": 1},
        "mean_primary_score": 2.62,
        "percentages": {
            "score_1": 12.5,
            "score_2": 25.0,
            "score_3": 50.0,
            "score_4": 12.5,
        },
        "counts_rebuilt": True,
    }
    assert result.when_new == {"max_primary_score": 4.0}


def test_titles_of_scores_may_say_what_they_are() -> None:
    header = [*KEYS, "0 б.", "1 балл", "2 балла, %"]
    rows = workbook({"Баллы": [header, [*ILINKA, 4, 0, 25, 75]]})

    result = only(read(read_score_distribution, rows))

    assert result.figures["score_counts"] == {"1": 1, "2": 3}


def test_scores_beyond_the_last_one_of_a_work_stay_empty() -> None:
    short = [*ILINKA, 4, 0, 50, 50, "", "", "", ""]

    result = only(read(read_score_distribution, distribution(short, largest=6)))

    assert result.when_new == {"max_primary_score": 2.0}


def test_figures_that_no_pupils_give_are_told_by_their_column() -> None:
    rows = read(
        read_score_distribution,
        distribution(
            [*ILINKA, 8, 0, 13, 24.5, 50, 12.5],
            [*ILINKA, 8, 0, "нет", 25, 50, 12.5],
            [*ILINKA, "восемь", 0, 0, 0, 50, 50],
            [*ILINKA, 8, 10, 0, 0, 50, 50],
            [2025, 14, *ILINKA[2:], 8, 0, 0, 0, 50, 50],
        ),
    )

    assert faults(rows) == [
        (2, "1", "13"),
        (3, "1", "нет"),
        (4, "Кол-во участников", "восемь"),
        (5, "0", "10"),
        (6, "Класс", "14"),
    ]


def test_totals_are_no_schools() -> None:
    total = [*ILINKA[:3], "Ужурский район", "Всего по району", "", 100, 0, 0, 0, 50, 50]

    (row,) = read(read_score_distribution, distribution(total))

    assert isinstance(row, SkippedRow)
    assert row.reason is SkipReason.TOTAL


def test_a_file_without_columns_of_scores_is_refused() -> None:
    marks = workbook({"Отметки": [[*KEYS, 2, 3, 4, 5], [*ILINKA, 4, 0, 0, 50, 50]]})

    with pytest.raises(UnreadableFileError) as caught:
        read(read_score_distribution, marks)

    assert "0, 1, 2" in caught.value.detail.ru


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=40), st.sampled_from([1, 2]))
def test_rounded_percentages_give_back_the_counts_that_they_came_from(
    counts: list[int], decimals: int
) -> None:
    n = sum(counts) or 1
    counts = counts if sum(counts) else [1, *counts[1:]]
    shares = [round(100 * count / n, decimals) for count in counts]
    source = distribution([*ILINKA, n, *shares], largest=len(counts) - 1)

    (result,) = results(read(read_score_distribution, source))

    assert result.figures["score_counts"] == {
        str(score): count for score, count in enumerate(counts) if count
    }
