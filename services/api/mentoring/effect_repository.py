"""Figures of an agreement's mentee and of its peers, whoever of its readers asks.

A school reads the effect of its own agreement, but not its peers' figures: the
database's functions give what is counted with, `visible_schools` whose of it may be
shown to the caller.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Double,
    cast,
    column,
    func,
    select,
    union,
)

from shared.domain.agreement_effect import Sitting
from shared.domain.rates import Rate, rate_of
from shared.persistence.paging import AnyRow
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.mentor_bank import MentorMatchRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import Work

Rates = dict[int, dict[int, dict[Sitting, Rate]]]


@dataclass(slots=True)
class Figures:
    """Rates by school, year and sitting, and the runs that they are of."""

    rates: Rates = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    runs: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Composite:
    """A school's composite score in a year, by which method."""

    value: float
    n: int
    method_hash: str | None


async def read_peers(work: Work, agreement_id: int, year: int) -> Sequence[AnyRow]:
    """Return the mentee's nearest peers in the newest conditions up to the year."""
    found = func.tenancy.agreement_peers(agreement_id, year).table_valued(
        "run_id",
        "year",
        "school_id",
        "name",
        column("distance", Double),
        column("has_agreement", Boolean),
    )
    rows = await work.session.execute(
        select(found).order_by(found.c.distance, found.c.school_id)
    )
    return rows.all()


async def read_rates(
    work: Work, agreement_id: int, span: range, *, measure: str, subject: str | None
) -> Figures:
    """Return the rates of mentee and peers by sitting; of one subject, or of all.

    `span` begins with the academic year before the agreement.
    """
    found = func.tenancy.agreement_figures(
        agreement_id, span.start + 1, cast([*span], ARRAY(BigInteger)), measure
    ).table_valued(
        "run_id",
        "year",
        "school_id",
        "procedure",
        "subject",
        "programme_grade",
        column("value", Double),
        "n",
    )
    statement = select(found)
    if subject is not None:
        statement = statement.where(found.c.subject == subject)
    figures = Figures()
    for row in await work.session.execute(statement):
        sitting = (row.procedure, row.subject, row.programme_grade)
        figures.rates[row.school_id][row.year][sitting] = rate_of(row.value, row.n)
        figures.runs.add(row.run_id)
    return figures


async def read_composites(
    work: Work, agreement_id: int, span: range
) -> tuple[dict[int, dict[int, Composite]], set[int]]:
    """Return the composite scores by school and year, and the runs they are of."""
    found = func.tenancy.agreement_composites(
        agreement_id, span.start + 1, cast([*span], ARRAY(BigInteger))
    ).table_valued(
        "run_id", "year", "school_id", column("value", Double), "n", "method_hash"
    )
    scores: defaultdict[int, dict[int, Composite]] = defaultdict(dict)
    runs = set()
    for row in await work.session.execute(select(found)):
        scores[row.school_id][row.year] = Composite(row.value, row.n, row.method_hash)
        runs.add(row.run_id)
    return scores, runs


async def visible_schools(
    work: Work, runs: Collection[int], schools: Collection[int]
) -> set[int]:
    """Return those of the schools whose figures in these runs the caller may read."""
    of_figures, of_places = (
        select(table.school_id).where(
            table.run_id.in_(runs), table.school_id.in_(schools)
        )
        for table in (FigureRow, RankingPlaceRow)
    )
    found = await work.session.scalars(union(of_figures, of_places))
    return {number for number in found if number is not None}


async def matched_subject(work: Work, agreement_id: int) -> str | None:
    """Return the subject of the request that the agreement answers, if it has one."""
    subject: str | None = await work.session.scalar(
        select(MentorMatchRow.subject).where(
            MentorMatchRow.agreement_id == agreement_id
        )
    )
    return subject


async def has_subject(work: Work, code: str) -> bool:
    """Tell whether there is such a subject."""
    found = select(SubjectRow.code).where(SubjectRow.code == code)
    return await work.session.scalar(found) is not None
