"""The measures of assessment results: their codes, names, units and good ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from shared.domain.errors import Text


class Direction(StrEnum):
    """Which end of a scale is the good one."""

    MORE_IS_BETTER = "more_is_better"
    LESS_IS_BETTER = "less_is_better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure counted from results; `n_column` names the column with its N.

    `missing` says what it does with pupils and results of which too little is known.
    """

    code: str
    title: Text
    unit: Literal["percent", "mark"]
    direction: Direction
    n_column: str
    missing: Text


_OF_MARKS: Final = Text(
    "Ученики без отметки (н/а) входят в N; работы без отметок (только в баллах) "
    "не считаются",
    "Pupils without a mark count in N; results without marks, in scores only, are "
    "left out",
)

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
                missing=_OF_MARKS,
            ),
            Measure(
                code="success_rate",
                title=Text("Абсолютная успеваемость", "Success rate"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_marked",
                missing=_OF_MARKS,
            ),
            Measure(
                code="sou",
                title=Text("Степень обученности (СОУ)", "Degree of training (СОУ)"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_marked",
                missing=_OF_MARKS,
            ),
            Measure(
                code="mean_mark",
                title=Text("Средний балл", "Mean mark"),
                unit="mark",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_graded",
                missing=Text(
                    "Ученики без отметки и работы без отметок не считаются",
                    "Pupils without a mark and results without marks are left out",
                ),
            ),
            Measure(
                code="low_share",
                title=Text("Доля низких результатов", "Share of low results"),
                unit="percent",
                direction=Direction.LESS_IS_BETTER,
                n_column="n_low_of",
                missing=Text(
                    "Ученики без отметки входят в N; работы без отметок и без числа "
                    "не достигших минимума не считаются",
                    "Pupils without a mark count in N; results with neither marks nor "
                    "a count below the minimum are left out",
                ),
            ),
            Measure(
                code="confirmed_marks",
                title=Text("Подтвердили отметки журнала", "Confirmed journal marks"),
                unit="percent",
                direction=Direction.MORE_IS_BETTER,
                n_column="n_compared",
                missing=Text(
                    "Считаются только ученики, чью отметку сравнили с журналом",
                    "Only pupils whose mark was compared with the journal count",
                ),
            ),
        )
    }
)


def prior_column(measure: str) -> str:
    """Return the column with the pupils that the prior of a measure is worth.

    >>> prior_column("low_share")
    'low_share_prior'
    """
    return f"{measure}_prior"


def place_text(place_from: int, place_to: int) -> str:
    """Write a place in a ranking for people.

    >>> place_text(1, 2), place_text(3, 3)
    ('1–2', '3')
    """
    return str(place_from) if place_from == place_to else f"{place_from}–{place_to}"
