"""The rules that the content of a tandem has to keep, draft or not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.record_rules import names_a_person
from shared.domain.tandem_terms import Tandem, TandemKind, TandemRole

SCHOOLS_OF_A_NETWORK: Final = 2


class InvalidTandemError(InvalidInputError):
    """The tandem breaks a rule; `faults` names every field that does."""

    code = "invalid_tandem"
    title = Text("Тандем не принят", "The tandem was not accepted")


def check_tandem(tandem: Tandem) -> None:
    """Refuse a tandem that breaks a rule.

    Raises:
        InvalidTandemError: with a fault for each rule that is broken.
    """
    refuse(
        [
            *_roles(tandem),
            *_schools(tandem),
            *_teachers(tandem),
            *_period(tandem),
            *_names(tandem),
        ]
    )


def refuse(faults: Sequence[Fault]) -> None:
    """Raise what is wrong with a tandem, if anything is.

    Raises:
        InvalidTandemError: there is a fault.
    """
    if faults:
        raise InvalidTandemError(faults[0].reason, faults=faults)


def check_comment(comment: str | None) -> None:
    """Refuse a comment that names a person.

    Raises:
        InvalidTandemError: it does.
    """
    refuse([_name("comment", comment)] if names_a_person(comment or "") else [])


def _roles(tandem: Tandem) -> Iterator[Fault]:
    there = {member.role for member in tandem.members}
    for role, name in (
        (TandemRole.MENTOR, Text("наставник", "mentor")),
        (TandemRole.MENTEE, Text("наставляемый", "mentee")),
    ):
        if role not in there:
            yield Fault(
                column="members",
                reason=Text(
                    f"Нужен хотя бы один {name.ru} ({role}).",
                    f"At least one {name.en} is needed.",
                ),
            )


def _schools(tandem: Tandem) -> Iterator[Fault]:
    count = len(tandem.schools)
    if tandem.kind is TandemKind.IN_SCHOOL and count > 1:
        yield Fault(
            column="members",
            reason=Text(
                "Внутришкольный тандем — из одной школы: выберите kind = network.",
                "A tandem in a school is of one school: choose the kind “network”.",
            ),
        )
    if tandem.kind is TandemKind.NETWORK and count < SCHOOLS_OF_A_NETWORK:
        yield Fault(
            column="members",
            reason=Text(
                "Сетевой тандем — хотя бы из двух школ: добавьте участника другой "
                "школы или выберите kind = in_school.",
                "A network tandem is of two schools at least: add a member of "
                "another, or choose the kind “in_school”.",
            ),
        )


def _teachers(tandem: Tandem) -> Iterator[Fault]:
    stand = Counter(member.teacher_id for member in tandem.members)
    for teacher_id, times in stand.items():
        if teacher_id is not None and times > 1:
            yield Fault(
                column="members",
                value=str(teacher_id),
                reason=Text(
                    "Учитель назван дважды: в тандеме у него одно место, на одной "
                    "стороне.",
                    "The teacher is named twice: one has one place in a tandem, on "
                    "one side.",
                ),
            )


def _period(tandem: Tandem) -> Iterator[Fault]:
    if tandem.ends_on is not None and tandem.ends_on < tandem.starts_on:
        yield Fault(
            column="ends_on",
            value=str(tandem.ends_on),
            reason=Text(
                f"Окончание раньше начала ({tandem.starts_on:%d.%m.%Y}).",
                f"The end is before the start ({tandem.starts_on}).",
            ),
        )


def _names(tandem: Tandem) -> Iterator[Fault]:
    for column, words in (("goal", tandem.goal), ("plan", tandem.plan)):
        if names_a_person(words):
            yield _name(column, words)
    for number, member in enumerate(tandem.members):
        if names_a_person(member.position):
            yield _name(f"members[{number}].position", member.position)


def _name(column: str, words: str | None) -> Fault:
    return Fault(
        column=column,
        value=words,
        reason=Text(
            "Укажите должность без фамилий и инициалов.",
            "Give the position, without names or initials.",
        ),
    )
