"""A method of matching as data."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.kinds import read_method
from shared.domain.methods.matching import Matching
from shared.domain.provenance import ProvenanceKind

SHIPPED = Path(__file__).parents[3] / "deploy/methods/mentor-matching.yaml"
PLAIN: dict[str, Any] = yaml.safe_load(SHIPPED.read_text("utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(PLAIN)
    *sections, key = path.split(".")
    place = data
    for section in sections:
        place = place[section]
    place[key] = value
    return data


def test_the_shipped_matching_claims_no_source_that_it_has_not() -> None:
    method = read_method(PLAIN).of(Matching)

    assert method.spec.weights.complement == 4
    assert method.spec.gates.low_list_bars_groups == ("1.1",)
    assert set(method.provenance) == set(method.spec.thresholds)
    kinds = {origin.kind for origin in method.provenance.values()}
    assert kinds == {ProvenanceKind.UNCONFIRMED}


def test_a_matching_survives_writing_and_reading() -> None:
    method = read_method(PLAIN)

    assert read_method(method.to_mapping()) == method
    assert read_method(method.to_mapping()).content_hash == method.content_hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("measure", "mean_mark"),  # not in per cent
        ("measure", "low_share"),  # less is better
        ("window_years", 3),
        ("weights.complement", 0),
        ("weights.distance", -1),
        ("needs.weak", 0),
        ("subjects.full_gap", 0),
        ("gates.mentor_with_signs", "yes"),
        ("gates.least_benefit", 1.5),
        ("gates.most_mentors", 0),
        ("alike_within", 0),
    ],
)
def test_a_figure_beyond_its_bounds_is_a_fault_at_its_path(
    path: str, value: object
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_method(changed(path, value))

    assert [fault.column for fault in refusal.value.faults] == [path]
