"""Reading the text of a programme's term."""

import re

from shared.domain.errors import Text
from shared.domain.schedule.dates import calendar_term, then_yearly
from shared.domain.schedule.day_phrases import day_phrase
from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import MonthsEachYear, Schedule
from shared.domain.schedule.phrases import IN_MONTHS, months_named, set_phrase
from shared.domain.schedule.school_phrases import school_phrase
from shared.domain.schedule.spelling import normalised
from shared.domain.schedule.tokens import tokenised

LONGEST_TERM = 300

_THEN_YEARLY = re.compile(
    "(?P<window>.*?)(?: и|[-,])? ?(?:далее|[(]далее)[-,]? ?ежегодно[)]?"
)
_EACH_YEAR = re.compile(
    r"ежегодно,? ?(?:в )?(?:\((?P<inside>[^()]+)\)|(?P<after>[^()]+))"
    r"|(?P<before>[^()]+?),? ?(?:ежегодно|\(ежегодно\))"
)
_PREAMBLE = re.compile("^в течение ")
_NOT_LATER = re.compile("^не позд?нее (?:чем )?")


def parse_term(text: str) -> Schedule:
    """Read a term such as “Сентябрь-октябрь 2020” or “По полугодиям”.

    Case, blanks, line breaks, kinds of dash and the words for “year” do not matter.

    Raises:
        UnreadableTermError: The text is unknown, or contradicts itself.
    """
    term = normalised(text)
    if not term or len(text) > LONGEST_TERM:
        raise UnreadableTermError(text, _size_reason(term))
    for read in (set_phrase, school_phrase, day_phrase, _months_each_year):
        if (schedule := read(text, term)) is not None:
            return schedule
    yearly = _THEN_YEARLY.fullmatch(term)
    dates = (
        yearly["window"] if yearly else _PREAMBLE.sub("", _NOT_LATER.sub("до ", term))
    )
    phrase = tokenised(text, dates)
    schedule = calendar_term(phrase)
    if yearly:
        return then_yearly(phrase, schedule)
    if schedule is None:
        raise phrase.refusal(
            "даты и месяцы стоят в непонятном порядке. Напишите период двумя датами "
            "(01.09.2020–30.12.2022) или месяцы с годом (май 2021, май 2022).",
            "the dates and months stand in an unknown order. Write a period as two "
            "dates (01.09.2020–30.12.2022) or months with a year (май 2021, май 2022).",
        )
    return schedule


def _months_each_year(text: str, term: str) -> Schedule | None:
    """Return the months of “сентябрь ежегодно” or “2 раза в год (май, декабрь)”.

    Raises:
        UnreadableTermError: Other than months without years stands there, or not as
            many as the term says.
    """
    named = IN_MONTHS.fullmatch(term)
    yearly = None if "далее" in term else _EACH_YEAR.fullmatch(term)
    match = named or yearly
    if match is None:
        return None
    groups = match.groupdict()
    places = ("months", "inside", "after", "before")
    phrase = tokenised(text, next(groups[each] for each in places if groups.get(each)))
    schedule = calendar_term(phrase)
    if not isinstance(schedule, MonthsEachYear):
        raise phrase.refusal(
            "рядом с частотой нужны месяцы без года. Напишите, например: "
            "«сентябрь-октябрь ежегодно», «2 раза в год (май, декабрь)».",
            "months without a year must stand beside how often. Write, for example: "
            "«сентябрь-октябрь ежегодно», «2 раза в год (май, декабрь)».",
        )
    if named is not None and months_named(named) != len(schedule.spans):
        raise phrase.refusal(
            "названо не столько месяцев, сколько раз. Исправьте число или месяцы.",
            "there are not as many months as times. Correct the number or the months.",
        )
    return schedule


def _size_reason(term: str) -> Text:
    if not term:
        return Text(
            "срок пуст. Напишите даты, месяцы или «ежегодно».",
            "the term is empty. Write dates, months, or «ежегодно».",
        )
    return Text(
        f"текст длиннее {LONGEST_TERM} знаков. Оставьте только срок.",
        f"the text is longer than {LONGEST_TERM} characters. Leave only the term.",
    )
