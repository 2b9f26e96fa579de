"""Consent to keep a teacher's name: without it the name is not kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.domain.errors import ConflictError, Fault, InvalidInputError, Text


class ConsentForm(StrEnum):
    """How a consent was given."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """When and how a teacher agreed to have the name kept, and until when."""

    given_on: date
    form: ConsentForm
    withdrawn_on: date | None = None


class InvalidTeacherError(InvalidInputError):
    """What was said of a teacher breaks a rule; `faults` names the field."""

    code = "invalid_teacher"
    title = Text("Сведения об учителе не приняты", "The teacher was not accepted")


class ConsentRequiredError(InvalidInputError):
    """A teacher's name was given without the teacher's consent to keep it."""

    code = "consent_required"
    title = Text("Нет согласия", "Consent is required")


class ConsentNotGivenError(ConflictError):
    """There is no consent that could be withdrawn."""

    code = "consent_not_given"
    title = Text("Согласия нет", "There is no consent")


class TeacherErasedError(ConflictError):
    """The person was erased; what is left is a number in the counts."""

    code = "teacher_erased"
    title = Text("Сведения удалены", "The person was erased")


def check_consent(name: str | None, consent: Consent | None, *, today: date) -> None:
    """Let a name be kept under the consent that was given for it.

    Raises:
        ConsentRequiredError: there is a name, but no consent.
        InvalidTeacherError: the consent is of the future.
    """
    if name is not None and consent is None:
        reason = Text(
            "Имя учителя хранится только с его согласия: укажите consent (когда и как "
            "оно дано) или не указывайте имя.",
            "A teacher's name is kept only with the teacher's consent: give consent "
            "(when and how it was given), or leave the name out.",
        )
        fault = Fault(reason=reason, column="consent")
        raise ConsentRequiredError(reason, faults=[fault])
    if consent is not None and consent.given_on > today:
        raise _bad_date(
            "consent.given_on",
            consent.given_on,
            Text(
                "Согласие не может быть дано в будущем.",
                "A consent is not given in the future.",
            ),
        )


def withdraw(consent: Consent | None, withdrawn_on: date, *, today: date) -> None:
    """Check that the consent can be withdrawn on that day.

    Raises:
        ConsentNotGivenError: there is none, or it was withdrawn already.
        InvalidTeacherError: the day is before the consent, or in the future.
    """
    if consent is None or consent.withdrawn_on is not None:
        raise ConsentNotGivenError(
            Text(
                "Согласия нет или оно уже отозвано; имя не хранится.",
                "There is no consent, or it was withdrawn already; no name is kept.",
            )
        )
    if not consent.given_on <= withdrawn_on <= today:
        raise _bad_date(
            "withdrawn_on",
            withdrawn_on,
            Text(
                f"Согласие дано {consent.given_on:%d.%m.%Y}: отозвать его можно с "
                f"этого дня по сегодняшний, {today:%d.%m.%Y}.",
                f"The consent was given on {consent.given_on}: it can be withdrawn "
                f"from then until today, {today}.",
            ),
        )


def _bad_date(column: str, day: date, reason: Text) -> InvalidTeacherError:
    fault = Fault(reason=reason, column=column, value=str(day))
    return InvalidTeacherError(reason, faults=[fault])
