"""Writing into a programme what orders change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select, update

from services.api.programmes.amendment_repository import place_of_new_measure
from shared.domain.programme_state import ChangeKind, Difference, ProgrammeState
from shared.domain.schedule import parse_term
from shared.persistence.paging import AnyRow
from shared.persistence.tables.programmes import (
    MeasureRow,
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
)
from shared.persistence.upsert import upsert
from shared.persistence.work import Work


async def write_difference(
    work: Work, programme: AnyRow, state: ProgrammeState, difference: Difference
) -> None:
    """Write one difference; `state` is the programme as all of them leave it."""
    values = {name: pair[1] for name, pair in difference.changes.items()}
    match difference.kind:
        case ChangeKind.ADD_MEASURE:
            await _insert_measure(work, programme, state, difference.subject)
        case ChangeKind.REPLACE_MEASURE | ChangeKind.WITHDRAW_MEASURE:
            await work.session.execute(
                update(MeasureRow)
                .where(MeasureRow.id == state.measures[difference.subject]["id"])
                .values(**values, **_schedule(values))
            )
        case ChangeKind.CHANGE_TARGET:
            await _write_target(work, programme, state, difference.subject)
        case ChangeKind.ADD_INDICATOR:
            await _insert_indicator(work, programme, state, difference.subject)
        case ChangeKind.CHANGE_INDICATOR | ChangeKind.WITHDRAW_INDICATOR:
            await work.session.execute(
                update(TargetIndicatorRow)
                .where(
                    TargetIndicatorRow.id == state.indicators[difference.subject]["id"]
                )
                .values(**values)
            )
        case ChangeKind.CHANGE_PERIOD:
            await work.session.execute(
                update(ProgrammeRow)
                .where(ProgrammeRow.id == programme.id)
                .values(**values)
            )


async def _insert_measure(
    work: Work, programme: AnyRow, state: ProgrammeState, key: str
) -> None:
    measure = dict(state.measures[key])
    parent = measure.pop("parent")
    position = await place_of_new_measure(work, programme.id, measure["plan"], parent)
    statement = (
        insert(MeasureRow)
        .values(
            **measure,
            **_schedule(measure),
            municipality_id=programme.municipality_id,
            programme_id=programme.id,
            parent_id=state.measures[parent]["id"] if parent else None,
            position=position,
        )
        .returning(MeasureRow.id)
    )
    state.measures[key]["id"] = (await work.session.execute(statement)).scalar_one()


async def _insert_indicator(
    work: Work, programme: AnyRow, state: ProgrammeState, code: str
) -> None:
    """Write a new indicator after all others of its programme."""
    table = TargetIndicatorRow.__table__.c
    last = select(func.max(table.position)).where(table.programme_id == programme.id)
    statement = (
        insert(TargetIndicatorRow)
        .values(
            # A missing definition is no JSON null.
            **{
                name: value
                for name, value in state.indicators[code].items()
                if value is not None
            },
            municipality_id=programme.municipality_id,
            programme_id=programme.id,
            position=(await work.session.scalar(last) or 0) + 1,
        )
        .returning(TargetIndicatorRow.id)
    )
    number = (await work.session.execute(statement)).scalar_one()
    state.indicators[code]["id"] = number


async def _write_target(
    work: Work, programme: AnyRow, state: ProgrammeState, subject: str
) -> None:
    code, _, year = subject.rpartition(":")
    row = {
        "municipality_id": programme.municipality_id,
        "indicator_id": state.indicators[code]["id"],
        "year": int(year),
        **state.targets[code, int(year)],
    }
    await upsert(work, TargetRangeRow, [row], key=["indicator_id", "year"])


def _schedule(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the term of a measure is read as, where it is given."""
    if "term_text" not in values:
        return {}
    schedule = parse_term(values["term_text"])
    return {"schedule_kind": schedule.kind, "is_datable": schedule.is_datable}
