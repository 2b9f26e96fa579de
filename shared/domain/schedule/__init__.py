"""Terms of a programme's plan: read from text, dated, and told to people."""

from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    DayOfPeriods,
    DaysEachYear,
    DaySpan,
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
    YearDay,
)
from shared.domain.schedule.occurrences import Occurrence, occurrences
from shared.domain.schedule.parsing import parse_term
from shared.domain.schedule.wording import describe

__all__ = [
    "CalendarPeriodEnds",
    "Dated",
    "DatedThenYearly",
    "DayOfPeriods",
    "DaySpan",
    "DaysEachYear",
    "EveryYear",
    "MonthSpan",
    "MonthsEachYear",
    "Occurrence",
    "OnDemand",
    "Schedule",
    "SchoolHolidays",
    "SchoolTermEnds",
    "TimesAYear",
    "UnreadableTermError",
    "Until",
    "UntilEachYear",
    "WholeProgramme",
    "YearDay",
    "describe",
    "occurrences",
    "parse_term",
]
