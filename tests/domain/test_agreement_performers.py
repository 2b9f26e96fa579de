"""Who may do what with a mentoring agreement."""

from dataclasses import replace

import pytest

from shared.domain.agreement_performers import (
    AgreementForbiddenError,
    Performer,
    check_performer,
    may_perform,
    performers,
)
from shared.domain.agreements import Action, Agreement, Side
from tests.domain.agreement_cases import (
    DRAFT,
)

ACROSS = replace(DRAFT, mentee_municipality_id=11)
BOTH_COORDINATORS = {Performer.MENTOR_MUNICIPALITY, Performer.MENTEE_MUNICIPALITY}


@pytest.mark.parametrize(
    ("agreement", "school", "municipality", "expected"),
    [
        (DRAFT, 1, None, {Performer.MENTOR_SCHOOL}),
        (DRAFT, 2, None, {Performer.MENTEE_SCHOOL}),
        (DRAFT, 3, None, set()),
        (DRAFT, None, 10, BOTH_COORDINATORS),
        (DRAFT, None, 11, set()),
        (ACROSS, None, 11, {Performer.MENTEE_MUNICIPALITY}),
        (DRAFT, None, None, set()),
    ],
)
def test_a_person_stands_towards_an_agreement_by_school_or_municipality(
    agreement: Agreement,
    school: int | None,
    municipality: int | None,
    expected: set[Performer],
) -> None:
    assert expected == performers(
        agreement, edits_school=school, coordinates_municipality=municipality
    )


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("performer", Performer)
def test_schools_propose_and_sign_for_themselves_and_coordinators_do_the_rest(
    action: Action, side: Side, performer: Performer
) -> None:
    own_side = performer.value.startswith(side.value)
    is_coordinator = performer in BOTH_COORDINATORS
    expected = {
        Action.PROPOSE: True,
        Action.SIGN: own_side,
        Action.CONFIRM: own_side and is_coordinator,
    }.get(action, is_coordinator)
    assert may_perform(action, by={performer}, side=side) is expected
    if not expected:
        with pytest.raises(AgreementForbiddenError) as caught:
            check_performer(action, by={performer}, side=side)
        assert caught.value.code == "agreement_forbidden"


def test_a_stranger_may_do_nothing() -> None:
    assert not any(
        may_perform(action, by=frozenset(), side=side)
        for action in Action
        for side in (*Side, None)
    )
