"""Writing a municipality's facts from their document; a second time changes nothing."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.api.organisations.documents import FactsDocument
from services.api.organisations.facts import Entry, SchoolEntry, Table
from services.api.organisations.passports import load_passports
from shared.contracts.events import EventKind
from shared.persistence.outbox import record
from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import (
    ConditionIndexRangeRow,
    ListMembershipRow,
    ObjectivitySignRow,
    ResourceItemRow,
    StaffProfileRow,
    VacancyRow,
)
from shared.persistence.tables.msoko import MsokoGroupRow
from shared.persistence.tables.municipalities import (
    CalendarPeriodRow,
    MunicipalityFigureRow,
    MunicipalityRow,
    RegionRow,
)
from shared.persistence.tables.schools import SchoolAliasRow, SchoolRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work

# How many agreements a school may mentor at once, until it says otherwise.
MENTOR_CAPACITY = 2


async def load_facts(
    work: Work, document: FactsDocument, *, synthetic_results: bool
) -> Written:
    """Write the document's tables and return how many rows that changed.

    `synthetic_results` says that the municipality's results will be generated ones;
    it is fixed when the municipality is first written. Placeholder schools have no
    place beside real results and are left out.
    """
    if not synthetic_results:
        document = without_placeholders(document)
    municipality_id, written = await _municipality(
        work, document, synthetic_results=synthetic_results
    )
    schools = await _schools(work, municipality_id, document.schools)
    written += schools
    ids = await school_ids(work, municipality_id)
    written += await _aliases(work, municipality_id, document.schools.rows, ids)
    written += await load_passports(work, municipality_id, document.social_shares, ids)
    for table, entries, key in (
        (StaffProfileRow, document.staff_profiles, ("school_id", "as_of")),
        (VacancyRow, document.vacancies, ("school_id", "year", "subject")),
        (ObjectivitySignRow, document.objectivity_signs, ("school_id", "year")),
        (
            ListMembershipRow,
            document.list_memberships,
            ("school_id", "list_kind", "year"),
        ),
        (
            ResourceItemRow,
            document.resource_items,
            ("school_id", "kind", "title", "year"),
        ),
        (MsokoGroupRow, document.msoko_groups, ("code",)),
        (ConditionIndexRangeRow, document.condition_index_ranges, ("year", "area")),
        (MunicipalityFigureRow, document.figures, ("code",)),
        (
            CalendarPeriodRow,
            document.calendar_periods,
            ("academic_year", "kind", "number"),
        ),
    ):
        written += await _table(work, municipality_id, table, entries, key=key, ids=ids)
    if schools:
        await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=municipality_id)
    return written


def without_placeholders(document: FactsDocument) -> FactsDocument:
    """Return the document without the schools that no source names."""
    named = tuple(school for school in document.schools.rows if not school.synthetic)
    schools = document.schools.model_copy(update={"rows": named})
    return document.model_copy(update={"schools": schools})


async def school_ids(work: Work, municipality_id: int) -> dict[str, int]:
    """Return the ids of a municipality's schools by code."""
    rows = await work.session.execute(
        select(SchoolRow.code, SchoolRow.id).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    return dict(rows.all())


async def _municipality(
    work: Work, document: FactsDocument, *, synthetic_results: bool
) -> tuple[int, Written]:
    facts = document.municipality
    region = {"code": facts.region.code, "name": facts.region.name}
    written = await upsert(work, RegionRow, [region], key=["code"])
    region_id = (
        await work.session.scalars(
            select(RegionRow.id).where(RegionRow.code == facts.region.code)
        )
    ).one()
    row = {
        "region_id": region_id,
        "code": facts.code,
        "name": facts.name,
        "time_zone": facts.time_zone,
        "synthetic": synthetic_results,
        # Of generated results nobody has to decide; of real ones somebody must.
        "is_public": synthetic_results,
        "provenance": document.schools.provenance,
        "area_km2": facts.area_km2,
        "population": facts.population,
        "remarks": list(document.remarks),
    }
    written += await upsert(
        work, MunicipalityRow, [row], key=["code"], keep=["synthetic", "is_public"]
    )
    municipality_id = (
        await work.session.scalars(
            select(MunicipalityRow.id).where(MunicipalityRow.code == facts.code)
        )
    ).one()
    return municipality_id, written


async def _schools(
    work: Work, municipality_id: int, table: Table[SchoolEntry]
) -> Written:
    written = Written()
    parents: dict[str, int] = {}
    # Heads first, so that branches find their parents' ids.
    for entries in (
        [school for school in table.rows if school.parent is None],
        [school for school in table.rows if school.parent is not None],
    ):
        rows = [
            {
                "municipality_id": municipality_id,
                "code": school.code,
                "name": school.name,
                "kind": school.kind,
                "locality": school.locality,
                "parent_id": parents[school.parent] if school.parent else None,
                "mentor_capacity": MENTOR_CAPACITY,
                "synthetic": school.synthetic,
                "provenance": table.provenance,
            }
            for school in entries
        ]
        written += await upsert(
            work,
            SchoolRow,
            rows,
            key=["municipality_id", "code"],
            keep=["mentor_capacity"],
        )
        parents = await school_ids(work, municipality_id)
    return written


async def _aliases(
    work: Work,
    municipality_id: int,
    schools: Iterable[SchoolEntry],
    ids: dict[str, int],
) -> Written:
    rows = [
        {
            "municipality_id": municipality_id,
            "school_id": ids[school.code],
            "alias": alias,
        }
        for school in schools
        for alias in school.aliases
    ]
    return await upsert(work, SchoolAliasRow, rows, key=["school_id", "alias"])


async def _table(
    work: Work,
    municipality_id: int,
    table: type[Base],
    entries: Table[Any],
    *,
    key: tuple[str, ...],
    ids: dict[str, int],
) -> Written:
    rows = [
        _row(entry, ids)
        | {"municipality_id": municipality_id, "provenance": entries.provenance}
        for entry in entries.rows
    ]
    if "school_id" not in key:
        key = ("municipality_id", *key)
    return await upsert(work, table, rows, key=key)


def _row(entry: Entry, ids: dict[str, int]) -> dict[str, Any]:
    values = entry.model_dump()
    school = values.pop("school", None)
    if school is not None:
        values["school_id"] = ids[school]
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
