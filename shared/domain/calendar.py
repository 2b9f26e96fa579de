"""Windows of dates, working days, school terms and the years of a programme."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from shared.domain.errors import InvalidInputError, Text
from shared.domain.periods import AcademicYear, CalendarYear
from shared.domain.production_calendar import is_federal_working_day

ONE_DAY = timedelta(days=1)


class SchoolTermsMissingError(InvalidInputError):
    """The school calendar lacks the terms of an academic year that dates hang on."""

    code = "school_terms_missing"
    title = Text("В школьном календаре нет сроков", "The school calendar has gaps")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of days, both ends included.

    Raises:
        InvalidInputError: The window would end before it starts.
    """

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            start, end = f"{self.starts_on:%d.%m.%Y}", f"{self.ends_on:%d.%m.%Y}"
            raise InvalidInputError(
                Text(
                    f"Период кончается {end}, раньше своего начала {start}. "
                    "Поменяйте даты местами или исправьте одну из них.",
                    f"The period ends on {end}, before its start on {start}. "
                    "Swap the dates or correct one of them.",
                )
            )

    @property
    def days(self) -> int:
        """The number of days, at least one."""
        return (self.ends_on - self.starts_on).days + 1

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, other: "Window") -> bool:
        """Return whether at least one day belongs to both."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days by the federal calendar, with a municipality's own changes.

    Raises:
        InvalidInputError: A day is named both as working and as a day off.
    """

    extra_working_days: frozenset[date] = field(default_factory=frozenset)
    extra_days_off: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if both := sorted(self.extra_working_days & self.extra_days_off):
            days = ", ".join(f"{day:%d.%m.%Y}" for day in both)
            raise InvalidInputError(
                Text(
                    f"Дни названы и рабочими, и выходными: {days}. "
                    "Оставьте каждый день в одном списке.",
                    f"These days are both working days and days off: {days}. "
                    "Leave each day in one list.",
                )
            )

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is worked; the municipality's own changes go first."""
        if day in self.extra_working_days:
            return True
        return day not in self.extra_days_off and is_federal_working_day(day)

    def last_working_day_on_or_before(self, day: date) -> date:
        """Return `day` itself, or the nearest working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def next_working_day_on_or_after(self, day: date) -> date:
        """Return `day` itself, or the nearest working day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day


_QUARTER = Text("четверть", "quarter")
_HALF = Text("полугодие", "half-year")


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """Quarters and half-years of one academic year, as the municipality ordered them.

    Raises:
        InvalidInputError: Terms overlap, are out of order, or leave the academic year.
    """

    academic_year: AcademicYear
    quarters: tuple[Window, ...]
    half_years: tuple[Window, ...]

    def __post_init__(self) -> None:
        for named, terms in ((_QUARTER, self.quarters), (_HALF, self.half_years)):
            for number, term in enumerate(terms, start=1):
                before = terms[number - 2] if number > 1 else None
                wrong = self._misplaced(term, before)
                if wrong is not None:
                    raise InvalidInputError(
                        Text(
                            f"{self.academic_year.label} учебный год, {named.ru} "
                            f"{number} ({term.starts_on} – {term.ends_on}): {wrong.ru} "
                            "Исправьте даты.",
                            f"{self.academic_year.label}, {named.en} {number} "
                            f"({term.starts_on} to {term.ends_on}): {wrong.en} "
                            "Correct the dates.",
                        )
                    )

    def _misplaced(self, term: Window, before: Window | None) -> Text | None:
        year = self.academic_year
        if term.starts_on not in year or term.ends_on not in year:
            return Text(
                f"выходит за пределы года ({year.starts_on} – {year.ends_on}).",
                f"it leaves the academic year ({year.starts_on} to {year.ends_on}).",
            )
        if before is not None and before.ends_on >= term.starts_on:
            return Text(
                f"начинается раньше, чем кончается предыдущее ({before.ends_on}).",
                f"it starts before the one before it has ended ({before.ends_on}).",
            )
        return None


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """A municipality's working days and the terms of its academic years.

    Raises:
        InvalidInputError: An academic year is described twice.
    """

    work: WorkCalendar
    years: tuple[SchoolYear, ...] = ()

    def __post_init__(self) -> None:
        if len({year.academic_year for year in self.years}) < len(self.years):
            raise InvalidInputError(
                Text(
                    "Один учебный год описан в календаре дважды. Удалите лишнее.",
                    "The calendar describes an academic year twice. Remove one.",
                )
            )

    def terms(
        self, academic_year: AcademicYear, term: Literal["quarter", "half_year"]
    ) -> tuple[Window, ...]:
        """Return the quarters or half-years of `academic_year`, in order.

        Raises:
            SchoolTermsMissingError: The calendar does not give them.
        """
        for year in self.years:
            terms = year.quarters if term == "quarter" else year.half_years
            if year.academic_year == academic_year and terms:
                return terms
        ru, en = {
            "quarter": ("четвертей", "quarters"),
            "half_year": ("полугодий", "half-years"),
        }[term]
        label = academic_year.label
        raise SchoolTermsMissingError(
            Text(
                f"В школьном календаре нет {ru} {label} учебного года. Внесите даты "
                "их начала и конца: POST /v1/school-calendar. Хватит ожидаемых: "
                "когда их исправят, сроки сдвинутся.",
                f"The school calendar lacks the {en} of {label}. Enter the dates of "
                "their starts and ends: POST /v1/school-calendar. Expected ones will "
                "do: deadlines move when the dates are corrected.",
            )
        )


@dataclass(frozen=True, slots=True)
class ProgrammePeriod:
    """A programme's first and last day, and whether its years turn in January.

    Raises:
        InvalidInputError: The programme would end before it starts.
    """

    starts_on: date
    ends_on: date
    counted_in: Literal["calendar", "academic"]

    def __post_init__(self) -> None:
        Window(self.starts_on, self.ends_on)

    @property
    def window(self) -> Window:
        """The programme from its first to its last day."""
        return Window(self.starts_on, self.ends_on)

    def whole_years(self) -> tuple[Window, ...]:
        """Return the calendar or academic years that the programme touches."""
        kind = CalendarYear if self.counted_in == "calendar" else AcademicYear
        first, last = int(kind.of(self.starts_on)), int(kind.of(self.ends_on))
        years = (kind(number) for number in range(first, last + 1))
        return tuple(Window(year.starts_on, year.ends_on) for year in years)

    def years(self) -> tuple[Window, ...]:
        """Return the programme's years, the first and last clipped to its period."""
        return tuple(
            Window(max(year.starts_on, self.starts_on), min(year.ends_on, self.ends_on))
            for year in self.whole_years()
        )
