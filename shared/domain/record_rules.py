"""What the rules of datasets are given, and the rules that several of them share."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from shared.domain.errors import Fault, Text
from shared.domain.periods import AcademicYear
from shared.domain.school_directory import SchoolDirectory

_INITIALS: Final = re.compile(r"\b[А-ЯЁA-Z]\.\s*[А-ЯЁA-Z]\.")
_LINK: Final = re.compile(r"https?://[^\s/]+\S*")
WHOLE: Final = 100
WHOLE_TOLERANCE: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule may know besides the row itself.

    `enrolment` is the school's number of pupils in the row's academic year, where the
    row has a school and a year and the number is known. `siblings` are the other rows
    that the dataset says a row has to be held against, `referenced` the rows that it
    refers to, by the column that has their number; `schools` are all schools of the
    municipality, where the dataset's rules ask for them.
    """

    today: date
    enrolment: int | None = None
    siblings: Sequence[Mapping[str, Any]] = ()
    referenced: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    schools: SchoolDirectory[int] | None = None


Values: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Values, Facts], Iterable[Fault]]
# Adds what follows from the values that are given.
Completion: TypeAlias = Callable[[Values, Facts], Mapping[str, Any]]


def fault(values: Values, column: str, ru: str, en: str) -> Fault:
    """Return a fault of the column, with the value that stands there."""
    value = values.get(column)
    shown = None if value is None else str(value)
    return Fault(reason=Text(ru, en), column=column, value=shown)


def names_a_person(words: str) -> bool:
    """Tell whether initials stand in a text, as they do beside a person's name."""
    return _INITIALS.search(words) is not None


def in_order(first: str, last: str) -> Rule:
    """Return the rule that one date or number of a row is not after another."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        lower, upper = values.get(first), values.get(last)
        if lower is not None and upper is not None and lower > upper:
            yield fault(
                values,
                last,
                f"Значение меньше, чем в столбце {first} ({lower}).",
                f"The value is less than that of {first} ({lower}).",
            )

    return rule


def above_zero(column: str) -> Rule:
    """Return the rule that a number is more than nothing."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        number = values.get(column)
        if number is not None and number <= 0:
            yield fault(
                values,
                column,
                "Нужно число больше нуля.",
                "It must be a number above zero.",
            )

    return rule


def not_in_the_future(column: str) -> Rule:
    """Return the rule that a date has come."""

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        day = values.get(column)
        if day is not None and day > facts.today:
            yield fault(
                values,
                column,
                f"Этот день ещё не наступил: сегодня {facts.today}.",
                f"This day has not come yet: today is {facts.today}.",
            )

    return rule


def at_most_enrolled(*columns: str) -> Rule:
    """Return the rule that counts of pupils do not exceed the school's enrolment."""

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        if facts.enrolment is None:
            return
        for column in columns:
            count = values.get(column)
            if count is not None and count > facts.enrolment:
                yield fault(
                    values,
                    column,
                    f"Больше, чем учеников в школе в том году: {facts.enrolment}.",
                    f"More than the school's pupils that year: {facts.enrolment}.",
                )

    return rule


def within_academic_year(year: str, *columns: str) -> Rule:
    """Return the rule that dates of a row lie in its academic year."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        wanted = AcademicYear(values[year])
        for column in columns:
            if values[column] not in wanted:
                yield fault(
                    values,
                    column,
                    f"Дата вне учебного года {wanted} (1 сентября – 31 августа).",
                    f"The date is not in {wanted} (1 September to 31 August).",
                )

    return rule


def apart_from_siblings(first: str, last: str) -> Rule:
    """Return the rule that the days of a row are not those of another.

    One that is not kept yet has a `place`, the text of where it stands.
    """

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        for other in facts.siblings:
            if values[first] <= other[last] and other[first] <= values[last]:
                days = f"{other[first]} – {other[last]}"
                place = other.get("place") or Text(
                    f"записью {other['id']}", f"the row {other['id']}"
                )
                yield fault(
                    values,
                    first,
                    f"Пересекается с {place.ru}: {days}.",
                    f"Overlaps with {place.en}: {days}.",
                )

    return rule


def exactly_one(*columns: str) -> Rule:
    """Return the rule that one of the columns is filled in, and one only."""
    listed = ", ".join(columns)

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        filled = [column for column in columns if values.get(column) is not None]
        if len(filled) != 1:
            yield fault(
                values,
                filled[-1] if filled else columns[0],
                f"Заполните одно из полей: {listed}.",
                f"Fill in one of: {listed}.",
            )

    return rule


def without_initials(*columns: str) -> Rule:
    """Return the rule that a text names a position or a body and no person."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        for column in columns:
            if names_a_person(values.get(column) or ""):
                yield fault(
                    values,
                    column,
                    "Укажите должность или орган без фамилий и инициалов.",
                    "Give the position or the body, without names or initials.",
                )

    return rule


def is_link(column: str) -> Rule:
    """Return the rule that a text is an address on the web."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        address = values.get(column)
        if address is not None and not _LINK.fullmatch(address):
            yield fault(
                values,
                column,
                "Нужен адрес, который начинается с https:// или http://.",
                "An address that begins with https:// or http:// is needed.",
            )

    return rule


def parts_of_whole(*columns: str) -> Rule:
    """Return the rule that shares in % of one whole make 100 ± 0.2 together.

    Where one of them is unknown, the others make no more than that.
    """

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        known = [values[name] for name in columns if values.get(name) is not None]
        total = round(sum(known), 2)
        too_little = len(known) == len(columns) and total < WHOLE - WHOLE_TOLERANCE
        if too_little or total > WHOLE + WHOLE_TOLERANCE:
            last = [name for name in columns if values.get(name) is not None][-1]
            together = ", ".join(columns)
            yield fault(
                values,
                last,
                f"{together} в сумме дают {total} %, а не 100 ± {WHOLE_TOLERANCE} %.",
                f"{together} make {total} % together, not 100 ± {WHOLE_TOLERANCE} %.",
            )

    return rule


def needs(column: str, *others: str) -> Rule:
    """Return the rule that a value stands only where the others do, too."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        if values.get(column) is None:
            return
        for other in others:
            if values.get(other) is None:
                yield fault(
                    values,
                    other,
                    f"Заполните: без этого не бывает {column}.",
                    f"Fill it in: there is no {column} without it.",
                )

    return rule
