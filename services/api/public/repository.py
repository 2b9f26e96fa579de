"""Sums of results for the public, who sees no row of any table."""

from collections.abc import Sequence

from sqlalchemy import text

from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


async def list_municipalities(work: Work) -> Sequence[AnyRow]:
    """Return names of all municipalities, by number."""
    found = await work.session.execute(
        text("SELECT id, code, name, synthetic FROM tenancy.public_municipalities()")
    )
    return found.all()


async def read_results(
    work: Work, municipality_id: int, academic_year: int
) -> Sequence[AnyRow]:
    """Return sums by procedure, subject, grade and school, in this order."""
    found = await work.session.execute(
        text(
            "SELECT procedure, subject, programme_grade, school_id, school_name,"
            " failed, satisfactory, good"
            " FROM tenancy.public_results(:municipality_id, :academic_year)"
        ),
        {"municipality_id": municipality_id, "academic_year": academic_year},
    )
    return found.all()
