"""What deadlines of records are called: kept in Russian, read in either language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Text

ANSWER: Final = Text("Ответить на рекомендацию: {}", "Answer the recommendation: {}")
HAND_IN: Final = Text(
    "Сдать на экспертизу программу школы: {}",
    "Hand in the school's programme for expertise: {}",
)
CARRY_OUT: Final = Text(
    "Выполнить программу школы: {}", "Carry out the school's programme: {}"
)
APPROVAL: Final = Text(
    "Утвердить антирисковую программу: {}", "Approve the programme against the risk: {}"
)
YEAR: Final = Text(
    "Сдать данные за {} учебный год", "Submit the data of the school year {}"
)
CONFIRMATION: Final = Text(
    "Подтвердить контакты школы на {} учебный год",
    "Confirm the school's contacts for the school year {}",
)
RENEWAL: Final = Text(
    "Завершить или продлить договор о наставничестве: {}",
    "Complete or renew the mentoring agreement: {}",
)
_OF_KIND: Final[Mapping[DeadlineKind, tuple[Text, ...]]] = MappingProxyType(
    {
        DeadlineKind.AGREEMENT_RENEWAL: (RENEWAL,),
        DeadlineKind.RECOMMENDATION: (ANSWER,),
        DeadlineKind.SCHOOL_PROGRAMME: (HAND_IN, CARRY_OUT),
        DeadlineKind.ANTI_RISK_PROGRAMME: (APPROVAL,),
        DeadlineKind.DATA_YEAR: (YEAR,),
        DeadlineKind.CONTACT_CONFIRMATION: (CONFIRMATION,),
    }
)


def title_of(called: Text, subject: str) -> str:
    """Return a title as it is kept; the subject is in the words of its record."""
    return called.ru.replace("{}", subject)


def titles_of(kind: str, title: str) -> Text:
    """Return the title in both languages.

    What a measure, or a line of an agreement's plan, is called is nobody's to
    translate: it is the same in both. So is a title that was kept in other words.

    Example:
        “Ответить на рекомендацию: Чтение” is “Answer the recommendation: Чтение”.
    """
    for called in _OF_KIND.get(DeadlineKind(kind), ()):
        before, after = called.ru.split("{}")
        if title.startswith(before) and title.endswith(after):
            subject = title[len(before) : len(title) - len(after)]
            return Text(title, called.en.replace("{}", subject))
    return Text(title, title)
