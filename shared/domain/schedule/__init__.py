"""Terms of a programme's plan: read from text, dated, and told to people."""

from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    EveryYear,
    MonthsEachYear,
    MonthSpan,
    OnDemand,
    Schedule,
    SchoolTermEnds,
    TimesAYear,
    Until,
    WholeProgramme,
)
from shared.domain.schedule.occurrences import Occurrence, occurrences
from shared.domain.schedule.parsing import parse_term
from shared.domain.schedule.wording import describe

__all__ = [
    "CalendarPeriodEnds",
    "Dated",
    "DatedThenYearly",
    "EveryYear",
    "MonthSpan",
    "MonthsEachYear",
    "Occurrence",
    "OnDemand",
    "Schedule",
    "SchoolTermEnds",
    "TimesAYear",
    "UnreadableTermError",
    "Until",
    "WholeProgramme",
    "describe",
    "occurrences",
    "parse_term",
]
