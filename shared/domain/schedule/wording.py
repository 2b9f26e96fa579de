"""A schedule told to people, so that they can see how a term was read."""

from datetime import date
from typing import assert_never

from shared.domain.calendar import Window
from shared.domain.errors import Text
from shared.domain.schedule.kinds import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    DayOfPeriods,
    DaysEachYear,
    EveryYear,
    MonthsEachYear,
    MonthSpan,
    OnDemand,
    Schedule,
    SchoolHolidays,
    SchoolTermEnds,
    TimesAYear,
    Until,
    UntilEachYear,
    WholeProgramme,
)
from shared.domain.schedule.months import ENGLISH_NAMES, RUSSIAN_NAMES
from shared.domain.schedule.recurring_wording import (
    told_day,
    told_day_of_periods,
    told_holidays,
    told_school_terms,
    told_span,
)

_CALENDAR_PERIODS = {
    "month": Text("к концу каждого месяца", "by the end of each month"),
    "quarter": Text(
        "к концу каждого квартала календарного года",
        "by the end of each quarter of the calendar year",
    ),
}
_BASES = {
    "request": Text("по запросу, без даты", "on request, without a date"),
    "need": Text("по необходимости, без даты", "when needed, without a date"),
    "regulations": Text(
        "по нормативным документам, без даты", "as regulations require, without a date"
    ),
    "timetable": Text(
        "по отдельному графику, без даты", "by a timetable of its own, without a date"
    ),
}
_WHOLE_PROGRAMME = Text(
    "в течение срока действия программы", "throughout the programme"
)


def describe(  # noqa: C901, PLR0911, PLR0912 - one case for each kind of schedule
    schedule: Schedule,
) -> Text:
    """Return how the schedule was understood, as a phrase without a full stop."""
    match schedule:
        case Dated(windows):
            return _joined([_window(window) for window in windows])
        case DatedThenYearly(window):
            first = _window(window)
            return Text(f"{first.ru}, далее ежегодно", f"{first.en}, then each year")
        case Until(due_on):
            return Text(f"до {_day(due_on)}", f"by {_day(due_on)}")
        case MonthsEachYear(spans):
            return _each_year(_joined([_months(span) for span in spans]))
        case UntilEachYear(days):
            told = _joined([told_day(day) for day in days])
            return _each_year(Text(f"до {told.ru}", f"by {told.en}"))
        case DaysEachYear(spans):
            return _each_year(_joined([told_span(span) for span in spans]))
        case EveryYear(interval):
            return _every_year(interval)
        case TimesAYear(times):
            return _times_a_year(times)
        case SchoolTermEnds():
            return told_school_terms(schedule)
        case SchoolHolidays():
            return told_holidays(schedule)
        case CalendarPeriodEnds(calendar_period):
            return _CALENDAR_PERIODS[calendar_period]
        case DayOfPeriods():
            return told_day_of_periods(schedule)
        case WholeProgramme():
            return _WHOLE_PROGRAMME
        case OnDemand(basis):
            return _BASES[basis]
        case _:
            assert_never(schedule)


def _each_year(told: Text) -> Text:
    return Text(
        f"{told.ru}, каждый год программы", f"{told.en} in each year of the programme"
    )


def _joined(parts: list[Text]) -> Text:
    return Text("; ".join(part.ru for part in parts), "; ".join(p.en for p in parts))


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _window(window: Window) -> Text:
    start, end = _day(window.starts_on), _day(window.ends_on)
    if start == end:
        return Text(start, start)
    return Text(f"с {start} по {end}", f"from {start} to {end}")


def _months(span: MonthSpan) -> Text:
    if span.first == span.last:
        return Text(RUSSIAN_NAMES[span.first], ENGLISH_NAMES[span.first])
    return Text(
        f"{RUSSIAN_NAMES[span.first]} – {RUSSIAN_NAMES[span.last]}",
        f"{ENGLISH_NAMES[span.first]} to {ENGLISH_NAMES[span.last]}",
    )


def _every_year(interval: int) -> Text:
    if interval == 1:
        return Text(
            "ежегодно, к концу года программы",
            "once in each year of the programme, by its end",
        )
    return Text(
        f"один раз в {interval} {'года' if interval in {2, 3, 4} else 'лет'} "
        "программы, к концу года",
        f"once in every {interval} years of the programme, by the end of the year",
    )


def _times_a_year(times: int) -> Text:
    return Text(
        f"не менее {times} раз в год, равными частями года программы",
        f"at least {times} times a year, in equal parts of the programme's year",
    )
