"""Reading what the rows of files may name: schools, subjects, procedures."""

from collections import defaultdict

from sqlalchemy import select

from services.api.imports.records import Municipality
from shared.domain.result_rules import Procedure
from shared.domain.school_directory import KnownSchool, SchoolDirectory
from shared.domain.spellings import spelling_key
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import ProcedureRow, SubjectRow
from shared.persistence.tables.schools import (
    SchoolAliasRow,
    SchoolIdentifierRow,
    SchoolRow,
)
from shared.persistence.work import Work


async def read_municipality(work: Work, municipality_id: int) -> Municipality | None:
    """Return a municipality that the transaction may see."""
    statement = select(MunicipalityRow.id, MunicipalityRow.name).where(
        MunicipalityRow.id == municipality_id
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else Municipality(*row)


async def read_schools(
    work: Work, municipality_id: int, *, code_kind: str
) -> SchoolDirectory[int]:
    """Return a municipality's schools with all spellings and codes, past ones too.

    Old files carry old codes.
    """
    names: defaultdict[int, list[str]] = defaultdict(list)
    logins: defaultdict[int, list[str]] = defaultdict(list)
    schools = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    for row in schools:
        names[row.id].append(row.name)
    aliases = await work.session.execute(
        select(SchoolAliasRow.school_id, SchoolAliasRow.alias).where(
            SchoolAliasRow.municipality_id == municipality_id
        )
    )
    for row in aliases:
        names[row.school_id].append(row.alias)
    identifiers = await work.session.execute(
        select(SchoolIdentifierRow.school_id, SchoolIdentifierRow.value).where(
            SchoolIdentifierRow.municipality_id == municipality_id,
            SchoolIdentifierRow.kind == code_kind,
        )
    )
    for row in identifiers:
        logins[row.school_id].append(row.value)
    return SchoolDirectory.of(
        KnownSchool(school_id, tuple(spelled), tuple(logins[school_id]))
        for school_id, spelled in names.items()
    )


async def read_subject_spellings(work: Work) -> dict[str, str]:
    """Map every reduced spelling of a subject to its code."""
    return {
        spelling_key(spelling): row.code
        for row in await work.session.scalars(select(SubjectRow))
        for spelling in (row.code, row.name_ru, row.name_en, *row.aliases)
    }


async def read_procedures(work: Work) -> dict[str, Procedure]:
    """Return all procedures by code."""
    return {
        row.code: Procedure(row.code, frozenset(row.grades), row.marked)
        for row in await work.session.scalars(select(ProcedureRow))
    }
