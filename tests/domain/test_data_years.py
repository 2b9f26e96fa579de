"""The states of a year of data, and who may change data in which of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.data_years import (
    WRITABLE,
    YearLockedError,
    YearNotBegunError,
    YearState,
    YearStep,
    YearSubmittedError,
    YearWrongStateError,
    check_writable,
    effective_state,
    possible_steps,
    require_begun,
    take_step,
)
from shared.domain.periods import AcademicYear

YEAR = AcademicYear(2019)
# Rows are states, columns the steps in their order; a dash is impossible.
TABLE = """
          submit    accept   return   lock   unlock
open      submitted -        -        locked -
submitted -         accepted returned locked -
returned  submitted -        -        locked -
accepted  -         -        returned locked -
locked    -         -        -        -      unlocked
unlocked  submitted -        -        locked -
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_state_has_the_steps_of_the_table(row: list[str]) -> None:
    state = YearState(row[0])
    for name, after in zip(HEAD, row[1:], strict=True):
        step = YearStep(name)
        if after == "-":
            with pytest.raises(YearWrongStateError) as caught:
                take_step(state, step)
            assert all(s in caught.value.detail.en for s in possible_steps(state))
        else:
            assert take_step(state, step) == after
    assert len(ROWS) == len(YearState)


@given(st.lists(st.sampled_from(YearStep)))
def test_no_way_leads_out_of_a_lock_but_an_order(steps: list[YearStep]) -> None:
    state = YearState.OPEN
    for step in steps:
        before = state
        if step in possible_steps(state):
            state = take_step(state, step)
        if before is YearState.LOCKED and state is not before:
            assert step is YearStep.UNLOCK


@pytest.mark.parametrize("state", sorted(WRITABLE))
def test_an_open_year_asks_nobody_for_a_reason(state: YearState) -> None:
    check_writable(YEAR, [state], reason=None, may_correct=False)


@pytest.mark.parametrize(
    ("states", "error"),
    [
        ([YearState.LOCKED], YearLockedError),
        ([YearState.OPEN, YearState.LOCKED, YearState.SUBMITTED], YearLockedError),
        ([YearState.SUBMITTED], YearSubmittedError),
        ([YearState.ACCEPTED, YearState.OPEN], YearSubmittedError),
    ],
)
def test_a_closed_year_asks_for_both_a_right_and_a_reason(
    states: list[YearState], error: type[Exception]
) -> None:
    for reason, may_correct in ((None, True), ("", True), ("Апелляция", False)):
        with pytest.raises(error, match="reason" if may_correct else "coordinator"):
            check_writable(YEAR, states, reason=reason, may_correct=may_correct)
    check_writable(YEAR, states, reason="Апелляция", may_correct=True)


def test_what_was_done_with_the_whole_counts_where_nothing_was_with_the_part() -> None:
    assert effective_state(None, None) is YearState.OPEN
    assert effective_state(None, YearState.LOCKED) is YearState.LOCKED
    assert effective_state(YearState.UNLOCKED, YearState.LOCKED) is YearState.UNLOCKED


def test_no_step_is_taken_in_a_year_to_come() -> None:
    require_begun(YEAR, YEAR)
    with pytest.raises(YearNotBegunError, match="2020/2021"):
        require_begun(YEAR.next, YEAR)
