"""Years of two kinds: academic years of results, calendar years of targets.

The two never mix: comparing or subtracting across the kinds is a type error, because
"2020" as a target year and "2020/2021" as a year of results overlap by four months.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from shared.domain.errors import Fault, InvalidInputError, Text

FIRST_YEAR = 1990
LAST_YEAR = 2100
_ACADEMIC_YEAR_STARTS_IN = 9


def _require_plausible(year: int) -> None:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return
    reason = Text(
        f"Год {year} не принят: укажите год от {FIRST_YEAR} до {LAST_YEAR}.",
        f"The year {year} is not accepted: give one from {FIRST_YEAR} to {LAST_YEAR}.",
    )
    raise InvalidInputError(
        reason, faults=[Fault(reason=reason, column="year", value=str(year))]
    )


@dataclass(frozen=True, slots=True, order=True)
class AcademicYear:
    """A school year, named by the calendar year in which it starts.

    `AcademicYear(2019)` is 2019/2020: 1 September 2019 – 31 August 2020.

    Raises:
        InvalidInputError: the start lies outside `FIRST_YEAR` … `LAST_YEAR`.
    """

    start: int

    def __post_init__(self) -> None:
        _require_plausible(self.start)

    def __int__(self) -> int:
        return self.start

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the academic year that `day` falls in; it turns on 1 September."""
        return cls(day.year if day.month >= _ACADEMIC_YEAR_STARTS_IN else day.year - 1)

    @property
    def label(self) -> str:
        """Both calendar years, as people write it: ``2019/2020``."""
        return f"{self.start}/{self.start + 1}"

    @property
    def starts_on(self) -> date:
        """1 September of the start year."""
        return date(self.start, _ACADEMIC_YEAR_STARTS_IN, 1)

    @property
    def ends_on(self) -> date:
        """31 August of the following year, inclusive."""
        return date(self.start + 1, 8, 31)

    @property
    def previous(self) -> Self:
        """The academic year before this one."""
        return type(self)(self.start - 1)

    @property
    def next(self) -> Self:
        """The academic year after this one."""
        return type(self)(self.start + 1)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, order=True)
class CalendarYear:
    """A year from 1 January to 31 December; programme targets are set for these.

    Raises:
        InvalidInputError: the year lies outside `FIRST_YEAR` … `LAST_YEAR`.
    """

    year: int

    def __post_init__(self) -> None:
        _require_plausible(self.year)

    def __int__(self) -> int:
        return self.year

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the calendar year that `day` falls in."""
        return cls(day.year)

    @property
    def label(self) -> str:
        """The year in digits: ``2020``."""
        return str(self.year)

    @property
    def starts_on(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def ends_on(self) -> date:
        """31 December, inclusive."""
        return date(self.year, 12, 31)

    @property
    def previous(self) -> Self:
        """The calendar year before this one."""
        return type(self)(self.year - 1)

    @property
    def next(self) -> Self:
        """The calendar year after this one."""
        return type(self)(self.year + 1)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
