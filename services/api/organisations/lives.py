"""From when until when a school exists: which of its days may be changed, and how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from services.api.organisations.errors import InvalidSchoolError, SchoolReorganisedError
from shared.domain.agreements import CLOSED_STATUSES
from shared.domain.errors import Fault, Text
from shared.domain.reorganisations import SchoolInAgreementsError
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.reorganisations import LineageRow, ReorganisationRow
from shared.persistence.work import Work

_REASON = Text(
    "Школа закрыта: чтобы она работала снова, укажите причину (reason).",
    "The school is closed: to let it be open again, give a reason.",
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What the school is in an order that takes effect on a day."""

    day: date
    closes: bool


async def require_changeable_life(
    work: Work,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str | None,
) -> None:
    """Refuse to undo by hand what an order says, and to re-open a school unexplained.

    A school that took over from others may still be closed, once it has.

    Raises:
        SchoolReorganisedError: an order of a reorganisation says otherwise.
        InvalidSchoolError: a closed school would be open again, without a reason.
        SchoolInAgreementsError: it would close before its agreements end.
    """
    days = ("opened_on", "closed_on")
    changed = [name for name in days if before[name] != after[name]]
    if not changed:
        return
    faults = [
        fault
        for part in await _parts(work, before["id"])
        for fault in _faults(part, changed, after)
    ]
    if faults:
        raise SchoolReorganisedError(faults[0].reason, faults=faults)
    was, becomes = before["closed_on"], after["closed_on"]
    if was is not None and (becomes is None or becomes > was) and reason is None:
        fault = Fault(reason=_REASON, column="reason")
        raise InvalidSchoolError(_REASON, faults=[fault])
    if becomes is not None and (was is None or becomes < was):
        agreements = await _agreements_beyond(work, before["id"], becomes)
        if agreements:
            raise SchoolInAgreementsError.of(agreements, "closed_on")


def _faults(
    part: _Part, changed: list[str], after: Mapping[str, Any]
) -> Iterator[Fault]:
    closed_on = after["closed_on"]
    for name in changed:
        may_close = closed_on is None or closed_on > part.day
        if name == "closed_on" and not part.closes and may_close:
            continue
        yield Fault(
            reason=Text(
                f"Школа — участник реорганизации с {part.day}: этот день меняется "
                "приказом, см. GET /v1/reorganisations. Передайте его прежним.",
                f"The school is part of a reorganisation from {part.day} on: an order "
                "changes this day, see GET /v1/reorganisations. Send it as it was.",
            ),
            column=name,
            value=None if after[name] is None else str(after[name]),
        )


async def _parts(work: Work, school_id: int) -> list[_Part]:
    lineage, order = LineageRow, ReorganisationRow
    closes = lineage.predecessor_id == school_id
    statement = (
        select(order.takes_effect_on, closes)
        .join(lineage, lineage.reorganisation_id == order.id)
        .where(or_(closes, lineage.successor_id == school_id))
        .distinct()
        .order_by(order.takes_effect_on)
    )
    return [_Part(*row) for row in await work.session.execute(statement)]


async def _agreements_beyond(work: Work, school_id: int, day: date) -> list[int]:
    """Return the school's open agreements that last beyond the day before this one."""
    agreement = AgreementRow
    statement = (
        select(agreement.id)
        .where(
            agreement.status.not_in(CLOSED_STATUSES),
            agreement.ends_on >= day,
            or_(
                agreement.mentor_school_id == school_id,
                agreement.mentee_school_id == school_id,
            ),
        )
        .order_by(agreement.id)
    )
    return [*await work.session.scalars(statement)]
