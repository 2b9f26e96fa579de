"""The best assignment of mentors, found by trying every one."""

from collections.abc import Mapping
from functools import cache

Pair = tuple[int, int]  # mentee, mentor


def with_pair(benefits: Mapping[Pair, int], free: Mapping[int, int], pair: Pair) -> int:
    """Return the benefit of the best assignment that has this pair."""
    mentee, mentor = pair
    others = {key: value for key, value in benefits.items() if key[0] != mentee}
    left = {**free, mentor: free[mentor] - 1}
    return benefits[pair] + assigned(others, left)[0]


def assigned(
    benefits: Mapping[Pair, int], free: Mapping[int, int]
) -> tuple[int, list[Pair]]:
    """Try every assignment; of the best return the first, with its benefit."""
    mentees = sorted({mentee for mentee, _ in benefits})
    mentors = sorted({mentor for _, mentor in benefits})

    @cache
    def rest(position: int, room: tuple[int, ...]) -> tuple[int, tuple[Pair, ...]]:
        if position == len(mentees):
            return 0, ()
        mentee = mentees[position]
        best: tuple[int, tuple[Pair, ...]] | None = None
        for place, mentor in enumerate(mentors):
            if (mentee, mentor) not in benefits or not room[place]:
                continue
            left = (*room[:place], room[place] - 1, *room[place + 1 :])
            total, pairs = rest(position + 1, left)
            total += benefits[mentee, mentor]
            if best is None or total > best[0]:
                best = total, ((mentee, mentor), *pairs)
        nobody = rest(position + 1, room)
        return nobody if best is None or nobody[0] > best[0] else best

    most, pairs = rest(0, tuple(free[mentor] for mentor in mentors))
    return most, list(pairs)
