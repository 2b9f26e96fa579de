"""Handing a push over: by a signed call, or by laying files down."""

import asyncio
import io
import json
import random
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import httpx
from standardwebhooks import Webhook

from services.notifier.channels.couriers import DeliveryError, PermanentDeliveryError
from services.notifier.channels.posting import Answer, post
from services.notifier.exchange.records import Outcome, Parcel, Status
from services.notifier.planning.retries import delay_after
from shared.domain.errors import UnavailableError
from shared.domain.exchange.datasets import TargetKind
from shared.domain.exchange.differences import json_of
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore

SECONDS: Final = 45.0  # for one call, within its lease
LONGEST_ANSWER: Final = 500
LONGEST_RECEIPT: Final = 200
# What may go another way later; all other refusals are of these very rows.
PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


async def send(
    parcel: Parcel,
    *,
    client: httpx.AsyncClient,
    files: FileStore,
    allows_private: bool,
) -> Outcome:
    """Hand a push over and tell what became of it."""
    if parcel.kind == TargetKind.HTTP:
        return await _call(parcel, client, allows_private=allows_private)
    return await _lay_down(parcel, files)


async def _call(
    parcel: Parcel, client: httpx.AsyncClient, *, allows_private: bool
) -> Outcome:
    (file,) = parcel.files
    body = file.content.decode()
    headers = {
        "Idempotency-Key": parcel.key,
        "X-Content-SHA256": file.sha256,
        **_signed(parcel, body),
    }
    try:
        async with asyncio.timeout(SECONDS):
            answer = await post(
                client, parcel.url or "", body, headers, allows_private=allows_private
            )
    except PermanentDeliveryError as error:
        return Outcome(Status.REFUSED, error.code, str(error))
    except DeliveryError as error:
        return _later(parcel, Outcome(Status.SENDING, error.code, str(error)))
    except TimeoutError:
        reason = f"no answer within {SECONDS:.0f} s"
        return _later(parcel, Outcome(Status.SENDING, None, reason))
    return _outcome(parcel, answer)


def _signed(parcel: Parcel, body: str) -> dict[str, str]:
    """Return what a receiver checks with its secret (Standard Webhooks 1.0).

    While one secret replaces another, there is a signature by each.
    """
    now = datetime.fromtimestamp(int(system_now().timestamp()), UTC)
    signed = (Webhook(each).sign(parcel.key, now, body) for each in parcel.secrets)
    return {
        "webhook-id": parcel.key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _outcome(parcel: Parcel, answer: Answer) -> Outcome:
    said = answer.said[:LONGEST_ANSWER]
    if HTTPStatus.OK <= answer.code < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(Status.ACCEPTED, answer.code, said, _receipt(answer.said))
    if answer.code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.code in PASSING:
        return _later(parcel, Outcome(Status.SENDING, answer.code, said), answer)
    is_too_large = answer.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return Outcome(Status.REFUSED, answer.code, said, is_too_large=is_too_large)


def _receipt(said: str) -> str | None:
    """Return the number that the other side gave, if it did."""
    try:
        found = json.loads(said)
    except ValueError:
        return None
    number = found.get("receipt") if isinstance(found, dict) else None
    return None if number is None else str(number)[:LONGEST_RECEIPT]


def _later(parcel: Parcel, outcome: Outcome, answer: Answer | None = None) -> Outcome:
    """Return the outcome with the pause before the next attempt, or as final."""
    pause = delay_after(
        parcel.attempts,
        chance=random.random(),  # noqa: S311 (spreads load, guards nothing)
        retry_after=None if answer is None else answer.retry_after,
    )
    status = Status.REFUSED if pause is None else Status.SENDING
    return Outcome(status, outcome.code, outcome.answer, again_in=pause)


async def _lay_down(parcel: Parcel, files: FileStore) -> Outcome:
    """Write the files, and last of all what says that they are complete."""
    folder = f"exchange/{parcel.target_id}/{parcel.sequence:06d}"
    told = {
        "sequence": parcel.sequence,
        "key": parcel.key,
        "files": [
            {"name": file.name, "bytes": len(file.content), "sha256": file.sha256}
            for file in parcel.files
        ],
    }
    try:
        for file in parcel.files:
            await files.put(f"{folder}/{file.name}", io.BytesIO(file.content))
        complete = io.BytesIO(json_of(told).encode())
        await files.put(f"{folder}/complete.json", complete)
    except UnavailableError as error:
        return _later(parcel, Outcome(Status.SENDING, None, error.detail.en))
    return Outcome(Status.ACCEPTED, None, folder, folder)
