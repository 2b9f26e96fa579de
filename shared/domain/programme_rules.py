"""Rules of rows that belong to a municipal programme."""

from collections.abc import Iterator

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Rule, Values, fault


def within_programme_years(programme: str, year: str) -> Rule:
    """Return the rule that a calendar year is one of those of the row's programme.

    `programme` is the column that refers to the programme.
    """

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        found = facts.referenced.get(programme)
        if found is None:
            return
        first, last = found["starts_on"].year, found["ends_on"].year
        if not first <= values[year] <= last:
            yield fault(
                values,
                year,
                f"Программа действует в {first}–{last} годах: укажите один из них.",
                f"The programme is in force in {first} to {last}: give one of these "
                "years.",
            )

    return rule
