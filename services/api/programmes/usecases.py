"""Changing what a programme is to reach."""

from services.api.http.preconditions import Expected
from services.api.programmes import target_repository as repository
from services.api.programmes.schemas import TargetPut
from shared.contracts.events import EventKind
from shared.domain.errors import NotFoundError, Text
from shared.persistence.audit import record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY = "target_range"


async def read_target(work: Work, target_id: int, *, lock: bool = False) -> AnyRow:
    """Return a target, if asked so that nobody else can change it meanwhile.

    Raises:
        NotFoundError: the caller sees no such target.
    """
    row = await repository.find_target(work, target_id, lock=lock)
    if row is None:
        raise NotFoundError(
            Text(
                f"Целевого значения с номером {target_id} нет.",
                f"There is no target {target_id}.",
            )
        )
    return row


async def amend_target(
    work: Work, target_id: int, expected: Expected, wanted: TargetPut
) -> AnyRow:
    """Change the range by an order, and return it as it is then.

    Raises:
        NotFoundError: the caller sees no such target.
        PreconditionFailedError: somebody has changed it since it was read.
    """
    before = await read_target(work, target_id, lock=True)
    expected.check(before.version)
    after = {"low": wanted.low, "high": wanted.high, "text": wanted.text}
    changes = {
        name: [getattr(before, name), value]
        for name, value in after.items()
        if getattr(before, name) != value
    }
    if not changes:
        return before
    await repository.replace_target(work, target_id, after)
    order = {"order_number": wanted.order_number, "order_on": wanted.order_on}
    await record_change(
        work,
        ENTITY,
        "amended",
        {**changes, **{name: [None, value] for name, value in order.items()}},
        municipality_id=before.municipality_id,
        entity_id=target_id,
        reason=wanted.reason,
    )
    await record(
        work,
        EventKind.PROGRAMME_CHANGED,
        municipality_id=before.municipality_id,
        payload={"programme_id": before.programme_id, "target_range_id": target_id},
    )
    return await read_target(work, target_id)
