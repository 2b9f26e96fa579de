"""What the programmes of an area want to reach, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from services.scoring.engine.programmes.period import Period, periods_of
from services.scoring.engine.programmes.values import Target
from services.scoring.repository.areas import Area
from shared.domain.indicator_definitions import Definition, restored
from shared.domain.programme_state import is_asked_for
from shared.persistence.tables.programmes import (
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
)
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class ProgrammeTargets:
    """A programme's indicators in each of its years."""

    municipality_id: int
    programme_id: int
    targets: tuple[Target, ...]


async def read_programmes(work: Work, area: Area) -> list[ProgrammeTargets]:
    """Return what each programme of the area wants to reach, by their numbers."""
    programmes = await work.session.execute(
        select(
            ProgrammeRow.municipality_id,
            ProgrammeRow.id,
            ProgrammeRow.starts_on,
            ProgrammeRow.ends_on,
            ProgrammeRow.years,
        )
        .where(area.holds(ProgrammeRow.municipality_id))
        .order_by(ProgrammeRow.id)
    )
    rows = await work.session.execute(
        select(
            TargetIndicatorRow.programme_id,
            TargetIndicatorRow.id,
            TargetIndicatorRow.code,
            TargetIndicatorRow.title,
            TargetIndicatorRow.definition,
            TargetIndicatorRow.added_on,
            TargetIndicatorRow.withdrawn_on,
            TargetRangeRow.year,
            TargetRangeRow.low,
            TargetRangeRow.high,
        )
        .outerjoin(TargetRangeRow, TargetRangeRow.indicator_id == TargetIndicatorRow.id)
        .where(area.holds(TargetIndicatorRow.municipality_id))
        .order_by(
            TargetIndicatorRow.programme_id,
            TargetIndicatorRow.position,
            TargetIndicatorRow.id,
        )
    )
    by_programme = {
        number: list(group)
        for number, group in groupby(rows, key=lambda row: row.programme_id)
    }
    return [
        ProgrammeTargets(
            each.municipality_id,
            each.id,
            _targets(each, by_programme.get(each.id, [])),
        )
        for each in programmes
    ]


def _targets(programme: Any, rows: Sequence[Any]) -> tuple[Target, ...]:
    """Join each indicator with its ranges; the programme's other years have none."""
    own = {
        period.year: period
        for period in periods_of(
            programme.starts_on, programme.ends_on, programme.years
        )
    }
    targets: list[Target] = []
    for _, group in groupby(rows, key=lambda row: row.id):
        listed = list(group)
        indicator, definition = listed[0], _definition(listed[0])
        ranges = {row.year: (row.low, row.high) for row in listed if row.year}
        for year in sorted({*own, *ranges}):
            period = own.get(year) or Period(years=programme.years, year=year)
            days = (indicator.added_on, indicator.withdrawn_on, period.last_day)
            if not is_asked_for(*days):
                continue
            low, high = ranges.get(year, (None, None))
            targets.append(
                Target(
                    indicator_id=indicator.id,
                    code=indicator.code,
                    period=period,
                    low=low,
                    high=high,
                    definition=definition,
                )
            )
    return tuple(targets)


def _definition(indicator: Any) -> Definition | None:
    if indicator.definition is None:
        return None
    return restored(indicator.code, indicator.title, indicator.definition)
