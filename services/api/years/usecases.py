"""Taking steps with a year of data."""

from services.api.http.auth import Actor
from services.api.scheduling.following import follow_records
from services.api.scheduling.returns import tell_of_returned_record
from services.api.years import repository
from services.api.years.records import Papers, Place, StoredYear, YearFilter
from shared.contracts.events import EventKind
from shared.domain.data_years import (
    YearState,
    YearStep,
    YearWrongStateError,
    require_begun,
    take_step,
)
from shared.domain.deadline_titles import YEAR, title_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import NotFoundError, Text
from shared.domain.periods import AcademicYear
from shared.persistence.audit import Change, record_changes
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work
from shared.persistence.year_locks import hold_year_alone

ENTITY = "data_year"


async def step_with_school(
    work: Work,
    actor: Actor,
    school_id: int,
    year: AcademicYear,
    *,
    step: YearStep,
    papers: Papers,
) -> AnyRow:
    """Take a step with a school's year and return how far it is then.

    Raises:
        NotFoundError: the school is unknown or not the caller's.
        YearNotBegunError: the year is still to come.
        YearWrongStateError: there is no such step now.
    """
    # A school sees its partners by agreement, too, but answers for its own data only.
    own = actor.school_id in (None, school_id)
    place = await repository.find_school_place(work, school_id) if own else None
    if place is None:
        raise _unknown_school(school_id)
    require_begun(year, AcademicYear.of(work.now.date()))
    await hold_year_alone(work, place.municipality_id, year.start)
    (before,) = await repository.read_years(work, place, year.start, with_schools=False)
    state = take_step(before.state, step)
    await _write(work, place, [before], papers, year=year, step=step, state=state)
    if step is YearStep.RETURN:
        await tell_of_returned_record(
            work,
            DeadlineKind.DATA_YEAR,
            year.start,
            owner=place,
            title=title_of(YEAR, year.label),
            comment=papers.note,
        )
    wanted = YearFilter(academic_year=year.start, school_id=school_id)
    (after,) = await repository.list_years(work, wanted, after=0, limit=1)
    return after


async def step_with_all(
    work: Work,
    municipality_id: int,
    year: AcademicYear,
    *,
    step: YearStep,
    papers: Papers,
) -> int:
    """Take a step with the years of a municipality and all of its schools.

    Those that are in the state already stay as they are. Returns how many schools'
    years changed.

    Raises:
        NotFoundError: the municipality is unknown or not the caller's.
        YearNotBegunError: the year is still to come.
        YearWrongStateError: the step is not possible for any of them.
    """
    if not await sees_municipality(work, municipality_id):
        raise _unknown_municipality(municipality_id)
    require_begun(year, AcademicYear.of(work.now.date()))
    await hold_year_alone(work, municipality_id, year.start)
    place = Place(municipality_id, None)
    found = await repository.read_years(work, place, year.start, with_schools=True)
    able = [each for each in found if _is_possible(each.state, step)]
    if not able:
        take_step(found[0].state, step)
    state = take_step(able[0].state, step)
    await _write(work, place, able, papers, year=year, step=step, state=state)
    return sum(each.school_id is not None for each in able)


def _is_possible(state: YearState, step: YearStep) -> bool:
    try:
        take_step(state, step)
    except YearWrongStateError:
        return False
    return True


async def _write(
    work: Work,
    place: Place,
    years: list[StoredYear],
    papers: Papers,
    *,
    year: AcademicYear,
    step: YearStep,
    state: YearState,
) -> None:
    ids = await repository.write_years(
        work,
        years,
        papers,
        municipality_id=place.municipality_id,
        academic_year=year.start,
        state=state,
    )
    await follow_records(
        work,
        DeadlineKind.DATA_YEAR,
        municipality_id=place.municipality_id,
        school_id=place.school_id,
        sources=[year.start],
    )
    order = {"order_number": papers.order_number, "order_on": papers.order_on}
    entries = [
        Change(
            entity_id=ids[each.school_id],
            school_id=each.school_id,
            changes={
                "state": [each.state, state],
                "academic_year": [year.start, year.start],
                **{name: [None, value] for name, value in order.items() if value},
            },
        )
        for each in years
    ]
    await record_changes(
        work,
        ENTITY,
        step,
        entries,
        municipality_id=place.municipality_id,
        reason=papers.note,
    )
    await record(
        work,
        EventKind.DATA_YEAR_CHANGED,
        municipality_id=place.municipality_id,
        school_id=place.school_id,
        academic_year=year.start,
        payload={"step": step, "state": state},
    )


def _unknown_school(school_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Школы {school_id} нет или она вам недоступна.",
            f"There is no school {school_id}, or it is not accessible to you.",
        )
    )


def _unknown_municipality(municipality_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Муниципалитета {municipality_id} нет или он вам недоступен.",
            f"There is no municipality {municipality_id}, or it is not accessible to "
            "you.",
        )
    )
