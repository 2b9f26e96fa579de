"""What is open to a person in each status of an agreement."""

from dataclasses import replace

import pytest

from shared.domain.agreement_options import actions_open_to, own_side
from shared.domain.agreement_performers import Performer
from shared.domain.agreements import Action, AgreementStatus, Side
from tests.domain.agreement_cases import SIGNATURES, agreement_in

OFFICE = frozenset({Performer.MENTOR_MUNICIPALITY, Performer.MENTEE_MUNICIPALITY})
MENTOR = frozenset({Performer.MENTOR_SCHOOL})
MENTEE = frozenset({Performer.MENTEE_SCHOOL})
NOBODY: frozenset[Performer] = frozenset()


@pytest.mark.parametrize(
    ("by", "side"),
    [(MENTOR, Side.MENTOR), (MENTEE, Side.MENTEE), (OFFICE, None), (NOBODY, None)],
)
def test_a_school_signs_for_its_own_side(
    by: frozenset[Performer], side: Side | None
) -> None:
    assert own_side(Action.SIGN, by) is side


@pytest.mark.parametrize(
    ("status", "office", "school"),
    [
        (AgreementStatus.DRAFT, ("propose", "terminate"), ("propose",)),
        (AgreementStatus.PROPOSED, ("sign", "terminate"), ("sign",)),
        (AgreementStatus.SIGNED, ("activate", "terminate"), ()),
        (AgreementStatus.ACTIVE, ("suspend", "complete", "terminate"), ()),
        (AgreementStatus.SUSPENDED, ("resume", "terminate"), ()),
        (AgreementStatus.COMPLETED, (), ()),
        (AgreementStatus.TERMINATED, (), ()),
    ],
)
def test_each_status_opens_its_actions_to_those_who_may(
    status: AgreementStatus, office: tuple[str, ...], school: tuple[str, ...]
) -> None:
    agreement = agreement_in(status)
    assert actions_open_to(agreement, OFFICE) == office
    assert actions_open_to(agreement, MENTOR) == school
    assert actions_open_to(agreement, NOBODY) == ()


def test_signing_is_open_to_those_whose_signature_is_awaited() -> None:
    (mentors, _) = SIGNATURES
    half = replace(agreement_in(AgreementStatus.PROPOSED), signatures=(mentors,))
    assert actions_open_to(half, MENTOR) == ()
    assert actions_open_to(half, MENTEE) == (Action.SIGN,)
    assert Action.SIGN in actions_open_to(half, OFFICE)


def test_confirming_is_open_to_coordinators_of_two_municipalities_once_each() -> None:
    across = replace(agreement_in(AgreementStatus.PROPOSED), mentee_municipality_id=11)
    mentors, mentees = Performer.MENTOR_MUNICIPALITY, Performer.MENTEE_MUNICIPALITY
    assert Action.CONFIRM in actions_open_to(across, frozenset({mentors}))
    assert own_side(Action.CONFIRM, {mentors}) is Side.MENTOR
    half = replace(across, confirmations=SIGNATURES[:1])
    assert Action.CONFIRM not in actions_open_to(half, frozenset({mentors}))
    assert Action.CONFIRM in actions_open_to(half, frozenset({mentees}))
