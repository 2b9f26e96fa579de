"""What two schools say of their agreement at its end, and of their meetings."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.domain.agreement_terms import Action, Agreement, AgreementStatus
from shared.domain.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidInputError,
    Text,
)


class GoalReached(StrEnum):
    """Whether the goals were reached."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The joint evaluation: by which indicator, with its value before and after."""

    goal_reached: GoalReached
    indicator: str
    before: float | None
    after: float | None
    comment: str | None = None


class EvaluationRequiredError(InvalidInputError):
    """An agreement is completed with a joint evaluation."""

    code = "evaluation_required"
    title = Text("Нужна совместная оценка", "A joint evaluation is required")


class EvaluationNeedlessError(InvalidInputError):
    """Only the completion of an agreement takes an evaluation."""

    code = "evaluation_needless"
    title = Text("Оценка здесь не нужна", "No evaluation goes with this")


class AgreementNotInForceError(ConflictError):
    """Meetings are held under an agreement that is in force."""

    code = "agreement_not_in_force"
    title = Text("Договор не действует", "The agreement is not in force")


class MeetingOutsideAgreementError(InvalidInputError):
    """A meeting lies outside the agreement's period, or has not been held yet."""

    code = "meeting_outside_agreement"
    title = Text("Дата встречи не принята", "The day of the meeting was not accepted")


class MeetingForbiddenError(ForbiddenError):
    """The caller is neither of a school of the agreement nor its coordinator."""

    code = "meeting_forbidden"
    title = Text("Встречу записываете не вы", "The meeting is not yours to note")


def check_evaluation(action: Action, evaluation: Evaluation | None) -> None:
    """Let a completion have its evaluation, and no other step one.

    Raises:
        EvaluationRequiredError: A completion has none.
        EvaluationNeedlessError: Another step has one.
    """
    if action is Action.COMPLETE and evaluation is None:
        reason = Text(
            "Завершая договор, приложите evaluation: достигнута ли цель, по какому "
            "показателю, его значения до и после.",
            "Complete the agreement with an evaluation: whether the goal was reached, "
            "by which indicator, its values before and after.",
        )
        fault = Fault(reason=reason, column="evaluation")
        raise EvaluationRequiredError(reason, faults=[fault])
    if action is not Action.COMPLETE and evaluation is not None:
        reason = Text(
            "evaluation прилагается только к завершению (complete).",
            "An evaluation goes with the action complete only.",
        )
        fault = Fault(reason=reason, column="evaluation")
        raise EvaluationNeedlessError(reason, faults=[fault])


def check_meeting(agreement: Agreement, held_on: date, *, today: date) -> None:
    """Let a meeting be noted that was held while the agreement is in force.

    Raises:
        AgreementNotInForceError: The agreement is not active.
        MeetingOutsideAgreementError: The day is outside its period, or in the future.
    """
    if agreement.status is not AgreementStatus.ACTIVE:
        raise AgreementNotInForceError(
            Text(
                "Встречи записываются, пока договор действует (active).",
                "Meetings are noted while the agreement is active.",
            )
        )
    last = min(agreement.ends_on, today)
    if not agreement.starts_on <= held_on <= last:
        reason = Text(
            f"Встреча может быть с {agreement.starts_on} по {last}.",
            f"A meeting can be from {agreement.starts_on} to {last}.",
        )
        fault = Fault(reason=reason, column="held_on", value=str(held_on))
        raise MeetingOutsideAgreementError(reason, faults=[fault])
