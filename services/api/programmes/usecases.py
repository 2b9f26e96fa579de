"""Changing what a programme is to reach."""

from datetime import date
from typing import Any

from services.api.http.preconditions import Expected
from services.api.programmes import amendment_repository, target_repository
from services.api.programmes.amending import write_difference
from services.api.programmes.amendment_usecases import require_next, tell
from services.api.programmes.schemas import TargetPut
from shared.domain.amendment_errors import AmendmentRefusedError, UnfitChangeError
from shared.domain.amendments import apply_change
from shared.domain.errors import NotFoundError, Text
from shared.domain.programme_state import ChangeKind, Difference, ProgrammeState
from shared.persistence.audit import record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY = "target_range"


async def read_target(work: Work, target_id: int, *, lock: bool = False) -> AnyRow:
    """Return a target, if asked so that nobody else can change it meanwhile.

    Raises:
        NotFoundError: the caller sees no such target.
    """
    row = await target_repository.find_target(work, target_id, lock=lock)
    if row is None:
        raise _unknown(target_id)
    return row


async def amend_target(
    work: Work, target_id: int, expected: Expected, wanted: TargetPut
) -> AnyRow:
    """Change the range by an order, and return it as it is then.

    The change is one of the order's amendment of the programme: a new one, or the last
    one if that is of the same order.

    Raises:
        NotFoundError: the caller sees no such target.
        PreconditionFailedError: somebody has changed it since it was read.
        AmendmentOutOfOrderError: a later order is entered already.
        AmendmentRefusedError: the order's date or body cannot be.
    """
    seen = await read_target(work, target_id)
    # The programme first, as every amendment has it, then what is amended of it.
    programme = await amendment_repository.lock_programme(work, seen.programme_id)
    if programme is None:
        raise _unknown(target_id)
    before = await read_target(work, target_id, lock=True)
    expected.check(before.version)
    if (before.low, before.high, before.text) == (wanted.low, wanted.high, wanted.text):
        return before
    papers = wanted.model_dump(include={"order_number", "order_on", "reason"})
    papers["body"] = wanted.body or programme.municipality_name
    state = await amendment_repository.read_state(work, programme)
    command = {
        "kind": ChangeKind.CHANGE_TARGET,
        "indicator": before.indicator_code,
        "year": before.year,
        **wanted.model_dump(include={"low", "high", "text"}),
    }
    made = _made(state, command, wanted.order_on)
    for difference in made:
        await write_difference(work, programme, state, difference)
    number = await _keep(work, programme, papers, made)
    await _tell(work, programme, number, papers, made, target_id=target_id)
    return await read_target(work, target_id)


def _made(
    state: ProgrammeState, command: dict[str, Any], order_on: date
) -> list[Difference]:
    try:
        return apply_change(state, command, order_on=order_on)
    except UnfitChangeError as error:
        # Of an indicator that an order has ended nothing is asked any more.
        raise AmendmentRefusedError(error.reason) from error


async def _keep(
    work: Work, programme: AnyRow, papers: dict[str, Any], made: list[Difference]
) -> int:
    """Write the differences into the amendment of their order; return its number."""
    last = await amendment_repository.last_amendment(work, programme.id)
    order = (papers["order_number"], papers["order_on"])
    if last is not None and order == (last.order_number, last.order_on):
        await amendment_repository.insert_differences(work, last, made)
        number: int = last.id
        return number
    today = work.today_in(programme.time_zone)
    await require_next(work, programme.id, papers, today)
    return await amendment_repository.insert_amendment(work, programme, papers, made)


async def _tell(
    work: Work,
    programme: AnyRow,
    number: int,
    papers: dict[str, Any],
    made: list[Difference],
    *,
    target_id: int,
) -> None:
    """Leave a trace with the target, and with its programme."""
    await tell(work, programme, number, papers, made, target_range_id=target_id)
    order = {"order_number": papers["order_number"], "order_on": papers["order_on"]}
    told = {**order, "amendment_id": number}
    changes = {name: pair for each in made for name, pair in each.changes.items()}
    await record_change(
        work,
        ENTITY,
        "amended",
        {
            **{name: [*pair] for name, pair in changes.items()},
            **{name: [None, value] for name, value in told.items()},
        },
        municipality_id=programme.municipality_id,
        entity_id=target_id,
        reason=papers["reason"],
    )


def _unknown(target_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Целевого значения с номером {target_id} нет.",
            f"There is no target {target_id}.",
        )
    )
