"""Schools by three questions at once: low results, difficult conditions, resilience."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final


class Answer(StrEnum):
    """What is known of a question about a school."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # too little is known; never a no


@dataclass(frozen=True, slots=True)
class JointStanding:
    """The answers about one school: ШНОР, ШНСУ, resilient."""

    low_results: Answer
    difficult: Answer
    resilient: Answer

    @property
    def is_decided(self) -> bool:
        """Tell whether all three are known."""
        answers = (self.low_results, self.difficult, self.resilient)
        return Answer.UNKNOWN not in answers


_YES: Final = frozenset({"on_list", "difficult", "resilient"})
_NO: Final = frozenset(
    {"risk_group", "leaving", "not_on_list", "not_difficult", "not_resilient"}
)


def answer_of(status: str | None) -> Answer:
    """Return what a status says; one that nobody can tell is unknown.

    Only a school on the list has low results: one in the risk group or leaving the
    list has not, as in the agreement with the received list.

    >>> [answer_of(each).value for each in ("on_list", "leaving", "not_assessable")]
    ['yes', 'no', 'unknown']
    """
    if status in _YES:
        return Answer.YES
    return Answer.NO if status in _NO else Answer.UNKNOWN


def table_of(
    standings: Iterable[JointStanding],
) -> dict[tuple[Answer, Answer, Answer], int]:
    """Count schools in each of the eight cells, those with all three answers only.

    >>> yes, no = Answer.YES, Answer.NO
    >>> table = table_of([JointStanding(yes, yes, no), JointStanding(yes, no, no)])
    >>> len(table), table[yes, yes, no], table[no, no, no]
    (8, 1, 0)
    """
    found = Counter(
        (each.low_results, each.difficult, each.resilient)
        for each in standings
        if each.is_decided
    )
    known = (Answer.YES, Answer.NO)
    return {cell: found[cell] for cell in product(known, known, known)}
