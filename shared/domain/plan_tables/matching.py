"""Which lines of a plan's table are measures that the programme has already."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from shared.domain.plan_tables.numbering import parts_of
from shared.domain.plan_tables.tables import PlanLine

Measure: TypeAlias = Mapping[str, Any]  # number, title, block, parent (a key)


def matched(
    lines: Sequence[PlanLine], measures: Mapping[str, Measure]
) -> dict[int, str]:
    """Return the keys of the measures that lines are, by the lines' places.

    A line is the measure with its block, number and words; or else the only one with
    its words, which was numbered anew; or else the one with its number in its block,
    which was worded anew. A measure stays where it hangs: under another parent it is a
    new one.
    """
    found: dict[int, str] = {}
    rules: tuple[tuple[Callable[[Any], Hashable], bool], ...] = (
        (lambda each: (each["block"], _number(each), _words(each)), False),
        (_words, True),
        (_numbered_place, False),
    )
    shown = [
        {"block": line.block, "number": line.number, "title": line.title}
        for line in lines
    ]
    for trait, only in rules:
        left = {
            key: each for key, each in measures.items() if key not in found.values()
        }
        _match(found, shown, left, trait, only=only)
    for place, line in enumerate(lines):
        above = None if line.parent is None else found.get(line.parent, "")
        if place in found and measures[found[place]]["parent"] != above:
            del found[place]
    return found


def _match(
    found: dict[int, str],
    lines: Sequence[Measure],
    measures: Mapping[str, Measure],
    trait: Callable[[Measure], Hashable],
    *,
    only: bool,
) -> None:
    """Pair lines and measures with equal traits, in their order; `only` single ones.

    What has no trait is no pair.
    """
    places = [place for place in range(len(lines)) if place not in found]
    times = Counter(trait(lines[place]) for place in places)
    times_measured = Counter(map(trait, measures.values()))
    waiting: dict[Hashable, list[str]] = {}
    for key, measure in measures.items():
        waiting.setdefault(trait(measure), []).append(key)
    for place in places:
        own = trait(lines[place])
        if own is None or (only and (times[own] > 1 or times_measured[own] > 1)):
            continue
        if waiting.get(own):
            found[place] = waiting[own].pop(0)


def _numbered_place(each: Measure) -> Hashable:
    parts = _number(each)
    return (each["block"], parts) if parts else None


def _number(each: Measure) -> tuple[int, ...]:
    return parts_of(each["number"])


def _words(each: Measure) -> str:
    return " ".join(each["title"].casefold().split())
