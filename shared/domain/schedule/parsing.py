"""Reading the text of a programme's term."""

import re

from shared.domain.errors import Text
from shared.domain.schedule.dates import calendar_term, then_yearly
from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import Schedule
from shared.domain.schedule.phrases import set_phrase
from shared.domain.schedule.tokens import normalised, tokenised

LONGEST_TERM = 300

_THEN_YEARLY = re.compile("(?P<window>.*?)(?: и|[-,])? ?далее[-,]? ?ежегодно")
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
    if (schedule := set_phrase(text, term)) is not None:
        return schedule
    yearly = _THEN_YEARLY.fullmatch(term)
    dates = yearly["window"] if yearly else _NOT_LATER.sub("до ", term)
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
