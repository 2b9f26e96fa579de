"""Confirmations of contacts."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, and_, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.paging import AnyRow
from shared.persistence.tables.contact_confirmations import ContactConfirmationRow
from shared.persistence.tables.contacts import SchoolContactRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_GIVEN = ContactConfirmationRow


def _shown(academic_year: int) -> Select[tuple[object, ...]]:
    contacts = (
        select(func.count())
        .where(SchoolContactRow.school_id == SchoolRow.id)
        .correlate(SchoolRow)
        .scalar_subquery()
    )
    this_year = and_(
        _GIVEN.school_id == SchoolRow.id, _GIVEN.academic_year == academic_year
    )
    return (
        select(
            SchoolRow.municipality_id,
            SchoolRow.id.label("school_id"),
            SchoolRow.name.label("school_name"),
            cast(academic_year, _GIVEN.academic_year.type).label("academic_year"),
            contacts.label("contacts"),
            _GIVEN.confirmed_on,
            _GIVEN.confirmed_by,
            _GIVEN.confirmed_at,
            MunicipalityRow.time_zone,
        )
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .outerjoin(_GIVEN, this_year)
    )


async def list_confirmations(
    work: Work,
    academic_year: int,
    *,
    municipality_id: int | None,
    is_confirmed: bool | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit` + 1 open schools after the school `after`."""
    statement = (
        _shown(academic_year)
        .where(
            SchoolRow.id > after,
            SchoolRow.kind != "branch",
            SchoolRow.closed_on.is_(None),
        )
        .order_by(SchoolRow.id)
        .limit(limit + 1)
    )
    if municipality_id is not None:
        statement = statement.where(SchoolRow.municipality_id == municipality_id)
    if is_confirmed is not None:
        statement = statement.where(_GIVEN.confirmed_on.is_not(None) == is_confirmed)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def find_confirmation(
    work: Work, school_id: int, academic_year: int
) -> AnyRow | None:
    """Return how far a school is with a year, if the caller sees it."""
    statement = _shown(academic_year).where(SchoolRow.id == school_id)
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def insert_confirmation(
    work: Work, school: AnyRow, *, confirmed_on: date
) -> int | None:
    """Write that a school confirms; None if it has done so already."""
    statement = (
        insert(_GIVEN)
        .values(
            municipality_id=school.municipality_id,
            school_id=school.school_id,
            academic_year=school.academic_year,
            confirmed_on=confirmed_on,
            confirmed_by=work.user_id,
            confirmed_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["school_id", "academic_year"])
        .returning(_GIVEN.id)
    )
    number: int | None = await work.session.scalar(statement)
    return number


async def mark_contacts(
    work: Work, school_id: int, *, confirmed_on: date
) -> Sequence[AnyRow]:
    """Write the day to the school's contacts; return those that had another."""
    contact = SchoolContactRow
    before = await work.session.execute(
        select(contact.id, contact.confirmed_on)
        .where(
            contact.school_id == school_id,
            contact.confirmed_on.is_distinct_from(confirmed_on),
        )
        .order_by(contact.id)
        .with_for_update()
    )
    rows: Sequence[AnyRow] = before.all()
    await work.session.execute(
        update(contact)
        .where(contact.id.in_([row.id for row in rows]))
        .values(confirmed_on=confirmed_on, version=contact.version + 1)
    )
    return rows
