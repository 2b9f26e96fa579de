"""Beginning runs: one for each municipality, current as soon as it is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl
from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    Date,
    DateTime,
    Select,
    String,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert_into

from services.scoring.repository.areas import Area
from services.scoring.repository.part import Part
from shared.domain.methods.method import Method, Spec
from shared.persistence.staleness import current_snapshot
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.scoring import CurrentRunRow, RunRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Counted:
    """How many results and schools a municipality's run is computed from."""

    results: int
    schools: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The day that a run is computed for, where that matters.

    From the moment `valid_until` on another day makes the run out of date.
    """

    as_of: date | None = None
    valid_until: datetime | None = None


NO_DAY: Final = Day()


async def begin_run(
    work: Work,
    municipality_id: int,
    part: Part,
    *,
    methods: Sequence[Method[Spec]] = (),
    results_count: int = 0,
    schools_count: int,
    day: Day = NO_DAY,
) -> int:
    """Write the run of one municipality, as `begin_runs` does; return its number."""
    counted = {municipality_id: Counted(results_count, schools_count)}
    runs = await begin_runs(work, part, counted, methods=methods, day=day)
    return runs[municipality_id]


def count_inputs(
    area: Area, schools: pl.DataFrame, results: pl.DataFrame, listed: pl.DataFrame
) -> dict[int, Counted]:
    """Count what each municipality is computed from.

    Args:
        area: The municipalities.
        schools: ``municipality_id`` and ``school_id`` of all of their schools.
        results: ``school_id`` of each result.
        listed: ``municipality_id`` of each school that is counted.
    """
    homes = schools.select("school_id", "municipality_id")
    placed = results.select("school_id").join(homes, on="school_id", how="inner")
    of_results, of_schools = (
        dict(frame["municipality_id"].value_counts().iter_rows())
        for frame in (placed, listed)
    )
    return {
        each: Counted(of_results.get(each, 0), of_schools.get(each, 0))
        for each in area.municipality_ids
    }


async def begin_runs(
    work: Work,
    part: Part,
    counted: Mapping[int, Counted],
    *,
    methods: Sequence[Method[Spec]] = (),
    day: Day = NO_DAY,
) -> dict[int, int]:
    """Write a run for each municipality and make it the current one.

    Of `methods` the first is the one that its answers name. Nobody sees the runs
    before the transaction commits, by when their values are there too. What they have
    seen is what the whole transaction sees, so the transaction has to be of isolation
    level REPEATABLE READ.

    Returns:
        The number of each municipality's run.
    """
    runs = (
        insert(RunRow)
        .from_select(*_rows(work, part, counted, methods, day))
        .returning(
            RunRow.municipality_id, RunRow.id, RunRow.input_snapshot, RunRow.valid_until
        )
        .cte("runs")
    )
    made = await work.session.execute(
        select(runs.c.municipality_id, runs.c.id).add_cte(_switch(part, runs))
    )
    return {row.municipality_id: row.id for row in made}


def _rows(
    work: Work,
    part: Part,
    counted: Mapping[int, Counted],
    methods: Sequence[Method[Spec]],
    day: Day,
) -> tuple[list[str], Select[*tuple[object, ...]]]:
    """Return the columns of the runs, and what selects them."""
    method = methods[0] if methods else None
    given = _given(counted)
    last_event = (
        select(func.coalesce(func.max(OutboxRow.number), 0))
        .where(OutboxRow.municipality_id == MunicipalityRow.id)
        .scalar_subquery()
    )
    values = {
        "municipality_id": MunicipalityRow.id,
        "topic": literal(part.topic.value),
        "year": literal(part.year, BigInteger),
        "method_code": literal(method.code if method else None, String),
        "method_version": literal(method.version if method else None, BigInteger),
        "method_hash": literal(method.content_hash if method else None, String),
        "methods": cast(literal([_name(each) for each in methods], JSONB), JSONB),
        "input_snapshot": current_snapshot(),
        "input_event": last_event,
        "results_count": given.c.results,
        "schools_count": given.c.schools,
        "synthetic": MunicipalityRow.synthetic,
        "computed_at": literal(work.now),
        "as_of": literal(day.as_of, Date),
        "valid_until": literal(day.valid_until, DateTime(timezone=True)),
    }
    statement = (
        select(*values.values())
        .join_from(given, MunicipalityRow, MunicipalityRow.id == given.c.id)
        .order_by(MunicipalityRow.id)
    )
    return list(values), statement


def _given(counted: Mapping[int, Counted]) -> CTE:
    columns = {
        "id": list(counted),
        "results": [each.results for each in counted.values()],
        "schools": [each.schools for each in counted.values()],
    }
    rows = (
        func.unnest(*(literal(each, ARRAY(BigInteger)) for each in columns.values()))
        .table_valued(*(Column(name, BigInteger) for name in columns), name="given")
        .render_derived()
    )
    return select(rows).cte("counted")


def _name(method: Method[Spec]) -> dict[str, object]:
    return {
        "kind": method.kind,
        "code": method.code,
        "version": method.version,
        "hash": method.content_hash,
    }


def _switch(part: Part, runs: CTE) -> CTE:
    """Put the runs in the place of those that were current."""
    current = upsert_into(CurrentRunRow).from_select(
        ["municipality_id", "topic", "year", "run_id", "input_snapshot", "valid_until"],
        select(
            runs.c.municipality_id,
            literal(part.topic.value),
            literal(part.year, BigInteger),
            runs.c.id,
            runs.c.input_snapshot,
            runs.c.valid_until,
        ),
    )
    return current.on_conflict_do_update(
        index_elements=["municipality_id", "topic", "year"],
        set_={
            name: current.excluded[name]
            for name in ("run_id", "input_snapshot", "valid_until")
        },
    ).cte("switched")
