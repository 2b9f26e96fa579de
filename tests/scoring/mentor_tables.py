"""What municipalities entered that decides who mentors whom, by plain SQL."""

from datetime import date
from typing import Any, Final

from sqlalchemy import text

from shared.persistence.work import Work

TABLES: Final = {
    "schools": "SELECT id, parent_id, mentor_capacity FROM api.schools"
    " WHERE municipality_id = :m",
    "results": "SELECT school_id, subject, n3, n4, n5, n2, n_ungraded"
    " FROM api.assessment_results"
    " WHERE municipality_id = :m AND academic_year BETWEEN :y - 1 AND :y",
    "requests": "SELECT school_id, subject, lower(btrim(problem)) AS problem, urgency"
    " FROM api.mentor_requests WHERE municipality_id = :m AND status = 'open'"
    " AND asked_on <= :last",
    "deficits": "SELECT school_id, subject FROM api.deficits"
    " WHERE municipality_id = :m AND subject IS NOT NULL AND observed_on <= :last"
    " AND coalesce(closed_on > :last, true)",
    "offers": "SELECT school_id, subject, lower(btrim(problem)) AS problem"
    " FROM api.mentor_offers WHERE municipality_id = :m AND status = 'open'"
    " AND bank = 'district' AND valid_from <= :last"
    " AND coalesce(valid_to >= :first, true)",
    "listed": "SELECT school_id FROM api.list_memberships WHERE municipality_id = :m"
    " AND list_kind = 'low_results' AND year = :y"
    " AND coalesce(valid_to >= :last, true)",
    "signs": "SELECT school_id FROM api.objectivity_signs WHERE municipality_id = :m"
    " AND has_sign AND year BETWEEN :y - 1 AND :y",
    "agreements": "SELECT mentor_school_id AS mentor, mentee_school_id AS mentee,"
    " status, coalesce(ended_on, ends_on) AS ended FROM api.mentoring_agreements"
    " WHERE municipality_id = :m"
    " AND NOT (status = 'terminated' AND registry_number IS NULL)",
    "declined": "SELECT mentor_id AS mentor, mentee_id AS mentee"
    " FROM api.mentor_suggestion_decisions WHERE municipality_id = :m"
    " AND academic_year = :y AND decision = 'declined'",
    "ways": "SELECT school_id, other_school_id, km, same_bus_network"
    " FROM api.school_distances WHERE municipality_id = :m",
}


async def read_tables(work: Work, municipality_id: int, year: int) -> dict[str, Any]:
    """Return the rows of each table that count for the academic year."""
    values = {
        "m": municipality_id,
        "y": year,
        "first": date(year, 9, 1),
        "last": date(year + 1, 8, 31),
    }
    found = {}
    for name, statement in TABLES.items():
        bound = {key: values[key] for key in values if f":{key}" in statement}
        found[name] = (await work.session.execute(text(statement), bound)).all()
    return found
