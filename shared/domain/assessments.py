"""Mark counts of an assessment, and how they are rebuilt from a file's percentages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from shared.domain.errors import Fault, InvalidInputError, Text

MARKS = (2, 3, 4, 5)

ROUNDING_TOLERANCE = 0.05
"""How far, in percentage points, a file's figure may lie from the true share.

Files carry two decimals, some of them one; 0.05 is what rounding to one decimal can
change. Four such figures differ from 100 by at most `SUM_TOLERANCE`. A larger gap means
that the number of pupils or a percentage is wrong, so the row is refused.
"""

SUM_TOLERANCE = 0.2
MAX_PARTICIPANTS = 100_000

FLOAT_NOISE = 1e-6


class InvalidMarksError(InvalidInputError):
    """Marks that contradict each other or the number of pupils."""

    code = "invalid_marks"
    title = Text("Отметки не сходятся", "The marks do not add up")


@dataclass(frozen=True, slots=True)
class MarkCounts:
    """How many of `n` pupils got each mark; n2 + n3 + n4 + n5 == n always holds.

    Raises:
        InvalidMarksError: a count is negative, or the marks do not add up to `n`.
    """

    n: int
    n2: int
    n3: int
    n4: int
    n5: int

    def __post_init__(self) -> None:
        faults = mark_faults(self.n, self.marks)
        if faults:
            raise InvalidMarksError(faults[0].reason, faults=faults)

    @classmethod
    def of(cls, n2: int, n3: int, n4: int, n5: int) -> Self:
        """Count pupils from the marks themselves."""
        return cls(n2 + n3 + n4 + n5, n2, n3, n4, n5)

    @property
    def marks(self) -> tuple[int, int, int, int]:
        """The counts of the marks 2, 3, 4 and 5, in this order."""
        return (self.n2, self.n3, self.n4, self.n5)

    @property
    def percentages(self) -> tuple[float, float, float, float]:
        """The shares of the marks 2, 3, 4 and 5, rounded to two decimals as files do.

        All four are 0 where nobody took part.
        """
        n = self.n or 1
        return (
            round(100 * self.n2 / n, 2),
            round(100 * self.n3 / n, 2),
            round(100 * self.n4 / n, 2),
            round(100 * self.n5 / n, 2),
        )


def mark_faults(n: int, marks: Sequence[int]) -> list[Fault]:
    """Return what is wrong with counts of the marks 2–5, one fault for each column."""
    if sum(marks) == n and min(marks) >= 0:
        return []
    faults = [
        Fault(
            reason=Text("Число не может быть отрицательным.", "It cannot be negative."),
            column=column,
            value=str(value),
        )
        for column, value in zip(
            ("n", "n2", "n3", "n4", "n5"), (n, *marks), strict=True
        )
        if value < 0
    ]
    if not faults and sum(marks) != n:
        faults.append(
            Fault(
                reason=Text(
                    f"Отметок {sum(marks)}, а участников {n}: числа должны совпадать.",
                    f"{sum(marks)} marks for {n} participants: they must be equal.",
                ),
                column="n",
                value=str(n),
            )
        )
    return faults


def counts_from_percentages(n: int, percentages: Sequence[float]) -> MarkCounts:
    """Rebuild whole counts of the marks 2–5 from their percentages of `n` pupils.

    The percentages are shared out by largest remainder: for 25 pupils and 12, 28, 40,
    20 % the answer is 3, 7, 10, 5. Exact shares rounded to two decimals give back the
    counts they came from.

    Raises:
        InvalidMarksError: a figure lies outside 0–100, the figures do not sum to
            100 ± `SUM_TOLERANCE`, or no whole counts of `n` pupils give them within
            `ROUNDING_TOLERANCE`.
    """
    plain = plain_counts(n, percentages)
    if plain is not None:
        return MarkCounts(n, *plain)
    refuse(participant_fault(n))
    for mark, share in zip(MARKS, percentages, strict=True):
        refuse(share_fault(mark, share))
    if n == 0:
        refuse(nobody_fault(percentages))
        return MarkCounts(0, 0, 0, 0, 0)
    refuse(_sum_fault(percentages))
    counts = largest_remainder(n, percentages)
    for mark, count, share in zip(MARKS, counts, percentages, strict=True):
        refuse(rounding_fault(n, mark, count, share))
    return MarkCounts(n, *counts)


def refuse(fault: Fault | None) -> None:
    """Raise an error of the fault, if there is one."""
    if fault is not None:
        raise InvalidMarksError(fault.reason, faults=[fault])


def plain_counts(
    n: int, percentages: Sequence[float]
) -> tuple[int, int, int, int] | None:
    """Return what rounding each share alone gives, where nothing is left to decide.

    For 25 pupils and 12, 28, 40, 20 % the answer is 3, 7, 10, 5: they add up to 25.

    Large files hold hardly anything else, and this is many times faster.
    """
    two, three, four, five = percentages
    total = two + three + four + five
    is_usual = 0 < n <= MAX_PARTICIPANTS and abs(total - 100) <= SUM_TOLERANCE
    if not is_usual or min(percentages) < 0:
        return None
    one = n / 100
    n2, n3 = int(two * one + 0.5), int(three * one + 0.5)
    n4, n5 = int(four * one + 0.5), int(five * one + 0.5)
    gap = ROUNDING_TOLERANCE * one
    if (
        n2 + n3 + n4 + n5 != n
        or abs(n2 - two * one) > gap
        or abs(n3 - three * one) > gap
        or abs(n4 - four * one) > gap
        or abs(n5 - five * one) > gap
    ):
        return None
    return (n2, n3, n4, n5)


def largest_remainder(n: int, percentages: Sequence[float]) -> list[int]:
    """Share `n` pupils out by percentages of them, which sum to about 100."""
    # A mark that the file says nobody got takes no part in the sharing out.
    quotas = [n * share / 100 for share in percentages]
    counts = [int(quota + FLOAT_NOISE) for quota in quotas]
    step = 1 if sum(counts) <= n else -1
    while sum(counts) != n:
        gains = [
            step * (quota - count) if quota else -math.inf
            for quota, count in zip(quotas, counts, strict=True)
        ]
        counts[gains.index(max(gains))] += step
    return counts


def participant_fault(n: int) -> Fault | None:
    """Return what is wrong with a number of participants."""
    if 0 <= n <= MAX_PARTICIPANTS:
        return None
    reason = Text(
        f"Число участников должно быть от 0 до {MAX_PARTICIPANTS}.",
        f"The number of participants must be from 0 to {MAX_PARTICIPANTS}.",
    )
    return Fault(reason=reason, column="n", value=str(n))


def share_fault(mark: int | str, share: float) -> Fault | None:
    """Return what is wrong with one percentage."""
    if 0 <= share <= 100 + ROUNDING_TOLERANCE:
        return None
    reason = Text(
        "Доля отметки должна быть от 0 до 100 %.",
        "The share of a mark must be from 0 to 100 %.",
    )
    return Fault(reason=reason, column=str(mark), value=f"{share:g}")


def nobody_fault(percentages: Sequence[float]) -> Fault | None:
    """Return what is wrong with percentages of nobody."""
    if not any(percentages):
        return None
    reason = Text(
        "Участников нет, а доли отметок указаны: исправьте число участников.",
        "Nobody took part, yet shares are given: correct the number of participants.",
    )
    return Fault(reason=reason, column="n", value="0")


def _sum_fault(percentages: Sequence[float]) -> Fault | None:
    total = sum(percentages)
    if abs(total - 100) <= SUM_TOLERANCE + FLOAT_NOISE:
        return None
    shown = f"{total:.2f}".rstrip("0").rstrip(".")
    reason = Text(
        f"Доли отметок 2–5 в сумме дают {shown.replace('.', ',')} %, а должны 100 % "
        "(± 0,2 из-за округления).",
        f"The shares of the marks 2–5 sum to {shown} %, they must give 100 % "
        "(± 0.2 for rounding).",
    )
    figures = "; ".join(f"{share:g}" for share in percentages)
    return Fault(reason=reason, column="2, 3, 4, 5", value=figures)


def rounding_fault(n: int, mark: int | str, count: int, share: float) -> Fault | None:
    """Return a fault if so many of `n` pupils are not the percentage."""
    nearest = 100 * count / n
    if abs(nearest - share) <= ROUNDING_TOLERANCE + FLOAT_NOISE:
        return None
    reason = Text(
        f"При {n} участниках такой доли не бывает: ближайшая — {nearest:.2f} % "
        f"({count} из {n}). Проверьте долю и число участников.",
        f"With {n} participants there is no such share: the nearest is {nearest:.2f} % "
        f"({count} of {n}). Check the share and the number of participants.",
    )
    return Fault(reason=reason, column=str(mark), value=f"{share:g}")
