"""Each indicator of both programmes by a small table that is worked by hand."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from services.scoring.engine.programmes.opinions import satisfaction, satisfied_schools
from services.scoring.engine.programmes.school_programmes import (
    reviewed,
    with_school_programmes,
)
from services.scoring.engine.programmes.school_state import (
    better_resources,
    group_dynamics,
    raised_quality,
)
from services.scoring.engine.programmes.school_work import (
    analysed,
    in_network_mentoring,
    plans_corrected,
    recommendations_followed,
)
from tests.scoring.engine.programmes.programme_records import (
    SPEC,
    academic,
    calendar,
    records,
    told,
)

Rows = list[tuple[Any, ...]]


def scores(**rows: list[Any]) -> pl.DataFrame:
    columns = ("n_results", "value", "value_before", "dynamics", "incomparable")
    return pl.DataFrame(
        [(int(name[1:]), *row) for name, row in rows.items()],
        schema={
            "school_id": pl.Int64,
            **dict(
                zip(
                    columns,
                    (pl.Int64, pl.Float64, pl.Float64, pl.String, pl.String),
                    strict=True,
                )
            ),
        },
        orient="row",
    )


def test_analysed_is_who_has_both_scores_and_a_swot_of_the_year() -> None:
    scored = scores(
        s1=[4, 50.0, None, "incomparable", "no_data"],
        s2=[4, 50.0, None, "incomparable", "no_data"],
        s3=[0, None, None, "incomparable", "no_data"],
    )
    found = analysed(
        records(
            *(1, 2, 3, 4),
            scores={2019: scored},
            swots=[(1, 2020), (1, 2020), (2, 2019), (3, 2020), (4, 2020)],
        ),
        calendar(2020),
    )

    assert told(found) == {
        1: "yes",
        2: "no: no_swot",
        3: "no: no_results",
        4: "no: no_results",
    }
    assert dict(found.verdicts[0].evidence) == {"swot_entries": 2, "scored": True}


def test_scores_of_either_academic_year_of_a_calendar_year_count() -> None:
    row = [4, 50.0, None, "incomparable", "no_data"]
    for year, expected in ((2018, "no"), (2019, "yes"), (2020, "yes"), (2021, "no")):
        by_year = {2019: scores(), year: scores(s1=row)}
        found = analysed(records(1, scores=by_year, swots=[(1, 2020)]), calendar(2020))
        assert told(found)[1].startswith(expected), year


def test_without_a_method_in_force_nobody_is_said_not_to_be_analysed() -> None:
    found = analysed(records(1, swots=[(1, 2020)]), calendar(2020))

    assert told(found) == {1: "undecided: no_method"}


def test_mentoring_counts_both_sides_in_calendar_and_academic_years() -> None:
    start, end = date(2021, 9, 1), date(2022, 5, 31)
    of = records(1, 2, 3, agreements=[(1, 2, "signed", start, end, None)])

    assert [
        told(in_network_mentoring(of, calendar(y)))[1][:2] for y in (2020, 2022)
    ] == [
        "no",
        "ye",
    ]
    assert [
        told(in_network_mentoring(of, academic(y)))[2][:2] for y in (2020, 2021)
    ] == [
        "no",
        "ye",
    ]


def programme(school: int, status: str, **days: date) -> tuple[Any, ...]:
    names = ("submitted_on", "approved_on", "started_on", "completed_on", "passed_on")
    term = (date(2020, 9, 1), date(2022, 12, 1))
    return (school, status, *term, *(days.get(name) for name in names))


PROGRAMMES: Rows = [
    programme(1, "draft"),
    programme(2, "approved", approved_on=date(2020, 11, 1)),
    programme(
        3, "in_progress", approved_on=date(2020, 11, 1), started_on=date(2021, 1, 9)
    ),
    programme(
        4,
        "completed",
        approved_on=date(2021, 2, 1),
        started_on=date(2021, 2, 9),
        completed_on=date(2021, 12, 20),
    ),
    programme(
        5,
        "completed",
        approved_on=date(2020, 12, 31),
        started_on=date(2021, 2, 9),
        completed_on=date(2022, 12, 20),
    ),
]


@pytest.mark.parametrize(
    ("year", "counted", "reason"),
    [
        (2020, {2, 3, 5}, "not_approved"),
        (2021, {3, 4, 5}, "not_started"),
        (2022, {4, 5}, "not_completed"),
    ],
)
def test_school_programmes_are_developed_then_carried_out_then_completed(
    year: int, counted: set[int], reason: str
) -> None:
    of = records(1, 2, 3, 4, 5, 6, programmes=PROGRAMMES)

    found = told(with_school_programmes(of, calendar(year)))

    assert {school for school, said in found.items() if said == "yes"} == counted
    assert found[6] == "no: no_school_programme"
    assert set(found.values()) == {"yes", f"no: {reason}", "no: no_school_programme"}


def test_a_school_is_satisfied_where_half_of_those_asked_are() -> None:
    asked = [
        (1, 2021, "municipal_management", 20, 10),
        (2, 2021, "municipal_management", 20, 9),
        (3, 2020, "municipal_management", 20, 20),
        (4, 2021, "information_and_methods", 20, 20),
    ]
    of = records(1, 2, 3, 4, surveys=asked)

    found = satisfied_schools(of, calendar(2021), SPEC, "municipal_management")

    assert told(found) == {
        1: "yes",
        2: "no: not_satisfied",
        3: "undecided: no_survey",
        4: "undecided: no_survey",
    }
    assert dict(found.verdicts[1].evidence) == {
        "satisfied": 9,
        "respondents": 20,
        "percent": 45.0,
    }


def test_satisfaction_weighs_each_school_by_its_respondents() -> None:
    asked = [
        (1, 2021, "educational_results", 90, 45),
        (2, 2021, "educational_results", 10, 10),
        (2, 2021, "educational_results", 20, 5),  # of its branch
    ]

    found = satisfaction(
        records(1, 2, 3, surveys=asked), academic(2020), "educational_results"
    )

    assert [(v.part, v.whole) for v in found.verdicts] == [(45, 90), (15, 30), (0, 0)]


def item(
    school: int, year: int | None, title: str, state: str, quantity: float | None = None
) -> tuple[Any, ...]:
    return (school, school, year, "material", title, state, quantity)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([item(1, 2020, "a", "available")], "undecided: no_inventory"),
        ([item(1, 2021, "a", "available")], "undecided: no_earlier_inventory"),
        ([item(1, None, "a", "lacking"), item(1, 2021, "a", "available")], "yes"),
        ([item(1, 2020, "a", "available"), item(1, 2021, "b", "available")], "yes"),
        (
            [item(1, 2020, "a", "available"), item(1, 2021, "a", "available")],
            "no: not_better",
        ),
        (
            [
                item(1, 2020, "a", "lacking"),
                item(1, 2021, "a", "available"),
                item(1, 2021, "b", "lacking"),
                item(1, 2021, "c", "lacking"),
            ],
            "no: not_better",
        ),
        (
            [item(1, 2020, "a", "available", 3), item(1, 2021, "a", "available", 5)],
            "yes",
        ),
        (
            [item(1, 2020, "a", "available", 5), item(1, 2021, "a", "available", 3)],
            "no: not_better",
        ),
        (
            [item(1, 2021, "a", "available"), item(1, 2022, "b", "available")],
            "undecided: no_earlier_inventory",
        ),
    ],
)
def test_better_resources_are_more_available_or_fewer_lacking(
    items: Rows, said: str
) -> None:
    assert (
        told(better_resources(records(1, resources=items), calendar(2021)))[1] == said
    )


def test_quality_is_raised_by_positive_dynamics_of_the_year_that_ended() -> None:
    scored = scores(
        s1=[4, 60.0, 50.0, "positive", None],
        s2=[4, 50.0, 50.0, "stable", None],
        s3=[4, 40.0, 50.0, "negative", None],
        s4=[4, 40.0, 50.0, "incomparable", "procedures"],
        s5=[0, None, None, "incomparable", "no_data"],
    )

    found = raised_quality(
        records(1, 2, 3, 4, 5, 6, scores={2020: scored}), calendar(2021)
    )

    assert told(found) == {
        1: "yes",
        2: "no: not_raised",
        3: "no: not_raised",
        4: "undecided: incomparable",
        5: "undecided: no_results",
        6: "undecided: no_results",
    }
    assert found.verdicts[3].evidence["incomparable"] == "procedures"


def points(school: int, year: int, score: float, most: float = 10) -> tuple[Any, ...]:
    return (school, school, year, "1.1", score, most)


def test_a_group_counts_schools_with_positive_or_stable_dynamics() -> None:
    rows = [
        *(points(1, 2019, 5), points(1, 2020, 6)),
        *(points(2, 2019, 5), points(2, 2020, 5)),
        *(points(3, 2019, 5), points(3, 2020, 4)),
        *(points(4, 2019, 5), points(4, 2020, 12, 20)),
        points(5, 2020, 5),
        points(6, 2019, 5),
    ]
    of = records(1, 2, 3, 4, 5, 6, msoko=rows)

    found = group_dynamics(of, academic(2020), SPEC, "1.1")

    assert told(found) == {
        1: "yes",
        2: "yes",
        3: "no: fell",
        4: "undecided: incomparable",
        5: "undecided: no_score_before",
        6: "undecided: no_score",
    }
    assert set(told(group_dynamics(of, academic(2020), SPEC, "2.3")).values()) == {
        "undecided: no_score"
    }


def test_a_plan_corrected_after_a_control_counts_and_no_control_decides_nothing() -> (
    None
):
    held = date(2020, 11, 3)
    rows = [
        (1, held, date(2020, 11, 20)),
        (1, held, None),
        (2, held, None),
        (3, held, date(2021, 9, 1)),  # too late
        (4, date(2020, 8, 31), date(2020, 11, 20)),  # of the year before
    ]

    found = plans_corrected(records(1, 2, 3, 4, controls=rows), academic(2020))

    assert told(found) == {
        1: "yes",
        2: "no: plan_not_corrected",
        3: "no: plan_not_corrected",
        4: "undecided: no_internal_control",
    }


def test_recommendations_are_followed_where_all_that_are_due_are_answered() -> None:
    rows = [
        (1, date(2020, 10, 1), "accepted", date(2020, 9, 30)),
        (1, date(2021, 5, 1), "issued", None),
        (2, date(2020, 10, 1), "answered", date(2020, 10, 5)),
        (2, date(2020, 11, 1), "returned", date(2020, 10, 30)),
        (3, date(2021, 1, 15), "issued", None),
        (4, date(2020, 8, 31), "issued", None),
    ]
    of = records(1, 2, 3, 4, as_of=date(2021, 1, 15), recommendations=rows)

    assert told(recommendations_followed(of, academic(2020))) == {
        1: "yes",
        2: "no: unanswered",
        3: "undecided: not_due_yet",
        4: "undecided: no_recommendations",
    }


def test_programmes_that_passed_expertise_are_counted_not_schools() -> None:
    rows = [
        programme(1, "approved", passed_on=date(2020, 12, 1)),
        programme(1, "under_review"),
        programme(2, "approved", passed_on=date(2021, 9, 1)),
        programme(3, "returned"),
    ]

    found = reviewed(records(1, 2, 3, 4, programmes=rows), academic(2020))

    assert told(found) == {
        1: "yes",
        2: "no: not_reviewed",
        3: "no: not_reviewed",
        4: "undecided: no_school_programme",
    }
    assert [(v.part, v.whole) for v in found.verdicts] == [
        (1, 2),
        (0, 1),
        (0, 1),
        (0, 0),
    ]


def test_schools_are_those_of_the_years_last_day_without_branches() -> None:
    lives = [
        (1, "secondary", None, None),
        (2, "branch", None, None),
        (3, "basic", date(2021, 9, 1), None),
        (4, "basic", None, date(2021, 9, 1)),
        (5, "basic", date(2022, 1, 1), None),
    ]
    of = records(lives=lives)

    assert [of.schools(calendar(year)) for year in (2020, 2021)] == [[1, 4], [1, 3]]
