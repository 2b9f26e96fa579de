"""The eight cells of low results, difficult conditions and resilience."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from shared.domain import joint_standing
from shared.domain.joint_standing import Answer, JointStanding, table_of

answers = st.sampled_from(Answer)


@given(st.lists(st.builds(JointStanding, answers, answers, answers)))
def test_every_school_stands_in_one_cell_or_is_undecided(
    standings: list[JointStanding],
) -> None:
    table = table_of(standings)

    undecided = [
        each
        for each in standings
        if Answer.UNKNOWN in (each.low_results, each.difficult, each.resilient)
    ]
    assert sum(table.values()) + len(undecided) == len(standings)
    for cell, count in table.items():
        assert count == standings.count(JointStanding(*cell))


def test_the_worked_examples_come_out() -> None:
    found = doctest.testmod(joint_standing)

    assert (found.failed, found.attempted > 0) == (0, True)
