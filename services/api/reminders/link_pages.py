"""The small pages behind the links of messages."""

from html import escape

from services.api.reminders.answer_repository import Subject
from services.api.reminders.answer_schemas import AnswerOut
from shared.domain.errors import Text
from shared.domain.reminders.links import Act, Answering

_ASKED = {
    Act.ACKNOWLEDGE: Text(
        "Сообщить, что срок {due:%d.%m.%Y} взят на контроль? Напоминания останутся, "
        "а вышестоящим о нём больше не сообщат.",
        "Say that the deadline of {due:%Y-%m-%d} is seen to? Reminders go on, but "
        "nobody higher is told of it.",
    ),
    Act.SNOOZE: Text(
        "Отложить ваши напоминания о сроке {due:%d.%m.%Y} на три дня, но не дальше "
        "самого срока?",
        "Put your reminders of the deadline of {due:%Y-%m-%d} off for three days, but "
        "not beyond it?",
    ),
}
_BUTTON = {
    Act.ACKNOWLEDGE: Text("Взять на контроль", "See to it"),
    Act.SNOOZE: Text("Отложить", "Put off"),
}
_DONE = {
    "acknowledge": Text(
        "Принято: вышестоящим об этом сроке больше не сообщат.",
        "Noted: nobody higher is told of this deadline any more.",
    ),
    "snooze": Text(
        "Принято: напомним {until:%d.%m.%Y}.",
        "Noted: you are reminded on {until:%Y-%m-%d}.",
    ),
}
_UNSUBSCRIBE = Text(
    "Не присылать вам на почту заблаговременные напоминания? О последнем дне, "
    "просрочке и вопросах, которые ждут вас, письма останутся; во входящих системы "
    "будет всё.",
    "Send you no reminders in advance by mail? Mails about the last day, about what "
    "is overdue and what waits for you go on; the inbox of the system has everything.",
)
_UNSUBSCRIBE_BUTTON = Text("Не присылать", "Send none")
_UNSUBSCRIBED = Text(
    "Принято: заблаговременных напоминаний на почту не будет. Вернуть их можно в "
    "настройках напоминаний.",
    "Noted: no reminders in advance come by mail. The preferences of reminders bring "
    "them back.",
)
_PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
</head>
<body><main><p>{words}</p>{form}</main></body>
</html>
"""
_FORM = '<form method="post"><button type="submit">{button}</button></form>'
_TITLE = Text("Подъём: напоминание", "Podyom: a reminder")


def asked(subject: Subject, answering: Answering, *, language: str) -> str:
    """Return the page that asks; its button posts to the same address."""
    question = _ASKED[answering.act].in_language(language)
    words = question.format(due=subject.deadline.due_on)
    button = escape(_BUTTON[answering.act].in_language(language))
    return _page(words, _FORM.format(button=button), language)


def done(answer: AnswerOut, *, language: str) -> str:
    """Return the page that says what has been noted."""
    words = _DONE[answer.act].in_language(language).format(until=answer.until)
    return _page(words, "", language)


def unsubscribe_asked(*, language: str) -> str:
    """Return the page that asks whether to end mails; its button posts to itself."""
    button = escape(_UNSUBSCRIBE_BUTTON.in_language(language))
    words = _UNSUBSCRIBE.in_language(language)
    return _page(words, _FORM.format(button=button), language)


def unsubscribe_done(*, language: str) -> str:
    """Return the page that says that mails have ended."""
    return _page(_UNSUBSCRIBED.in_language(language), "", language)


def _page(words: str, form: str, language: str) -> str:
    title = escape(_TITLE.in_language(language))
    return _PAGE.format(language=language, title=title, words=escape(words), form=form)
