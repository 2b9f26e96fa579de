"""Drafting, changing, activating, ending and replacing tandems."""

from dataclasses import asdict
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.tandems import repository
from services.api.tandems.checking import made_of, require_keeper
from services.api.tandems.records import StoredTandem, WantedTandem
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.tandem_rules import check_comment, refuse
from shared.domain.tandem_terms import EndReason, Tandem, TandemKind, TandemStatus
from shared.domain.tandems import TandemStep, check_activation, check_end, check_step
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.local_dates import today_of
from shared.persistence.outbox import record
from shared.persistence.work import Work


class TandemNotFoundError(NotFoundError):
    """There is no such tandem, or the caller may not know of it."""

    code = "tandem_not_found"
    title = Text("Тандем не найден", "Tandem not found")


async def create(
    work: Work, actor: Actor, wanted: WantedTandem, *, replaces_id: int | None = None
) -> StoredTandem:
    """Draft a tandem.

    Raises:
        TandemForbiddenError: a school asks for a network.
        NotFoundError: the caller sees no such school, or may not write for it.
        InvalidTandemError: the tandem breaks a rule.
    """
    tandem, municipality_id = await made_of(work, actor, wanted)
    number = await repository.insert_tandem(
        work, tandem, municipality_id=municipality_id, replaces_id=replaces_id
    )
    stored = await require_tandem(work, number)
    values = {**asdict(tandem), "status": stored.status, "replaces_id": replaces_id}
    await _tell(work, stored, "create", created(values))
    return stored


async def change(
    work: Work,
    actor: Actor,
    tandem_id: int,
    wanted: WantedTandem,
    expected: Expected,
) -> StoredTandem:
    """Put other content into a draft; equal content changes nothing.

    Raises:
        TandemNotFoundError: the caller sees no such tandem.
        TandemForbiddenError: it is a network, or would become one, of a school.
        PreconditionFailedError: it has another version than expected.
        TandemWrongStateError: it is no draft any more.
        NotFoundError, InvalidTandemError: as `create` says.
    """
    before = await _lock(work, actor, tandem_id, expected, TandemStep.CHANGE)
    tandem, municipality_id = await made_of(work, actor, wanted)
    _require_same_home(before, municipality_id)
    changes = difference(_audited(before.content), _audited(tandem))
    if changes:
        await repository.update_content(work, before, tandem)
        await _tell(work, before, "change", changes)
    return await require_tandem(work, tandem_id)


async def activate(
    work: Work, actor: Actor, tandem_id: int, expected: Expected
) -> StoredTandem:
    """Let a draft begin.

    Raises:
        TandemNotFoundError, TandemForbiddenError, PreconditionFailedError,
        TandemWrongStateError: as `change` says.
        TandemOutsidePeriodError: its period does not run.
    """
    before = await _lock(work, actor, tandem_id, expected, TandemStep.ACTIVATE)
    today = await today_of(work, before.municipality_id)
    check_activation(before.content, today)
    return await _set(work, before, "activate", {"status": TandemStatus.ACTIVE})


async def end(
    work: Work,
    actor: Actor,
    tandem_id: int,
    expected: Expected,
    *,
    reason: EndReason,
    comment: str | None,
) -> StoredTandem:
    """End a tandem, or give up a draft, for a reason.

    Raises:
        TandemNotFoundError, TandemForbiddenError, PreconditionFailedError,
        TandemWrongStateError: as `change` says.
        InvalidTandemError: the reason says too little, or names a person.
    """
    before = await _lock(work, actor, tandem_id, expected, TandemStep.END)
    check_end(reason, comment)
    return await _end(work, before, reason, comment)


async def replace(
    work: Work,
    actor: Actor,
    tandem_id: int,
    expected: Expected,
    *,
    comment: str,
    wanted: WantedTandem,
) -> StoredTandem:
    """End an active tandem and draft the one that takes its place; return that one.

    Raises:
        TandemNotFoundError, TandemForbiddenError, PreconditionFailedError,
        TandemWrongStateError: as `change` says.
        NotFoundError, InvalidTandemError: as `create` says.
    """
    before = await _lock(work, actor, tandem_id, expected, TandemStep.REPLACE)
    check_comment(comment)
    _tandem, municipality_id = await made_of(work, actor, wanted)
    _require_same_home(before, municipality_id)
    await _end(work, before, EndReason.REPLACED, comment)
    return await create(work, actor, wanted, replaces_id=before.id)


async def require_tandem(work: Work, tandem_id: int) -> StoredTandem:
    """Return a tandem that the caller sees.

    Raises:
        TandemNotFoundError: there is none.
    """
    found = await repository.read_tandem(work, tandem_id)
    if found is None:
        raise TandemNotFoundError(
            Text(
                f"Тандема {tandem_id} нет или он вам недоступен.",
                f"There is no tandem {tandem_id}, or it is not accessible to you.",
            )
        )
    return found


async def _lock(
    work: Work, actor: Actor, tandem_id: int, expected: Expected, step: TandemStep
) -> StoredTandem:
    """Return a tandem for this step; what one sees is not always one's to write."""
    found = await repository.lock_tandem(work, tandem_id)
    if found is None:
        found = await require_tandem(work, tandem_id)
    require_keeper(actor, found.kind)
    expected.check(found.version)
    check_step(found.status, step)
    return found


def _require_same_home(before: StoredTandem, municipality_id: int) -> None:
    if municipality_id != before.municipality_id:
        reason = Text(
            "Участники — из школ другого муниципалитета: составьте новый тандем там.",
            "The members are of another municipality's schools: draft a new one there.",
        )
        refuse([Fault(column="members", reason=reason)])


async def _end(
    work: Work, before: StoredTandem, reason: EndReason, comment: str | None
) -> StoredTandem:
    today = await today_of(work, before.municipality_id)
    values = {
        "status": TandemStatus.ENDED,
        "ended_on": today,
        "end_reason": reason,
        "end_comment": comment,
    }
    return await _set(work, before, "end", values, reason=comment or reason)


async def _set(
    work: Work,
    before: StoredTandem,
    action: str,
    values: dict[str, Any],
    *,
    reason: str | None = None,
) -> StoredTandem:
    await repository.update_tandem(work, before.id, **values)
    changes = difference({name: getattr(before, name) for name in values}, values)
    await _tell(work, before, action, changes, reason=reason)
    return await require_tandem(work, before.id)


def _audited(tandem: Tandem) -> dict[str, Any]:
    values = asdict(tandem)
    return {**values, "members": list(values["members"])}


async def _tell(
    work: Work,
    tandem: StoredTandem,
    action: str,
    changes: Changes,
    *,
    reason: str | None = None,
) -> None:
    """Leave a trace: in the school's year, where the tandem is of one school."""
    is_in_school = tandem.kind is TandemKind.IN_SCHOOL
    school_id = tandem.members[0].school_id if is_in_school else None
    await record_change(
        work,
        "tandem",
        action,
        changes,
        municipality_id=tandem.municipality_id,
        entity_id=tandem.id,
        school_id=school_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=tandem.municipality_id,
        school_id=school_id,
        payload={"dataset": "tandems", "id": tandem.id, "action": action},
    )
