"""What an agreement may have changed: its school beside like schools without one.

The difference of differences: by how much the mentee changed, less by how much its
peers changed in the same years. Its interval takes the spread of the peers' own changes
for how much a school changes anyway (Student, m - 1 degrees of freedom for m peers).
It is the coefficient of "has an agreement" in an ordinary regression of the changes.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from shared.domain.errors import Text
from shared.domain.measures import Direction
from shared.domain.rates import Rate
from shared.domain.student import student_quantile

# Unconfirmed: no source says how few are too few.
FEWEST_PEERS: Final = 3
FEWEST_PUPILS: Final = 10
CONFIDENCE: Final = 95.0
FEWEST_FOR_SPREAD: Final = 2

Sitting: TypeAlias = tuple[str, str, int]  # procedure, subject, programme grade
Reading = Literal["better", "worse", "not_distinguishable"]


class EffectReason(StrEnum):
    """Why there is no estimate, or why a peer is left out; names never change."""

    NOT_IN_FORCE = "not_in_force"
    TOO_EARLY = "too_early"
    NO_RESULTS_BEFORE = "no_results_before"
    NO_RESULTS_AFTER = "no_results_after"
    NOTHING_ALIKE = "nothing_alike"
    TOO_FEW_PUPILS = "too_few_pupils"
    METHOD_CHANGED = "method_changed"
    NO_CONDITIONS = "no_conditions"
    HAS_AGREEMENT = "has_agreement"
    TOO_FEW_PEERS = "too_few_peers"


REASONS: Final[Mapping[EffectReason, Text]] = MappingProxyType(
    {
        EffectReason.NOT_IN_FORCE: Text(
            "договор ещё не действовал", "the agreement has not been in force"
        ),
        EffectReason.TOO_EARLY: Text(
            "после начала договора результатов ещё нет",
            "there are no results since the agreement began",
        ),
        EffectReason.NO_RESULTS_BEFORE: Text(
            "нет результатов за учебный год до договора",
            "there are no results of the academic year before the agreement",
        ),
        EffectReason.NO_RESULTS_AFTER: Text(
            "нет результатов за учебный год, с которым сравнивают",
            "there are no results of the academic year that is compared",
        ),
        EffectReason.NOTHING_ALIKE: Text(
            "в оба года нет одной и той же работы в том же классе",
            "no procedure was taken in the same grade in both years",
        ),
        EffectReason.TOO_FEW_PUPILS: Text(
            f"учеников меньше {FEWEST_PUPILS}", f"fewer than {FEWEST_PUPILS} pupils"
        ),
        EffectReason.METHOD_CHANGED: Text(
            "балл в эти годы посчитан по разным методикам",
            "the scores of the two years are of different methods",
        ),
        EffectReason.NO_CONDITIONS: Text(
            "нет расчёта условий: похожие школы неизвестны",
            "conditions have not been computed, so like schools are unknown",
        ),
        EffectReason.HAS_AGREEMENT: Text(
            "у школы в это время был свой договор",
            "the school had an agreement of its own meanwhile",
        ),
        EffectReason.TOO_FEW_PEERS: Text(
            f"похожих школ с данными меньше {FEWEST_PEERS}",
            f"fewer than {FEWEST_PEERS} like schools have data",
        ),
    }
)
CAVEAT: Final = Text(
    "Это не доказательство действия договора. Школы не распределялись случайно, "
    "похожих школ мало, и на результаты влияет многое другое; слабая школа часто "
    "улучшается и без помощи (возврат к среднему). Не используйте для оценки "
    "учителей.",
    "This is no proof of what the agreement did. Schools were not chosen at random, "
    "like schools are few, and much else bears on results; a weak school often "
    "recovers without help (regression to the mean). Do not judge teachers by it.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """A school's figure before and after, over so many pupils."""

    before: float
    after: float
    n_before: int
    n_after: int

    @property
    def points(self) -> float:
        """By how much it changed."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Estimate:
    """By how much more the school changed than its peers did."""

    effect: float
    peers_change: float
    standard_error: float
    degrees_of_freedom: int
    low: float
    high: float

    def reading(self, direction: Direction) -> Reading:
        """Return what can be read off it: nothing, if the interval holds 0."""
        if self.low <= 0 <= self.high:
            return "not_distinguishable"
        is_more = self.effect > 0
        is_good = is_more == (direction is Direction.MORE_IS_BETTER)
        return "better" if is_good else "worse"


def change_of_rates(
    before: Mapping[Sitting, Rate], after: Mapping[Sitting, Rate]
) -> Change | EffectReason:
    """Return the change of a rate over what was taken in both years alike."""
    if not before:
        return EffectReason.NO_RESULTS_BEFORE
    if not after:
        return EffectReason.NO_RESULTS_AFTER
    alike = before.keys() & after.keys()
    if not alike:
        return EffectReason.NOTHING_ALIKE
    old, new = _summed(before, alike), _summed(after, alike)
    if min(old.n, new.n) < FEWEST_PUPILS:
        return EffectReason.TOO_FEW_PUPILS
    return Change(
        100 * old.numerator / old.n, 100 * new.numerator / new.n, old.n, new.n
    )


def _summed(rates: Mapping[Sitting, Rate], alike: Collection[Sitting]) -> Rate:
    return Rate(
        sum(rates[each].numerator for each in alike),
        sum(rates[each].n for each in alike),
    )


def difference_in_differences(own: float, others: Sequence[float]) -> Estimate:
    """Return the change of one school beside those of two others or more.

    One school gained 9 points; three like ones 1, 2 and 3:

    >>> found = difference_in_differences(9, [1, 2, 3])
    >>> found.effect, round(found.low, 2), round(found.high, 2)
    (7.0, 2.03, 11.97)

    Raises:
        ValueError: there are fewer than two others.
    """
    count = len(others)
    if count < FEWEST_FOR_SPREAD:
        message = "the spread of fewer than two changes is unknown"
        raise ValueError(message)
    mean = math.fsum(others) / count
    variance = math.fsum((each - mean) ** 2 for each in others) / (count - 1)
    error = math.sqrt(variance * (1 + 1 / count))
    spread = student_quantile(CONFIDENCE, count - 1) * error
    effect = own - mean
    return Estimate(effect, mean, error, count - 1, effect - spread, effect + spread)
