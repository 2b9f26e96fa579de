"""What stops a mentoring agreement from going further."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from shared.domain.agreement_guards import check_plan
from shared.domain.agreements import (
    Action,
    Agreement,
    AgreementStatus,
    Circumstances,
    Side,
    Signature,
    check_draft,
)
from shared.domain.errors import DomainError
from tests.domain.agreement_cases import (
    AT,
    CALM,
    DRAFT,
    agreement_in,
    perform,
)

STEPS = (Action.PROPOSE, Action.SIGN, Action.ACTIVATE, Action.RESUME)
FROM = {
    Action.PROPOSE: AgreementStatus.DRAFT,
    Action.SIGN: AgreementStatus.PROPOSED,
    Action.ACTIVATE: AgreementStatus.SIGNED,
    Action.RESUME: AgreementStatus.SUSPENDED,
}
EVERYWHERE = frozenset(STEPS)
IN_FORCE = frozenset({Action.ACTIVATE, Action.RESUME})


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize(
    ("around", "code", "asked_at"),
    [
        (replace(CALM, mentor_on_low_list=True), "mentor_on_low_list", EVERYWHERE),
        (replace(CALM, duplicate_open=True), "duplicate_agreement", EVERYWHERE),
        (
            replace(CALM, mentor_open_agreements=2),
            "mentor_capacity_exhausted",
            EVERYWHERE,
        ),
        (replace(CALM, mentor_capacity=0), "mentor_capacity_exhausted", EVERYWHERE),
        (
            replace(CALM, programme_starts_on=date(2020, 9, 17)),
            "agreement_outside_programme",
            EVERYWHERE,
        ),
        (
            replace(CALM, programme_ends_on=date(2021, 5, 30)),
            "agreement_outside_programme",
            EVERYWHERE,
        ),
        (replace(CALM, today=date(2020, 9, 15)), "agreement_not_started", IN_FORCE),
        (
            replace(CALM, today=date(2021, 6, 1)),
            "agreement_ended",
            IN_FORCE | {Action.PROPOSE},
        ),
    ],
)
def test_circumstances_stop_an_agreement_at_each_step_that_asks_for_them(
    action: Action, around: Circumstances, code: str, asked_at: frozenset[Action]
) -> None:
    agreement = agreement_in(FROM[action])
    if action not in asked_at:
        assert perform(agreement, action, around).action is action
        return
    with pytest.raises(DomainError) as caught:
        perform(agreement, action, around)
    assert caught.value.code == code
    assert caught.value.detail.ru != caught.value.detail.en


@pytest.mark.parametrize(
    "around",
    [
        replace(CALM, mentor_open_agreements=1),
        replace(
            CALM, programme_starts_on=DRAFT.starts_on, programme_ends_on=DRAFT.ends_on
        ),
        replace(CALM, today=DRAFT.ends_on),
    ],
    ids=["last free place", "exactly the programme's period", "last day"],
)
def test_the_limit_itself_is_allowed(around: Circumstances) -> None:
    signed = agreement_in(AgreementStatus.SIGNED)
    assert perform(signed, Action.ACTIVATE, around).after is AgreementStatus.ACTIVE


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, mentee_school_id=1), "agreement_same_school"),
        (replace(DRAFT, ends_on=date(2020, 9, 15)), "agreement_period_reversed"),
        (replace(DRAFT, goals=()), "agreement_without_goal"),
        (replace(DRAFT, goals=("  ",)), "agreement_without_goal"),
        (replace(DRAFT, plan_measures=0), "agreement_without_plan"),
    ],
)
def test_an_incomplete_draft_cannot_be_proposed(draft: Agreement, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        perform(draft, Action.PROPOSE)
    assert caught.value.code == code


def test_an_impossible_draft_is_refused_at_once_and_an_unfinished_one_is_not() -> None:
    check_draft(replace(DRAFT, goals=(), plan_measures=0))
    with pytest.raises(DomainError) as caught:
        check_draft(replace(DRAFT, mentee_school_id=1))
    assert caught.value.code == "agreement_same_school"


@pytest.mark.parametrize("action", [Action.SIGN, Action.ACTIVATE])
@pytest.mark.parametrize(
    ("confirmed", "allowed"),
    [((), False), ((Side.MENTOR,), False), ((Side.MENTEE,), False), (Side, True)],
)
def test_two_municipalities_must_both_confirm(
    confirmed: Iterable[Side], action: Action, *, allowed: bool
) -> None:
    across = replace(
        agreement_in(FROM[action]),
        mentee_municipality_id=11,
        confirmations=tuple(
            Signature(side=side, actor="office", at=AT) for side in confirmed
        ),
    )
    if allowed:
        assert perform(across, action).action is action
        return
    with pytest.raises(DomainError) as caught:
        perform(across, action)
    assert caught.value.code == "agreement_unconfirmed"


def test_a_draft_can_be_proposed_until_its_last_day() -> None:
    last_day = replace(CALM, today=DRAFT.ends_on)
    assert perform(DRAFT, Action.PROPOSE, last_day).after is AgreementStatus.PROPOSED


def test_a_plan_lies_within_its_agreement_and_each_line_outside_is_named() -> None:
    first, last = DRAFT.starts_on, DRAFT.ends_on
    check_plan([first, last], starts_on=first, ends_on=last)
    with pytest.raises(DomainError) as caught:
        check_plan(
            [date(2020, 9, 15), first, date(2029, 8, 1)], starts_on=first, ends_on=last
        )
    assert [(fault.column, fault.value) for fault in caught.value.faults] == [
        ("body.plan.0.due_on", "2020-09-15"),
        ("body.plan.2.due_on", "2029-08-01"),
    ]
