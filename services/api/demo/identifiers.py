"""The codes by which files know the schools of the demonstration."""

from collections.abc import Iterable

from sqlalchemy import select

from shared.persistence.audit import record_change
from shared.persistence.tables.schools import SchoolIdentifierRow
from shared.persistence.upsert import Written
from shared.persistence.work import Work

KIND = "fis_oko_login"


async def load_identifiers(
    work: Work, schools: Iterable[tuple[int, int, str]]
) -> Written:
    """Write the codes of (municipality, school, code) that nobody has yet."""
    known = set(await work.session.scalars(select(SchoolIdentifierRow.value)))
    new = [
        SchoolIdentifierRow(
            municipality_id=municipality_id,
            school_id=school_id,
            kind=KIND,
            value=value,
            valid_from=None,
            valid_to=None,
        )
        for municipality_id, school_id, value in schools
        if value not in known
    ]
    if new:
        work.session.add_all(new)
        await work.session.flush()
        table, counts = SchoolIdentifierRow.__tablename__, {"new": [None, len(new)]}
        await record_change(work, table, "load", counts, municipality_id=None)
    return Written(new=len(new))
