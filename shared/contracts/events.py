"""Names of the events that services tell each other, and what each of them concerns."""

from enum import StrEnum


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


class Topic(StrEnum):
    """What the scoring service computes as one: see `scoring.runs`."""

    RESULTS = "results"
    PROGRAMME = "programme"


# An event makes the runs of these topics out of date.
TOPICS: dict[EventKind, frozenset[Topic]] = {
    EventKind.SCHOOLS_CHANGED: frozenset({Topic.RESULTS, Topic.PROGRAMME}),
    EventKind.RESULTS_CHANGED: frozenset({Topic.RESULTS}),
    EventKind.RECORDS_CHANGED: frozenset(),
    EventKind.METHODS_CHANGED: frozenset({Topic.RESULTS}),
    EventKind.PROGRAMME_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.AGREEMENT_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.DEADLINES_CHANGED: frozenset(),
    EventKind.CLOCK_MOVED: frozenset(),
    EventKind.DATA_YEAR_CHANGED: frozenset(),
    EventKind.SCHOOL_PROGRAMME_CHANGED: frozenset({Topic.PROGRAMME}),
    EventKind.RECOMMENDATION_CHANGED: frozenset(),
}

# An event after which somebody may have to be reminded.
CONCERNS_REMINDERS = frozenset(
    {
        EventKind.PROGRAMME_CHANGED,
        EventKind.DEADLINES_CHANGED,
        EventKind.CLOCK_MOVED,
    }
)
