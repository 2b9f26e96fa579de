"""A method of ranking is read as a whole: indicators, groups, grid, comparability."""

from pathlib import Path

import pytest
import yaml

from shared.domain.errors import InvalidInputError
from shared.domain.methods.comparability import Break, Incomparable, Sameness
from shared.domain.methods.indicator_sources import MeasureSource, MsokoSource
from shared.domain.methods.indicators import Missing, Treatment
from shared.domain.methods.kinds import read_method
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.ranking import Ranking
from shared.domain.methods.scoring_rules import Rule, Scoring
from shared.domain.provenance import ProvenanceKind
from tests.domain.methods.ranking_cases import PLAIN, SOURCED, changed, ranking

SHIPPED = Path(__file__).parents[3] / "deploy/methods"
METHODS = [
    path
    for path in sorted(SHIPPED.glob("*.yaml"))
    if "kind: ranking" in path.read_text("utf-8")
]
GROUPS = ("1.1", "1.2", "1.3", "1.4", "2.2", "2.3", "2.4", "2.5", "3.1")


def faults(data: object) -> list[tuple[str | None, str | None]]:
    with pytest.raises(InvalidInputError) as refusal:
        read_method(data)
    return [(fault.column, fault.value) for fault in refusal.value.faults]


def shipped(code: str) -> Ranking:
    path = next(path for path in METHODS if path.stem == code)
    return read(path).of(Ranking).spec


def read(path: Path) -> Method[Spec]:
    content = yaml.safe_load(path.read_text("utf-8"))
    return read_method({key: content[key] for key in content if key != "in_force"})


def test_an_indicator_is_treated_as_the_method_unless_it_says_otherwise() -> None:
    spec = ranking()

    assert spec.indicator("staff").treatment == spec.default
    assert spec.indicator("low").own == ("minimum_n", "scoring")
    assert spec.indicator("low").treatment == Treatment(
        minimum_n=10,
        pool_years=1,
        tolerance=2.0,
        missing=Missing.LEAVE_OUT,
        scoring=Scoring(rule=Rule.BANDS, cuts=(10.0, 30.0), points=(2.0, 1.0, 0.0)),
    )


def test_sources_groups_grid_and_comparability_are_read() -> None:
    spec = ranking()

    assert spec.indicator("low").source == MeasureSource(
        measure="low_share",
        procedures=("oge", "vpr"),
        subjects=("mathematics",),
        grades=(5, 9),
    )
    assert spec.indicator("staff").source == MsokoSource(group="2.2")
    assert spec.composite is not None
    assert spec.composite.groups[0].members == (("low", 3.0), ("staff", 1.0))
    assert spec.grid is not None
    assert spec.grid.change == (-10.0, -1.0, 1.0, 10.0)
    assert spec.comparability.same == (Sameness.PROCEDURE, Sameness.SUBJECT)
    (known,) = spec.comparability.breaks
    assert isinstance(known, Break)
    assert (known.procedure, known.reason) == ("ege", Incomparable.COHORT)


def test_everything_that_somebody_decided_needs_a_source() -> None:
    assert ranking().thresholds == SOURCED
    plain = changed("indicators[1].tolerance", 0.5)

    assert faults(plain) == [("provenance.indicators.staff.tolerance", None)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("minimum_n", -1),
        ("minimum_n", 4.5),
        ("pool_years", 4),
        ("pool_years", 0),
        ("tolerance", -0.1),
        ("tolerance", float("nan")),
        ("tolerance", 10**400),
        ("tolerance", True),
        ("missing", "zero"),
        ("scoring.rule", "loudness"),
        ("scoring.cuts", [1]),
        ("comparability.same", ["colour"]),
        ("comparability.breaks", "none"),
        ("comparability.breaks[0]", "none"),
        ("comparability.breaks[0].academic_year", 1066),
        ("comparability.breaks[0].academic_year", 9999),
        ("comparability.breaks[0].reason", "no_data"),
        ("indicators[0].code", "Low"),
        ("indicators[0].unit", "furlong"),
        ("indicators[0].direction", "up"),
        ("indicators[0].source.kind", "guess"),
        ("indicators[0].source.measure", "loudness"),
        ("indicators[0].source.procedures", "vpr"),
        ("indicators[0].source.procedures", ["vpr", "vpr"]),
        ("indicators[0].source.subjects", [1]),
        ("indicators[0].source.grades", ["5"]),
        ("indicators[0].source.grades", [5, 5]),
        ("indicators[0].scoring.cuts", [30, 10]),
        ("indicators[0].scoring.cuts", [10, 10]),
        ("indicators[0].scoring.cuts", [10, True]),
        ("indicators[0].scoring.points", [1, 2]),
        ("indicators[1].pool_years", 2),
        ("composite.minimum_coverage", 1.1),
        ("composite.groups", []),
        ("composite.groups[0].weight", 0),
        ("composite.groups[0].weight", -1),
        ("composite.groups[0].indicators[0].weight", 10**400),
        ("composite.groups[0].indicators[0].code", "other"),
        ("composite.groups[0].indicators", []),
        ("grid.status", [1, 2, 3]),
        ("grid.change", [1, 2, 3, 3]),
    ],
)
def test_a_bad_value_is_named_with_its_path(path: str, value: object) -> None:
    named = [fault for fault in faults(changed(path, value)) if fault[0] == path]

    assert len(named) == 1


