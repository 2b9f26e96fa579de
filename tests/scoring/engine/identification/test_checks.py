"""The back-test, against scikit-learn and statsmodels."""

import polars as pl
import pytest
from sklearn.metrics import precision_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.identification.checks import back_test

BEFORE = ["on_list"] * 5 + ["risk_group"] * 4 + ["not_on_list"] * 6 + ["leaving"] * 2
LOW = ["yes", "yes", "yes", "no", "unknown", "yes", "no", "no", "yes"]
LOW += ["yes"] + ["no"] * 5 + ["no", "yes"]


def back_tested(flag: str) -> dict[str, float]:
    schools = pl.DataFrame(
        {
            "municipality_id": [7] * (len(BEFORE) + 1),
            "status_before": [*BEFORE, "not_assessable"],
            "low_in_year": [*LOW, "yes"],
        }
    )
    return back_test(schools).filter(municipality_id=7, flag=flag).row(0, named=True)


@pytest.mark.parametrize(
    ("flag", "statuses"),
    [
        ("on_list", {"on_list"}),
        ("risk_group", {"risk_group"}),
        ("on_list_or_risk_group", {"on_list", "risk_group"}),
    ],
)
def test_flags_of_last_year_are_measured_against_this_one(
    flag: str, statuses: set[str]
) -> None:
    known = [
        (before in statuses, low == "yes")
        for before, low in zip(BEFORE, LOW, strict=True)
        if low != "unknown"
    ]
    flagged, low = zip(*known, strict=True)
    hits = sum(each == (True, True) for each in known)

    test = back_tested(flag)

    assert test["flagged_low"] == hits
    assert test["not_assessed"] == 2
    assert test["precision"] == pytest.approx(100 * precision_score(low, flagged))
    assert test["recall"] == pytest.approx(100 * recall_score(low, flagged))
    ends = proportion_confint(hits, sum(flagged), method="wilson")
    assert (test["precision_from"], test["precision_to"]) == pytest.approx(
        [100 * end for end in ends]
    )


def test_a_share_of_no_school_is_no_figure() -> None:
    schools = pl.DataFrame(
        {
            "municipality_id": [1],
            "status_before": ["not_on_list"],
            "low_in_year": ["no"],
        }
    )

    [row] = back_test(schools).filter(flag="on_list").rows(named=True)

    assert (row["precision"], row["recall_to"], row["unflagged_not_low"]) == (
        None,
        None,
        1,
    )
