"""Reading back what was known of a thing, change by change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.versions import RecordedChange, known_versions

DAWN = datetime(2020, 9, 1, tzinfo=UTC)
FIELDS = ("n", "n2", "subject")
VALUES = st.none() | st.integers(0, 3)
STATES = st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES))


def hours(number: int) -> datetime:
    return DAWN + timedelta(hours=number)


def changes_between(states: list[dict[str, Any]]) -> list[RecordedChange]:
    return [
        RecordedChange(
            hours(place),
            {name: (old[name], new[name]) for name in FIELDS if old[name] != new[name]},
        )
        for place, (old, new) in enumerate(pairwise(states), start=1)
    ]


@given(st.lists(STATES, min_size=1, max_size=6))
def test_every_state_is_read_back_with_its_time(states: list[dict[str, Any]]) -> None:
    versions = known_versions(states[-1], changes_between(states), since=DAWN)
    assert [dict(version.values) for version in versions] == states
    assert [version.since for version in versions] == [
        hours(place) for place in range(len(states))
    ]
    ends = [*(version.since for version in versions[1:]), None]
    assert [version.until for version in versions] == ends


@given(st.lists(STATES, min_size=1, max_size=6))
def test_what_was_created_and_removed_is_read_back_from_the_changes_alone(
    states: list[dict[str, Any]],
) -> None:
    first, last = states[0], states[-1]
    created = RecordedChange(
        DAWN, {name: (None, value) for name, value in first.items()}, creates=True
    )
    removed = RecordedChange(
        hours(9), {name: (value, None) for name, value in last.items()}
    )
    changes = [created, *changes_between(states), removed]
    versions = known_versions(None, changes, since=None)
    assert [dict(version.values) for version in versions] == states
    assert versions[0].change == 0
    assert versions[-1].until == hours(9)


def test_without_a_beginning_the_time_before_the_first_change_is_left_out() -> None:
    change = RecordedChange(hours(1), {"n": (1, 2)})
    (version,) = known_versions({"n": 2}, [change], since=None)
    assert (version.since, version.values) == (hours(1), {"n": 2})
