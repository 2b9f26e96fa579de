"""Putting what is known of a school's year into one order."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

from services.api.datasets.definitions import DATASETS
from services.api.timeline import repository, wording
from services.api.timeline.record_wording import OTHERS, record_changed
from services.api.timeline.repository import Stretch
from services.api.timeline.schemas import Kind, TimelineItemOut, TimelineOut
from shared.domain.deadline_titles import titles_of
from shared.domain.errors import NotFoundError, Text
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work

# What people write row by row, by its name in the audit.
TITLES: Final = {
    dataset.recording.entity: dataset.title
    for dataset in DATASETS.values()
    if dataset.recording is not None
} | OTHERS


async def read_timeline(work: Work, school_id: int, year: AcademicYear) -> TimelineOut:
    """Return everything that the caller may see of the school's year.

    Raises:
        NotFoundError: the caller sees no such school.
    """
    found = await repository.find_school(
        work, school_id, first=year.starts_on, last=year.ends_on
    )
    if found is None:
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} нет.",
                f"There is no school {school_id}.",
            )
        )
    stretch, synthetic = found
    items = [
        *await _results(work, stretch),
        *await _year(work, stretch),
        *await _records(work, stretch),
        *await _agreements(work, stretch),
        *await _duties(work, stretch),
    ]
    return TimelineOut(
        school_id=school_id,
        academic_year=year.start,
        synthetic=synthetic,
        items=sorted(items, key=attrgetter("at", "kind", "reference.id")),
    )


async def _results(work: Work, stretch: Stretch) -> Iterable[TimelineItemOut]:
    singles = [
        TimelineItemOut.of(
            Kind.RESULT_CORRECTED if row.action == "update" else Kind.RESULT_ENTERED,
            row.at,
            wording.single_result(
                corrected=row.action == "update",
                procedure=Text(row.procedure_ru, row.procedure_en),
                subject=Text(row.subject_ru, row.subject_en),
                grade=row.pupil_grade,
                reason=row.reason,
            ),
            "assessment_result",
            row.id,
        )
        for row in await repository.list_single_results(work, stretch)
    ]
    imports = [
        TimelineItemOut.of(
            Kind.RESULTS_IMPORTED,
            row.at,
            wording.imported(new=row.new, changed=row.changed),
            "import",
            row.id,
        )
        for row in await repository.list_imports(work, stretch)
    ]
    return singles + imports


async def _year(work: Work, stretch: Stretch) -> Iterable[TimelineItemOut]:
    return [
        TimelineItemOut.of(
            Kind.YEAR,
            row.at,
            wording.year(row.action, row.reason, _order(row.changes)),
            repository.YEAR,
            row.id,
        )
        for row in await repository.list_year_steps(work, stretch)
    ]


def _order(changes: Mapping[str, Any]) -> wording.Order | None:
    """Return the order that a step was taken by, if it was."""
    number, day = changes.get("order_number"), changes.get("order_on")
    if not (number and day and number[1] and day[1]):
        return None
    return wording.Order(number[1], day[1])


def _name(title: str | None, deadline_kind: str | None) -> Text | None:
    if title is None:
        return None
    return (
        Text(title, title) if deadline_kind is None else titles_of(deadline_kind, title)
    )


async def _records(work: Work, stretch: Stretch) -> Iterable[TimelineItemOut]:
    return [
        TimelineItemOut.of(
            Kind.RECORD_CHANGED,
            row.at,
            record_changed(
                row.entity,
                TITLES[row.entity],
                row.action,
                row.reason,
                name=_name(row.title, row.deadline_kind),
            ),
            row.entity,
            row.id,
        )
        for row in await repository.list_record_changes(work, stretch, TITLES.keys())
    ]


async def _agreements(work: Work, stretch: Stretch) -> Iterable[TimelineItemOut]:
    return [
        TimelineItemOut.of(
            Kind.AGREEMENT,
            row.at,
            wording.agreement(
                row.action,
                side=row.side,
                problem=row.problem,
                schools=(row.mentor, row.mentee),
                reason=row.reason,
            ),
            "mentoring_agreement",
            row.id,
        )
        for row in await repository.list_agreement_steps(work, stretch)
    ]


async def _duties(work: Work, stretch: Stretch) -> Iterable[TimelineItemOut]:
    deadlines = [
        TimelineItemOut.of(
            Kind.DEADLINE,
            row.at,
            wording.deadline(row.number, titles_of(row.kind, row.title)),
            "deadline",
            row.id,
        )
        for row in await repository.list_deadlines(work, stretch)
    ]
    reminders = [
        TimelineItemOut.of(
            Kind.REMINDER_SENT,
            row.at,
            wording.reminder(row.channel, row.number, titles_of(row.kind, row.title)),
            "reminder",
            row.id,
        )
        for row in await repository.list_reminders(work, stretch)
    ]
    return deadlines + reminders
