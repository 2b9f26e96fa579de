"""The links that a message carries: what may be answered by it, and ended."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from services.notifier.channels.messages import AnswerLinks
from shared.domain.reminders import links, unsubscribing
from shared.domain.reminders.day import Effect
from shared.domain.reminders.links import LIFETIME, Act, Answering
from shared.domain.reminders.recipients import MAIL
from shared.domain.reminders.steps import StepKind
from shared.domain.reminders.unsubscribing import Unsubscribing

# What is told to those above can be acknowledged, but not put off.
_ANSWERED = frozenset(
    {
        StepKind.BEFORE,
        StepKind.ON_DAY,
        StepKind.OVERDUE,
        StepKind.SNOOZED,
        StepKind.ESCALATION,
    }
)


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Signs links to the api under its public address, without a slash at its end."""

    public_url: str
    answer_key: bytes = field(repr=False)
    unsubscribe_key: bytes = field(repr=False)

    @classmethod
    def of(cls, public_url: str, secret: str) -> Self:
        """Return the maker whose links the api with this secret accepts."""
        return cls(public_url, links.key_of(secret), unsubscribing.key_of(secret))

    def answers(self, effect: Effect, now: datetime) -> AnswerLinks | None:
        """Return the links by which a reminder is answered; None if none answers it."""
        if effect.kind not in _ANSWERED:
            return None
        is_above = effect.kind is StepKind.ESCALATION
        return AnswerLinks(
            acknowledge=self._answer(effect, Act.ACKNOWLEDGE, now),
            snooze=None if is_above else self._answer(effect, Act.SNOOZE, now),
        )

    def unsubscribe(self, effects: Collection[Effect], now: datetime) -> str | None:
        """Return the link that ends such mails, or None where nobody may end them.

        A post has no preferences, and one reminder that may not be refused makes the
        whole mail such.
        """
        accounts = {effect.recipient.account_id for effect in effects}
        if len(accounts) != 1 or any(
            effect.is_urgent or effect.channel != MAIL for effect in effects
        ):
            return None
        (account_id,) = accounts
        if account_id is None:
            return None
        wish = Unsubscribing(account_id, now + LIFETIME)
        token = unsubscribing.signed(wish, self.unsubscribe_key)
        return f"{self.public_url}{unsubscribing.PATH}/{token}"

    def _answer(self, effect: Effect, act: Act, now: datetime) -> str:
        answering = Answering(
            effect.recipient, effect.deadline_id, effect.due_on, act, now + LIFETIME
        )
        token = links.signed(answering, self.answer_key)
        return f"{self.public_url}{links.PATH}/{token}"
