"""Webhooks, signed by Standard Webhooks under an id that every attempt has."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx
from standardwebhooks import Webhook

from services.notifier.channels.addresses import resolve
from services.notifier.channels.couriers import (
    AddressGoneError,
    DeliveryError,
    Parcel,
    PermanentDeliveryError,
    Receipt,
    TemporaryDeliveryError,
)
from services.notifier.channels.messages import ReminderNotice
from shared.contracts.traces import headers_of_trace
from shared.domain.endpoints import EndpointRefusedError, webhook_endpoint
from shared.runtime.clock import system_now

SECONDS = 15.0  # for one call, resolving included
STEP_SECONDS = 5.0  # to connect, and between two pieces
READ_BYTES = 2_000  # of the answer: it is only logged


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
        async with httpx.AsyncClient(
            trust_env=False, follow_redirects=False, timeout=STEP_SECONDS
        ) as client:
            yield WebhookCourier(client, allows_private=self.allows_private)


@dataclass(frozen=True, slots=True)
class WebhookCourier:
    """Calls one endpoint after the other."""

    client: httpx.AsyncClient
    allows_private: bool

    async def send(self, parcel: Parcel) -> Receipt:
        """Post the parcel; see `Courier`."""
        request = await self._request(parcel)
        try:
            answer = await self.client.send(request, stream=True)
            try:
                said = await _beginning(answer)
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise TemporaryDeliveryError(reason) from error
        if answer.is_success:
            return Receipt(f"{answer.status_code} {said}".strip())
        raise _refusal(answer, said)

    async def _request(self, parcel: Parcel) -> httpx.Request:
        try:
            endpoint = webhook_endpoint(parcel.address)
        except EndpointRefusedError as error:
            raise PermanentDeliveryError(error.detail.en) from error
        if endpoint.scheme != "https" and not self.allows_private:
            raise PermanentDeliveryError("only https is called")
        address = await resolve(
            endpoint.host, endpoint.port, allows_private=self.allows_private
        )
        body = json.dumps(payload_of(parcel), ensure_ascii=False)
        called = f"[{address}]" if ":" in address else address
        return self.client.build_request(
            "POST",
            f"{endpoint.scheme}://{called}:{endpoint.port}{endpoint.target}",
            content=body.encode(),
            headers={
                "Host": endpoint.origin.partition("://")[2],
                "Content-Type": "application/json",
                "User-Agent": "Podyom",
                **signature_headers(parcel, body, at=system_now()),
                **headers_of_trace(),
            },
            # The certificate must be the name's, though the address is called.
            extensions={"sni_hostname": endpoint.host},
        )


def webhook_id(key: str) -> str:
    """Return the id of a message: the left side of its Message-ID."""
    return key.strip("<>").partition("@")[0]


def signature_headers(parcel: Parcel, body: str, *, at: datetime) -> dict[str, str]:
    """Return what a receiver checks with the secret (Standard Webhooks 1.0)."""
    number = webhook_id(parcel.key)
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
    }
    if parcel.secret:
        moment = datetime.fromtimestamp(int(at.timestamp()), UTC)
        headers["webhook-signature"] = Webhook(parcel.secret).sign(number, moment, body)
    return headers


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


async def _beginning(answer: httpx.Response) -> str:
    """Return the first words of an answer, whatever its length."""
    read = b""
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) >= READ_BYTES:
            break
    return " ".join(read[:READ_BYTES].decode("utf-8", "replace").split())


def _refusal(answer: httpx.Response, said: str) -> DeliveryError:
    code = answer.status_code
    if code == HTTPStatus.GONE:
        return AddressGoneError(said, code=code)
    # What is refused today may be taken once its owner has mended it.
    return TemporaryDeliveryError(
        said, code=code, retry_after=wish_of(answer.headers.get("retry-after"))
    )


def wish_of(header: str | None) -> timedelta | None:
    """Return the pause that `Retry-After` asks for: in seconds, or until a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - system_now(), timedelta())
