"""Saying what regional systems are sent, and looking at what they were sent."""

from dataclasses import asdict
from typing import Any, Final

from services.api.exchange import repository
from services.api.exchange.rules import (
    ExchangeBytesForgottenError,
    check_address,
    invalid,
    missing,
    place_of,
    require_dataset,
)
from services.api.exchange.schemas import (
    ExchangePreviewOut,
    ExchangeTargetIn,
    ExchangeTargetPut,
)
from services.api.exchange.signing import new_secret
from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from shared.domain.endpoints import webhook_endpoint
from shared.domain.errors import Text
from shared.domain.exchange.datasets import DatasetCode, TargetKind
from shared.domain.exchange.differences import json_of
from shared.persistence.audit import created, difference, record_change
from shared.persistence.exchange import Prepared, prepare, target_of
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

SHOWN_ROWS: Final = 20


async def create_target(work: Work, actor: Actor, wanted: ExchangeTargetIn) -> AnyRow:
    """Write a target and return it with its secret.

    Raises:
        InvalidExchangeTargetError: kind and address, or the places, do not go together.
        DatasetNotGrantedError: the caller may not read the dataset.
        NotFoundError: the place is outside of the caller's part.
        EndpointRefusedError: the address is none that is called.
    """
    require_dataset(actor, wanted.dataset)
    check_address(wanted.kind, wanted.url)
    place, zone = await place_of(work, actor, wanted)
    values = {
        **wanted.values(),
        **place,
        "dataset": wanted.dataset,
        "kind": wanted.kind,
        "time_zone": zone,
    }
    times = {"created_at": work.now, "updated_at": work.now}
    secret = new_secret() if wanted.kind is TargetKind.HTTP else None
    number = await repository.insert_target(
        work,
        {
            **values,
            **times,
            "secret": secret,
            "version": 1,
            "created_by": actor.user_id,
        },
    )
    await record_change(
        work,
        "exchange_target",
        "create",
        created(_audited(values)),
        municipality_id=place["municipality_id"],
        entity_id=number,
    )
    return await find_target(work, number)


async def replace_target(
    work: Work,
    actor: Actor,
    target_id: int,
    wanted: ExchangeTargetPut,
    expected: Expected,
) -> AnyRow:
    """Write what is different of a target; equal values change nothing.

    Raises:
        NotFoundError: the caller sees no such target.
        PreconditionFailedError: somebody else has changed it.
        InvalidExchangeTargetError: kind and address do not go together.
        DatasetNotGrantedError: the caller may not read the dataset.
    """
    before = await find_target(work, target_id, is_locked=True)
    expected.check(before.version)
    require_dataset(actor, DatasetCode(before.dataset))
    check_address(TargetKind(before.kind), wanted.url)
    values = wanted.values()
    if difference(before._asdict(), values):
        await repository.update_target(
            work, target_id, {**values, "updated_at": work.now}
        )
        old = {name: getattr(before, name) for name in values}
        await record_change(
            work,
            "exchange_target",
            "update",
            difference(_audited(old), _audited(values)),
            municipality_id=before.municipality_id,
            entity_id=target_id,
        )
    return await find_target(work, target_id)


async def find_target(work: Work, target_id: int, *, is_locked: bool = False) -> AnyRow:
    """Return a target.

    Raises:
        NotFoundError: the caller sees no such target.
    """
    row = await repository.find_target(work, target_id, is_locked=is_locked)
    if row is None:
        raise missing("системы обмена", "exchange target", target_id)
    return row


async def preview(work: Work, actor: Actor, target_id: int) -> ExchangePreviewOut:
    """Return what would go out now.

    Raises:
        NotFoundError: the caller sees no such target.
        DatasetNotGrantedError: the caller may not read the dataset.
    """
    prepared = await _prepared(work, actor, await find_target(work, target_id))
    change = prepared.difference
    shown = change.first(SHOWN_ROWS)
    return ExchangePreviewOut.model_validate(
        {
            "upserts": len(change.upserts),
            "deletes": len(change.deletes),
            "unchanged": change.unchanged,
            "held": prepared.held,
            "rows": [{"key": key, **row} for key, row in shown.upserts.items()],
            "deleted_keys": shown.deletes,
        },
        from_attributes=True,
    )


async def run_now(work: Work, actor: Actor, target_id: int) -> dict[str, Any]:
    """Have what is different go out now; return the wish, and what will stay here.

    Raises:
        NotFoundError: the caller sees no such target.
        DatasetNotGrantedError: the caller may not read the dataset.
        InvalidExchangeTargetError: the target is switched off.
    """
    target = await find_target(work, target_id)
    prepared = await _prepared(work, actor, target)
    if not target.is_active:
        raise invalid(
            "is_active",
            "Обмен с этой системой выключен: включите его.",
            "The target is switched off: switch it on.",
        )
    number = await repository.insert_run(work, target, at=work.now)
    await record_change(
        work,
        "exchange_target",
        "run",
        {},
        municipality_id=target.municipality_id,
        entity_id=target_id,
    )
    return {
        "id": number,
        "target_id": target_id,
        "asked_at": work.now,
        "held": [asdict(each) for each in prepared.held],
    }


async def find_push(work: Work, push_id: int) -> AnyRow:
    """Return a push with its receipt.

    Raises:
        NotFoundError: the caller sees no such push.
    """
    row = await repository.find_push(work, push_id)
    if row is None:
        raise missing("отправки", "push", push_id)
    return row


async def find_file(work: Work, actor: Actor, push_id: int, number: int) -> AnyRow:
    """Return a file of a push: the very bytes that left.

    Raises:
        NotFoundError: the caller sees no such push, or it has no such file.
        DatasetNotGrantedError: the caller may not read the dataset.
        ExchangeBytesForgottenError: its bytes are not kept any more.
    """
    row = await repository.find_file(work, push_id, number)
    if row is None:
        raise missing("файла отправки", "file of the push", push_id)
    require_dataset(actor, DatasetCode(row.dataset))
    if row.content is None:
        raise ExchangeBytesForgottenError(
            Text(
                "Время хранения файла прошло; расписка и SHA-256 остались.",
                "The file's time is over; its receipt and its SHA-256 are kept.",
            )
        )
    return row


async def _prepared(work: Work, actor: Actor, target: AnyRow) -> Prepared:
    require_dataset(actor, DatasetCode(target.dataset))
    return await prepare(work, target_of(target))


def _audited(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the audit keeps: of an address no path, where secrets may stand."""
    url = values.get("url")
    shown = {name: value for name, value in values.items() if name != "url"}
    shown["origin"] = None if url is None else webhook_endpoint(url).origin
    shown["subject_codes"] = json_of(values["subject_codes"])
    return shown
