"""The best assignment, against trying them all and against integer programming."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from services.scoring.engine.matching.assignment import INFEASIBLE, Integers, assign

Choice = tuple[int, ...]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Integers, Integers]:
    """Up to 4 mentees and 3 mentors; of small benefits many assignments are best."""
    mentees, mentors = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    most = draw(st.sampled_from([1, 3, 10_000]))
    cell = st.integers(INFEASIBLE, most)
    row = st.lists(cell, min_size=mentors, max_size=mentors)
    cells = draw(st.lists(row, min_size=mentees, max_size=mentees))
    places = draw(st.lists(st.integers(0, 3), min_size=mentors, max_size=mentors))
    benefits = np.array(cells, dtype=np.int64).reshape(mentees, mentors)
    return benefits, np.array(places, dtype=np.int64)


def worth(benefits: Integers, choice: Choice) -> int:
    mentors = benefits.shape[1]
    return sum(
        int(benefits[mentee, mentor])
        for mentee, mentor in enumerate(choice)
        if mentor < mentors
    )


def allowed(benefits: Integers, places: Integers) -> list[Choice]:
    """All assignments; the choice behind the last mentor is to have none."""
    mentees, mentors = benefits.shape
    return [
        choice
        for choice in product(range(mentors + 1), repeat=mentees)
        if all(choice.count(mentor) <= places[mentor] for mentor in range(mentors))
        and all(
            mentor == mentors or benefits[mentee, mentor] >= 0
            for mentee, mentor in enumerate(choice)
        )
    ]


@given(problem=problems())
def test_no_assignment_is_better_and_of_equal_ones_the_first_is_taken(
    problem: tuple[Integers, Integers],
) -> None:
    benefits, places = problem
    choices = allowed(benefits, places)
    most = max(worth(benefits, choice) for choice in choices)
    first = min(choice for choice in choices if worth(benefits, choice) == most)

    assert tuple(assign(benefits, places).mentors.tolist()) == first


@given(problem=problems())
def test_a_choice_costs_what_the_whole_loses_when_it_is_forced(
    problem: tuple[Integers, Integers],
) -> None:
    benefits, places = problem
    choices = allowed(benefits, places)
    most = max(worth(benefits, choice) for choice in choices)

    costs = assign(benefits, places).costs

    for mentee, mentor in np.ndindex(costs.shape):
        forced = [
            worth(benefits, choice) for choice in choices if choice[mentee] == mentor
        ]
        expected = most - max(forced) if forced else INFEASIBLE
        assert costs[mentee, mentor] == expected


@pytest.mark.parametrize("seed", range(5))
def test_integer_programming_finds_nothing_better_for_a_whole_district(
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    benefits = random.integers(INFEASIBLE, 10_001, size=(30, 25))
    places = random.integers(0, 3, size=25)
    pairs = benefits.size
    each_mentee = np.kron(np.eye(30), np.ones((1, 25)))
    each_mentor = np.kron(np.ones((1, 30)), np.eye(25))

    solved = milp(
        -np.maximum(benefits, 0).ravel().astype(float),
        integrality=np.ones(pairs),
        bounds=Bounds(0, (benefits >= 0).ravel().astype(float)),
        constraints=[
            LinearConstraint(each_mentee, ub=np.ones(30)),
            LinearConstraint(each_mentor, ub=places.astype(float)),
        ],
    )
    best = assign(benefits, places)

    choice = tuple(best.mentors.tolist())
    assert worth(benefits, choice) == round(-solved.fun)
    assert all(choice.count(mentor) <= places[mentor] for mentor in range(25))
    assert all(best.costs[mentee, mentor] == 0 for mentee, mentor in enumerate(choice))


@given(problem=problems(), data=st.data())
def test_a_mentor_that_nobody_can_have_changes_nothing(
    problem: tuple[Integers, Integers], data: st.DataObject
) -> None:
    benefits, places = problem
    mentors = benefits.shape[1]
    at = data.draw(st.integers(0, mentors))
    more = np.insert(benefits, at, INFEASIBLE, axis=1)

    before = assign(benefits, places).mentors
    after = assign(more, np.insert(places, at, 1)).mentors

    assert after.tolist() == (before + (before >= at)).tolist()
