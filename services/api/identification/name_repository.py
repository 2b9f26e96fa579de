"""Reading what procedures and subjects are called."""

from sqlalchemy import literal, select, union_all

from services.api.identification.records import Names
from shared.persistence.tables.results import ProcedureRow, SubjectRow
from shared.persistence.work import Work


async def read_names(work: Work) -> Names:
    """Return what procedures and subjects are called."""
    both = union_all(
        *(
            select(
                literal(table.__tablename__), table.code, table.name_ru, table.name_en
            )
            for table in (ProcedureRow, SubjectRow)
        )
    )
    found: dict[str, dict[str, dict[str, str]]] = {"procedures": {}, "subjects": {}}
    for kind, code, *names in await work.session.execute(both):
        found[kind][code] = _both(*names)
    return Names(**found)


def _both(name_ru: str, name_en: str) -> dict[str, str]:
    return {"ru": _short(name_ru), "en": _short(name_en)}


def _short(name: str) -> str:
    """Return the abbreviation that a name ends with in brackets, if it does."""
    before, _, bracketed = name.rpartition("(")
    is_short = before and bracketed.endswith(")")
    return bracketed.removesuffix(")") if is_short else name
