"""The guards of a mentoring agreement: what must hold before it goes further."""

from collections.abc import Sequence
from datetime import date

from shared.domain.agreement_date_errors import PlanOutsideAgreementError
from shared.domain.agreement_errors import (
    AgreementEndedError,
    AgreementNotStartedError,
    AgreementOutsideProgrammeError,
    AgreementPeriodReversedError,
    AgreementSameSchoolError,
    AgreementUnconfirmedError,
    AgreementWithoutGoalError,
    AgreementWithoutPlanError,
    DuplicateAgreementError,
    MentorCapacityExhaustedError,
    MentorOnLowListError,
)
from shared.domain.agreement_terms import Action, Agreement, Circumstances


def check_draft(agreement: Agreement) -> None:
    """Refuse what can never become an agreement, already when it is drafted.

    Raises:
        AgreementSameSchoolError: The school would mentor itself.
        AgreementPeriodReversedError: It ends before it starts.
    """
    if agreement.mentor_school_id == agreement.mentee_school_id:
        raise AgreementSameSchoolError
    if agreement.ends_on < agreement.starts_on:
        raise AgreementPeriodReversedError(agreement.starts_on, agreement.ends_on)


def check_plan(due_on: Sequence[date], *, starts_on: date, ends_on: date) -> None:
    """Refuse a plan whose measures are not all due within the agreement's period.

    Raises:
        PlanOutsideAgreementError: Its faults name every line that is due outside.
    """
    outside = [
        (place, day)
        for place, day in enumerate(due_on)
        if not starts_on <= day <= ends_on
    ]
    if outside:
        raise PlanOutsideAgreementError(outside, starts_on=starts_on, ends_on=ends_on)


def check_guards(
    agreement: Agreement, action: Action, circumstances: Circumstances
) -> None:
    """Raise the error of the first guard of `action` that does not hold.

    The mentor's guards are asked again at every step towards being in force, since
    lists and other agreements change between proposal and activation.
    """
    if action is Action.PROPOSE:
        check_draft(agreement)
        _check_content(agreement)
        _check_not_over(agreement, circumstances.today)
    if action in {Action.PROPOSE, Action.SIGN, Action.ACTIVATE, Action.RESUME}:
        _check_mentor(agreement, circumstances)
        _check_programme(agreement, circumstances)
    if action in {Action.SIGN, Action.ACTIVATE}:
        _check_municipalities(agreement)
    if action in {Action.ACTIVATE, Action.RESUME}:
        _check_day(agreement, circumstances.today)


def _check_content(agreement: Agreement) -> None:
    if not any(goal.strip() for goal in agreement.goals):
        raise AgreementWithoutGoalError
    if agreement.plan_measures < 1:
        raise AgreementWithoutPlanError


def _check_mentor(agreement: Agreement, circumstances: Circumstances) -> None:
    if circumstances.mentor_on_low_list:
        raise MentorOnLowListError(agreement.problem)
    if circumstances.duplicate_open:
        raise DuplicateAgreementError(agreement.problem)
    if circumstances.mentor_open_agreements >= circumstances.mentor_capacity:
        raise MentorCapacityExhaustedError(
            capacity=circumstances.mentor_capacity,
            already_open=circumstances.mentor_open_agreements,
        )


def _check_programme(agreement: Agreement, circumstances: Circumstances) -> None:
    starts_on = circumstances.programme_starts_on
    ends_on = circumstances.programme_ends_on
    if agreement.starts_on < starts_on or agreement.ends_on > ends_on:
        raise AgreementOutsideProgrammeError(starts_on, ends_on)


def _check_municipalities(agreement: Agreement) -> None:
    concerned = {agreement.mentor_municipality_id, agreement.mentee_municipality_id}
    if agreement.is_across and not concerned <= agreement.confirming_municipalities:
        raise AgreementUnconfirmedError


def _check_day(agreement: Agreement, today: date) -> None:
    if today < agreement.starts_on:
        raise AgreementNotStartedError(agreement.starts_on)
    _check_not_over(agreement, today)


def _check_not_over(agreement: Agreement, today: date) -> None:
    if today > agreement.ends_on:
        raise AgreementEndedError(agreement.ends_on)
