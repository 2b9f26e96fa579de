"""Opening deadlines of measures that have no dates of their own."""

from dataclasses import dataclass
from datetime import date

from services.api.roadmaps import demand_repository as repository
from services.api.scheduling.fan_out import read_calendar
from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.calendar import Window
from shared.domain.demand import (
    DueDay,
    InvalidDemandError,
    due_day,
    require_by_hand,
    require_schools,
)
from shared.domain.errors import Fault, NotFoundError, Text
from shared.persistence.audit import Change, created, record_changes
from shared.persistence.outbox import record
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked, of whom, and by when."""

    measure_id: int
    school_ids: list[int]
    of_municipality: bool
    due_on: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened."""

    occurrence: int
    day: DueDay
    deadlines: list[int]


async def open_by_hand(work: Work, demand: Demand) -> Opened:
    """Open a deadline for each school named, and for the municipality if asked.

    Raises:
        NotFoundError: the caller sees no such measure.
        MeasureDatedError: its deadlines follow from its term, or it is withdrawn.
        InvalidDemandError: the day has passed, or a school cannot owe it.
    """
    measure = await repository.lock_measure(work, demand.measure_id)
    if measure is None:
        raise NotFoundError(
            Text(
                f"Мероприятия {demand.measure_id} нет или оно вам недоступно.",
                f"There is no measure {demand.measure_id}, or it is not accessible to "
                "you.",
            )
        )
    require_by_hand(is_datable=measure.is_datable, withdrawn_on=measure.withdrawn_on)
    calendar = await read_calendar(work, measure.municipality_id)
    day = due_day(
        demand.due_on,
        calendar.work,
        today=work.today_in(measure.time_zone),
        programme=Window(measure.starts_on, measure.ends_on),
    )
    schools = sorted(set(demand.school_ids))
    able = await repository.able_schools(work, measure.municipality_id, day, schools)
    require_schools(schools, able)
    owing: list[int | None] = [None] if demand.of_municipality else []
    owing += schools
    if not owing:
        raise _of_nobody()
    occurrence, numbers = await repository.insert_deadlines(work, measure, owing, day)
    changes = created({"measure_id": measure.id, "due_on": day.due_on})
    await record_changes(
        work,
        "deadline",
        "open",
        [
            Change(changes=changes, entity_id=number, school_id=school_id)
            for number, school_id in zip(numbers, owing, strict=True)
        ],
        municipality_id=measure.municipality_id,
        reason=demand.reason,
    )
    await record(
        work,
        EventKind.DEADLINES_CHANGED,
        municipality_id=measure.municipality_id,
        payload={"happened": DeadlinesHappening.OPENED, "deadlines": numbers},
    )
    return Opened(occurrence, day, numbers)


def _of_nobody() -> InvalidDemandError:
    reason = Text(
        "Назовите школы (school_ids) или муниципалитет (of_municipality).",
        "Name schools (school_ids), or the municipality (of_municipality).",
    )
    fault = Fault(column="body.school_ids", reason=reason)
    return InvalidDemandError(reason, faults=[fault])
