"""What a run has not seen: the one question that decides whether to compute again.

A run keeps PostgreSQL's snapshot of its inputs. An event that was committed after it
is not visible in that snapshot, however the two transactions overlapped; numbers or
times of events could not tell.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    String,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased
from sqlalchemy.types import UserDefinedType

from shared.contracts.events import (
    DATASET_TOPICS,
    LOOKS_BACK,
    TOPICS,
    EventKind,
    Topic,
)
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.scoring import CurrentRunRow

Operand = ColumnElement[Any] | Any


class PgSnapshot(UserDefinedType[str]):
    """PostgreSQL's snapshot: which transactions had ended at a moment."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the SQL name of the type."""
        return "pg_snapshot"


def kinds_of(topic: Topic) -> list[EventKind]:
    """Return the events that make runs of the topic out of date."""
    return sorted(kind for kind, topics in TOPICS.items() if topic in topics)


def current_snapshot() -> ColumnElement[str]:
    """Return the transaction's own snapshot as text, to be kept with a run."""
    return sql_cast(func.pg_current_snapshot(), String)


def has_run(topic: Topic, *, municipality_id: Operand, year: Operand) -> Exists:
    """Tell whether the municipality's year has a current run."""
    return exists().where(
        CurrentRunRow.municipality_id == municipality_id,
        CurrentRunRow.topic == topic,
        CurrentRunRow.year == year,
    )


def has_passed(moment: Operand) -> ColumnElement[bool]:
    """Tell whether a moment has come on the system's own clock; null never does."""
    return func.coalesce(moment <= func.tenancy.clock_now(), false())


def is_out_of_date(
    topic: Topic,
    *,
    municipality_id: Operand,
    year: Operand,
    snapshot: Operand,
    valid_until: Operand,
) -> ColumnElement[bool]:
    """Tell whether a run with this input snapshot misses an event that concerns it.

    So it does once the day that it was computed for is over, if it depends on that.

    An event without an academic year concerns all of them, one of a year also the
    years after it that look back so far. A snapshot or an event from beyond the
    present comes from the server that this database was restored from: such a run
    has to be computed again, such an event says nothing.
    """
    event = aliased(OutboxRow)
    seen = sql_cast(snapshot, PgSnapshot())
    end_of_present = func.pg_snapshot_xmax(func.pg_current_snapshot())
    return or_(
        has_passed(valid_until),
        func.pg_snapshot_xmax(seen) > end_of_present,
        exists().where(
            _concerns(topic, event, municipality_id=municipality_id, year=year),
            event.txid >= func.pg_snapshot_xmin(seen),
            event.txid < end_of_present,
            not_(func.pg_visible_in_snapshot(event.txid, seen)),
        ),
    )


def came_between(
    topic: Topic,
    event: type[OutboxRow],
    *,
    municipality_id: Operand,
    year: Operand,
    snapshots: tuple[Operand, Operand],
) -> ColumnElement[bool]:
    """Tell whether the later of two runs has seen an event that the earlier has not.

    Args:
        topic: Of the runs; an event that does not concern it never is one.
        event: The event.
        municipality_id: Of the runs.
        year: Of the runs.
        snapshots: What the earlier and what the later run has seen.
    """
    earlier, later = (sql_cast(each, PgSnapshot()) for each in snapshots)
    return and_(
        _concerns(topic, event, municipality_id=municipality_id, year=year),
        event.txid >= func.pg_snapshot_xmin(earlier),
        event.txid < func.pg_snapshot_xmax(later),
        not_(func.pg_visible_in_snapshot(event.txid, earlier)),
        func.pg_visible_in_snapshot(event.txid, later),
    )


def is_of_this_server(snapshot: Operand) -> ColumnElement[bool]:
    """Tell whether a snapshot can be compared: it is not from beyond the present."""
    seen = sql_cast(snapshot, PgSnapshot())
    present = func.pg_snapshot_xmax(func.pg_current_snapshot())
    return func.pg_snapshot_xmax(seen) <= present


def _concerns(
    topic: Topic, event: Any, *, municipality_id: Operand, year: Operand
) -> ColumnElement[bool]:
    """Tell whether an event is one that a run counts from."""
    concerned = [event.municipality_id == municipality_id, _is_of(topic, event)]
    if topic is not Topic.PROGRAMME:
        looked_at = event.academic_year.between(year - LOOKS_BACK[topic], year)
        concerned.append(or_(event.academic_year.is_(None), looked_at))
    return and_(*concerned)


def _is_of(topic: Topic, event: Any) -> ColumnElement[bool]:
    """Tell whether an event concerns a topic, that of records by their dataset.

    An event of records that names no dataset may be of any.
    """
    kinds = [kind for kind in kinds_of(topic) if kind is not EventKind.RECORDS_CHANGED]
    datasets = sorted(
        code for code, topics in DATASET_TOPICS.items() if topic in topics
    )
    dataset = event.payload["dataset"].astext
    return or_(
        event.kind.in_(kinds),
        and_(
            event.kind == EventKind.RECORDS_CHANGED,
            or_(dataset.is_(None), dataset.in_(datasets)),
        ),
    )


def out_of_date_runs(topic: Topic) -> Select[int, int]:
    """Select municipality and year of the current runs that are out of date."""
    run = CurrentRunRow
    return select(run.municipality_id, run.year).where(
        run.topic == topic,
        is_out_of_date(
            topic,
            municipality_id=run.municipality_id,
            year=run.year,
            snapshot=run.input_snapshot,
            valid_until=run.valid_until,
        ),
    )
