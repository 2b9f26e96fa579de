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


OWN: dict[str, Any] = {
    "code": "few_low_results",
    "title": {"ru": "Мало двоек и нет вакансий", "en": "Few 2s and no vacancies"},
    "condition": {
        "text": "results.low_share < 20 and vacancies.count = 0",
        "procedures": ["vpr"],
    },
    "minimum_n": 5,
    "missing": "exclude",
}
SAID = {"kind": "local", "source": "Приказ № 112"}


def with_own(**changes: Any) -> dict[str, Any]:
    provenance = PLAIN["provenance"] | {"indicators.few_low_results": SAID}
    return PLAIN | {"indicators": [OWN | changes], "provenance": provenance}


def test_an_own_share_of_schools_survives_writing_and_reading() -> None:
    method = read_method(with_own()).of(ProgrammeShares)

    assert read_method(method.to_mapping()) == method
    own = method.spec.indicator("few_low_results")
    assert own is not None
    assert own.facts == ("vacancies.count",)
    assert method.spec.shown("indicators.few_low_results") == OWN["condition"]["text"]
    assert method.spec.dependencies() == {
        "few_low_results": ("results.low_share", "vacancies.count")
    }
    assert read_method(PLAIN).content_hash != method.content_hash


def test_a_method_without_own_shares_is_what_it_always_was() -> None:
    assert "indicators" not in read_method(PLAIN).to_mapping()


@pytest.mark.parametrize(
    ("changes", "column", "offset"),
    [
        ({"condition": {"text": "results.low_shar < 20"}}, "condition.text", 1),
        ({"condition": {"text": "results.low_share + 1"}}, "condition.text", 1),
        ({"condition": {"text": "results.low_share <"}}, "condition.text", 19),
        ({"condition": {"text": "vacancies.count / 0 > 1"}}, "condition.text", 19),
        ({"condition": {"text": "indicator.low > 1"}}, "condition.text", 1),
        ({"code": "raised_quality"}, "code", None),
        ({"code": "Доля"}, "code", None),
        ({"minimum_n": -1}, "minimum_n", None),
        ({"missing": "worst"}, "missing", None),
    ],
)
def test_an_own_share_that_makes_no_sense_is_refused_where_it_is_wrong(
    changes: dict[str, Any], column: str, offset: int | None
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_method(with_own(**changes))

    faults = {fault.column: fault for fault in refused.value.faults}
    fault = faults[f"indicators[0].{column}"]
    assert (fault.position.column if fault.position else None) == offset


def test_an_own_share_needs_a_provenance_and_a_code_of_its_own() -> None:
    twice = with_own() | {"indicators": [OWN, OWN]}

    for content in (PLAIN | {"indicators": [OWN]}, twice):
        with pytest.raises(InvalidInputError):
            read_method(content)
