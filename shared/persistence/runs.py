"""Reading runs of the scoring service, and whether they have seen everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, literal, select, union_all

from shared.contracts.events import Topic
from shared.persistence.staleness import is_out_of_date
from shared.persistence.tables.methods import MethodRow
from shared.persistence.tables.scoring import CurrentRunRow, RunRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run. `is_stale` says that something changed that it has not seen."""

    id: int
    municipality_id: int
    year: int
    method_code: str | None
    method_version: int | None
    method_hash: str | None
    method_content: dict[str, Any] | None
    methods: list[dict[str, Any]]
    input_event: int
    results_count: int
    schools_count: int
    synthetic: bool
    computed_at: datetime
    as_of: date | None
    is_current: bool
    is_stale: bool


async def find_current_run(
    work: Work, topic: Topic, municipality_id: int, year: int | None
) -> RunRecord | None:
    """Return the municipality's current run of the year; None is the newest year."""
    statement = _runs(topic).where(
        CurrentRunRow.run_id.is_not(None), RunRow.municipality_id == municipality_id
    )
    if year is not None:
        statement = statement.where(RunRow.year == year)
    return await _first(work, statement.order_by(RunRow.year.desc()).limit(1))


async def find_current_runs(
    work: Work, topics: Sequence[Topic], municipality_id: int, year: int | None
) -> dict[Topic, RunRecord]:
    """Return the municipality's current runs of several topics, all of one year.

    None is the newest year of the first of the topics that has any.
    """
    newest = [
        select(func.max(CurrentRunRow.year))
        .where(
            CurrentRunRow.municipality_id == municipality_id,
            CurrentRunRow.topic == topic,
        )
        .correlate(None)
        .scalar_subquery()
        for topic in topics
    ]
    chosen = func.coalesce(*newest) if year is None else literal(year)
    found = union_all(
        *(
            _runs(topic)
            .add_columns(literal(topic.value).label("topic"))
            .where(
                CurrentRunRow.run_id.is_not(None),
                RunRow.municipality_id == municipality_id,
                RunRow.year == chosen,
            )
            for topic in topics
        )
    )
    runs = {}
    for row in (await work.session.execute(found)).mappings():
        values = dict(row)
        topic = Topic(values.pop("topic"))
        runs[topic] = RunRecord(**values)
    return runs


async def find_run(work: Work, topic: Topic, run_id: int) -> RunRecord | None:
    """Return a run that the caller may see, however old it is."""
    return await _first(work, _runs(topic).where(RunRow.id == run_id))


async def find_run_before(work: Work, topic: Topic, run: RunRecord) -> RunRecord | None:
    """Return the run that this one took the place of; None if none is kept."""
    statement = _runs(topic).where(
        RunRow.municipality_id == run.municipality_id,
        RunRow.year == run.year,
        RunRow.id < run.id,
    )
    return await _first(work, statement.order_by(RunRow.id.desc()).limit(1))


async def list_runs(
    work: Work,
    topic: Topic,
    municipality_id: int,
    *,
    year: int | None,
    before: int,
    limit: int,
) -> Sequence[RunRecord]:
    """Return up to `limit + 1` runs, newest first, older than the run `before`.

    With 0 the list begins at the newest.
    """
    statement = _runs(topic).where(RunRow.municipality_id == municipality_id)
    if year is not None:
        statement = statement.where(RunRow.year == year)
    if before:
        statement = statement.where(RunRow.id < before)
    rows = await work.session.execute(
        statement.order_by(RunRow.id.desc()).limit(limit + 1)
    )
    return [RunRecord(**row) for row in rows.mappings()]


def _runs(topic: Topic) -> Select[*tuple[Any, ...]]:
    stale = is_out_of_date(
        topic,
        municipality_id=RunRow.municipality_id,
        year=RunRow.year,
        snapshot=RunRow.input_snapshot,
        valid_until=RunRow.valid_until,
    )
    return (
        select(
            RunRow.id,
            RunRow.municipality_id,
            RunRow.year,
            RunRow.method_code,
            RunRow.method_version,
            RunRow.method_hash,
            _content().label("method_content"),
            RunRow.methods,
            RunRow.input_event,
            RunRow.results_count,
            RunRow.schools_count,
            RunRow.synthetic,
            RunRow.computed_at,
            RunRow.as_of,
            CurrentRunRow.run_id.is_not(None).label("is_current"),
            stale.label("is_stale"),
        )
        .outerjoin(
            CurrentRunRow,
            and_(
                CurrentRunRow.municipality_id == RunRow.municipality_id,
                CurrentRunRow.topic == RunRow.topic,
                CurrentRunRow.year == RunRow.year,
                CurrentRunRow.run_id == RunRow.id,
            ),
        )
        .where(RunRow.topic == topic)
    )


def _content() -> ScalarSelect[dict[str, Any]]:
    """Of methods that share code and version the one with the content that was used."""
    return (
        select(MethodRow.content)
        .where(
            MethodRow.code == RunRow.method_code,
            MethodRow.version == RunRow.method_version,
        )
        .order_by((MethodRow.content_hash == RunRow.method_hash).desc())
        .limit(1)
        .scalar_subquery()
    )


async def _first(work: Work, statement: Select[*tuple[Any, ...]]) -> RunRecord | None:
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else RunRecord(**row)
