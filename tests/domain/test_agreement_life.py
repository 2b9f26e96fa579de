"""Any sequence of actions keeps the promises of an agreement."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.domain.agreements import (
    CLOSED_STATUSES,
    Action,
    AgreementStatus,
    Side,
    apply,
    possible_actions,
)
from shared.domain.errors import DomainError
from tests.domain.agreement_cases import (
    AT,
    CALM,
    DRAFT,
)


class AgreementLife(RuleBasedStateMachine):
    """Any sequence of actions in any circumstances keeps the promises below."""

    def __init__(self) -> None:
        super().__init__()
        self.agreement = DRAFT
        self.closed = False
        self.activated = False

    @rule(
        action=st.sampled_from(Action),
        side=st.none() | st.sampled_from(Side),
        reason=st.none() | st.sampled_from(["", "moved"]),
        today=st.dates(date(2020, 9, 10), date(2021, 6, 10)),
        already_open=st.integers(0, 2),
        low=st.booleans(),
    )
    def act(
        self,
        action: Action,
        side: Side | None,
        reason: str | None,
        today: date,
        already_open: int,
        *,
        low: bool,
    ) -> None:
        """Try one action on some day, with more or less room for it."""
        before = self.agreement
        around = replace(
            CALM,
            today=today,
            mentor_open_agreements=already_open,
            mentor_on_low_list=low,
        )
        try:
            transition = apply(
                before,
                action,
                side=side,
                actor="x",
                at=AT,
                reason=reason,
                circumstances=around,
            )
        except DomainError:
            assert self.agreement == before
            return
        assert not self.closed
        assert action in possible_actions(before.status)
        assert action is not Action.TERMINATE or transition.reason
        if transition.after is AgreementStatus.ACTIVE:
            self.activated = True
            assert before.starts_on <= today <= before.ends_on
            assert not low
            assert already_open < around.mentor_capacity
        self.agreement = transition.agreement
        self.closed = transition.after in CLOSED_STATUSES

    @invariant()
    def both_have_signed_what_is_signed(self) -> None:
        """From `signed` on, each side's signature is there, once."""
        signed = {signature.side for signature in self.agreement.signatures}
        assert len(signed) == len(self.agreement.signatures)
        if self.agreement.status in {
            AgreementStatus.SIGNED,
            AgreementStatus.ACTIVE,
            AgreementStatus.SUSPENDED,
            AgreementStatus.COMPLETED,
        }:
            assert signed == set(Side)

    @invariant()
    def only_what_was_active_is_suspended_or_completed(self) -> None:
        """No way leads past `active`."""
        if self.agreement.status in {
            AgreementStatus.SUSPENDED,
            AgreementStatus.COMPLETED,
        }:
            assert self.activated

    @invariant()
    def the_terms_never_change(self) -> None:
        """An action changes the status and the signatures, nothing else."""
        unchanged = replace(self.agreement, status=DRAFT.status, signatures=())
        assert unchanged == DRAFT


TestAgreementLife = AgreementLife.TestCase
