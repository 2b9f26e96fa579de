"""Writing the lists of procedures and subjects."""

from services.api.results.reference import Reference
from shared.persistence.tables.results import ProcedureRow, SubjectRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work


async def load_reference(work: Work, reference: Reference) -> Written:
    """Write both lists; a second time changes nothing."""
    procedures = [
        {
            "code": entry.code,
            "name_ru": entry.name.ru,
            "name_en": entry.name.en,
            "grades": sorted(entry.grades),
            "marked": entry.marked,
        }
        for entry in reference.procedures
    ]
    subjects = [
        {
            "code": entry.code,
            "name_ru": entry.name.ru,
            "name_en": entry.name.en,
            "aliases": list(entry.aliases),
        }
        for entry in reference.subjects
    ]
    written = await upsert(work, ProcedureRow, procedures, key=["code"])
    return written + await upsert(work, SubjectRow, subjects, key=["code"])
