"""Who mentors whom, so that the benefit of all pairs together is the largest there is.

Benefits are whole numbers, so sums of them are exact and ties are true ties. Of several
best assignments the one is taken that comes first: the first mentee gets the first
mentor that any best assignment gives it, then the second mentee, and so on. That makes
the answer a function of the benefits alone, whatever the solver does.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Integers: TypeAlias = NDArray[np.int64]

INFEASIBLE: Final = -1  # instead of a benefit


@dataclass(frozen=True, slots=True)
class Assignment:
    """A best assignment, and what each other choice would cost.

    `mentors` has for each mentee the column of its mentor; where it gets none, the
    column behind the last mentor's. `costs` (mentees × mentors + 1) tells by how much
    the benefit of the whole would fall if that mentee had to get that mentor, or none,
    and all others were assigned anew; `INFEASIBLE` where that cannot be.
    """

    mentors: Integers
    costs: Integers


def assign(benefits: Integers, places: Integers) -> Assignment:
    """Give each mentee one mentor or none, and no mentor more mentees than places.

    Source: the transportation problem; a mentor with several places stands in as many
    columns of an assignment problem, which scipy solves exactly (Jonker and Volgenant).

    Two mentees both fit the first mentor best, who has one place. The second loses
    less by going to the other:

    >>> best = assign(np.array([[90, 20], [80, 60]]), np.array([1, 1]))
    >>> best.mentors.tolist()
    [0, 1]
    >>> best.costs.tolist()  # the third choice is none
    [[0, 50, 70], [50, 0, 60]]

    Args:
        benefits: Mentees × mentors, at least 0, or `INFEASIBLE`.
        places: How many mentees each mentor can take, at least 0.
    """
    mentees = len(benefits)
    options, forbidden = _with_nobody(benefits, places)
    room = np.append(np.minimum(places, mentees), mentees)
    taken = _solve(options, room)
    costs = _costs_of_choices(options, room, taken)
    chosen = _first_of_the_best(options, room, taken, costs, forbidden)
    possible = options > forbidden
    return Assignment(chosen, np.where(possible, costs, INFEASIBLE))


def _with_nobody(benefits: Integers, places: Integers) -> tuple[Integers, int]:
    """Add the choice of no mentor, worth 0, and forbid what cannot be.

    One forbidden choice outweighs all that an assignment could gain by it.
    """
    mentees = len(benefits)
    most = int(benefits.max(initial=0))
    forbidden = -(mentees + 1) * (most + 1)
    possible = (benefits >= 0) & (places > 0)
    options = np.where(possible, benefits, forbidden).astype(np.int64)
    nobody = np.zeros((mentees, 1), dtype=np.int64)
    return np.hstack([options, nobody]), forbidden


def _solve(options: Integers, room: Integers) -> Integers:
    """Return a column for each row, with the largest sum there is."""
    seats: Integers = np.repeat(np.arange(len(room), dtype=np.int64), room)
    _, found = linear_sum_assignment(options[:, seats], maximize=True)
    taken: Integers = seats[found]
    return taken


def _costs_of_choices(options: Integers, room: Integers, taken: Integers) -> Integers:
    """Return what the whole loses by each choice that a mentee may be forced to.

    Source: shortest paths in the residual network of a flow of least cost (Ahuja,
    Magnanti and Orlin, Network Flows, 1993, chapter 9). Forcing a mentee from a mentor
    to another costs the difference, and then the cheapest chain of moves that brings
    the place that is now one too many to where one became free.
    """
    own = np.take_along_axis(options, taken[:, None], axis=1)
    losses = own - options
    chains = _cheapest_chains(losses, room, taken)
    return losses + chains[:, taken].T


def _cheapest_chains(losses: Integers, room: Integers, taken: Integers) -> Integers:
    """Return, from mentor to mentor, what it costs to move one mentee's place over.

    Source: the algorithm of Floyd and Warshall, over all pairs at once. There are no
    negative cycles, because the assignment is a best one.
    """
    mentors = len(room)
    unreachable = np.int64(2) * (abs(losses).max(initial=0) + 1) * (len(losses) + 1)
    costs = np.full((mentors, mentors), unreachable, dtype=np.int64)
    np.minimum.at(costs, taken, losses)
    load = np.bincount(taken, minlength=mentors)
    # A mentor with a free place takes one more; one with a mentee can have one fewer.
    costs[np.ix_(load < room, load > 0)] = np.minimum(
        costs[np.ix_(load < room, load > 0)], 0
    )
    np.fill_diagonal(costs, 0)
    for through in range(mentors):
        np.minimum(costs, costs[:, through, None] + costs[None, through], out=costs)
    return costs


def _first_of_the_best(
    options: Integers,
    room: Integers,
    taken: Integers,
    costs: Integers,
    forbidden: int,
) -> Integers:
    """Return the best assignment that comes first, beginning at any best one.

    A choice that costs nothing is in some best assignment; it is in one with all the
    earlier mentees' choices, if it costs nothing when they have no other.
    """
    left = options.copy()
    for mentee, free in enumerate(costs == 0):
        first = int(np.argmax(free))
        if first != taken[mentee]:
            free_now = _costs_of_choices(left, room, taken)[mentee] == 0
            first = int(np.argmax(free_now))
        settled = left[mentee, first]
        left[mentee] = forbidden
        left[mentee, first] = settled
        if first != taken[mentee]:
            taken = _solve(left, room)
    return taken
