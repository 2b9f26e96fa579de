"""All columns that formulas may name, but for indicators: what schools are known by.

The sums of results are those of the results that an indicator chooses; everything else
is one figure of a school in an academic year.
"""

from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas.columns import Catalogue, Column
from shared.domain.formulas.conditions import CONDITIONS
from shared.domain.formulas.units import Unit
from shared.domain.measures import MEASURES

RESULTS: Final = "results."
_PUPILS: Final = (
    ("n", "Участников с отметкой или баллом", "Participants with a mark or score"),
    ("n2", "Получили «2»", "Pupils with a 2"),
    ("n3", "Получили «3»", "Pupils with a 3"),
    ("n4", "Получили «4»", "Pupils with a 4"),
    ("n5", "Получили «5»", "Pupils with a 5"),
    ("n_ungraded", "Не аттестованы", "Pupils without a mark"),
    ("n_ungraded_marked", "Не аттестованы там, где ставят отметки", "Without a mark"),
    ("n_graded", "С отметкой", "Pupils with a mark"),
    ("n_marked", "С отметкой и не аттестованных", "Pupils with a mark or without"),
    ("n_total", "Всего участников", "All participants"),
    ("n_below_minimum", "Ниже минимального балла", "Below the minimum score"),
    ("n_low", "Низких результатов", "Low results"),
    ("n_low_of", "Участников, по которым считаются низкие", "N of the low results"),
    ("n_lower", "Ниже отметки в журнале", "Marks below the journal's"),
    ("n_equal", "Как отметка в журнале", "Marks as in the journal"),
    ("n_higher", "Выше отметки в журнале", "Marks above the journal's"),
    ("n_compared", "Сравнили с журналом", "Marks compared with the journal's"),
)
_N: Final = {
    **dict.fromkeys(("n2", "n3", "n4", "n5", "n_ungraded_marked"), "n_marked"),
    **dict.fromkeys(("n", "n_ungraded", "n_below_minimum"), "n_total"),
    "n_graded": "n_marked",
    "n_low": "n_low_of",
    **dict.fromkeys(("n_lower", "n_equal", "n_higher"), "n_compared"),
}
_UNITS: Final = {"percent": Unit.PERCENT, "mark": Unit.MARKS}


def _of_results() -> Iterator[Column]:
    for name, ru, en in _PUPILS:
        n = RESULTS + _N[name] if name in _N else None
        yield _result(name, Text(ru, en), Unit.PERSONS, n)
    count = Text("Сколько результатов", "Number of results")
    yield _result("n_results", count, Unit.ITEMS, None)
    for measure in MEASURES.values():
        n = RESULTS + measure.n_column
        yield _result(measure.code, measure.title, _UNITS[measure.unit], n)


def _result(name: str, title: Text, unit: Unit, n: str | None) -> Column:
    return Column(name=RESULTS + name, title=title, unit=unit, dataset="results", n=n)


CATALOGUE: Final = Catalogue(
    {column.name: column for column in (*_of_results(), *CONDITIONS)}
)
