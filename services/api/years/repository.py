"""Years of data, and the schools that they are of."""

from collections.abc import Sequence

from sqlalchemy import (
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.api.years.records import Papers, Place, StoredYear, YearFilter
from shared.domain.data_years import WRITABLE, YearState
from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.years import DATA_YEAR_KEY, DataYearRow
from shared.persistence.work import Work

_Own = aliased(DataYearRow)
_Whole = aliased(DataYearRow)
_STATE = func.coalesce(_Own.state, _Whole.state, literal(YearState.OPEN.value, String))
_STEP_COLUMNS = ("note", "order_number", "order_on", "changed_by", "changed_at")


async def find_school_place(work: Work, school_id: int) -> Place | None:
    """Return where a school is that the transaction may see."""
    statement = select(SchoolRow.municipality_id).where(SchoolRow.id == school_id)
    found = await work.session.scalar(statement)
    return None if found is None else Place(found, school_id)


async def list_years(
    work: Work, wanted: YearFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return the year of up to `limit` + 1 schools after the school `after`."""
    statement = (
        _school_years(wanted.academic_year)
        .where(SchoolRow.id > after)
        .order_by(SchoolRow.id)
        .limit(limit + 1)
    )
    if wanted.municipality_id is not None:
        statement = statement.where(SchoolRow.municipality_id == wanted.municipality_id)
    if wanted.school_id is not None:
        statement = statement.where(SchoolRow.id == wanted.school_id)
    if wanted.state is not None:
        statement = statement.where(_STATE.in_([wanted.state]))
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_municipality_years(
    work: Work,
    academic_year: int,
    *,
    municipality_id: int | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return a year of up to `limit` + 1 municipalities after the one `after`."""
    by_school = _school_years(academic_year).subquery()
    counted = (
        select(
            by_school.c.municipality_id, by_school.c.state, func.count().label("number")
        )
        .group_by(by_school.c.municipality_id, by_school.c.state)
        .subquery()
    )
    schools = (
        select(func.jsonb_object_agg(counted.c.state, counted.c.number))
        .where(counted.c.municipality_id == MunicipalityRow.id)
        .correlate(MunicipalityRow)
        .scalar_subquery()
    )
    statement = (
        select(
            MunicipalityRow.id.label("municipality_id"),
            MunicipalityRow.synthetic,
            cast(academic_year, DataYearRow.academic_year.type).label("academic_year"),
            func.coalesce(_Whole.state, literal(YearState.OPEN.value)).label("state"),
            func.coalesce(schools, func.jsonb_build_object()).label("schools"),
            *(getattr(_Whole, name) for name in _STEP_COLUMNS),
        )
        .outerjoin(
            _Whole,
            and_(
                _Whole.municipality_id == MunicipalityRow.id,
                _Whole.school_id.is_(None),
                _Whole.academic_year == academic_year,
            ),
        )
        .where(MunicipalityRow.id > after)
        .order_by(MunicipalityRow.id)
        .limit(limit + 1)
    )
    if municipality_id is not None:
        statement = statement.where(MunicipalityRow.id == municipality_id)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def read_years(
    work: Work, place: Place, academic_year: int, *, with_schools: bool
) -> list[StoredYear]:
    """Return the place's own year, and with them those of its schools."""
    places = select(literal(place.school_id, DataYearRow.id.type).label("school_id"))
    if with_schools:
        schools = select(SchoolRow.id).where(
            SchoolRow.municipality_id == place.municipality_id
        )
        places = select(union_all(places, schools).subquery().c.school_id)
    wanted = places.subquery()
    rows = await work.session.execute(
        select(_Own.id, wanted.c.school_id, _Own.state, _Whole.state.label("whole"))
        .select_from(wanted)
        .outerjoin(
            _Own,
            and_(
                _Own.municipality_id == place.municipality_id,
                _Own.academic_year == academic_year,
                _Own.school_id.is_not_distinct_from(wanted.c.school_id),
            ),
        )
        .outerjoin(
            _Whole,
            and_(
                _Whole.municipality_id == place.municipality_id,
                _Whole.academic_year == academic_year,
                _Whole.school_id.is_(None),
            ),
        )
    )
    return [
        StoredYear(
            row.id, row.school_id, YearState(row.state or row.whole or YearState.OPEN)
        )
        for row in rows
    ]


async def write_years(
    work: Work,
    years: Sequence[StoredYear],
    papers: Papers,
    *,
    municipality_id: int,
    academic_year: int,
    state: YearState,
) -> dict[int | None, int]:
    """Bring the years into `state`; return the ids of their rows by school."""
    step = {
        "state": state,
        "note": papers.note,
        "order_number": papers.order_number,
        "order_on": papers.order_on,
        "changed_by": work.user_id,
        "changed_at": work.now,
    }
    row = {"municipality_id": municipality_id, "academic_year": academic_year, **step}
    statement = (
        insert(DataYearRow)
        .values([{**row, "school_id": year.school_id} for year in years])
        .on_conflict_do_update(constraint=DATA_YEAR_KEY, set_=step)
        .returning(DataYearRow.school_id, DataYearRow.id)
    )
    written = await work.session.execute(statement)
    return {each.school_id: each.id for each in written}


def _school_years(academic_year: int) -> Select[tuple[object, ...]]:
    # A school sees its partners by agreement, but not how far their years are.
    own_school = func.tenancy.school_id()
    return (
        select(
            SchoolRow.id.label("school_id"),
            SchoolRow.name.label("school_name"),
            SchoolRow.municipality_id,
            cast(academic_year, DataYearRow.academic_year.type).label("academic_year"),
            _STATE.label("state"),
            _STATE.in_(sorted(WRITABLE)).label("is_open"),
            *(
                func.coalesce(getattr(_Own, name), getattr(_Whole, name)).label(name)
                for name in _STEP_COLUMNS
            ),
            MunicipalityRow.synthetic,
        )
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .outerjoin(
            _Own,
            and_(_Own.school_id == SchoolRow.id, _Own.academic_year == academic_year),
        )
        .outerjoin(
            _Whole,
            and_(
                _Own.id.is_(null()),
                _Whole.municipality_id == SchoolRow.municipality_id,
                _Whole.school_id.is_(None),
                _Whole.academic_year == academic_year,
            ),
        )
        .where(
            SchoolRow.id == func.coalesce(own_school, SchoolRow.id),
        )
    )
