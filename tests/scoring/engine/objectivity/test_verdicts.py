"""P-values of many tests at once, against scipy, a definition and tables by hand."""

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from services.scoring.engine.objectivity.candidates import CANDIDATE_SCHEMA
from services.scoring.engine.objectivity.verdicts import (
    adjusted_p_values,
    with_verdicts,
)
from shared.domain.methods.objectivity import FALSE_DISCOVERY_RATE, HOLM

p_values = st.lists(
    st.integers(0, 10_000).map(lambda part: part / 10_000), min_size=1, max_size=30
)


def adjusted(values: Sequence[float | None], how: str) -> list[float | None]:
    frame = pl.DataFrame(
        {"municipality_id": 1, "test": "t", "family_p": values},
        schema_overrides={"family_p": pl.Float64},
    )
    return frame.select(adjusted_p_values(how)).to_series().to_list()


def holm_by_definition(values: Sequence[float], p: float) -> float:
    """The least level at which going down from the smallest p-value reaches `p`."""
    steps = [(len(values) - place) * each for place, each in enumerate(sorted(values))]
    reached = [
        step for step, each in zip(steps, sorted(values), strict=True) if each <= p
    ]
    return min(1.0, max(reached))


@settings(max_examples=50)
@given(p_values)
def test_adjusted_p_values_are_those_of_scipy_and_of_their_definition(
    values: list[float],
) -> None:
    discoveries = adjusted(values, FALSE_DISCOVERY_RATE)
    holm = adjusted(values, HOLM)

    assert discoveries == pytest.approx(false_discovery_control(values), rel=1e-12)
    assert holm == pytest.approx(
        [holm_by_definition(values, p) for p in values], rel=1e-12
    )


def test_papers_without_a_p_value_do_not_count_as_tests() -> None:
    with_gaps: list[float | None] = [0.2, None, 0.01, None, 0.5]

    assert adjusted(with_gaps, HOLM) == [
        pytest.approx(0.4),
        None,
        pytest.approx(0.03),
        None,
        0.5,
    ]
    assert adjusted([None, None], FALSE_DISCOVERY_RATE) == [None, None]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.floats(0, 1))))
@pytest.mark.parametrize("how", [HOLM, FALSE_DISCOVERY_RATE])
def test_each_family_is_adjusted_by_itself(
    how: str, rows: list[tuple[int, str, float]]
) -> None:
    columns = {
        "municipality_id": pl.Int64,
        "test": pl.String,
        "family_p": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    together = frame.with_columns(adjusted=adjusted_p_values(how))

    for key, family in together.group_by("municipality_id", "test"):
        alone = frame.filter(municipality_id=key[0], test=key[1])
        expected = alone.with_columns(adjusted=adjusted_p_values(how))
        assert family.rows() == expected.rows()


def candidate(school_id: int, **values: object) -> dict[str, object]:
    nothing = dict.fromkeys(CANDIDATE_SCHEMA)
    own = {"municipality_id": 1, "school_id": school_id, "test": "t"}
    return {**nothing, **own, "deviates": True, "limited": False, **values}


def test_verdicts_follow_the_adjusted_p_value_and_what_bars_an_answer() -> None:
    rows = [
        candidate(1, p_value=0.001),
        candidate(2, p_value=0.03),
        candidate(3, p_value=0.002, deviates=False),
        candidate(4, p_value=0.0001, limited=True),
        candidate(5, reason="too_few_participants"),
    ]
    frame = pl.DataFrame(rows, schema=CANDIDATE_SCHEMA)

    found = with_verdicts(frame, {"t": 0.05}, HOLM)

    assert found["verdict"].to_list() == [
        "sign",
        "sign",
        "no_sign",
        "limited",
        "not_assessable",
    ]
    assert found["tests"].to_list() == [3] * 5
    assert found["adjusted_p"].fill_null(-1).round(9).to_list() == [
        0.003,
        0.03,
        0.004,
        -1,
        -1,
    ]
    assert with_verdicts(frame, {"t": 0.01}, HOLM)["verdict"][1] == "no_sign"


def test_a_test_without_p_values_finds_what_deviates() -> None:
    rows = [candidate(1), candidate(2, deviates=False)]
    frame = pl.DataFrame(rows, schema=CANDIDATE_SCHEMA)

    found = with_verdicts(frame, {"another": 0.05}, HOLM)

    assert found["verdict"].to_list() == ["sign", "no_sign"]
