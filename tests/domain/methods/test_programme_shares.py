"""A method of programme indicators as data."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.kinds import read_method
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.provenance import ProvenanceKind

SHIPPED = Path(__file__).parents[3] / "deploy/methods/programme-indicators.yaml"
PLAIN: dict[str, Any] = yaml.safe_load(SHIPPED.read_text("utf-8"))


def test_the_shipped_thresholds_claim_no_source_that_they_have_not() -> None:
    method = read_method(PLAIN).of(ProgrammeShares)

    assert method.spec.satisfied_at_least == 50
    assert set(method.provenance) == set(method.spec.thresholds)
    kinds = {origin.kind for origin in method.provenance.values()}
    assert kinds == {ProvenanceKind.UNCONFIRMED}


def test_thresholds_survive_writing_and_reading() -> None:
    method = read_method(PLAIN)

    assert read_method(method.to_mapping()) == method
    assert read_method(method.to_mapping()).content_hash == method.content_hash


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("satisfied_at_least", 101),
        ("minimum_respondents", 0),
        ("stable_within", -1),
        ("confidence", 100),
        ("prior", 0),
    ],
)
def test_a_threshold_out_of_bounds_is_refused_at_its_place(
    key: str, value: float
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_method(PLAIN | {key: value})

    assert [fault.column for fault in refused.value.faults] == [key]
