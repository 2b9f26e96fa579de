"""A programme as orders may change it, and one change with old and new."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal

from shared.domain.periods import AcademicYear, CalendarYear

YearKind = Literal["academic", "calendar"]
MEASURE_FIELDS: Final = (
    "number",
    "block",
    "title",
    "term_text",
    "responsible_text",
    "parties",
    "expected_result",
)
# What a new indicator states beyond what orders may change.
NEW_INDICATOR_FIELDS: Final = ("code", "task_number", "definition")
INDICATOR_FIELDS: Final = ("title", "unit", "direction", "heading", "target_text")
TARGET_FIELDS: Final = ("low", "high", "text")
PERIOD_FIELDS: Final = ("starts_on", "ends_on", "period_text")


class ChangeKind(StrEnum):
    """What an order does to a programme."""

    ADD_MEASURE = "add_measure"
    REPLACE_MEASURE = "replace_measure"
    WITHDRAW_MEASURE = "withdraw_measure"
    ADD_INDICATOR = "add_indicator"
    WITHDRAW_INDICATOR = "withdraw_indicator"
    CHANGE_TARGET = "change_target"
    CHANGE_INDICATOR = "change_indicator"
    CHANGE_PERIOD = "change_period"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed; `title` is what people call it."""

    kind: ChangeKind
    subject: str
    title: str
    changes: Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class ProgrammeState:
    """What orders change. What was withdrawn has a day in `withdrawn_on`.

    Measures have their key, indicators their code, targets a code and a year. `tasks`
    are the numbers of the programme's tasks, `years` how it reckons its years, and
    `counted` the codes of indicators whose counting is known without a definition.
    """

    period: dict[str, Any]
    measures: dict[str, dict[str, Any]]
    indicators: dict[str, dict[str, Any]]
    targets: dict[tuple[str, int], dict[str, Any]]
    tasks: Collection[int]
    years: YearKind
    counted: Collection[str]

    def year_of(self, day: date) -> int:
        """Return the programme's year that a day lies in, in its own reckoning."""
        kind = AcademicYear if self.years == "academic" else CalendarYear
        return int(kind.of(day))

    def is_in_force(self, on: date) -> bool:
        """Return whether a day lies in the period, its last day included."""
        begins: date = self.period["starts_on"]
        ends: date = self.period["ends_on"]
        return begins <= on <= ends


def is_asked_for(added_on: date | None, withdrawn_on: date | None, last: date) -> bool:
    """Tell whether a year has an indicator that an order may have added or ended.

    It is counted from the year of the order that adds it, up to the year before that of
    the order that ends it; `last` is the year's last day.

    >>> added = date(2020, 9, 10)
    >>> [is_asked_for(added, None, date(year, 12, 31)) for year in (2019, 2020)]
    [False, True]
    """
    is_over_before = added_on is not None and last < added_on
    return not is_over_before and (withdrawn_on is None or last < withdrawn_on)
