"""Mentoring tandems of teachers: what leads from one status to the next.

draft → active → ended with a reason; an active one may be replaced by another.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from shared.domain.errors import ConflictError, Fault, Text
from shared.domain.tandem_rules import check_comment, refuse
from shared.domain.tandem_terms import EndReason, Tandem, TandemStatus


class TandemStep(StrEnum):
    """What can be done with a tandem."""

    CHANGE = "change"
    ACTIVATE = "activate"
    END = "end"
    REPLACE = "replace"


_STEPS: Final = {
    TandemStatus.DRAFT: (TandemStep.CHANGE, TandemStep.ACTIVATE, TandemStep.END),
    TandemStatus.ACTIVE: (TandemStep.END, TandemStep.REPLACE),
    TandemStatus.ENDED: (),
}
_STATUS_NAMES: Final = {
    TandemStatus.DRAFT: Text("черновик", "a draft"),
    TandemStatus.ACTIVE: Text("действует", "active"),
    TandemStatus.ENDED: Text("завершён", "ended"),
}
_STEP_NAMES: Final = {
    TandemStep.CHANGE: Text("изменить", "change"),
    TandemStep.ACTIVATE: Text("ввести в действие", "activate"),
    TandemStep.END: Text("завершить", "end"),
    TandemStep.REPLACE: Text("заменить", "replace"),
}


class TandemWrongStateError(ConflictError):
    """The step does not exist in the tandem's present status."""

    code = "tandem_wrong_state"
    title = Text("Действие сейчас невозможно", "Not possible in the present status")

    def __init__(self, step: TandemStep, status: TandemStatus) -> None:
        possible = [_STEP_NAMES[each] for each in _STEPS[status]]
        possible_ru = ", ".join(each.ru for each in possible)
        possible_en = ", ".join(each.en for each in possible)
        super().__init__(
            Text(
                f"Тандем сейчас «{_STATUS_NAMES[status].ru}», его нельзя "
                f"{_STEP_NAMES[step].ru}. Сейчас можно: "
                f"{possible_ru or 'ничего; составьте новый'}.",
                f"The tandem is {_STATUS_NAMES[status].en}, so one cannot "
                f"{_STEP_NAMES[step].en} it. Possible now: "
                f"{possible_en or 'nothing; draft a new one'}.",
            )
        )


class TandemOutsidePeriodError(ConflictError):
    """A tandem becomes active within its period only."""

    code = "tandem_outside_period"
    title = Text("Срок тандема не идёт", "The tandem's period does not run")


def check_step(status: TandemStatus, step: TandemStep) -> None:
    """Refuse a step that the status does not allow.

    Raises:
        TandemWrongStateError: it does not.
    """
    if step not in _STEPS[status]:
        raise TandemWrongStateError(step, status)


def check_activation(tandem: Tandem, today: date) -> None:
    """Refuse to activate a tandem before its first day or after its last.

    Raises:
        TandemOutsidePeriodError: its period does not run.
    """
    if today < tandem.starts_on:
        raise TandemOutsidePeriodError(
            Text(
                f"Тандем начинается {tandem.starts_on:%d.%m.%Y}: введите его в "
                "действие в этот день или перенесите начало.",
                f"The tandem starts on {tandem.starts_on}: activate it on that day, "
                "or move its start.",
            )
        )
    if tandem.ends_on is not None and today > tandem.ends_on:
        raise TandemOutsidePeriodError(
            Text(
                f"Срок тандема истёк {tandem.ends_on:%d.%m.%Y}: перенесите окончание.",
                f"The tandem's period ended on {tandem.ends_on}: move its end.",
            )
        )


def check_end(reason: EndReason, comment: str | None) -> None:
    """Refuse an end whose reason says too little, or that needs a successor.

    Raises:
        InvalidTandemError: as said.
    """
    if reason is EndReason.REPLACED:
        refuse(
            [
                Fault(
                    column="reason",
                    value=reason,
                    reason=Text(
                        "Замену оформляют вместе с новым тандемом: "
                        "POST /v1/tandems/{id}/replace.",
                        "A replacement comes with the new tandem: "
                        "POST /v1/tandems/{id}/replace.",
                    ),
                )
            ]
        )
    if reason is EndReason.OTHER and comment is None:
        refuse(
            [
                Fault(
                    column="comment",
                    reason=Text("Опишите причину словами.", "Say the reason in words."),
                )
            ]
        )
    check_comment(comment)
