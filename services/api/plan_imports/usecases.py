"""Previewing a plan's table, and committing exactly what was previewed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.api.http.auth import Actor
from services.api.plan_imports import repository
from services.api.plan_imports.committing import commands_of, require_readable
from services.api.plan_imports.errors import (
    already_committed,
    order_required,
    outdated,
    unknown_import,
)
from services.api.plan_imports.previewing import Previewed, Programme, read_programme
from services.api.plan_imports.storing import fingerprint_of, stored_source
from services.api.plan_imports.uploads import PlanUpload, PlanUploadIn
from services.api.programmes.amending import write_difference
from services.api.programmes.amendment_repository import (
    insert_amendment,
    lock_programme,
)
from services.api.programmes.amendment_usecases import require_next, tell
from services.api.programmes.repository import find_programme
from services.api.scheduling.fan_out import fan_out
from services.api.scheduling.redating import redate_programme
from shared.contracts.events import EventKind
from shared.domain.amendments import apply_change
from shared.domain.errors import NotFoundError, Text
from shared.domain.plan_tables.choosing import no_lines
from shared.domain.plan_tables.compared import LineState, Statement
from shared.domain.plan_tables.joining import lines_of
from shared.domain.plan_tables.numbering import set_parents
from shared.domain.programme_state import ChangeKind, Difference
from shared.persistence.audit import record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Commission:
    """What the coordinator says when committing; `order` has an order's papers."""

    fingerprint: str
    order: Mapping[str, Any] | None = None
    statements: Mapping[int, Statement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What committing wrote besides the measures: an amendment, and its deadlines."""

    amendment_id: int | None = None
    opened: int = 0
    moved: int = 0
    withdrawn: int = 0

    def deadlines(self) -> dict[str, int]:
        """Return how many deadlines opened, moved and were withdrawn."""
        return {
            "deadlines_opened": self.opened,
            "deadlines_moved": self.moved,
            "deadlines_withdrawn": self.withdrawn,
        }


async def preview(
    work: Work, actor: Actor, programme_id: int, upload: PlanUpload
) -> int:
    """Keep a table with what committing it would do; return the import's number.

    Raises:
        NotFoundError: the caller sees no such programme.
        PlanTableError: the table has no lines.
    """
    row = await find_programme(work, programme_id)
    if row is None:
        raise _unknown_programme(programme_id)
    lines = lines_of(upload.table)
    if not lines.lines:
        raise no_lines(upload.table)
    set_parents(lines.lines)
    source = stored_source(upload.table, lines)
    said, options = upload.said, upload.said.options()
    programme = await read_programme(work, row, plan=said.plan, parties=said.owing)
    shown = programme.preview(source).stored()
    return await repository.insert_import(
        work,
        {
            "municipality_id": row.municipality_id,
            "programme_id": programme_id,
            "plan": said.plan,
            "file_name": upload.file_name,
            "sha256": upload.sha256,
            "options": options,
            "source": source,
            "preview": shown,
            "fingerprint": fingerprint_of(shown, options),
            "created_by": actor.user_id,
        },
    )


async def commit(work: Work, import_id: int, said: Commission) -> None:
    """Write what was previewed, with what is said of its lines, or nothing.

    A programme that has measures and has begun is changed by an order.

    Raises:
        PlanImportNotFoundError: the caller sees no such import.
        PlanImportCommittedError: it has been committed.
        PlanImportOutdatedError: programme or calendar have changed since the preview.
        PlanLinesRefusedError: lines cannot be read.
        OrderRequiredError: the programme is in force, and no order is stated.
        AmendmentRefusedError, AmendmentExistsError, AmendmentOutOfOrderError: it is
            not the programme's next order.
    """
    kept = await repository.lock_import(work, import_id)
    if kept is None:
        raise unknown_import(import_id)
    if kept.committed_at is not None:
        raise already_committed(import_id)
    row = await lock_programme(work, kept.programme_id)
    if row is None:
        raise _unknown_programme(kept.programme_id)
    options = PlanUploadIn(plan=kept.plan, **kept.options)
    programme = await read_programme(work, row, plan=kept.plan, parties=options.owing)
    now = fingerprint_of(programme.preview(kept.source).stored(), kept.options)
    if not said.fingerprint == kept.fingerprint == now:
        raise outdated(import_id)
    previewed = programme.preview(kept.source, said.statements)
    require_readable(previewed, said.statements)
    commands = commands_of(
        previewed, plan=kept.plan, withdraw_missing=options.withdraw_missing
    )
    written = Written()
    if commands:
        written = await _write(work, programme, said.order, commands)
        keys = [each.key for each in previewed.lines]
        await repository.order_as(work, row.id, keys)
    outcome = _outcome(previewed, commands) | written.deadlines()
    await repository.finish_import(work, import_id, outcome, written.amendment_id)


async def _write(
    work: Work,
    programme: Programme,
    order: Mapping[str, Any] | None,
    commands: list[dict[str, Any]],
) -> Written:
    """Write the changes, and bring the deadlines after them."""
    row, state = programme.row, programme.state
    today = work.today_in(row.time_zone)
    is_first = not state.measures
    if order is None and not is_first and row.starts_on <= today:
        raise order_required()
    papers = None if order is None else dict(order)
    if papers is not None:
        await require_next(work, row.id, papers, today)
    made = _made(programme, commands, papers["order_on"] if papers else today)
    for difference in made:
        await write_difference(work, row, state, difference)
    amendment_id = None
    if papers is None:
        await _record_first(work, programme, made)
    else:
        amendment_id = await insert_amendment(work, row, papers, made)
        await tell(work, row, amendment_id, papers, made)
    if is_first:
        fanned = await fan_out(work, row.code)
        return Written(amendment_id, opened=fanned.new)
    changed = {state.measures[each.subject]["id"] for each in made}
    reason = papers["reason"] if papers else None
    redated = await redate_programme(
        work, row.id, today=today, changed=changed, reason=reason
    )
    withdrawn = len(redated.withdrawn)
    moved = len(redated.moves) - withdrawn
    return Written(amendment_id, len(redated.opened), moved, withdrawn)


def _made(
    programme: Programme, commands: list[dict[str, Any]], day: date
) -> list[Difference]:
    made: list[Difference] = []
    for command in commands:
        state, key = programme.state, command.get("key", "")
        is_gone = (
            command["kind"] is ChangeKind.WITHDRAW_MEASURE
            and state.measures[key]["withdrawn_on"] is not None
        )
        if not is_gone:  # with the measure that it hung under
            made += apply_change(state, command, order_on=day)
    return made


async def _record_first(
    work: Work, programme: Programme, made: list[Difference]
) -> None:
    row = programme.row
    await record_change(
        work,
        "programme",
        "import_plan",
        {f"{each.kind}:{each.subject}": [None, dict(each.changes)] for each in made},
        municipality_id=row.municipality_id,
        entity_id=row.id,
    )
    await record(
        work,
        EventKind.PROGRAMME_CHANGED,
        municipality_id=row.municipality_id,
        payload={"programme": row.code},
    )


def _outcome(previewed: Previewed, commands: list[dict[str, Any]]) -> dict[str, int]:
    states = Counter(each.state for each in previewed.lines)
    withdrawn = sum(
        command["kind"] is ChangeKind.WITHDRAW_MEASURE for command in commands
    )
    return {
        "new": states[LineState.NEW],
        "changed": states[LineState.CHANGED],
        "unchanged": states[LineState.UNCHANGED],
        "left_out": states[LineState.LEFT_OUT],
        "withdrawn": withdrawn,
    }


def _unknown_programme(programme: object) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Программы «{programme}» нет или она вам недоступна.",
            f"There is no programme '{programme}', or it is not accessible to you.",
        )
    )