def test_a_code_stands_for_one_indicator_and_in_one_group() -> None:
    twice = changed("indicators[1].code", "low")
    in_both = changed(
        "composite.groups",
        [PLAIN["composite"]["groups"][0] | {"code": code} for code in ("a", "b")],
    )

    assert ("indicators[1].code", "low") in faults(twice)
    assert ("composite.groups", "low") in faults(in_both)
    assert ("composite.groups", "staff") in faults(in_both)
    assert ("indicators[1].code", "composite") in faults(
        changed("indicators[1].code", "composite")
    )


def test_a_figure_that_is_better_when_smaller_never_raises_a_composite_as_it_is() -> (
    None
):
    plain = changed("indicators[0].scoring", {"rule": "value"})

    assert faults(plain) == [("indicators", "low")]


def test_what_ranks_is_an_indicator_or_a_composite_that_is_there() -> None:
    alone = {key: value for key, value in PLAIN.items() if key != "composite"}

    assert ("ranked_by", "composite") in faults(alone)
    assert ranking(changed("ranked_by", "low")).direction == "less_is_better"


@pytest.mark.parametrize("path", METHODS, ids=lambda path: str(path.stem))
def test_a_shipped_method_reads_and_says_whose_word_each_threshold_is(
    path: Path,
) -> None:
    method = read(path)

    assert method.code == path.stem
    assert set(method.provenance) == set(method.spec.thresholds)
    assert read_method(method.to_mapping()) == method


def test_uzhur_is_ranked_by_the_groups_that_its_document_names() -> None:
    spec = shipped("msoko-uzhur")
    path = next(path for path in METHODS if path.stem == "msoko-uzhur")
    sources = read(path).provenance

    groups = [
        each.source.group
        for each in spec.indicators
        if isinstance(each.source, MsokoSource)
    ]
    assert tuple(groups) == GROUPS
    assert spec.composite is not None
    assert [(group.code, group.weight) for group in spec.composite.groups] == [
        ("1", 4.0),
        ("2", 4.0),
        ("3", 1.0),
    ]
    documented = {
        name
        for name, origin in sources.items()
        if origin.kind is ProvenanceKind.DOCUMENT
    }
    assert documented == {
        "ranked_by",
        *(f"indicators.{each.code}" for each in spec.indicators),
    }


def test_zhigalovo_is_ranked_by_the_figures_of_its_analysis() -> None:
    spec = shipped("zhigalovo")

    assert spec.ranked_by == "composite"
    assert [each.code for each in spec.indicators] == [
        "quality_rate",
        "low_share",
        "vpr_confirmed",
        "oge_russian",
        "oge_mathematics",
    ]


def test_how_few_pupils_are_treated_is_data_with_a_source_and_has_bounds() -> None:
    section = {"confidence": 90, "pooled_years": 2, "resamples": 500}
    provenance = {
        **PLAIN["provenance"],
        **{
            f"small_numbers.{name}": {"kind": "local", "source": "Приказ № 112"}
            for name in section
        },
    }
    stated = PLAIN | {"small_numbers": section, "provenance": provenance}

    method = read_method(stated).of(Ranking)

    assert method.spec.small_numbers.values() == section
    assert read_method(method.to_mapping()) == method
    assert read_method(PLAIN).of(Ranking).spec.small_numbers.values() == {
        "confidence": 95.0,
        "pooled_years": 3,
        "resamples": 1_000,
    }
    assert "small_numbers" not in read_method(PLAIN).to_mapping()
    for name, value in (
        ("confidence", 100),
        ("pooled_years", 4),
        ("resamples", 10**9),
    ):
        with pytest.raises(InvalidInputError) as refused:
            read_method(stated | {"small_numbers": section | {name: value}})
        columns = [fault.column for fault in refused.value.faults]
        assert columns == [f"small_numbers.{name}"]
