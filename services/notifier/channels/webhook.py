"""Webhooks, signed by Standard Webhooks under an id that every attempt has."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from services.notifier.channels.couriers import (
    AddressGoneError,
    Parcel,
    Receipt,
    TemporaryDeliveryError,
)
from services.notifier.channels.messages import ReminderNotice
from services.notifier.channels.posting import SECONDS, calling, post
from services.notifier.channels.signatures import SigningKey, signed_headers
from shared.domain.webhook_keys import Scheme
from shared.runtime.clock import system_now

SUCCESS = 2  # of codes of three digits, the first one


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Calls of people's own systems.

    `allows_private` lets plain http and addresses of the own network be called.
    """

    allows_private: bool = False
    couriers: int = 8
    name: str = "webhook"
    seconds: float = SECONDS

    @asynccontextmanager
    async def courier(self) -> AsyncIterator["WebhookCourier"]:
        """Yield a client without cookies, proxies and redirects."""
        async with calling() as client:
            yield WebhookCourier(client, allows_private=self.allows_private)


@dataclass(frozen=True, slots=True)
class WebhookCourier:
    """Calls one endpoint after the other."""

    client: httpx.AsyncClient
    allows_private: bool

    async def connect(self) -> bool:
        """Return that each call connects for itself."""
        return False

    async def send(self, parcel: Parcel) -> Receipt:
        """Post the parcel; see `Courier`."""
        body = json.dumps(payload_of(parcel), ensure_ascii=False)
        keys = [SigningKey(Scheme.V1, parcel.secret)] if parcel.secret else []
        headers = signed_headers(webhook_id(parcel.key), body, keys, at=system_now())
        answer = await post(
            self.client,
            parcel.address,
            body,
            headers,
            allows_private=self.allows_private,
        )
        if answer.code // 100 == SUCCESS:
            return Receipt(f"{answer.code} {answer.said}".strip())
        if answer.code == HTTPStatus.GONE:
            raise AddressGoneError(answer.said, code=answer.code)
        # What is refused today may be taken once its owner has mended it.
        raise TemporaryDeliveryError(
            answer.said, code=answer.code, retry_after=answer.retry_after
        )


def webhook_id(key: str) -> str:
    """Return the id of a message: the left side of its Message-ID."""
    return key.strip("<>").partition("@")[0]


def payload_of(parcel: Parcel) -> dict[str, Any]:
    """Return the body: what kind, when, in words and in data."""
    return {
        "type": f"reminder.{parcel.kind}",
        "id": webhook_id(parcel.key),
        "timestamp": parcel.dated_at.isoformat(),
        "language": parcel.language,
        "subject": parcel.message.subject,
        "text": parcel.message.text,
        "reminders": [_reminder(each) for each in parcel.notices],
    }


def _reminder(notice: ReminderNotice) -> dict[str, Any]:
    return {
        "programme": notice.programme_title,
        "school": notice.school_name,
        "measure_code": notice.measure_code,
        "measure": notice.measure_title,
        "expected_result": notice.expected_result,
        "due_on": notice.due_on.isoformat(),
        "is_late": notice.is_late,
        "synthetic": notice.is_synthetic,
    }
