"""What a school's programme needs before experts look at it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.calendar import Window
from shared.domain.errors import Fault, InvalidInputError, Text


class SchoolProgrammeIncompleteError(InvalidInputError):
    """The programme cannot go to expertise; the faults name all that is missing."""

    code = "school_programme_incomplete"
    title = Text("Программа не готова", "The programme is not complete")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolProgrammeContent:
    """What is looked at before expertise; windows of measures and dates of targets."""

    period: Window
    within: Window  # the municipal programme
    tasks: int
    targets_on: Sequence[date]
    measures: Sequence[Window]


def require_complete(content: SchoolProgrammeContent) -> None:
    """Refuse to hand in a programme that experts could only send back.

    Raises:
        SchoolProgrammeIncompleteError: it lacks tasks, indicators or measures, or
            leaves its period or that of the municipal programme.
    """
    faults = list(_faults(content))
    if faults:
        raise SchoolProgrammeIncompleteError(faults[0].reason, faults=faults)


def _faults(content: SchoolProgrammeContent) -> Iterator[Fault]:
    if not content.tasks:
        yield _fault("tasks", "Добавьте хотя бы одну задачу.", "Add a task.")
    if not content.targets_on:
        yield _fault(
            "indicators",
            "Добавьте хотя бы один показатель с целью.",
            "Add an indicator with a target.",
        )
    if not content.measures:
        yield _fault("measures", "Добавьте хотя бы одно мероприятие.", "Add a measure.")
    yield from _faults_of_dates(content)


def _faults_of_dates(content: SchoolProgrammeContent) -> Iterator[Fault]:
    period, within = content.period, content.within
    if period.starts_on not in within or period.ends_on not in within:
        span = f"{within.starts_on} – {within.ends_on}"
        yield _fault(
            "starts_on",
            f"Срок выходит за срок муниципальной программы ({span}).",
            f"The period leaves that of the municipal programme ({span}).",
        )
    span = f"{period.starts_on} – {period.ends_on}"
    if any(day not in period for day in content.targets_on):
        yield _fault(
            "indicators",
            f"Дата цели показателя вне срока программы ({span}).",
            f"An indicator's target is dated outside the programme ({span}).",
        )
    if any(
        day not in period
        for measure in content.measures
        for day in (measure.starts_on, measure.ends_on)
    ):
        yield _fault(
            "measures",
            f"Мероприятие выходит за срок программы ({span}).",
            f"A measure leaves the period of the programme ({span}).",
        )


def _fault(column: str, ru: str, en: str) -> Fault:
    return Fault(reason=Text(ru, en), column=column)
