"""A rule that finds schools with low results is data, and refused where it errs."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.identification import Identification
from shared.domain.methods.kinds import read_method
from shared.domain.provenance import ProvenanceKind

SHIPPED = Path(__file__).parents[3] / "deploy/methods"
CODES = ["federal-2020", "three-years-both-subjects"]


def content(code: str = CODES[0]) -> dict[str, Any]:
    text = (SHIPPED / f"{code}.yaml").read_text(encoding="utf-8")
    plain: dict[str, Any] = yaml.safe_load(text)
    return copy.deepcopy(plain)


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_rule_reads_back_to_itself(code: str) -> None:
    method = read_method(content(code))

    again = read_method(method.to_mapping())

    assert again == method
    assert again.content_hash == method.content_hash
    assert isinstance(method.spec, Identification)


@pytest.mark.parametrize("code", CODES)
def test_no_threshold_that_no_source_confirms_passes_for_federal(code: str) -> None:
    method = read_method(content(code))

    kinds = {origin.kind for origin in method.provenance.values()}

    assert ProvenanceKind.FEDERAL not in kinds
    assert set(method.provenance) == set(method.spec.thresholds)


def test_the_thresholds_of_the_federal_approach_are_unconfirmed() -> None:
    method = read_method(content())

    for path in ("low_share_at_least", "in_at_least", "window_years"):
        assert method.provenance[path].kind is ProvenanceKind.UNCONFIRMED


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"procedures": []}, ["procedures"]),
        ({"subjects": {"russian": []}}, ["subjects"]),
        ({"subjects": {"a": ["x"], "b": ["x"]}}, ["subjects"]),
        ({"grades": [0, 5]}, ["grades"]),
        ({"grades": [True]}, ["grades"]),
        ({"counted_unit": "school"}, ["counted_unit"]),
        ({"low_share_at_least": 10}, ["leave_share_at_least"]),
        ({"leave_share_at_least": 101}, ["leave_share_at_least"]),
        ({"in_at_least": 0}, ["in_at_least"]),
        ({"in_at_least": 10**9}, ["in_at_least"]),
        ({"window_years": 2}, ["persistence"]),
        ({"persistence": 2}, ["persistence"]),
        ({"window_years": 4, "persistence": 4}, ["window_years"]),
        ({"leave_after": 4}, ["window_years"]),
        ({"leave_share_at_least": 31}, ["leave_share_at_least"]),
        (
            {"counted_unit": "procedure", "require_each_subject": True},
            ["counted_unit"],
        ),
        ({"consecutive": "yes"}, ["consecutive"]),
        ({"margin": 1}, ["margin"]),
    ],
)
def test_what_contradicts_itself_is_refused(
    changes: dict[str, Any], columns: list[str]
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_method({**content(), **changes})

    assert [fault.column for fault in refusal.value.faults] == columns


def test_an_exclusion_of_an_impossible_year_is_refused() -> None:
    plain = content()
    plain["exclusions"]["state-exams-2020"]["years"] = [20]

    with pytest.raises(InvalidInputError) as refusal:
        read_method(plain)

    assert [fault.column for fault in refusal.value.faults] == ["exclusions"]
