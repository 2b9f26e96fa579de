"""The measures of assessment results: their codes, names, units and good ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from shared.domain.errors import Text


class Direction(StrEnum):
    """Which end of a scale is the good one."""

    MORE_IS_BETTER = "more_is_better"
    LESS_IS_BETTER = "less_is_better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure counted from results; `n_column` names the column with its N."""

    code: str
    title: Text
    unit: Literal["percent", "mark"]
    direction: Direction
    n_column: str


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.code: measure
        for measure in (
            Measure(
                code="quality_rate",
                title=Text("Качественная успеваемость", "Quality rate"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_marked",
            ),
            Measure(
                code="success_rate",
                title=Text("Абсолютная успеваемость", "Success rate"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_marked",
            ),
            Measure(
                code="sou",
                title=Text("Степень обученности (СОУ)", "Degree of training (СОУ)"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_marked",
            ),
            Measure(
                code="mean_mark",
                title=Text("Средний балл", "Mean mark"),
                unit="mark",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_graded",
            ),
            Measure(
                code="low_share",
                title=Text("Доля низких результатов", "Share of low results"),
                unit="percent",
                direction=Direction.LESS_IS_BETTER,
                n_column="n_low_of",
            ),
            Measure(
                code="confirmed_marks",
                title=Text("Подтвердили отметки журнала", "Confirmed journal marks"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_compared",
            ),
        )
    }
)


def prior_column(rate: str) -> str:
    """Return the column with the pupils that the prior of a rate is worth.

    >>> prior_column("low_share")
    'low_share_prior'
    """
    return f"{rate}_prior"


def place_text(place_from: int, place_to: int) -> str:
    """Write a place in a ranking for people.

    >>> place_text(1, 2), place_text(3, 3)
    ('1–2', '3')
    """
    return str(place_from) if place_from == place_to else f"{place_from}–{place_to}"
