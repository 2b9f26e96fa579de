"""Reasons not to let a mentoring agreement take effect, and how to mend each."""

from datetime import date

from shared.domain.errors import ConflictError, InvalidInputError, Text


class AgreementSameSchoolError(InvalidInputError):
    """A school was named as its own mentor."""

    code = "agreement_same_school"
    title = Text(
        "Наставник и подопечная школа совпадают", "Mentor and mentee are one school"
    )

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Школа не может быть наставником самой себе: "
                "выберите другую школу-наставника.",
                "A school cannot mentor itself: choose another mentor school.",
            )
        )


class AgreementPeriodReversedError(InvalidInputError):
    """The agreement ends before it starts."""

    code = "agreement_period_reversed"
    title = Text("Договор кончается раньше начала", "The period is reversed")

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(
            Text(
                f"Окончание ({ends_on:%d.%m.%Y}) раньше начала "
                f"({starts_on:%d.%m.%Y}): исправьте одну из дат.",
                f"The end ({ends_on}) is before the start ({starts_on}): "
                "correct one of the dates.",
            )
        )


class AgreementOutsideProgrammeError(ConflictError):
    """The agreement's period reaches beyond the programme's."""

    code = "agreement_outside_programme"
    title = Text("Договор выходит за срок программы", "Outside the programme's period")

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(
            Text(
                f"Срок договора должен лежать внутри срока программы, "
                f"{starts_on:%d.%m.%Y}–{ends_on:%d.%m.%Y}: измените даты договора.",
                "The agreement must lie within the programme's period, "
                f"{starts_on} to {ends_on}: change the agreement's dates.",
            )
        )


class AgreementWithoutGoalError(ConflictError):
    """No goal is written down."""

    code = "agreement_without_goal"
    title = Text("В договоре нет цели", "The agreement has no goal")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "До предложения договора запишите в нём хотя бы одну цель.",
                "Write at least one goal into the agreement before proposing it.",
            )
        )


class AgreementWithoutPlanError(ConflictError):
    """The plan has no measure."""

    code = "agreement_without_plan"
    title = Text("В договоре нет плана", "The agreement has no plan")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "До предложения договора добавьте в его план хотя бы одно мероприятие.",
                "Add at least one measure to the plan before proposing the agreement.",
            )
        )


class MentorCapacityExhaustedError(ConflictError):
    """The mentor has as many open agreements as it can carry."""

    code = "mentor_capacity_exhausted"
    title = Text("У наставника нет свободных мест", "The mentor has no free place")

    def __init__(self, *, capacity: int, already_open: int) -> None:
        super().__init__(
            Text(
                f"У школы-наставника уже открыто договоров: {already_open}, а мест: "
                f"{capacity}. Завершите один из них, увеличьте число мест "
                "или выберите другого наставника.",
                f"The mentor school has {already_open} other open agreements and "
                f"{capacity} places. Complete one of them, raise its capacity, or "
                "choose another mentor.",
            )
        )


class MentorOnLowListError(ConflictError):
    """The mentor is itself listed for the problem it should help with."""

    code = "mentor_on_low_list"
    title = Text("Наставник сам в списке ШНОР", "The mentor is on the low list itself")

    def __init__(self, problem: str) -> None:
        super().__init__(
            Text(
                f"Школа-наставник сама в списке школ с низкими результатами по "
                f"проблеме «{problem}»: выберите другую школу или другую проблему.",
                "The mentor school is itself on the list of schools with low results "
                f"for the problem “{problem}”: choose another school or problem.",
            )
        )


class DuplicateAgreementError(ConflictError):
    """The same pair already works on the same problem."""

    code = "duplicate_agreement"
    title = Text("Такой договор уже есть", "Such an agreement exists already")

    def __init__(self, problem: str) -> None:
        super().__init__(
            Text(
                f"Между этими школами уже открыт договор по проблеме «{problem}»: "
                "дополните его или сначала завершите.",
                "These schools already have an open agreement for the problem "
                f"“{problem}”: extend that one, or complete it first.",
            )
        )


class AgreementUnconfirmedError(ConflictError):
    """The schools lie in two municipalities and not both have confirmed."""

    code = "agreement_unconfirmed"
    title = Text("Нет согласия муниципалитета", "A municipality has not confirmed")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Школы относятся к разным муниципалитетам: договор действует после "
                "подтверждения координаторами обоих муниципалитетов.",
                "The schools belong to two municipalities: the coordinators of both "
                "have to confirm the agreement first.",
            )
        )


class ConfirmationNeedlessError(ConflictError):
    """Both schools are of one municipality."""

    code = "confirmation_needless"
    title = Text("Подтверждать не нужно", "Nothing to confirm")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Обе школы одного муниципалитета: подтверждений не требуется, договор "
                "можно подписывать.",
                "Both schools are of one municipality: no confirmation is needed, the "
                "agreement can be signed.",
            )
        )


class AlreadyConfirmedError(ConflictError):
    """The municipality of this side has confirmed already."""

    code = "already_confirmed"
    title = Text("Уже подтверждено", "Confirmed already")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Этот муниципалитет уже подтвердил договор; дождитесь подтверждения "
                "другого.",
                "This municipality has confirmed the agreement already; wait for the "
                "other one.",
            )
        )


class AgreementNotStartedError(ConflictError):
    """The agreement's first day has not come."""

    code = "agreement_not_started"
    title = Text("Срок договора не наступил", "The agreement has not started")

    def __init__(self, starts_on: date) -> None:
        super().__init__(
            Text(
                f"Договор начинается {starts_on:%d.%m.%Y}: введите его в действие "
                "в этот день или позже либо перенесите начало.",
                f"The agreement starts on {starts_on}: activate it on that day or "
                "later, or move its start.",
            )
        )


class AgreementEndedError(ConflictError):
    """The agreement's last day has passed."""

    code = "agreement_ended"
    title = Text("Срок договора истёк", "The agreement's period is over")

    def __init__(self, ends_on: date) -> None:
        super().__init__(
            Text(
                f"Срок договора истёк {ends_on:%d.%m.%Y}: "
                "в черновике измените даты, иначе расторгните договор и заключите "
                "новый.",
                f"The agreement's period ended on {ends_on}: change the dates of a "
                "draft; otherwise terminate it and conclude a new one.",
            )
        )
