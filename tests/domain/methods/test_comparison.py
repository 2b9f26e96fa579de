"""Versions of methods compared by path."""

import pytest

from shared.domain.methods.comparison import Difference, differences, value_at

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
