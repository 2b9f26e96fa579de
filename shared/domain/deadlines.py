"""Deadlines: what is owed by a day, of whichever kind, and the states of it."""

from enum import StrEnum
from typing import Final


class DeadlineKind(StrEnum):
    """What is owed: part of the key of a deadline, so names never change."""

    MEASURE = "measure"
    AGREEMENT_PLAN = "agreement_plan"
    SCHOOL_PROGRAMME = "school_programme"
    ANTI_RISK_PROGRAMME = "anti_risk_programme"
    RECOMMENDATION = "recommendation"
    DATA_YEAR = "data_year"


class DeadlineState(StrEnum):
    """How far it is; `PAST` lay before its programme began and was never owed."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    PAST = "past"
    WITHDRAWN = "withdrawn"


# Reminded of, and overdue once the day has passed; what is submitted waits for the
# coordinator instead.
OWED: Final = frozenset({DeadlineState.OPEN, DeadlineState.RETURNED})
