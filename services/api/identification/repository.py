"""Reading schools with low results."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from services.api.identification.records import Found, ListEntry, Wanted
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationDecisionRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.tables.methods import MethodRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import Work

LIST_KIND: Final = "low_results"
LISTS_FOLLOW_WITHIN: Final = 2  # years

_OWN = (
    "id",
    "run_id",
    "municipality_id",
    "school_id",
    "rule_code",
    "rule_version",
    "status",
    "reason",
    "status_before",
    "low_in_year",
    "low_units",
    "assessed_units",
    "units",
    "low_years",
    "unknown_years",
    "listed_before",
    "clear_years",
    "direction",
    "pupils",
    "changes",
)


async def list_found(
    work: Work, run_id: int, wanted: Wanted, *, after: int, limit: int | None
) -> list[Found]:
    """Return up to `limit + 1` answers of a run that the caller may see, by id."""
    statement = _found().where(
        IdentificationRow.run_id == run_id, IdentificationRow.id > after
    )
    if wanted.rule_code is not None:
        statement = statement.where(IdentificationRow.rule_code == wanted.rule_code)
    if wanted.status is not None:
        statement = statement.where(IdentificationRow.status == wanted.status)
    if wanted.school_id is not None:
        statement = statement.where(IdentificationRow.school_id == wanted.school_id)
    if limit is not None:
        statement = statement.limit(limit + 1)
    rows = await work.session.execute(statement.order_by(IdentificationRow.id))
    return [_read(row) for row in rows]


async def find_found(work: Work, identification_id: int) -> Found | None:
    """Return one answer, if the caller may see it."""
    row = (
        await work.session.execute(
            _found().where(IdentificationRow.id == identification_id)
        )
    ).one_or_none()
    return None if row is None else _read(row)


def _found() -> Select[Any]:
    """Join answers with the received list, and with the decision that stands."""
    found, decision = IdentificationRow, IdentificationDecisionRow
    list_year = _list_year()
    received = _received(list_year)
    return (
        select(
            *(getattr(found, name) for name in _OWN),
            RunRow.year.label("academic_year"),
            SchoolRow.name.label("school_name"),
            list_year.label("list_year"),
            received.c.act_body,
            received.c.act_number,
            received.c.act_on,
            received.c.year.label("listed_since"),
            decision,
        )
        .join(RunRow, RunRow.id == found.run_id)
        .join(SchoolRow, SchoolRow.id == found.school_id)
        .outerjoin(received, true())
        .outerjoin(
            decision,
            and_(
                decision.school_id == found.school_id,
                decision.rule_code == found.rule_code,
                decision.academic_year == RunRow.year,
                decision.withdrawn_at.is_(None),
            ),
        )
    )


def _list_year() -> ColumnElement[int]:
    """The year of the list that results are compared with.

    A list is drawn up from results of before: it is the first of the year itself or
    of the two after it, and without one that which is still in force.
    """
    listed = aliased(ListMembershipRow)
    first = (
        select(func.min(listed.year))
        .where(
            listed.municipality_id == IdentificationRow.municipality_id,
            listed.list_kind == LIST_KIND,
            listed.year.between(RunRow.year, RunRow.year + LISTS_FOLLOW_WITHIN),
        )
        .correlate(IdentificationRow, RunRow)
        .scalar_subquery()
    )
    return func.coalesce(first, RunRow.year)


def _received(list_year: ColumnElement[int]) -> LateralFromClause:
    """Select the membership by which a school is on the list of the year.

    It holds from its own year on, until the act that ended it.
    """
    listed = ListMembershipRow
    return (
        select(listed)
        .where(
            listed.school_id == IdentificationRow.school_id,
            listed.list_kind == LIST_KIND,
            listed.year <= list_year,
            or_(
                listed.valid_to.is_(None),
                listed.valid_to >= func.make_date(cast(list_year, Integer), 9, 1),
            ),
        )
        .order_by(listed.year.desc())
        .limit(1)
        .correlate(IdentificationRow, RunRow)
        .lateral("received")
    )


def _read(row: Any) -> Found:
    received = None
    if row.act_body is not None:
        received = ListEntry(
            act_body=row.act_body,
            act_number=row.act_number,
            act_on=row.act_on,
            year=row.listed_since,
        )
    return Found(
        **{name: getattr(row, name) for name in _OWN},
        academic_year=row.academic_year,
        school_name=row.school_name,
        list_year=row.list_year,
        received=received,
        decision=row.IdentificationDecisionRow,
    )


async def list_evidence(
    work: Work, found: Found
) -> Sequence[IdentificationEvidenceRow]:
    """Return the evidence of an answer: newest and lowest results first."""
    row = IdentificationEvidenceRow
    statement = (
        select(row)
        .where(
            row.run_id == found.run_id,
            row.rule_code == found.rule_code,
            row.school_id == found.school_id,
        )
        .order_by(
            row.academic_year.desc(), row.points.desc().nulls_last(), row.id.asc()
        )
    )
    return (await work.session.scalars(statement)).all()


async def list_rules(work: Work, run_id: int) -> list[MethodRow]:
    """Return the versions of the rules that a run has used, by code."""
    used = func.jsonb_build_array(
        func.jsonb_build_object("hash", MethodRow.content_hash)
    )
    statement = (
        select(MethodRow)
        .join(RunRow, RunRow.methods.contains(used))
        .where(RunRow.id == run_id)
        .order_by(MethodRow.code, MethodRow.id.desc())
    )
    # A copy of a method has the same content, and says the same.
    by_code = {row.code: row for row in await work.session.scalars(statement)}
    return list(by_code.values())


async def list_back_tests(work: Work, run_id: int) -> Sequence[BackTestRow]:
    """Return a run's back-tests, by rule."""
    statement = (
        select(BackTestRow)
        .where(BackTestRow.run_id == run_id)
        .order_by(BackTestRow.rule_code, BackTestRow.id)
    )
    return (await work.session.scalars(statement)).all()
