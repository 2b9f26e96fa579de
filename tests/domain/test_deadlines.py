"""The life of a deadline, by its rules and by any walk through them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.deadlines import (
    MET_BY,
    OWED,
    DeadlineFollowsRecordError,
    DeadlineKind,
    DeadlineState,
    DeadlineStep,
    DeadlineWrongStateError,
    handed_in,
    possible_steps,
    take_step,
)

REPORTED = [kind for kind in DeadlineKind if kind not in MET_BY]
STEPS = {
    (DeadlineState.OPEN, DeadlineStep.SUBMIT): DeadlineState.SUBMITTED,
    (DeadlineState.RETURNED, DeadlineStep.SUBMIT): DeadlineState.SUBMITTED,
    (DeadlineState.SUBMITTED, DeadlineStep.ACCEPT): DeadlineState.DONE,
    (DeadlineState.SUBMITTED, DeadlineStep.RETURN): DeadlineState.RETURNED,
}


@pytest.mark.parametrize("state", DeadlineState)
@pytest.mark.parametrize("step", DeadlineStep)
@pytest.mark.parametrize("kind", REPORTED)
def test_only_these_steps_exist(
    state: DeadlineState, step: DeadlineStep, kind: DeadlineKind
) -> None:
    after = STEPS.get((state, step))
    assert (step in possible_steps(state, kind=kind)) is (after is not None)
    if after is not None:
        assert take_step(state, step, kind=kind) is after
        return
    with pytest.raises(DeadlineWrongStateError):
        take_step(state, step, kind=kind)


@given(steps=st.lists(st.sampled_from(DeadlineStep)), kind=st.sampled_from(REPORTED))
def test_whatever_people_try_nothing_is_done_without_a_report_after_the_last_return(
    steps: list[DeadlineStep], kind: DeadlineKind
) -> None:
    state, taken = DeadlineState.OPEN, []
    for step in steps:
        try:
            state = take_step(state, step, kind=kind)
        except DeadlineWrongStateError:
            continue
        taken.append(step)
    if state is DeadlineState.DONE:
        assert taken[-2:] == [DeadlineStep.SUBMIT, DeadlineStep.ACCEPT]
        assert possible_steps(state, kind=kind) == ()
    assert (state in OWED) == (not taken or taken[-1] is DeadlineStep.RETURN)
    returns = taken.count(DeadlineStep.RETURN)
    assert taken.count(DeadlineStep.SUBMIT) - returns in {0, 1}


@pytest.mark.parametrize("kind", REPORTED)
def test_the_municipalitys_own_report_closes_and_a_schools_waits(
    kind: DeadlineKind,
) -> None:
    opened = DeadlineState.OPEN
    municipal = handed_in(opened, kind=kind, is_municipal=True)
    assert municipal is DeadlineState.DONE
    of_school = handed_in(opened, kind=kind, is_municipal=False)
    assert of_school is DeadlineState.SUBMITTED
    with pytest.raises(DeadlineWrongStateError):
        handed_in(DeadlineState.DONE, kind=kind, is_municipal=True)


@pytest.mark.parametrize("kind", MET_BY)
@pytest.mark.parametrize("state", DeadlineState)
def test_what_has_a_record_of_its_own_takes_no_report(
    kind: DeadlineKind, state: DeadlineState
) -> None:
    with pytest.raises(DeadlineFollowsRecordError) as refused:
        take_step(state, DeadlineStep.SUBMIT, kind=kind)
    assert MET_BY[kind] in refused.value.detail.ru
    assert possible_steps(state, kind=kind) == ()
