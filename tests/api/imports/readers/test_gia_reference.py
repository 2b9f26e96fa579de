"""The subject codes and the minimums of ЕГЭ that are shipped."""

import pytest

from services.api.imports.readers.gia_reference import gia_reference
from services.api.results.reference import load_reference
from shared.domain.provenance import ProvenanceKind

GIA = gia_reference()


def test_every_subject_of_both_lists_is_one_that_results_may_name() -> None:
    known = load_reference().subject_codes
    named = {each.subject for each in GIA.by_code.values()}
    named |= {each.oge for each in GIA.by_code.values() if each.oge}
    named |= {subject for each in GIA.minimums for subject in each.subjects}

    assert named <= known


@pytest.mark.parametrize(
    ("subject", "year", "score", "mark"),
    [
        ("russian", 2019, 24, None),
        ("mathematics_profile", 2025, 27, None),
        ("mathematics_basic", 2022, None, 3),
        ("social_studies", 2026, 42, None),
    ],
)
def test_known_minimums_come_with_their_source(
    subject: str, year: int, score: int | None, mark: int | None
) -> None:
    minimum = GIA.minimum(subject, year)

    assert minimum is not None
    assert (minimum.test_score, minimum.mark) == (score, mark)
    assert minimum.provenance.kind is ProvenanceKind.FEDERAL


def test_a_minimum_that_no_source_gives_is_not_known() -> None:
    assert GIA.minimum("social_studies", 2019) is None
    assert GIA.minimum("russian", 2014) is None


def test_the_exam_in_mathematics_is_another_subject_in_each_certification() -> None:
    mathematics = GIA.by_code[2]

    assert (mathematics.subject, mathematics.oge) == (
        "mathematics_profile",
        "mathematics",
    )
    assert GIA.named("Математика (базовый уровень)") == GIA.by_code[22]
