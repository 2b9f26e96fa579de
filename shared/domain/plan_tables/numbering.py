"""The tree that printed numbers make of a plan's lines, and keys for new measures."""

import re
from collections.abc import Collection, Sequence
from itertools import chain, count

from shared.domain.plan_tables.tables import PlanLine

LONGEST_KEY = 80


def parts_of(number: str) -> tuple[int, ...]:
    """Return the parts of a printed number; empty if there is none.

    >>> parts_of("1.1.2."), parts_of("б/н")
    ((1, 1, 2), ())
    """
    return tuple(int(part) for part in re.findall(r"[0-9]+", number))


def set_parents(lines: Sequence[PlanLine]) -> None:
    """Hang each line under the nearest one above whose number begins its own.

    Numbers may repeat, and begin again in each block: lines hang within their block,
    under the last that bore the number.
    """
    by_number: dict[tuple[str | None, tuple[int, ...]], int] = {}
    for place, line in enumerate(lines):
        parts = parts_of(line.number)
        line.parent = next(
            (
                by_number[line.block, parts[:depth]]
                for depth in range(len(parts) - 1, 0, -1)
                if (line.block, parts[:depth]) in by_number
            ),
            None,
        )
        if parts:
            by_number[line.block, parts] = place


def new_key(
    lines: Sequence[PlanLine], place: int, *, plan: str, taken: Collection[str]
) -> str:
    """Return a key for a new measure that no measure of the programme has or had.

    It is the printed number, behind the plan's kind and the block's position where
    there are such: `1.1.2`, `roadmap-2.17`.
    """
    line = lines[place]
    blocks = list(dict.fromkeys(each.block for each in lines if each.block))
    prefix = "" if plan == "plan" else f"{plan}-"
    if line.block:
        prefix += f"{blocks.index(line.block) + 1}."
    parts = parts_of(line.number)
    number = ".".join(map(str, parts)) if parts else f"n{place + 1}"
    key = (prefix + number)[:LONGEST_KEY].rstrip(".-")
    tries = chain([key], (f"{key}-{more}" for more in count(2)))
    return next(each for each in tries if each not in taken)
