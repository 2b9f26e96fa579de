"""Schools that an answer about a year leaves out, as there are none of them in it."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel

from shared.contracts.events import Topic
from shared.domain.periods import AcademicYear
from shared.domain.school_years import Absence, absence_on
from shared.persistence.paging import AnyRow
from shared.persistence.runs import RunRecord
from shared.persistence.schools_of_a_year import list_lives, schools_listed
from shared.persistence.work import Work


class AbsentOut(BaseModel):
    """A school of the municipality that there is not in the year: nothing is missing.

    One that was closed in the course of the year is listed where it has results.
    """

    school_id: int
    school_name: str
    reason: Absence
    closed_on: date | None
    opened_on: date | None


async def absent_of(
    work: Work, topic: Topic, run: RunRecord, *, seen_by: int | None
) -> list[AbsentOut]:
    """Return the schools that a run does not list as there are none of them.

    A school's account, `seen_by`, does not see which others are listed, and is told of
    itself only.
    """
    lives = await list_lives(work, run.municipality_id)
    found = absent_on(lives, AcademicYear(run.year).ends_on)
    listed = await schools_listed(work, topic, run.id, [e.school_id for e in found])
    return [
        each
        for each in found
        if each.school_id not in listed and seen_by in {None, each.school_id}
    ]


def absent_on(lives: Sequence[AnyRow], last_day: date) -> list[AbsentOut]:
    """Return the schools that do not outlive a period, or are not open by its end."""
    return [
        AbsentOut(
            school_id=life.id,
            school_name=life.name,
            reason=reason,
            closed_on=life.closed_on,
            opened_on=life.opened_on,
        )
        for life in lives
        if (reason := absence_on(life.opened_on, life.closed_on, last_day))
    ]
