"""What is out of date, and which run is current."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Select,
    String,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY

from services.scoring.repository.part import Part
from shared.contracts.events import TOPICS, Topic
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.staleness import (
    Operand,
    has_passed,
    has_run,
    kinds_of,
    out_of_date_runs,
)
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow, TransactionId
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.scoring import CurrentRunRow, RunRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work

# A programme is computed as a whole.
ALL_YEARS = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Municipalities with new events, and from which transaction to look on."""

    municipality_ids: list[int]
    look_on_from: str


async def read_changes(work: Work, look_from: str | None) -> Changes:
    """Return which municipalities have events that the look before did not show.

    Those whose run was for a day that is over are among them.

    The first look, from None, returns all municipalities. Any event that a look did
    not see is of a transaction not below the oldest that was running then.
    """
    changed: Select[int] | CompoundSelect[int] = select(MunicipalityRow.id)
    if look_from is not None:
        kinds = sorted(kind for kind, topics in TOPICS.items() if topics)
        since = sql_cast(literal(look_from, String), TransactionId())
        changed = (
            select(OutboxRow.municipality_id)
            .distinct()
            .where(OutboxRow.kind.in_(kinds), OutboxRow.txid >= since)
            .union(_outlived())
        )
    oldest_running = func.pg_snapshot_xmin(func.pg_current_snapshot())
    statement = select(
        func.array(changed.scalar_subquery(), type_=ARRAY(BigInteger)),
        sql_cast(oldest_running, String),
    )
    row = (await work.session.execute(statement)).one()
    return Changes(list(row[0]), row[1])


def _outlived() -> Select[int]:
    """Select the municipalities with a run of a day that is over."""
    return select(CurrentRunRow.municipality_id).where(
        has_passed(CurrentRunRow.valid_until)
    )


async def list_out_of_date(
    work: Work, municipality_id: int, topics: Sequence[Topic]
) -> list[Part]:
    """Return what has to be computed for the municipality, newest years first.

    That is what has a run that misses an event, and what has data but no run; all of
    one topic comes before the next.
    """
    rows = await work.session.execute(
        _out_of_date(tuple(topics)), {"municipality_id": municipality_id}
    )
    found = {Part(Topic(row.topic), row.year) for row in rows}
    return sorted(found, key=lambda part: (topics.index(part.topic), -part.year))


@cache
def _out_of_date(topics: tuple[Topic, ...]) -> CompoundSelect[Any]:
    """Return the one statement that asks for all of them; making it takes its time."""
    municipality_id = bindparam("municipality_id", type_=BigInteger)
    return union_all(
        *(
            select(literal(topic, String).label("topic"), year.label("year"))
            for topic in topics
            for year in (
                out_of_date_runs(topic)
                .where(CurrentRunRow.municipality_id == municipality_id)
                .subquery()
                .c.year,
                _without_run(topic, municipality_id).subquery().c[0],
            )
        )
    )


async def count_unseen(work: Work, municipality_id: int) -> int:
    """Count the events of the municipality since the newest of its current runs."""
    newest = (
        select(func.max(RunRow.input_event))
        .join(CurrentRunRow, CurrentRunRow.run_id == RunRow.id)
        .where(CurrentRunRow.municipality_id == municipality_id)
    )
    statement = select(func.count()).where(
        OutboxRow.municipality_id == municipality_id,
        OutboxRow.number > newest.scalar_subquery(),
    )
    return (await work.session.scalars(statement)).one()


def _without_run(topic: Topic, municipality_id: Operand) -> Select[Any]:
    if topic is Topic.PROGRAMME:
        return _programme_without_run(municipality_id)
    return _years_without_run(topic, municipality_id)


def _years_without_run(topic: Topic, municipality_id: Operand) -> Select[Any]:
    """Ask for each possible year: a list of those in a large table is dearer."""
    # Not "year": inside the subqueries that would name their own column.
    year = func.generate_series(FIRST_YEAR, LAST_YEAR).column_valued("possible_year")
    results = exists().where(
        AssessmentResultRow.municipality_id == municipality_id,
        AssessmentResultRow.academic_year == year,
    )
    passports = exists().where(
        SocialPassportRow.municipality_id == municipality_id,
        SocialPassportRow.academic_year == year,
    )
    data = or_(results, passports) if topic is Topic.CONDITIONS else results
    return select(year).where(
        not_(has_run(topic, municipality_id=municipality_id, year=year)), data
    )


def _programme_without_run(municipality_id: Operand) -> Select[Any]:
    event = exists().where(
        OutboxRow.municipality_id == municipality_id,
        OutboxRow.kind.in_(kinds_of(Topic.PROGRAMME)),
    )
    run = has_run(Topic.PROGRAMME, municipality_id=municipality_id, year=ALL_YEARS)
    return select(literal(ALL_YEARS, BigInteger)).where(not_(run), event)
