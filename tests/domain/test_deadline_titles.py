"""What deadlines of records are called in both languages."""

import pytest

from shared.domain.deadline_titles import (
    ANSWER,
    APPROVAL,
    CARRY_OUT,
    CONFIRMATION,
    HAND_IN,
    RENEWAL,
    YEAR,
    title_of,
    titles_of,
)
from shared.domain.errors import Text

SUBJECT = "Чтение: {} и 100%"


@pytest.mark.parametrize(
    ("kind", "called", "english"),
    [
        ("recommendation", ANSWER, f"Answer the recommendation: {SUBJECT}"),
        (
            "school_programme",
            HAND_IN,
            f"Hand in the school's programme for expertise: {SUBJECT}",
        ),
        ("school_programme", CARRY_OUT, f"Carry out the school's programme: {SUBJECT}"),
        (
            "anti_risk_programme",
            APPROVAL,
            f"Approve the programme against the risk: {SUBJECT}",
        ),
        (
            "agreement_renewal",
            RENEWAL,
            f"Complete or renew the mentoring agreement: {SUBJECT}",
        ),
        (
            "contact_confirmation",
            CONFIRMATION,
            f"Confirm the school's contacts for the school year {SUBJECT}",
        ),
        ("data_year", YEAR, f"Submit the data of the school year {SUBJECT}"),
    ],
)
def test_a_record_s_deadline_has_a_title_in_each_language(
    kind: str, called: Text, english: str
) -> None:
    kept = title_of(called, SUBJECT)
    assert titles_of(kind, kept) == Text(kept, english)


@pytest.mark.parametrize("kind", ["measure", "agreement_plan", "recommendation"])
def test_the_words_of_a_document_are_nobodys_to_translate(kind: str) -> None:
    assert titles_of(kind, "Семинар") == Text("Семинар", "Семинар")
