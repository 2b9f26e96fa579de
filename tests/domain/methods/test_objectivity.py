"""A method of objectivity: every threshold has a source, and faults are named."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.kinds import read_method
from shared.domain.methods.objectivity import (
    FALSE_DISCOVERY_RATE,
    THRESHOLDS,
    Objectivity,
)
from shared.domain.provenance import ProvenanceKind

SHIPPED = yaml.safe_load(
    (Path(__file__).parents[3] / "deploy/methods/objectivity-signs.yaml").read_text(
        "utf-8"
    )
)


def faults(path: str, value: object) -> list[tuple[str | None, str | None]]:
    data: dict[str, Any] = copy.deepcopy(SHIPPED)
    *sections, key = path.split(".")
    place = data
    for section in sections:
        place = place[section]
    place[key] = value
    with pytest.raises(InvalidInputError) as refusal:
        read_method(data)
    return [(fault.column, fault.value) for fault in refusal.value.faults]


def test_the_shipped_thresholds_are_those_of_the_field_and_unconfirmed() -> None:
    method = read_method(SHIPPED).of(Objectivity)
    spec = method.spec

    assert spec.adjustment == FALSE_DISCOVERY_RATE
    assert (spec.peak.minimum_n, spec.peak.limited_n) == (50, 20)
    assert spec.rise.points == 10.0
    assert spec.rise.incomparable == ("ege:2019", "oge:2019", "oge:2020")
    assert spec.cohort.from_grade == 4
    assert set(method.provenance) == set(spec.thresholds)
    kinds = {origin.kind for origin in method.provenance.values()}
    assert kinds == {ProvenanceKind.UNCONFIRMED}


def test_a_method_of_objectivity_survives_writing_and_reading() -> None:
    method = read_method(SHIPPED)

    again = read_method(method.to_mapping())

    assert again == method
    assert again.content_hash == method.content_hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("adjustment", "bonferroni"),
        ("journal.significance", 1.5),
        ("journal.minimum_n", 0),
        ("peak.minimum_n", 19),
        ("peak.window", 0.5),
        ("rise.points", 101),
        ("cohort.minimum_n", 1),
        ("limits.minimum_n", None),
    ],
)
def test_a_bad_threshold_is_named(path: str, value: object) -> None:
    shown = None if value is None else str(value)

    assert faults(path, value) == [(path, shown)]


def test_a_year_that_is_not_of_a_procedure_is_named() -> None:
    assert faults("rise.incomparable", ["oge:2020", "2020"]) == [
        ("rise.incomparable", "2020")
    ]


def test_a_threshold_without_a_source_is_refused() -> None:
    assert faults("provenance", {}) == [
        (f"provenance.{each}", None) for each in THRESHOLDS
    ]
