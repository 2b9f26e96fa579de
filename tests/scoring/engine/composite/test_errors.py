"""Errors of a composite, against propagation by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from services.scoring.engine.composite.errors import Member, composite_errors
from services.scoring.engine.composite.figures import Choice
from shared.domain.errors import Text
from shared.domain.methods.composites import Composite, Group

VPR: Choice = (("vpr",), (), (), (2019,))
OGE: Choice = (("oge",), (), (), (2019,))
COMPOSITE = Composite(
    groups=(
        Group(
            code="all",
            title=Text("Все", "All"),
            weight=1.0,
            members=(("one", 1.0), ("two", 3.0)),
        ),
    ),
    minimum_coverage=0.0,
    tolerance=0.0,
)
ONE_DISTRICT = np.array([1, 1, 1])


def member(
    *values: float, error: float = 0.0, choice: Choice | None = VPR, scale: float = 1.0
) -> Member:
    value = np.array(values)
    return Member(value, value * scale, np.full(len(values), error), choice)


def errors(one: Member, two: Member) -> NDArray[np.float64]:
    return composite_errors({"one": one, "two": two}, COMPOSITE, ONE_DISTRICT)


def test_errors_over_different_papers_add_as_squares() -> None:
    found = errors(
        member(0, 50, 100, error=4.0),
        member(10, 50, 90, error=2.0, choice=OGE),
    )

    assert found == pytest.approx([np.hypot(4 / 4, 2 * 3 / 4)] * 3)


def test_errors_over_the_same_papers_add_up() -> None:
    found = errors(member(0, 50, 100, error=4.0), member(10, 50, 90, error=2.0))

    assert found == pytest.approx([4 / 4 + 2 * 3 / 4] * 3)


def test_an_error_is_worth_what_the_rule_of_scoring_makes_of_it() -> None:
    found = errors(
        member(0, 50, 100, error=4.0, scale=0.5), member(1, 2, 3, choice=None)
    )

    assert found == pytest.approx([4 * 0.5 / 4] * 3)


def test_a_missing_indicator_leaves_its_weight_to_the_others() -> None:
    found = errors(
        member(0, 50, 100, error=4.0), member(np.nan, 50, 90, error=0.0, choice=OGE)
    )

    assert found == pytest.approx([4, 4 / 4, 4 / 4])


def test_scores_without_pupils_leave_the_error_unknown() -> None:
    found = errors(member(1, 2, 3, choice=None), member(1, 2, 3, choice=None))

    assert np.isnan(found).all()


def test_a_district_errs_alone_as_among_others() -> None:
    one = member(0, 50, 100, 5, 60, error=4.0)
    two = member(10, 20, 90, 50, 40, error=2.0, choice=OGE)
    together = composite_errors(
        {"one": one, "two": two}, COMPOSITE, np.array([1, 1, 1, 2, 2])
    )

    alone = errors(
        member(0, 50, 100, error=4.0), member(10, 20, 90, error=2.0, choice=OGE)
    )

    assert together[:3].tobytes() == alone.tobytes()
