"""The numbers of one result, and what they must satisfy among themselves.

A result is told in marks, in scores, by a comparison with the marks in the class
journals, or in several of these: files seldom carry all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.assessments import MAX_PARTICIPANTS, mark_faults
from shared.domain.errors import Fault, Text

MARK_COUNTS = ("n2", "n3", "n4", "n5")
WIDE_GAP = 2
"""From how many marks on a mark lies far from that in the journal."""
JOURNAL_COUNTS = ("n_lower", "n_equal", "n_higher")
MAX_TEST_SCORE = 100
LARGEST_SCORE = 1000

MEAN_TOLERANCE = 0.05
"""How far a stated mean may lie from that of the counts: files round to one decimal."""

_FLOAT_NOISE = 1e-6
_OTHER_THAN_MARKS = (
    "n_below_minimum",
    "mean_primary_score",
    "mean_test_score",
    "n_equal",
    "score_counts",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFigures:
    """What is known of the pupils of one result; None is not known.

    `n` counts the pupils with a mark or, where there are no marks, with a score;
    absent and ungraded pupils are counted apart. `n2` … `n5` are all given or none.
    `n_lower`, `n_equal` and `n_higher` count the pupils whose mark is below, as or
    above the one in the journal, `n_gap_2` those who differ from it by `WIDE_GAP` marks
    or more. `mean_test_score` is out of 100. `score_counts` says how many pupils
    reached each primary score. `observed` says whether the sitting was held under
    control of its objectivity.
    """

    n: int
    n2: int | None = None
    n3: int | None = None
    n4: int | None = None
    n5: int | None = None
    n_absent: int = 0
    n_ungraded: int = 0
    n_below_minimum: int | None = None
    mean_primary_score: float | None = None
    max_primary_score: float | None = None
    mean_test_score: float | None = None
    n_lower: int | None = None
    n_equal: int | None = None
    n_higher: int | None = None
    n_gap_2: int | None = None
    observed: bool | None = None
    score_counts: Mapping[int, int] | None = None


def figure_faults(figures: ResultFigures, *, marked: bool) -> list[Fault]:
    """Return what is wrong with the numbers, one fault for each field.

    `marked` says that the procedure gives marks: its results need them, unless scores
    or a comparison with the journals are told instead, or nobody took part.
    """
    return [
        *_count_faults(figures),
        *_mark_faults(figures, marked=marked),
        *_score_faults(figures),
        *_journal_faults(figures),
        *_gap_faults(figures),
        *_distribution_faults(figures),
    ]


def mean_of(score_counts: Mapping[int, int]) -> float | None:
    """Return the mean score of the pupils counted; None where nobody is.

    >>> mean_of({0: 1, 10: 3})
    7.5
    """
    pupils = sum(score_counts.values())
    points = sum(score * count for score, count in score_counts.items())
    return points / pupils if pupils else None


def _fault(column: str, value: object, ru: str, en: str) -> Fault:
    shown = None if value is None else str(value)
    return Fault(reason=Text(ru, en), column=column, value=shown)


def _count_faults(figures: ResultFigures) -> Iterator[Fault]:
    for column in (
        "n",
        "n_absent",
        "n_ungraded",
        "n_below_minimum",
        *JOURNAL_COUNTS,
        "n_gap_2",
    ):
        value = getattr(figures, column)
        if value is not None and not 0 <= value <= MAX_PARTICIPANTS:
            yield _fault(
                column,
                value,
                f"Число должно быть от 0 до {MAX_PARTICIPANTS}.",
                f"The number must be from 0 to {MAX_PARTICIPANTS}.",
            )
    below = figures.n_below_minimum
    if below is not None and below > max(figures.n, 0):
        yield _fault(
            "n_below_minimum",
            below,
            f"Не преодолевших минимум больше, чем участников ({figures.n}).",
            f"More pupils below the minimum than participants ({figures.n}).",
        )


def _mark_faults(figures: ResultFigures, *, marked: bool) -> Iterator[Fault]:
    marks = {name: getattr(figures, name) for name in MARK_COUNTS}
    given = [value for value in marks.values() if value is not None]
    if len(given) == len(marks):
        # What is wrong with n itself has been said among the counts.
        yield from mark_faults(figures.n, given) if figures.n >= 0 else ()
    elif given or (marked and figures.n and not _tells_without_marks(figures)):
        for column, value in marks.items():
            if value is None:
                yield _fault(
                    column,
                    None,
                    "Укажите число учеников с каждой из отметок 2, 3, 4 и 5.",
                    "Give the number of pupils with each of the marks 2, 3, 4 and 5.",
                )


def _tells_without_marks(figures: ResultFigures) -> bool:
    return any(getattr(figures, name) is not None for name in _OTHER_THAN_MARKS)


def _score_faults(figures: ResultFigures) -> Iterator[Fault]:
    mean, top = figures.mean_primary_score, figures.max_primary_score
    if top is not None and not 0 < top <= LARGEST_SCORE:
        yield _fault(
            "max_primary_score",
            top,
            f"Наибольший первичный балл должен быть больше 0 и не больше "
            f"{LARGEST_SCORE}.",
            f"The maximum primary score must be above 0 and at most {LARGEST_SCORE}.",
        )
    elif mean is not None and not 0 <= mean <= (LARGEST_SCORE if top is None else top):
        yield _fault(
            "mean_primary_score",
            mean,
            "Средний первичный балл должен быть от 0 до наибольшего.",
            "The mean primary score must be from 0 to the maximum.",
        )
    score = figures.mean_test_score
    if score is not None and not 0 <= score <= MAX_TEST_SCORE:
        yield _fault(
            "mean_test_score",
            score,
            "Средний тестовый балл должен быть от 0 до 100.",
            "The mean test score must be from 0 to 100.",
        )


def _journal_faults(figures: ResultFigures) -> Iterator[Fault]:
    journal = {name: getattr(figures, name) for name in JOURNAL_COUNTS}
    missing = [name for name, value in journal.items() if value is None]
    if len(missing) == len(journal):
        return
    for column in missing:
        yield _fault(
            column,
            None,
            "Сравнение с журналом — это три числа: понизили, подтвердили, повысили.",
            "A comparison with the journal is three numbers: lower, equal, higher.",
        )
    compared = sum(value for value in journal.values() if value is not None)
    if compared > max(figures.n, 0):
        yield _fault(
            "n_equal",
            figures.n_equal,
            f"С журналом сравнено {compared} отметок, а участников {figures.n}: "
            "сравнённых не может быть больше.",
            f"{compared} marks are compared with the journal for {figures.n} "
            "participants: there cannot be more of them.",
        )


def _gap_faults(figures: ResultFigures) -> Iterator[Fault]:
    differ = max(figures.n_lower or 0, 0) + max(figures.n_higher or 0, 0)
    if figures.n_gap_2 is None:
        return
    if figures.n_lower is None or figures.n_gap_2 > differ:
        yield _fault(
            "n_gap_2",
            figures.n_gap_2,
            f"С журналом расходится отметок: {differ}; на две и более расходиться "
            "больше не может.",
            f"{differ} marks differ from the journal: no more can differ by two.",
        )


def _distribution_faults(figures: ResultFigures) -> Iterator[Fault]:
    counts = figures.score_counts
    if counts is None:
        return
    top = figures.max_primary_score
    for score, count in counts.items():
        if not 0 <= score <= (LARGEST_SCORE if top is None else top):
            yield _score_fault(score, "Такого балла быть не может.", "No such score.")
        elif not 0 <= count <= MAX_PARTICIPANTS:
            ru, en = f"Учеников: {count}.", f"Pupils: {count}."
            yield _score_fault(score, ru, en)
    took_part = max(figures.n, 0) + max(figures.n_ungraded, 0)
    if sum(counts.values()) > took_part:
        yield _fault(
            "score_counts",
            sum(counts.values()),
            f"Учеников с баллами больше, чем участников ({took_part}).",
            f"More pupils with scores than participants ({took_part}).",
        )
    elif _contradicts(figures.mean_primary_score, counts):
        yield _fault(
            "mean_primary_score",
            figures.mean_primary_score,
            f"По распределению баллов средний — {mean_of(counts):.2f}.",
            f"By the distribution of scores the mean is {mean_of(counts):.2f}.",
        )


def _score_fault(score: int, ru: str, en: str) -> Fault:
    return _fault(
        "score_counts",
        score,
        f"{ru} Проверьте распределение первичных баллов.",
        f"{en} Check the distribution of primary scores.",
    )


def _contradicts(stated: float | None, counts: Mapping[int, int]) -> bool:
    counted = mean_of(counts)
    if stated is None or counted is None:
        return False
    return not abs(stated - counted) <= MEAN_TOLERANCE + _FLOAT_NOISE
