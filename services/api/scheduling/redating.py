"""Bringing the deadlines of a programme after its plan, once that has changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from services.api.scheduling.agreement_plans import follow_plans
from services.api.scheduling.fan_out import due_deadlines
from services.api.scheduling.following import follow_municipality
from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.deadlines import DeadlineState
from shared.domain.followed_records import RecordMove
from shared.domain.redating import Move, Redating, redate
from shared.persistence.audit import Change, record_changes
from shared.persistence.deadlines import is_owed
from shared.persistence.outbox import record
from shared.persistence.tables.deadlines import DEADLINE_KEY, DeadlineRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.upsert import upsert
from shared.persistence.work import Work

ENTRIES_AT_ONCE = 500  # a statement has at most 32,767 parameters


async def redate_programme(
    work: Work,
    programme_id: int,
    *,
    today: date,
    changed: Collection[int] = (),
    reason: str | None = None,
) -> Redating:
    """Open, move and withdraw deadlines as the measures in force ask for.

    Deadlines of measures without dates are opened by hand and stay, unless the
    measure is in `changed` or has been withdrawn. The audit gets an entry for each
    deadline that moved. Returns what was done.

    Raises:
        InvalidInputError: the school calendar lacks terms that a measure asks for.
    """
    programme = await work.session.get_one(ProgrammeRow, programme_id)
    await work.session.refresh(programme)
    deadline = DeadlineRow.__table__.c
    existing = await work.session.execute(
        select(
            deadline.id,
            deadline.measure_id,
            deadline.school_id,
            deadline.occurrence,
            deadline.starts_on,
            deadline.nominal_due_on,
            deadline.due_on,
            deadline.state,
        )
        .join(MeasureRow, MeasureRow.id == deadline.measure_id)
        .where(MeasureRow.programme_id == programme_id)
    )
    by_hand = await work.session.scalars(
        select(MeasureRow.id).where(
            MeasureRow.programme_id == programme_id,
            ~MeasureRow.is_datable,
            MeasureRow.withdrawn_on.is_(None),
        )
    )
    plan = redate(
        [dict(row) for row in existing.mappings()],
        await due_deadlines(work, programme),
        today=today,
        untouched=set(by_hand) - set(changed),
    )
    await upsert(
        work,
        DeadlineRow,
        plan.written,
        key=DEADLINE_KEY,
        keep=["created_at", "changed_at"],
    )
    await _record_moves(work, plan.moves, programme.municipality_id, reason)
    await _withdraw(work, programme, plan.withdrawn, reason)
    await _reword(work, changed)
    if plan.written or plan.withdrawn:
        await record(
            work,
            EventKind.DEADLINES_CHANGED,
            municipality_id=programme.municipality_id,
            payload={
                "happened": DeadlinesHappening.REDATED,
                "programme": programme.code,
            },
        )
    return plan


@dataclass(frozen=True, slots=True)
class MunicipalRedating:
    """What was done to the deadlines of programmes, and what records asked for."""

    programmes: list[Redating]
    records: list[RecordMove]


async def redate_municipality(
    work: Work, municipality_id: int, *, today: date, reason: str | None = None
) -> MunicipalRedating:
    """Do so for every programme that has not ended, after the calendar has changed.

    What records and plans of agreements ask for moves with the calendar, too.
    """
    records = await follow_municipality(work, municipality_id)
    records += await follow_plans(work, municipality_id, today=today)
    await _record_moves(
        work,
        [each for each in records if each.municipality_id == municipality_id],
        municipality_id,
        reason,
    )
    programmes = await work.session.scalars(
        select(ProgrammeRow.id)
        .where(
            ProgrammeRow.municipality_id == municipality_id,
            ProgrammeRow.ends_on >= today,
        )
        .order_by(ProgrammeRow.id)
    )
    redated = [
        await redate_programme(work, programme_id, today=today, reason=reason)
        for programme_id in programmes.all()
    ]
    return MunicipalRedating(redated, records)


async def _record_moves(
    work: Work,
    moves: Sequence[Move | RecordMove],
    municipality_id: int,
    reason: str | None,
) -> None:
    moved = [
        Change(
            changes={"due_on": [each.due_before, each.due_on]},
            entity_id=each.deadline_id,
            school_id=each.school_id,
        )
        for each in moves
        if each.due_on is not None
    ]
    for start in range(0, len(moved), ENTRIES_AT_ONCE):
        await record_changes(
            work,
            "deadline",
            "move",
            moved[start : start + ENTRIES_AT_ONCE],
            municipality_id=municipality_id,
            reason=reason,
        )


async def _withdraw(
    work: Work, programme: ProgrammeRow, ids: list[int], reason: str | None
) -> None:
    if not ids:
        return
    await work.session.execute(
        update(DeadlineRow)
        .where(DeadlineRow.id.in_(ids))
        .values(state=DeadlineState.WITHDRAWN)
    )
    changes = Change(changes={"withdrawn": [None, len(ids)]}, entity_id=programme.id)
    await record_changes(
        work,
        "deadlines",
        "withdraw",
        [changes],
        municipality_id=programme.municipality_id,
        reason=reason,
    )


async def _reword(work: Work, measures: Collection[int]) -> None:
    """Raise the revision of what is owed for measures that now read otherwise."""
    if not measures:
        return
    await work.session.execute(
        update(DeadlineRow)
        .where(DeadlineRow.measure_id.in_(measures), is_owed())
        .values(revision=DeadlineRow.revision + 1, changed_at=work.now)
    )
