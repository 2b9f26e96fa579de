"""Putting methods into force for academic years, and ending that."""

from typing import Any, Final

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.methods import repository
from services.api.methods.ownership import (
    chosen_place,
    own_period,
    place_of,
    visible_method,
)
from services.api.methods.papers import columns_of, today_in
from services.api.methods.schemas import PeriodEndIn, PeriodIn
from shared.contracts.events import EventKind
from shared.domain.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidInputError,
    Text,
)
from shared.domain.methods.life import (
    MethodPeriodOverlapsError,
    MethodState,
    MethodStep,
    may_hold_in,
    require_possible,
)
from shared.domain.methods.slots import MethodPlace, slot_of
from shared.persistence.audit import created, difference, record_change
from shared.persistence.outbox import record_for_each
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

ENTITY: Final = "method_period"


class MethodPeriodRevokedError(ConflictError):
    """The period was revoked, and counts for nothing."""

    code = "method_period_revoked"
    title = Text("Период отменён", "The period was revoked")


async def put_into_force(
    work: Work, actor: Actor, method_id: int, body: PeriodIn
) -> int:
    """Put an approved method into force in a place; return the number of the period.

    Raises:
        NotFoundError: the actor sees no such method or place.
        MethodWrongStateError: it is not approved.
        MethodPeriodOverlapsError: another is in force there in some of the years.
    """
    method = await visible_method(work, method_id)
    place = await chosen_place(
        work, actor, municipality_id=body.municipality_id, region_id=body.region_id
    )
    require_possible(MethodState(method.state), MethodStep.PUT_INTO_FORCE)
    await _require_holds(work, method, place)
    papers = columns_of(body, await today_in(work, place))
    slot = slot_of(method.kind, method.code)
    years = (body.valid_from, body.valid_to)
    await _require_free(work, place, slot, years)
    values = {"valid_from": body.valid_from, "valid_to": body.valid_to, **papers}
    number = await repository.insert_period(
        work, place, method_id=method_id, slot=slot, **values
    )
    await record_change(
        work,
        ENTITY,
        "create",
        created({"method_id": method_id, "code": method.code, **values}),
        municipality_id=place.municipality_id,
        entity_id=number,
        reason=body.reason,
    )
    await _tell(work, place, method, number)
    return number


async def end(
    work: Work, actor: Actor, period_id: int, expected: Expected, body: PeriodEndIn
) -> None:
    """Set the last year of a period by an order, or revoke it as a whole.

    Raises:
        NotFoundError: the actor sees no such period.
        PreconditionFailedError: somebody has changed it meanwhile.
        MethodPeriodRevokedError: it was revoked.
        InvalidInputError: its last year comes before its first.
        MethodPeriodOverlapsError: another is in force in the years that it gains.
    """
    row = await own_period(work, actor, period_id)
    expected.check(row.version)
    _require_counts(row)
    place = place_of(row)
    papers = columns_of(body, await today_in(work, place))
    values: dict[str, Any] = {
        name.replace("order_", "ended_by_"): value for name, value in papers.items()
    }
    if body.valid_to is None:
        values["revoked_at"] = work.now
    else:
        _require_in_order(row, body.valid_to)
        years = (row.valid_from, body.valid_to)
        await _require_free(work, place, row.slot, years, but=period_id)
        values["valid_to"] = body.valid_to
    await repository.update_period(work, period_id, **values)
    await record_change(
        work,
        ENTITY,
        "end",
        difference(dict(row._mapping), values),  # noqa: SLF001 (SQLAlchemy's public name)
        municipality_id=place.municipality_id,
        entity_id=period_id,
        reason=body.reason,
    )
    method = await visible_method(work, row.method_id)
    await _tell(work, place, method, period_id)


async def _require_holds(work: Work, method: AnyRow, place: MethodPlace) -> None:
    region = await repository.region_of(work, place)
    if not may_hold_in(place_of(method), place, region):
        raise ForbiddenError(
            Text(
                "Эта методика другого региона или муниципалитета: здесь она "
                "действовать не может. Снимите копию.",
                "This method is another region's or municipality's: it cannot be in "
                "force here. Take a copy.",
            )
        )


async def _require_free(
    work: Work,
    place: MethodPlace,
    slot: str,
    years: tuple[int, int | None],
    *,
    but: int | None = None,
) -> None:
    there = await repository.find_overlapping(work, place, slot, years, but=but)
    if there is None:
        return
    last = "…" if there.valid_to is None else there.valid_to
    raise MethodPeriodOverlapsError(
        Text(
            f"В {there.valid_from}–{last} годах здесь действует «{there.code}»: "
            f"сначала завершите её период (POST /v1/method-periods/{there.id}/end).",
            f"In {there.valid_from}–{last} '{there.code}' is in force here: end its "
            f"period first (POST /v1/method-periods/{there.id}/end).",
        )
    )


def _require_counts(row: AnyRow) -> None:
    if row.revoked_at is not None:
        raise MethodPeriodRevokedError(
            Text(
                "Период уже отменён: введите методику в действие новым периодом.",
                "The period was revoked: put the method into force by a new one.",
            )
        )


def _require_in_order(row: AnyRow, last: int) -> None:
    if last >= row.valid_from:
        return
    reason = Text(
        f"Период начинается с {row.valid_from} года: последний год не раньше. Чтобы "
        "отменить период целиком, укажите null.",
        f"The period begins in {row.valid_from}: its last year is not earlier. To "
        "revoke the whole period, give null.",
    )
    fault = Fault(column="body.valid_to", value=str(last), reason=reason)
    raise InvalidInputError(reason, faults=[fault])


async def _tell(work: Work, place: MethodPlace, method: AnyRow, number: int) -> None:
    """Let all figures be counted anew that the period may change."""
    await record_for_each(
        work,
        EventKind.METHODS_CHANGED,
        await repository.municipalities_in(work, place),
        payload={"code": method.code, "version": method.version, "period": number},
    )
