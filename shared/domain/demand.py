"""Deadlines that are opened by hand, for measures whose term gives no dates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.domain.calendar import Window, WorkCalendar
from shared.domain.errors import ConflictError, Fault, InvalidInputError, Text


class MeasureDatedError(ConflictError):
    """The measure's deadlines follow from its term, or it is not in force any more."""

    code = "measure_dated"
    title = Text("Сроки мероприятия считаются сами", "The measure is dated by its term")


class InvalidDemandError(InvalidInputError):
    """The deadline cannot be opened for this day, or for these schools."""

    code = "invalid_demand"
    title = Text("Срок не открыт", "The deadline was not opened")


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day that was wanted, and the last working day on or before it."""

    nominal: date
    due_on: date

    @property
    def notice(self) -> Text | None:
        """What to say where the day has moved."""
        if self.nominal == self.due_on:
            return None
        return Text(
            f"{self.nominal:%d.%m.%Y} — нерабочий день: срок перенесён на последний "
            f"рабочий день перед ним, {self.due_on:%d.%m.%Y}.",
            f"{self.nominal} is not a working day: the deadline has moved to the last "
            f"working day before it, {self.due_on}.",
        )


def due_day(
    wanted: date, calendar: WorkCalendar, *, today: date, programme: Window
) -> DueDay:
    """Return when something is due that is wanted by a day.

    Raises:
        InvalidDemandError: that would be before today, or after the programme.
    """
    day = DueDay(wanted, calendar.last_working_day_on_or_before(wanted))
    if day.due_on < today:
        raise _refused(
            Text(
                f"Срок {day.due_on:%d.%m.%Y} уже прошёл: назначьте сегодня или позже.",
                f"The deadline {day.due_on} has passed: set today or a later day.",
            ),
            "body.due_on",
            str(wanted),
        )
    if wanted > programme.ends_on:
        raise _refused(
            Text(
                f"Программа заканчивается {programme.ends_on:%d.%m.%Y}: назначьте срок "
                "не позже.",
                f"The programme ends on {programme.ends_on}: set no later day.",
            ),
            "body.due_on",
            str(wanted),
        )
    return day


def require_by_hand(*, is_datable: bool, withdrawn_on: date | None) -> None:
    """Refuse to open by hand what the term dates, or what an order has withdrawn.

    Raises:
        MeasureDatedError: it is one of these.
    """
    if withdrawn_on is not None:
        raise MeasureDatedError(
            Text(
                f"Мероприятие исключено приказом от {withdrawn_on:%d.%m.%Y}.",
                f"The measure was withdrawn by the order of {withdrawn_on}.",
            )
        )
    if is_datable:
        raise MeasureDatedError(
            Text(
                "Срок этого мероприятия переводится в даты: вручную открывают только "
                "мероприятия «по запросу» и подобные.",
                "The term of this measure gives dates: only measures on demand are "
                "opened by hand.",
            )
        )


def require_schools(wanted: Collection[int], able: Collection[int]) -> None:
    """Refuse schools that do not owe anything to the programme.

    Raises:
        InvalidDemandError: it names them.
    """
    foreign = [number for number in wanted if number not in able]
    if foreign:
        reason = Text(
            "Такой школы в муниципалитете программы нет: назовите действующую школу, "
            "а не филиал.",
            "The programme's municipality has no such school: name one that is open, "
            "not a branch.",
        )
        faults = [
            Fault(column="body.school_ids", value=str(number), reason=reason)
            for number in foreign
        ]
        raise InvalidDemandError(reason, faults=faults)


def _refused(reason: Text, column: str, value: str) -> InvalidDemandError:
    fault = Fault(column=column, value=value, reason=reason)
    return InvalidDemandError(reason, faults=[fault])
