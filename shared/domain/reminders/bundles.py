"""Which reminders go out together: the messages that carry them."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shared.domain.errors import InvalidInputError, Text
from shared.domain.reminders.day import Effect, Situation
from shared.domain.reminders.recipients import Recipient
from shared.domain.reminders.steps import StepKind

_DOMAIN = re.compile(
    r"(?=.{1,190}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.IGNORECASE
)


class MessageKind(StrEnum):
    """What a message is; the names are part of the delivery log."""

    REMINDER = "reminder"
    DIGEST = "digest"
    LATE = "late"
    ESCALATION = "escalation"
    ALARM = "alarm"


class MessageDomainError(InvalidInputError):
    """The installation's domain cannot stand in a Message-ID."""

    code = "message_domain_invalid"
    title = Text("Неверный домен установки", "The installation's domain is not valid")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one recipient is sent at once; `message_id` is made of what it carries."""

    recipient: Recipient
    channel: str
    kind: MessageKind
    send_after: datetime
    message_id: str
    effects: tuple[Effect, ...]


def bundles(
    effects: Iterable[Effect],
    situation: Situation,
    *,
    now: datetime,
    zone: str,
    domain: str,
) -> list[Bundle]:
    """Put reminders into messages.

    A reminder in time is a message of its own. What a recipient is told too late,
    whom others are escalated to, and alarms are merged into one message each; what
    waits for a digest goes into that of its moment.

    Args:
        effects: Those that were never planned before.
        situation: Whose preferences decide.
        now: The system's time.
        zone: That of the municipality.
        domain: The installation's domain, the right side of each `message_id`.

    Raises:
        MessageDomainError: `domain` is not a domain name.
    """
    check_domain(domain)
    moments = _Moments(situation, now, zone)
    together: defaultdict[_Place, list[Effect]] = defaultdict(list)
    for effect in effects:
        kind, moment = moments.of(effect)
        alone = effect.key if kind is MessageKind.REMINDER else None
        place = _Place(effect.recipient, effect.channel, kind, moment, alone)
        together[place].append(effect)
    return [
        Bundle(
            place.recipient,
            place.channel,
            place.kind,
            place.moment,
            message_id(_key(place, carried), domain=domain),
            tuple(carried),
        )
        for place, carried in together.items()
    ]


class _Place(NamedTuple):
    """What reminders have in common that go out together; `alone` keeps one apart."""

    recipient: Recipient
    channel: str
    kind: MessageKind
    moment: datetime
    alone: object


def check_domain(domain: str) -> None:
    """Check that `domain` may stand in a Message-ID.

    Raises:
        MessageDomainError: it is not a domain name.
    """
    if _DOMAIN.fullmatch(domain) is None:
        raise MessageDomainError(
            Text(
                f"«{domain}» не доменное имя: укажите имя вида podyom.example.ru.",
                f"“{domain}” is not a domain name: give one like podyom.example.ru.",
            )
        )


def message_id(key: Iterable[object], *, domain: str) -> str:
    """Return the Message-ID of a key, the same at every call.

    A mail that has to be transmitted again is thereby recognised as the same mail.
    """
    # JSON keeps ("a", "bc") and ("ab", "c") apart; 128 bits exclude collisions.
    text = json.dumps([str(part) for part in key], ensure_ascii=False)
    return f"<{hashlib.sha256(text.encode()).hexdigest()[:32]}@{domain}>"


class _Moments:
    """When reminders go out, and as what: found out once for alike ones."""

    def __init__(self, situation: Situation, now: datetime, zone: str) -> None:
        self._situation = situation
        self._now = now
        self._zone = zone
        self._found: dict[object, tuple[MessageKind | None, datetime]] = {}

    def of(self, effect: Effect) -> tuple[MessageKind, datetime]:
        """Return what kind of message a reminder is part of, and its moment."""
        key = (effect.recipient.account_id, effect.channel, effect.is_urgent)
        if key not in self._found:
            self._found[key] = self._find(effect)
        kind, moment = self._found[key]
        return kind or _kind_of(effect), moment

    def _find(self, effect: Effect) -> tuple[MessageKind | None, datetime]:
        chosen = self._situation.preferences_of(effect.recipient)
        if chosen.gathers(effect.channel, is_urgent=effect.is_urgent):
            kind: MessageKind | None = MessageKind.DIGEST
            moment = chosen.digest_after(effect.channel, self._now, self._zone)
        else:
            kind = None
            moment = chosen.send_after(effect.channel, self._now, self._zone)
        worked = self._situation.on_working_day
        return kind, worked(effect.channel, moment, self._zone)


def _kind_of(effect: Effect) -> MessageKind:
    if effect.kind is StepKind.ALARM:
        return MessageKind.ALARM
    if effect.kind is StepKind.ESCALATION:
        return MessageKind.ESCALATION
    return MessageKind.LATE if effect.is_late else MessageKind.REMINDER


def _key(place: _Place, carried: list[Effect]) -> Iterator[object]:
    """Yield what a message is the same by: a digest by its moment, others by all."""
    whom = place.recipient
    yield from (place.kind, place.channel, whom.account_id, whom.post, whom.school_id)
    if place.kind is MessageKind.DIGEST:
        yield place.moment.isoformat()
        return
    for order in sorted(map(_order, carried)):
        yield from order


def _order(effect: Effect) -> tuple[int, str, str]:
    return effect.deadline_id, effect.due_on.isoformat(), effect.rule
