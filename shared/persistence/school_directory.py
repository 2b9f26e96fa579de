"""Reading the schools that a name or a code may mean."""

from collections import defaultdict

from sqlalchemy import select

from shared.domain.school_directory import KnownSchool, SchoolDirectory
from shared.persistence.tables.schools import (
    SchoolAliasRow,
    SchoolIdentifierRow,
    SchoolRow,
)
from shared.persistence.work import Work


async def read_schools(
    work: Work,
    municipality_id: int,
    *,
    code_kind: str | None = None,
    only_school: int | None = None,
) -> SchoolDirectory[int]:
    """Return a municipality's schools with all spellings and codes, past ones too.

    Old files carry old codes. Without a kind of code no codes are read. Whoever asks
    for `only_school` is told the same of all others, whether there are any.
    """
    names: defaultdict[int, list[str]] = defaultdict(list)
    logins: defaultdict[int, list[str]] = defaultdict(list)
    schools = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    for row in schools:
        if only_school in (None, row.id):
            names[row.id].append(row.name)
    aliases = await work.session.execute(
        select(SchoolAliasRow.school_id, SchoolAliasRow.alias).where(
            SchoolAliasRow.municipality_id == municipality_id
        )
    )
    for row in aliases:
        if row.school_id in names:
            names[row.school_id].append(row.alias)
    for school_id, code in await _codes(work, municipality_id, code_kind):
        logins[school_id].append(code)
    known = (
        KnownSchool(school_id, tuple(spelled), tuple(logins[school_id]))
        for school_id, spelled in names.items()
    )
    return SchoolDirectory.of(known, is_of_one=only_school is not None)


async def _codes(
    work: Work, municipality_id: int, code_kind: str | None
) -> list[tuple[int, str]]:
    if code_kind is None:
        return []
    rows = await work.session.execute(
        select(SchoolIdentifierRow.school_id, SchoolIdentifierRow.value).where(
            SchoolIdentifierRow.municipality_id == municipality_id,
            SchoolIdentifierRow.kind == code_kind,
        )
    )
    return [(row.school_id, row.value) for row in rows]
