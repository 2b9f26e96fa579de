"""Which steps a publication of a ranking takes, and when."""

from datetime import date, timedelta

import pytest

from shared.domain.ranking_publications import (
    InvalidWindowError,
    ObjectionStatus,
    ObjectionWindowError,
    PublicationStatus,
    PublicationWrongStateError,
    UnansweredObjectionsError,
    check_objecting,
    check_publishing,
    check_window,
    require_open,
)

FIRST, LAST = date(2020, 10, 5), date(2020, 10, 16)
DAY = timedelta(days=1)
DRAFT = PublicationStatus.DRAFT
LATER = sorted(set(PublicationStatus) - {DRAFT})


def test_a_window_may_be_one_day_and_end_today() -> None:
    check_window(FIRST, FIRST, today=FIRST)


@pytest.mark.parametrize(
    ("last", "today"), [(FIRST - DAY, FIRST - DAY), (LAST, LAST + DAY)]
)
def test_a_window_that_nobody_can_use_is_refused(last: date, today: date) -> None:
    with pytest.raises(InvalidWindowError):
        check_window(FIRST, last, today=today)


@pytest.mark.parametrize("today", [FIRST, LAST])
def test_schools_object_on_both_days_that_bound_the_window(today: date) -> None:
    check_objecting(DRAFT, FIRST, LAST, today=today)


@pytest.mark.parametrize("today", [FIRST - DAY, LAST + DAY])
def test_nobody_objects_outside_the_window(today: date) -> None:
    with pytest.raises(ObjectionWindowError):
        check_objecting(DRAFT, FIRST, LAST, today=today)


@pytest.mark.parametrize("status", LATER)
def test_only_a_draft_is_objected_to_and_published(status: PublicationStatus) -> None:
    with pytest.raises(PublicationWrongStateError):
        check_objecting(status, FIRST, LAST, today=FIRST)
    with pytest.raises(PublicationWrongStateError):
        check_publishing(status, LAST, today=LAST + DAY, unanswered=0)


def test_publishing_waits_for_the_window_and_for_answers() -> None:
    with pytest.raises(ObjectionWindowError):
        check_publishing(DRAFT, LAST, today=LAST, unanswered=0)
    with pytest.raises(UnansweredObjectionsError):
        check_publishing(DRAFT, LAST, today=LAST + DAY, unanswered=1)
    check_publishing(DRAFT, LAST, today=LAST + DAY, unanswered=0)


def test_an_objection_is_answered_once() -> None:
    require_open(ObjectionStatus.OPEN)
    for status in (ObjectionStatus.ACCEPTED, ObjectionStatus.REJECTED):
        with pytest.raises(PublicationWrongStateError):
            require_open(status)
