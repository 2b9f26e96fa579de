"""A method of conditions is read with its faults named, and its sources in place."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.kinds import read_method
from shared.domain.provenance import ProvenanceKind

SHIPPED = Path(__file__).parents[3] / "deploy/methods/conditions-of-schools.yaml"
SHARES = "both_parents_higher_education"


def content() -> dict[str, Any]:
    mapping: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return mapping


def changed(path: str, value: object) -> dict[str, Any]:
    data = copy.deepcopy(content())
    *sections, key = path.split(".")
    place = data
    for section in sections:
        place = place[section]
    place[key] = value
    return data


def faults(data: object) -> list[str | None]:
    with pytest.raises(InvalidInputError) as refusal:
        read_method(data)
    return [fault.column for fault in refusal.value.faults]


def test_the_shipped_method_takes_only_shares_whose_sign_the_document_states() -> None:
    method = read_method(content()).of(Conditions)

    assert all(use.sign_is_stated for use in method.spec.shares)
    assert len(method.spec.shares) == 6
    assert {use.weight for use in method.spec.shares} == {1}
    kinds = {path: origin.kind for path, origin in method.provenance.items()}
    assert kinds.pop("signs") is ProvenanceKind.DOCUMENT
    assert set(kinds.values()) == {ProvenanceKind.UNCONFIRMED}


def test_what_a_method_says_is_read_back_to_the_same() -> None:
    data = content()
    data["reference"] = {
        "area": "region",
        "bounds": {name: {"low": 1, "high": 30.5} for name in data["shares"]},
    }
    data["difficult"] = {"below": 0.3}
    data["expected"]["coefficients"] = {
        "schools": 300,
        "intercept": -4.5,
        "slopes": {"index": 60},
        "residual_error": 8,
    }
    data["provenance"]["expected.coefficients"] = {"kind": "regional", "source": "Act."}
    method = read_method(data)

    again = read_method(method.to_mapping())

    assert again == method
    assert (
        again.content_hash == method.content_hash != read_method(content()).content_hash
    )


def test_a_share_without_a_stated_sign_needs_a_source_for_the_one_it_is_given() -> None:
    data = changed("shares.large_families", {"weight": 1, "effect": "hinders"})
    turned = changed("shares.bussed.effect", "helps")

    assert faults(data) == ["provenance.signs.large_families"]
    assert faults(turned) == ["provenance.signs.bussed"]
    data["provenance"]["signs.large_families"] = {"kind": "local", "source": "An order"}
    assert len(read_method(data).of(Conditions).spec.shares) == 7


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("shares", {}, f"shares.{SHARES}"),
        ("shares.helicopters", {"weight": 1, "effect": "helps"}, "shares.helicopters"),
        ("shares.bussed.effect", "unstated", "shares.bussed.effect"),
        ("shares.bussed.weight", 0, "shares.bussed.weight"),
        ("minimum_shares", 7, "minimum_shares"),
        ("reference.area", "region", "reference.bounds"),
        ("reference.year", 3000, "reference.year"),
        ("expected.predictors", ["index", "bussed"], "expected.predictors"),
        ("expected.predictors", ["weather"], "expected.predictors"),
        ("expected.measure", "happiness", "expected.measure"),
        ("expected.differs_from", 0, "expected.differs_from"),
        ("difficult", {"parts": 3, "of": 3}, "difficult.parts"),
        ("difficult", {"below": 30}, "difficult.below"),
        ("clusters.most", 99, "clusters.most"),
        ("clusters.most", 1, "clusters.most"),
        ("clusters.shares", ["weather"], "clusters.shares"),
        ("index", "guessed", "index"),
    ],
)
def test_a_fault_is_named_by_its_path(path: str, value: object, fault: str) -> None:
    assert fault in faults(changed(path, value))


def test_bounds_have_to_be_apart_and_slopes_those_of_the_predictors() -> None:
    data = changed("reference", {"area": "all", "bounds": {}})
    for name in data["shares"]:
        data["reference"]["bounds"][name] = {"low": 20, "high": 20}
    entered = {
        "schools": 9,
        "intercept": 1,
        "slopes": {"bussed": 2},
        "residual_error": 1,
    }
    sloped = changed("expected.coefficients", entered)

    assert set(faults(data)) == {
        f"reference.bounds.{name}.high" for name in data["shares"]
    }
    assert faults(sloped) == [
        "expected.coefficients.slopes.index",
        "provenance.expected.coefficients",
        "expected.coefficients.slopes.bussed",
    ]
