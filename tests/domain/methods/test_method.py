"""A method is data: read with all its faults named, hashed, and applied."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from shared.domain.errors import InvalidInputError, Text
from shared.domain.measures import Direction
from shared.domain.methods.identification import Identification
from shared.domain.methods.indicator_sources import MeasureSource
from shared.domain.methods.kinds import read_method
from shared.domain.methods.method import Method, Spec
from shared.domain.methods.ranking import Ranking
from shared.domain.provenance import ProvenanceKind
from tests.domain.methods.ranking_cases import PLAIN, changed

SHIPPED = Path(__file__).parents[3] / "deploy/methods/quality-of-results.yaml"


def faults(data: object) -> list[tuple[str | None, str | None]]:
    with pytest.raises(InvalidInputError) as refusal:
        read_method(data)
    return [(fault.column, fault.value) for fault in refusal.value.faults]


def test_the_shipped_method_ranks_by_quality_over_everything() -> None:
    method = read_method(yaml.safe_load(SHIPPED.read_text("utf-8")))
    spec = method.of(Ranking).spec

    assert (method.code, method.version) == ("quality-of-results", 1)
    assert spec.ranked_by == "quality_rate"
    assert spec.direction is Direction.MORE_IS_BETTER
    assert spec.composite is None
    source = spec.indicator("quality_rate").source
    assert source == MeasureSource(
        measure="quality_rate", procedures=(), subjects=(), grades=()
    )
    assert spec.indicator("quality_rate").treatment.minimum_n == 5
    assert method.provenance["minimum_n"].kind is ProvenanceKind.UNCONFIRMED


def test_a_method_is_read_from_plain_data() -> None:
    method = read_method(PLAIN).of(Ranking)

    assert method.title == Text("Низкие результаты", "Low results")
    assert method.spec.direction is Direction.MORE_IS_BETTER
    assert method.spec.default.tolerance == 2.0
    assert method.provenance["minimum_n"].kind is ProvenanceKind.LOCAL


def test_a_method_survives_writing_and_reading() -> None:
    method = read_method(PLAIN)

    again = read_method(json.loads(json.dumps(method.to_mapping())))

    assert again == method
    assert hash(again) == hash(method)
    assert again.content_hash == method.content_hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kind", "guess"),
        ("code", "Low results"),
        ("version", 0),
        ("version", "3"),
        ("version", True),
        ("title", "Низкие результаты"),
        ("title.ru", "  "),
        ("provenance/minimum_n/kind", "rumour"),
        ("provenance/minimum_n/source", 5),
        ("provenance/tolerance", "local"),
        ("provenance/indicators.low.scoring", 1),
        ("weights", {}),
        ("title.de", "Schwache Ergebnisse"),
        ("provenance/version", {}),
    ],
)
def test_a_bad_key_is_named_with_its_path_and_value(path: str, value: object) -> None:
    assert faults(changed(path, value)) == [(path.replace("/", "."), str(value))]


@pytest.mark.parametrize(
    "path",
    [
        *(key for key in PLAIN if key not in {"composite", "grid", "kind"}),
        "title.en",
        "provenance/tolerance",
        "provenance/tolerance/kind",
    ],
)
def test_a_missing_key_is_named(path: str) -> None:
    assert (path.replace("/", "."), None) in faults(changed(path, None))


def test_all_faults_are_told_at_once_in_both_languages() -> None:
    data = changed("version", 0) | {"ranked_by": "loudness", "extra": 1}

    with pytest.raises(InvalidInputError) as refusal:
        read_method(data)

    columns = [fault.column for fault in refusal.value.faults]
    assert columns == ["version", "ranked_by", "extra"]
    assert "composite" in refusal.value.faults[1].reason.ru
    assert "composite" in refusal.value.faults[1].reason.en
    assert "version, ranked_by, extra" in refusal.value.detail.ru


@pytest.mark.parametrize("data", [None, [], "code: x"])
def test_what_is_no_mapping_is_refused(data: object) -> None:
    assert faults(data) == []


def test_the_hash_is_sha_256_of_the_canonical_json() -> None:
    method = read_method(PLAIN)
    canonical = json.dumps(
        method.to_mapping(),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )

    assert method.content_hash == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_hash_ignores_order_and_heeds_content() -> None:
    original = read_method(PLAIN).content_hash
    turned = {key: PLAIN[key] for key in reversed(PLAIN)}
    turned = changed("indicators[0].source.procedures", ["oge", "vpr"], turned)
    turned = changed("tolerance", 2.0, turned)

    assert read_method(turned).content_hash == original
    for path, value in [
        ("version", 4),
        ("minimum_n", 11),
        ("title.en", "Weak results"),
        ("provenance/tolerance/kind", "regional"),
    ]:
        assert read_method(changed(path, value)).content_hash != original


def test_a_method_is_taken_for_one_of_its_own_kind_only() -> None:
    method: Method[Spec] = read_method(PLAIN)

    assert method.kind == "ranking"
    assert method.of(Ranking) is method
    with pytest.raises(TypeError, match="of ranking, not of identification"):
        method.of(Identification)
