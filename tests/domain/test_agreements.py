"""Statuses, signatures and reasons of mentoring agreements."""

from dataclasses import replace
from datetime import date

import pytest

from shared.domain.agreements import (
    Action,
    AgreementStatus,
    Side,
    Signature,
    apply,
)
from shared.domain.errors import DomainError
from tests.domain.agreement_cases import (
    AT,
    CALM,
    agreement_in,
    perform,
)

# A row for each status, a column for each action; "-" is a refusal.
TABLE = """
           propose  confirm  sign     activate suspend   resume complete  terminate
draft      proposed -        -        -        -         -      -         terminated
proposed   -        proposed proposed -        -         -      -         terminated
signed     -        -        -        active   -         -      -         terminated
active     -        -        -        -        suspended -      completed terminated
suspended  -        -        -        -        -         active -         terminated
completed  -        -        -        -        -         -      -         -
terminated -        -        -        -        -         -      -         -
"""


def table_cells() -> list[tuple[AgreementStatus, Action, str]]:
    header, *rows = (line.split() for line in TABLE.strip().splitlines())
    return [
        (AgreementStatus(row[0]), Action(action), cell)
        for row in rows
        for action, cell in zip(header, row[1:], strict=True)
    ]


@pytest.mark.parametrize(("status", "action", "expected"), table_cells())
def test_each_action_leads_where_the_table_says_or_is_refused(
    status: AgreementStatus, action: Action, expected: str
) -> None:
    agreement = agreement_in(status)
    if action is Action.CONFIRM:
        agreement = replace(agreement, mentee_municipality_id=11)
    if expected == "-":
        with pytest.raises(DomainError) as caught:
            perform(agreement, action)
        assert caught.value.code == "agreement_wrong_state"
        return
    transition = perform(agreement, action)
    assert transition.after == expected
    assert transition.before is status
    assert (transition.actor, transition.at) == ("coordinator", AT)


def test_the_table_covers_every_status_and_action() -> None:
    cells = {(status, action) for status, action, _ in table_cells()}
    assert cells == {(s, a) for s in AgreementStatus for a in Action}


def test_a_refusal_names_what_is_possible_instead() -> None:
    with pytest.raises(DomainError) as caught:
        perform(agreement_in(AgreementStatus.SIGNED), Action.SUSPEND)
    assert "activate, terminate" in caught.value.detail.en
    assert "ввести в действие, расторгнуть" in caught.value.detail.ru
    with pytest.raises(DomainError, match="it is closed"):
        perform(agreement_in(AgreementStatus.COMPLETED), Action.RESUME)


def test_both_sides_sign_once_each_with_who_and_when() -> None:
    proposed = agreement_in(AgreementStatus.PROPOSED)
    first = apply(
        proposed,
        Action.SIGN,
        side=Side.MENTEE,
        actor="mentee editor",
        at=AT,
        circumstances=CALM,
    )
    assert first.after is AgreementStatus.PROPOSED
    assert first.agreement.signature_of(Side.MENTOR) is None
    with pytest.raises(DomainError) as caught:
        apply(
            first.agreement,
            Action.SIGN,
            side=Side.MENTEE,
            actor="another",
            at=AT,
            circumstances=CALM,
        )
    assert caught.value.code == "already_signed"
    second = perform(first.agreement, Action.SIGN)
    assert second.after is AgreementStatus.SIGNED
    assert second.agreement.signature_of(Side.MENTEE) == Signature(
        side=Side.MENTEE, actor="mentee editor", at=AT
    )


def test_a_signature_needs_its_side() -> None:
    with pytest.raises(DomainError) as caught:
        apply(
            agreement_in(AgreementStatus.PROPOSED),
            Action.SIGN,
            actor="x",
            at=AT,
            circumstances=CALM,
        )
    assert caught.value.code == "signature_side_required"


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_termination_needs_a_reason(reason: str | None) -> None:
    with pytest.raises(DomainError) as caught:
        apply(
            agreement_in(AgreementStatus.ACTIVE),
            Action.TERMINATE,
            actor="x",
            at=AT,
            reason=reason,
            circumstances=CALM,
        )
    assert caught.value.code == "reason_required"


def test_a_termination_keeps_its_reason_whatever_the_circumstances() -> None:
    around = replace(CALM, mentor_on_low_list=True, today=date(2023, 1, 1))
    transition = perform(agreement_in(AgreementStatus.ACTIVE), Action.TERMINATE, around)
    assert transition.reason == "The school was closed"
