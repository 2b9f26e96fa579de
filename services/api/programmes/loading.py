"""Writing a programme from its document; a second time changes nothing."""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from services.api.programmes.documents import (
    IndicatorEntry,
    MeasureEntry,
    ProgrammeDocument,
)
from shared.contracts.events import EventKind
from shared.domain.errors import NotFoundError, Text
from shared.domain.schedule import parse_term
from shared.persistence.outbox import record
from shared.persistence.tables.amendments import ProgrammeAmendmentRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import (
    MeasureRow,
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
    TaskRow,
)
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work

UNSEEN_ROW = "42501"  # SQLSTATE: another municipality's row has the code


async def load_programme(work: Work, document: ProgrammeDocument) -> Written:
    """Write the programme with tasks, indicators, targets and measures.

    Raises:
        NotFoundError: its municipality's facts have not been loaded.
        UnreadableTermError: a measure's term cannot be read; nothing is written.
    """
    municipality_id = await _municipality_id(work, document.municipality)
    owner = {"municipality_id": municipality_id}
    row = owner | _programme(document)
    written = await upsert(work, ProgrammeRow, [row], key=["code"])
    owner["programme_id"] = (
        await work.session.scalars(
            select(ProgrammeRow.id).where(ProgrammeRow.code == document.code)
        )
    ).one()
    tasks = [
        owner | {"number": task.number, "title": task.text} for task in document.tasks
    ]
    written += await upsert(work, TaskRow, tasks, key=["programme_id", "number"])
    written += await _indicators(work, document, owner)
    written += await _measures(work, document, owner)
    if written:
        await record(
            work,
            EventKind.PROGRAMME_CHANGED,
            municipality_id=municipality_id,
            payload={"programme": document.code},
        )
    return written


async def load_new_programme(work: Work, document: ProgrammeDocument) -> bool:
    """Write a programme whose code nobody has; tell whether that was so.

    Raises:
        NotFoundError: its municipality is unknown, or not the caller's.
    """
    taken = select(ProgrammeRow.id).where(ProgrammeRow.code == document.code)
    if await work.session.scalar(taken) is not None:
        return False
    try:
        async with work.session.begin_nested():
            await load_programme(work, document)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != UNSEEN_ROW:
            raise
        return False
    return True


async def is_amended(work: Work, code: str) -> bool:
    """Tell whether an order has amended the programme."""
    found = await work.session.scalar(
        select(ProgrammeAmendmentRow.id)
        .join(ProgrammeRow, ProgrammeRow.id == ProgrammeAmendmentRow.programme_id)
        .where(ProgrammeRow.code == code)
        .limit(1)
    )
    return found is not None


async def _municipality_id(work: Work, code: str) -> int:
    found = await work.session.scalar(
        select(MunicipalityRow.id).where(MunicipalityRow.code == code)
    )
    if found is None:
        raise NotFoundError(
            Text(
                f"Муниципалитета «{code}» нет: сначала загрузите сведения о нём.",
                f"There is no municipality '{code}': load its facts first.",
            )
        )
    return found


def _programme(document: ProgrammeDocument) -> dict[str, Any]:
    content = document.model_dump(mode="json")
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return {
        "code": document.code,
        "title": document.title,
        "head_title": document.head_title,
        "head_period": document.head_period,
        "goal": document.goal,
        "starts_on": document.period.starts_on,
        "ends_on": document.period.ends_on,
        "years": document.period.years,
        "period_text": document.period.text,
        "approved": content["approved"],
        "expected_results": list(document.expected_results),
        "provenance": document.provenance,
        "executors_text": document.executors.text,
        "document_hash": sha256(canonical.encode()).hexdigest(),
    }


async def _indicators(
    work: Work, document: ProgrammeDocument, owner: dict[str, int]
) -> Written:
    rows = [
        owner | _indicator(position, indicator)
        for position, indicator in enumerate(document.indicators, start=1)
    ]
    written = await upsert(work, TargetIndicatorRow, rows, key=["programme_id", "code"])
    found = await work.session.execute(
        select(TargetIndicatorRow.code, TargetIndicatorRow.id).where(
            TargetIndicatorRow.programme_id == owner["programme_id"]
        )
    )
    ids = dict(found.all())
    ranges = [
        {
            "municipality_id": owner["municipality_id"],
            "indicator_id": ids[indicator.code],
            **target.model_dump(),
        }
        for indicator in document.indicators
        for target in indicator.targets
    ]
    return written + await upsert(
        work, TargetRangeRow, ranges, key=["indicator_id", "year"]
    )


def _indicator(position: int, indicator: IndicatorEntry) -> dict[str, Any]:
    return {
        "position": position,
        "code": indicator.code,
        "task_number": indicator.task,
        "title": indicator.title,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "heading": indicator.group,
        "target_text": indicator.target_text,
    }


async def _measures(
    work: Work, document: ProgrammeDocument, owner: dict[str, int]
) -> Written:
    """Write all measures level by level, since a child names its parent's id."""
    written = Written()
    level: set[str | None] = {None}
    position = {m.key: place for place, m in enumerate(document.measures, start=1)}
    plans = {m.key: plan.kind for plan in document.plans for m in plan.measures}
    while level:
        measures = [m for m in document.measures if m.parent in level]
        ids = await measure_ids(work, owner["programme_id"])
        rows = [
            owner
            | _measure(measure)
            | {
                "plan": plans[measure.key],
                "position": position[measure.key],
                "parent_id": ids[measure.parent] if measure.parent else None,
            }
            for measure in measures
        ]
        written += await upsert(work, MeasureRow, rows, key=["programme_id", "key"])
        level = {measure.key for measure in measures}
    return written


async def measure_ids(work: Work, programme_id: int) -> dict[str, int]:
    """Return the ids of a programme's measures by key."""
    found = await work.session.execute(
        select(MeasureRow.key, MeasureRow.id).where(
            MeasureRow.programme_id == programme_id
        )
    )
    return dict(found.all())


def _measure(measure: MeasureEntry) -> dict[str, Any]:
    schedule = parse_term(measure.term)
    return {
        "key": measure.key,
        "number": measure.number,
        "block": measure.block,
        "title": measure.title,
        "term_text": measure.term,
        "schedule_kind": schedule.kind,
        "is_datable": schedule.is_datable,
        "responsible_text": measure.responsible,
        "parties": list(measure.parties),
        "expected_result": measure.expected_result,
    }
