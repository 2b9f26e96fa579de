"""What the items of a timeline are called, in both languages."""

from dataclasses import dataclass

from shared.domain.errors import Text

STEPS = {
    "create": Text("составлен черновик", "drafted"),
    "edit": Text("черновик изменён", "draft changed"),
    "propose": Text("предложен", "proposed"),
    "confirm": Text("подтверждён муниципалитетом", "confirmed by a municipality"),
    "activate": Text("вступил в силу", "came into force"),
    "suspend": Text("приостановлен", "suspended"),
    "resume": Text("возобновлён", "resumed"),
    "complete": Text("завершён", "completed"),
    "terminate": Text("расторгнут", "terminated"),
}
SIGNATURES = {
    "mentor": Text("подписан школой-наставником", "signed by the mentor school"),
    "mentee": Text("подписан наставляемой школой", "signed by the mentee school"),
}

YEAR_STEPS = {
    "submit": Text("сданы на проверку", "submitted"),
    "accept": Text("приняты", "accepted"),
    "return": Text("возвращены на доработку", "returned"),
    "lock": Text("закрыты приказом", "locked by the order"),
    "unlock": Text("открыты приказом", "unlocked by the order"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order by its number and day."""

    number: str
    on: str


def because(reason: str | None) -> Text:
    """Return the end of a title that gives the reason, if there is one."""
    if not reason:
        return Text("", "")
    return Text(f" (причина: {reason})", f" (reason: {reason})")


def single_result(
    *, corrected: bool, procedure: Text, subject: Text, grade: int, reason: str | None
) -> Text:
    """Name a result that was entered or corrected by hand."""
    why = because(reason)
    did = (
        Text("Исправлен результат", "Result corrected")
        if corrected
        else Text("Внесён результат", "Result entered")
    )
    return Text(
        f"{did.ru}: {procedure.ru}, {subject.ru}, {grade} класс{why.ru}",
        f"{did.en}: {procedure.en}, {subject.en}, grade {grade}{why.en}",
    )


def imported(*, new: int, changed: int) -> Text:
    """Name an import by what it did to the school's results."""
    return Text(
        f"Загружен файл с результатами: новых {new}, изменено {changed}",
        f"Results imported from a file: {new} new, {changed} changed",
    )


def agreement(
    action: str,
    *,
    side: str | None,
    problem: str,
    schools: tuple[str | None, str | None],
    reason: str | None,
) -> Text:
    """Name a step of an agreement of a mentor school with a mentee school."""
    step = SIGNATURES[side] if side in SIGNATURES and action == "sign" else None
    step = step or STEPS.get(action, Text(action, action))
    pair = " → ".join(school for school in schools if school)
    between = f" ({pair})" if pair else ""
    why = because(reason)
    return Text(
        f"Договор о наставничестве «{problem}»{between}: {step.ru}{why.ru}",
        f"Mentoring agreement “{problem}”{between}: {step.en}{why.en}",
    )


def year(action: str, comment: str | None, order: Order | None) -> Text:
    """Name a step with the data of the year, by which order, and what was said."""
    step = YEAR_STEPS.get(action, Text(action, action))
    by = Text("", "")
    if order is not None:
        by = Text(f" № {order.number} от {order.on}", f" {order.number} of {order.on}")
    said = f" ({comment})" if comment else ""
    return Text(
        f"Данные года {step.ru}{by.ru}{said}",
        f"Data of the year {step.en}{by.en}{said}",
    )


def deadline(number: str | None, titles: Text) -> Text:
    """Name the last day of what is owed."""
    return Text(f"Срок: {named(number, titles.ru)}", f"Due: {named(number, titles.en)}")


def reminder(channel: str, number: str | None, titles: Text) -> Text:
    """Name a reminder that was delivered."""
    by_mail = channel == "mail"
    ru = "отправлено по почте" if by_mail else "в системе"
    en = "sent by mail" if by_mail else "put into the inbox"
    return Text(
        f"Напоминание {ru}: {named(number, titles.ru)}",
        f"Reminder {en}: {named(number, titles.en)}",
    )


def named(number: str | None, title: str) -> str:
    """Return a measure as its document prints it."""
    return f"{number or ''} {title}".strip()
