"""Whether data of a year may be written, held still until the transaction ends.

Writers share an advisory lock of their municipality's year, and whoever takes a step
with the year, or with one of its schools', has it alone. A lock of a row would not do:
a year that nothing was done with has none.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import exists, func, select

from shared.domain.data_years import (
    WRITABLE,
    YearState,
    check_writable,
    effective_state,
)
from shared.domain.periods import AcademicYear
from shared.persistence.tables.years import DataYearRow
from shared.persistence.work import Work

# Set apart from other advisory locks by their first bits; a year has twelve bits.
_LOCKS: Final = 7085 << 48
_YEAR_BITS: Final = 12

# A school, or None for the municipality's own data, and the start of its year.
SchoolYear: TypeAlias = tuple[int | None, int]


async def require_open_year(
    work: Work,
    *,
    school_id: int | None,
    municipality_id: int,
    academic_year: int,
    reason: str | None,
    may_correct: bool,
) -> None:
    """Let data of a year be written, and the year wait with its steps until then.

    Args:
        work: The transaction that will write; the reason belongs into its audit entry.
        school_id: Whose data they are; None if they are the municipality's own.
        municipality_id: Where.
        academic_year: The year's start; of dated rows `AcademicYear.of(date)`.
        reason: Why a closed year is corrected, as the caller gave it.
        may_correct: Whether the caller has the permission `years:correct`; the system
            itself has it.

    Raises:
        YearLockedError: The year is locked, and right or reason are missing.
        YearSubmittedError: It is submitted or accepted, and either is missing.
    """
    await require_open_years(
        work,
        municipality_id=municipality_id,
        school_years={(school_id, academic_year)},
        reason=reason,
        may_correct=may_correct,
    )


async def require_open_years(
    work: Work,
    *,
    municipality_id: int,
    school_years: Collection[SchoolYear],
    reason: str | None,
    may_correct: bool,
) -> None:
    """Let data of several years be written, as `require_open_year` does; all or none.

    Raises:
        YearLockedError: One of the years is locked.
        YearSubmittedError: One of the years is submitted or accepted.
    """
    years = {year for _, year in school_years}
    await hold_years(work, municipality_id, years)
    closed = await find_closed_years(work, municipality_id, school_years)
    for year in sorted(years):
        check_writable(
            AcademicYear(year),
            [state for (_, of), state in closed.items() if of == year],
            reason=reason,
            may_correct=may_correct,
        )


async def find_closed_years(
    work: Work, municipality_id: int, school_years: Collection[SchoolYear]
) -> dict[SchoolYear, YearState]:
    """Return those that may not simply be written, with their states.

    Nothing is held: what is found open may be closed a moment later, unless
    `hold_years` was called before.
    """
    states = await _read_states(work, municipality_id, {y for _, y in school_years})
    found = {
        (school_id, year): effective_state(
            states.get((school_id, year)), states.get((None, year))
        )
        for school_id, year in school_years
    }
    return {key: state for key, state in found.items() if state not in WRITABLE}


async def has_closed_years(work: Work, municipality_id: int) -> bool:
    """Tell whether there is any year at all that `find_closed_years` could find."""
    closed = exists().where(
        DataYearRow.municipality_id == municipality_id,
        DataYearRow.state.not_in(sorted(WRITABLE)),
    )
    return bool(await work.session.scalar(select(closed)))


async def hold_years(work: Work, municipality_id: int, years: Iterable[int]) -> None:
    """Keep the years' states as they are until the transaction ends; others may, too.

    All writers take them in the same order, so that none waits for another in a ring.
    """
    for year in sorted(set(years)):
        key = _key(municipality_id, year)
        await work.session.execute(select(func.pg_advisory_xact_lock_shared(key)))


async def hold_year_alone(work: Work, municipality_id: int, year: int) -> None:
    """Wait for whoever writes data of the year, and make new ones wait."""
    key = _key(municipality_id, year)
    await work.session.execute(select(func.pg_advisory_xact_lock(key)))


async def _read_states(
    work: Work, municipality_id: int, years: Collection[int]
) -> Mapping[SchoolYear, YearState]:
    row = DataYearRow
    rows = await work.session.execute(
        select(row.school_id, row.academic_year, row.state).where(
            row.municipality_id == municipality_id, row.academic_year.in_(years)
        )
    )
    return {
        (each.school_id, each.academic_year): YearState(each.state) for each in rows
    }


def _key(municipality_id: int, year: int) -> int:
    return _LOCKS | municipality_id << _YEAR_BITS | year
