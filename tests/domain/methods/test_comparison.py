"""Versions of methods compared by path."""

import pytest

from shared.domain.methods.comparison import (
    Difference,
    differences,
    provenance_at,
    value_at,
)

OLD = {
    "code": "a",
    "groups": [{"code": "results", "weight": 1}, {"code": "staff", "weight": 2}],
    "cuts": [10, 20],
    "empty": [],
}


def test_items_with_a_code_are_known_by_it() -> None:
    new = OLD | {
        "groups": [
            {"code": "conditions", "weight": 3},
            {"code": "staff", "weight": 2},
            {"code": "results", "weight": 4},
        ]
    }
    assert differences(OLD, new) == [
        Difference("groups.conditions.code", None, "conditions"),
        Difference("groups.conditions.weight", None, 3),
        Difference("groups.results.weight", 1, 4),
    ]


def test_other_lists_are_compared_as_a_whole() -> None:
    assert differences(OLD, OLD | {"cuts": [10, 30]}) == [
        Difference("cuts", [10, 20], [10, 30])
    ]
    assert differences(OLD, dict(reversed(OLD.items()))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("groups.staff.weight", 2),
        ("cuts.1", 20),
        ("cuts.2", None),
        ("cuts.x", None),
        ("code.x", None),
        ("groups.nobody.weight", None),
    ],
)
def test_a_value_is_found_by_its_path(path: str, value: object) -> None:
    assert value_at(OLD, path) == value


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("minimum_n", "a"),
        ("indicators.vpr.minimum_n", "b"),
        ("indicators.vpr_maths.minimum_n", None),
        ("composite.groups.results.weight", "c"),
        ("composite.tolerance", "d"),
        ("scoring.cuts", "f"),
        ("scoring.rule", "e"),
        ("title.ru", None),
    ],
)
def test_a_value_rests_on_the_word_for_the_threshold_that_it_is_part_of(
    path: str, expected: str | None
) -> None:
    named = {
        "minimum_n": "a",
        "indicators.vpr": "b",
        "groups.results": "c",
        "composite.tolerance": "d",
        "scoring": "e",
        "scoring.cuts": "f",
    }

    assert provenance_at({"provenance": named}, path) == expected
    assert provenance_at({}, path) is None
