"""Names of the events that services tell each other, and what each of them concerns."""

from enum import StrEnum
from typing import Final

from shared.domain.periods import FIRST_YEAR, LAST_YEAR


class EventKind(StrEnum):
    """What has happened; part of the change feed, so names never change."""

    SCHOOLS_CHANGED = "schools.changed"
    RESULTS_CHANGED = "results.changed"
    RECORDS_CHANGED = "records.changed"
    METHODS_CHANGED = "methods.changed"
    PROGRAMME_CHANGED = "programme.changed"
    AGREEMENT_CHANGED = "agreement.changed"
    DEADLINES_CHANGED = "deadlines.changed"
    CLOCK_MOVED = "clock.moved"
    DATA_YEAR_CHANGED = "data_year.changed"
    SCHOOL_PROGRAMME_CHANGED = "school_programme.changed"
    RECOMMENDATION_CHANGED = "recommendation.changed"
    RESEND_REQUESTED = "resend.requested"
    CHANNEL_TEST_ASKED = "channel_test.asked"


class DeadlinesHappening(StrEnum):
    """What the payload of `DEADLINES_CHANGED` says has `happened`.

    With `REDATED` it names the programme, otherwise the numbers of `deadlines`.
    """

    REDATED = "redated"
    OPENED = "opened"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"


class Topic(StrEnum):
    """What the scoring service computes as one, in the order of its urgency.

    Each is computed for a municipality and an academic year, the programme for all
    years together: see `scoring.runs`.
    """

    RESULTS = "results"
    CONDITIONS = "conditions"
    IDENTIFICATION = "identification"
    OBJECTIVITY = "objectivity"
    PROGRAMME = "programme"
    MATCHING = "matching"


_YEARLY = frozenset(Topic) - {Topic.PROGRAMME}

# An event makes the runs of these topics out of date; `RECORDS_CHANGED` does so by
# the dataset that its payload names.
TOPICS: Final[dict[EventKind, frozenset[Topic]]] = {
    EventKind.SCHOOLS_CHANGED: frozenset(Topic),
    EventKind.RESULTS_CHANGED: frozenset(Topic),
    EventKind.RECORDS_CHANGED: frozenset(Topic),
    EventKind.METHODS_CHANGED: frozenset(Topic),
    EventKind.PROGRAMME_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.AGREEMENT_CHANGED: frozenset({Topic.PROGRAMME, Topic.MATCHING}),
    EventKind.DEADLINES_CHANGED: frozenset(),
    EventKind.CLOCK_MOVED: frozenset(),
    EventKind.DATA_YEAR_CHANGED: frozenset(),
    EventKind.SCHOOL_PROGRAMME_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.RECOMMENDATION_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.RESEND_REQUESTED: frozenset(),
    EventKind.CHANNEL_TEST_ASKED: frozenset(),
}

# What is counted from the rows of a dataset; from one that is not here, nothing.
DATASET_TOPICS: Final[dict[str, frozenset[Topic]]] = {
    "social-passports": _YEARLY | {Topic.PROGRAMME},
    "condition-indices": frozenset({Topic.CONDITIONS, Topic.IDENTIFICATION}),
    "enrolments": frozenset({Topic.RESULTS, Topic.CONDITIONS, Topic.PROGRAMME}),
    "staff-profiles": frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    "vacancies": frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    "staff-trainings": frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    "objectivity-signs": frozenset({Topic.RESULTS, Topic.PROGRAMME, Topic.MATCHING}),
    "mark-boundaries": frozenset({Topic.OBJECTIVITY}),
    "objectivity-limits": frozenset({Topic.OBJECTIVITY}),
    "list-memberships": frozenset({Topic.MATCHING}),
    "climate-surveys": frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    "satisfaction-surveys": frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    "msoko-groups": frozenset({Topic.RESULTS, Topic.PROGRAMME, Topic.MATCHING}),
    "msoko-scores": frozenset({Topic.RESULTS, Topic.PROGRAMME, Topic.MATCHING}),
    "resource-items": frozenset({Topic.RESULTS, Topic.PROGRAMME, Topic.MATCHING}),
    "internal-controls": frozenset({Topic.PROGRAMME}),
    "swot-entries": frozenset({Topic.PROGRAMME}),
    "deficits": frozenset({Topic.MATCHING}),
    "mentor-offers": frozenset({Topic.MATCHING}),
    "mentor-requests": frozenset({Topic.MATCHING}),
    "mentor-suggestion-decisions": frozenset({Topic.MATCHING}),
    "school-distances": frozenset({Topic.MATCHING}),
}

# A run of a year counts from so many years before it, too.
LOOKS_BACK: Final[dict[Topic, int]] = {
    Topic.RESULTS: 3,
    # A method may measure shares by those of any earlier year, and mentors by these.
    Topic.CONDITIONS: LAST_YEAR - FIRST_YEAR,
    Topic.IDENTIFICATION: 4,
    Topic.OBJECTIVITY: 2,
    Topic.PROGRAMME: 0,
    Topic.MATCHING: LAST_YEAR - FIRST_YEAR,
}

# An event after which somebody may have to be reminded.
CONCERNS_REMINDERS: Final = frozenset(
    {
        EventKind.PROGRAMME_CHANGED,
        EventKind.DEADLINES_CHANGED,
        EventKind.CLOCK_MOVED,
        EventKind.RESEND_REQUESTED,
        EventKind.CHANNEL_TEST_ASKED,
    }
)
