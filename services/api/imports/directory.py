"""Reading what the rows of files may name: subjects, procedures, a municipality."""

from sqlalchemy import select

from services.api.imports.records import Municipality
from shared.domain.result_rules import Procedure
from shared.domain.spellings import spelling_key
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import ProcedureRow, SubjectRow
from shared.persistence.work import Work


async def read_municipality(work: Work, municipality_id: int) -> Municipality | None:
    """Return a municipality that the transaction may see."""
    statement = select(MunicipalityRow.id, MunicipalityRow.name).where(
        MunicipalityRow.id == municipality_id
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else Municipality(*row)


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
