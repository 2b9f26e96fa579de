"""Differences of a programme in words."""

from typing import Any, Final

from shared.domain.errors import Text
from shared.domain.programme_state import ChangeKind, Difference

FIELDS: Final = {
    "number": Text("номер", "number"),
    "block": Text("раздел", "block"),
    "title": Text("название", "title"),
    "term_text": Text("срок", "term"),
    "responsible_text": Text("ответственные", "responsible"),
    "parties": Text("исполняют", "parties"),
    "expected_result": Text("ожидаемый результат", "expected result"),
    "unit": Text("единица", "unit"),
    "direction": Text("направление", "direction"),
    "heading": Text("раздел", "heading"),
    "target_text": Text("цель словами", "target in words"),
    "low": Text("от", "from"),
    "high": Text("до", "to"),
    "text": Text("в документе", "as printed"),
    "starts_on": Text("начало", "start"),
    "ends_on": Text("окончание", "end"),
    "period_text": Text("срок в документе", "period as printed"),
}
NOTHING: Final = Text("не было", "nothing")


def describe(difference: Difference) -> Text:
    """Return what an order changed as one sentence.

    A measure that is new or withdrawn is named; of others each field is told with its
    old and its new value.
    """
    title = difference.title
    match difference.kind:
        case ChangeKind.ADD_MEASURE:
            return Text(f"Добавлено мероприятие «{title}».", f"Added: “{title}”.")
        case ChangeKind.WITHDRAW_MEASURE:
            return Text(f"Исключено мероприятие «{title}».", f"Withdrawn: “{title}”.")
        case ChangeKind.ADD_INDICATOR:
            return _added(difference)
        case ChangeKind.WITHDRAW_INDICATOR:
            return Text(f"Исключён показатель «{title}».", f"Ended: “{title}”.")
        case ChangeKind.REPLACE_MEASURE:
            subject = Text(f"Мероприятие «{title}»", f"Measure “{title}”")
        case ChangeKind.CHANGE_TARGET:
            subject = Text(f"Цель показателя «{title}»", f"Target of “{title}”")
        case ChangeKind.CHANGE_INDICATOR:
            subject = Text(f"Показатель «{title}»", f"Indicator “{title}”")
        case ChangeKind.CHANGE_PERIOD:
            subject = Text("Срок программы", "Period of the programme")
    ru = "; ".join(
        f"{FIELDS[name].ru}: {_shown(old).ru} → {_shown(new).ru}"
        for name, (old, new) in difference.changes.items()
    )
    en = "; ".join(
        f"{FIELDS[name].en}: {_shown(old).en} → {_shown(new).en}"
        for name, (old, new) in difference.changes.items()
    )
    return Text(f"{subject.ru}: {ru}.", f"{subject.en}: {en}.")


def _added(difference: Difference) -> Text:
    """Name a new indicator, and how it is counted if the order says so."""
    title, definition = difference.title, difference.changes.get("definition")
    if definition is None:
        return Text(f"Добавлен показатель «{title}».", f"Added: “{title}”.")
    condition = definition[1]["condition"]["text"]
    return Text(
        f"Добавлен показатель «{title}»: доля школ, где {condition}.",
        f"Added: “{title}”, the share of schools where {condition}.",
    )


def _shown(value: Any) -> Text:
    if value is None:
        return NOTHING
    if isinstance(value, list | tuple):
        listed = ", ".join(map(str, value))
        return Text(listed, listed)
    if isinstance(value, float):
        return Text(f"{value:g}", f"{value:g}")
    return Text(str(value), str(value))
