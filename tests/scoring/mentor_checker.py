"""Which mentors should be suggested, told from the raw tables by other means.

Nothing of the engine is used: plain SQL reads what municipalities entered, exact
fractions weigh it by the rules of the shipped method, and every assignment is tried.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from typing import Any, Final

from services.api.cli import DEPLOY
from services.api.methods.loading import read_method
from shared.persistence.work import Work
from tests.scoring.every_assignment import Pair, assigned, with_pair
from tests.scoring.mentor_tables import read_tables

METHOD: Final = read_method(DEPLOY / "methods" / "mentor-matching.yaml")
Need = tuple[str, str]


@dataclass(frozen=True)
class Best:
    """All admissible pairs with their benefit, and the first best assignment.

    `without` is what the whole loses if that pair has to be.
    """

    benefits: Mapping[Pair, int]
    chosen: frozenset[Pair]
    costs: Mapping[Pair, int]


async def check(work: Work, municipality_id: int, year: int) -> Best:
    """Find by the raw tables what should have been suggested."""
    raw = await read_tables(work, municipality_id, year)
    return _Town(raw, year).best()


def units(share: Fraction) -> int:
    """Round a share, cut off at 0 and 1, half up to ten-thousandths."""
    kept = min(max(share, Fraction(0)), Fraction(1)) * 10_000
    exact = Decimal(kept.numerator) / Decimal(kept.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def number(*path: str) -> Fraction:
    """Return a number of the method."""
    value: Any = METHOD
    for part in path:
        value = value[part]
    return Fraction(str(value))


class _Town:
    """A municipality as its tables have it."""

    def __init__(self, raw: Mapping[str, Any], year: int) -> None:
        self.raw = raw
        self.year = year
        self.schools = {each.id: each for each in raw["schools"]}
        self.listed = {each.school_id for each in raw["listed"]}
        self.signs = {each.school_id for each in raw["signs"]}
        self.figures, self.sizes = self._figures()
        self.needs = self._needs()
        self.offered = self._offered()
        self.open = [
            each
            for each in raw["agreements"]
            if each.status not in {"completed", "terminated"}
        ]
        self.given: dict[int, int] = defaultdict(int)
        self.had: dict[int, int] = defaultdict(int)
        for each in self.open:
            self.given[each.mentor] += 1
            self.had[each.mentee] += 1

    def best(self) -> Best:
        benefits = {}
        for mentee, mentor in product(sorted(self.schools), repeat=2):
            benefit = self._benefit(mentee, mentor)
            if benefit is not None and benefit >= units(
                number("gates", "least_benefit")
            ):
                benefits[mentee, mentor] = benefit
        free = {each: self._free(each) for each in self.schools}
        most, chosen = assigned(benefits, free)
        costs = {pair: most - with_pair(benefits, free, pair) for pair in benefits}
        return Best(benefits, frozenset(chosen), costs)

    def _figures(self) -> tuple[dict[Any, Fraction], dict[Any, int]]:
        good: dict[Any, int] = defaultdict(int)
        sizes: dict[Any, int] = defaultdict(int)
        for each in self.raw["results"]:
            key = each.school_id, each.subject
            marks = (each.n2, each.n3, each.n4, each.n5)
            sizes[key] += sum(marks) + each.n_ungraded
            good[key] += each.n4 + each.n5
        enough = {key for key, n in sizes.items() if n >= number("minimum_n")}
        return {key: Fraction(100 * good[key], sizes[key]) for key in enough}, sizes

    def _needs(self) -> dict[int, dict[Need, Fraction]]:
        found: dict[int, dict[Need, Fraction]] = defaultdict(
            lambda: defaultdict(Fraction)
        )
        for (school, subject), figure in self.figures.items():
            if figure <= number("subjects", "weak_at_most"):
                found[school]["subject", subject] += number("needs", "weak")
        for school, subject in {(e.school_id, e.subject) for e in self.raw["deficits"]}:
            found[school]["subject", subject] += number("needs", "deficit")
        asked: dict[Any, Fraction] = defaultdict(Fraction)
        for each in self.raw["requests"]:
            need = (
                ("subject", each.subject) if each.subject else ("problem", each.problem)
            )
            weight = number("needs", f"request_{each.urgency}")
            asked[each.school_id, need] = max(asked[each.school_id, need], weight)
        for (school, need), weight in asked.items():
            found[school][need] += weight
        return found

    def _offered(self) -> set[tuple[int, Need]]:
        by_subject = {
            (each.school_id, ("subject", each.subject))
            for each in self.raw["offers"]
            if each.subject
        }
        return by_subject | {
            (each.school_id, ("problem", each.problem)) for each in self.raw["offers"]
        }

    def _free(self, mentor: int) -> int:
        places: int = self.schools[mentor].mentor_capacity
        return max(places - self.given[mentor], 0)

    def _is_possible(self, mentee: int, mentor: int) -> bool:
        """Tell whether nothing but the need itself speaks against the pair."""
        roots = {self.schools[each].parent_id or each for each in (mentee, mentor)}
        between = [
            each
            for each in self.raw["agreements"]
            if (each.mentee, each.mentor) == (mentee, mentor)
        ]
        recent = [
            each
            for each in between
            if each in self.open or self._years_ago(each.ended) < 3
        ]
        refused = {(each.mentee, each.mentor) for each in self.raw["declined"]}
        return (
            len(roots) == 2
            and not recent
            and (mentee, mentor) not in refused
            and self._free(mentor) > 0
            and self.had[mentee] < number("gates", "most_mentors")
        )

    def _years_ago(self, ended: date) -> int:
        return self.year - (ended.year if ended.month >= 9 else ended.year - 1)

    def _ahead(self, mentee: int, mentor: int, need: Need) -> int | None:
        """Return how far ahead the mentor is, in ten-thousandths; None if unfit."""
        kind, code = need
        if kind == "problem":
            is_fit = (mentor, need) in self.offered
            return units(number("unknown_counts_as")) if is_fit else None
        own, other = self.figures.get((mentee, code)), self.figures.get((mentor, code))
        if mentor in self.listed | self.signs or other is None:
            return None
        if other < number("subjects", "strong_at_least"):
            return None
        if own is None:
            return units(number("unknown_counts_as"))
        if other - own < number("subjects", "least_gap"):
            return None
        return units((other - own) / number("subjects", "full_gap"))

    def _benefit(self, mentee: int, mentor: int) -> int | None:
        needs = self.needs.get(mentee, {})
        if not needs or not self._is_possible(mentee, mentor):
            return None
        ahead = {need: self._ahead(mentee, mentor, need) for need in needs}
        fit = {need: gap for need, gap in ahead.items() if gap is not None}
        if not fit:
            return None
        covered = sum((needs[need] * gap for need, gap in fit.items()), Fraction(0))
        parts = {
            "complement": units(covered / 10_000 / sum(needs.values())),
            "urgency": self._urgency(mentee),
            "conditions": units(number("unknown_counts_as")),
            "distance": self._nearness(mentee, mentor),
            "capacity": units(
                Fraction(self._free(mentor), self.schools[mentor].mentor_capacity)
            ),
            "offer": 10_000 * any((mentor, need) in self.offered for need in fit),
        }
        weights = {part: number("weights", part) for part in parts}
        worth = (weights[part] * value for part, value in parts.items())
        total = sum(worth, Fraction(0))
        return units(total / 10_000 / sum(weights.values()))

    def _urgency(self, mentee: int) -> int:
        asked = [
            number("urgency", each.urgency)
            for each in self.raw["requests"]
            if each.school_id == mentee
        ]
        listed = [number("urgency", "listed")] if mentee in self.listed else []
        return units(max([*asked, *listed], default=Fraction(0)))

    def _nearness(self, mentee: int, mentor: int) -> int:
        ways = [
            each
            for each in self.raw["ways"]
            if {each.school_id, each.other_school_id} == {mentee, mentor}
        ]
        roads = [Fraction(each.km) for each in ways if each.km is not None]
        known = [units(1 - min(roads) / number("far_km"))] if roads else []
        if any(each.same_bus_network for each in ways):
            known.append(units(number("same_network_counts_as")))
        return max(known, default=units(number("unknown_counts_as")))
