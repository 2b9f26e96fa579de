"""The wording of messages: one template for each kind, in Russian and in English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_timedelta
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from shared.domain.reminders.links import SNOOZE

LANGUAGES = ("ru", "en")
TITLE_IN_SUBJECT = 80  # characters; mail programs cut a longer subject themselves

KINDS = ("reminder", "digest", "late", "escalation", "alarm")
_REMINDERS = {
    "ru": {
        "one": "напоминание",
        "few": "напоминания",
        "many": "напоминаний",
        "other": "напоминания",
    },
    "en": {"one": "reminder", "other": "reminders"},
}
_DEADLINES = {
    "ru": {"one": "срок", "few": "срока", "many": "сроков", "other": "срока"},
    "en": {"one": "deadline", "other": "deadlines"},
}
# After «о»: «о 1 сроке», «о 21 сроке», «о 5 сроках».
_ABOUT_DEADLINES = {
    "ru": {"one": "сроке", "few": "сроках", "many": "сроках", "other": "сроках"},
    "en": {"one": "deadline", "other": "deadlines"},
}
_TODAY = {"ru": "сегодня", "en": "today"}
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # Cc and Cs


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLinks:
    """Addresses of the pages by which a deadline is answered; None: it cannot be."""

    acknowledge: str
    snooze: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderNotice:
    """What a reminder tells; all texts in the language of their source.

    `today` is the date of sending where the deadline is due. `days_before` belongs
    to the rule, and `is_late` says that the reminder comes later than that. A
    notice `is_synthetic` if its school or its data are a demonstration. Without
    `answers` it shows no links.
    """

    programme_title: str
    school_name: str | None  # None: the municipality itself has to act
    measure_code: str
    measure_title: str
    expected_result: str | None
    due_on: date
    today: date
    days_before: int
    is_late: bool
    is_synthetic: bool
    answers: AnswerLinks | None = None


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message in words; `subject` is one line without control characters."""

    subject: str
    text: str
    html: str


def render_reminder(
    notice: ReminderNotice, *, language: str, unsubscribe_url: str | None = None
) -> RenderedMessage:
    """Put `notice` into words, in Russian unless `language` is ``en``."""
    chosen = language if language in LANGUAGES else "ru"
    values = {**_values(notice, chosen), "unsubscribe_url": unsubscribe_url}
    return RenderedMessage(
        subject=one_line(_template(f"{chosen}/reminder.subject.j2", values)),
        text=_template(f"{chosen}/reminder.txt.j2", values),
        html=_template(f"{chosen}/reminder.html.j2", values),
    )


def render_message(
    notices: Sequence[ReminderNotice],
    *,
    language: str,
    kind: str = "reminder",
    unsubscribe_url: str | None = None,
) -> RenderedMessage:
    """Put what one message of a kind carries into words.

    A reminder of one deadline tells all of it; whatever tells of several is a list
    under what the kind has to say of it. Where such messages may be ended, the last
    line says by which page.

    Raises:
        ValueError: there is nothing to tell, or no such kind.
    """
    if not notices or kind not in KINDS:
        raise ValueError(f"{len(notices)} notices of the kind {kind!r}")
    if len(notices) == 1 and kind == "reminder":
        return render_reminder(
            notices[0], language=language, unsubscribe_url=unsubscribe_url
        )
    chosen = language if language in LANGUAGES else "ru"
    values = _values_of_list(notices, chosen)
    subject = one_line(_template(f"{chosen}/{kind}s.subject.j2", values))
    lead = one_line(_template(f"{chosen}/{kind}s.lead.j2", values))
    shown = {
        **values,
        "subject": subject,
        "lead": lead,
        "unsubscribe_url": unsubscribe_url,
    }
    return RenderedMessage(
        subject=subject,
        text=_template(f"{chosen}/list.txt.j2", shown),
        html=_template(f"{chosen}/list.html.j2", shown),
    )


def reminders_phrase(count: int, *, language: str) -> str:
    """Say how many reminders there are: «1 напоминание», «2 напоминания»."""
    return _counted(count, _REMINDERS, language)


def _counted(count: int, forms: Mapping[str, Mapping[str, str]], language: str) -> str:
    return f"{count} {forms[language][_locale(language).plural_form(count)]}"


@cache
def _locale(language: str) -> Locale:
    return Locale(language)


def _values_of_list(
    notices: Sequence[ReminderNotice], language: str
) -> dict[str, object]:
    nearest = min((each.due_on - each.today).days for each in notices)
    return {
        "notices": [_values(notice, language) for notice in notices],
        "count": reminders_phrase(len(notices), language=language),
        "deadlines": _counted(len(notices), _DEADLINES, language),
        "about": _counted(len(notices), _ABOUT_DEADLINES, language),
        "nearest": days_left_phrase(nearest, language=language),
        "is_overdue": nearest < 0,
        "is_synthetic": any(notice.is_synthetic for notice in notices),
        "some_have_links": len({notice.answers is None for notice in notices}) > 1,
    }


def days_left_phrase(days_left: int, *, language: str) -> str:
    """Say how far a deadline is: «через 3 дня», «сегодня», «1 день назад»."""
    if days_left == 0:
        return _TODAY[language]
    return _days(days_left, language, direction=True)


def one_line(text: str) -> str:
    """Return `text` as one line, fit for a header: no line breaks, no controls."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def _values(notice: ReminderNotice, language: str) -> dict[str, object]:
    days_left = (notice.due_on - notice.today).days
    return {
        "programme_title": one_line(notice.programme_title),
        "school_name": one_line(notice.school_name or ""),
        "measure_code": one_line(notice.measure_code),
        "measure_title": one_line(notice.measure_title),
        "expected_result": one_line(notice.expected_result or ""),
        "due_date": _date(notice.due_on, "long", language),
        "weekday": _date(notice.due_on, "EEEE", language),
        "days_left": days_left,
        "when": days_left_phrase(days_left, language=language),
        "usual_lead": _days(notice.days_before, language, direction=False),
        "is_late": notice.is_late,
        "is_synthetic": notice.is_synthetic,
        "title_in_subject": TITLE_IN_SUBJECT,
        "answers": notice.answers,
        "snooze_for": _days(SNOOZE.days, language, direction=False),
    }


@lru_cache(maxsize=512)
def _date(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=language)


@lru_cache(maxsize=512)
def _days(days: int, language: str, *, direction: bool) -> str:
    # Babel turns 14 days into 2 weeks unless the threshold forbids it.
    return format_timedelta(
        timedelta(days=days),
        granularity="day",
        threshold=float("inf"),
        add_direction=direction,
        locale=language,
    )


def _template(name: str, values: dict[str, object]) -> str:
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("shared.runtime"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
