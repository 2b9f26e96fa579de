"""Sentences of explanations, in the forms that numbers govern."""

from typing import Any

import pytest

from services.api.identification.records import Found, ListEntry, Names
from services.api.identification.wording import evidence_text, summary_of
from shared.persistence.tables.identification import IdentificationEvidenceRow
from tests.scoring.engine.identification.rules import FEDERAL, THREE_YEARS

NAMES = Names(
    procedures={
        "vpr": {"ru": "ВПР", "en": "VPR"},
        "ege": {"ru": "ЕГЭ", "en": "EGE"},
        "oge": {"ru": "ОГЭ", "en": "OGE"},
    },
    subjects={"mathematics": {"ru": "Математика", "en": "Mathematics"}},
)


def answer(**changes: Any) -> Found:
    values: dict[str, Any] = {
        "id": 1,
        "run_id": 1,
        "municipality_id": 1,
        "academic_year": 2018,
        "school_id": 1,
        "school_name": "Школа",
        "rule_code": "federal-2020",
        "rule_version": 1,
        "status": "on_list",
        "reason": None,
        "status_before": "not_assessable",
        "low_in_year": "yes",
        "low_units": 2,
        "assessed_units": 3,
        "units": 3,
        "low_years": 1,
        "unknown_years": 0,
        "listed_before": False,
        "clear_years": 0,
        "direction": None,
        "pupils": None,
        "changes": None,
        "list_year": 2018,
        "received": None,
        "decision": None,
    }
    return Found(**{**values, **changes})


def change(procedure: str, pupils: int, *, direction: str = "off_list") -> Found:
    unit = {
        "procedure": procedure,
        "subject": "mathematics",
        "programme_grade": 5 if procedure == "vpr" else None,
        "pupils": pupils,
    }
    return answer(direction=direction, pupils=pupils, changes={"units": [unit]})


@pytest.mark.parametrize(
    ("found", "ru", "en"),
    [
        (
            change("vpr", 3),
            (
                "Не была бы в перечне, если бы: ВПР, Математика, 5 класс — на 3 двойки "
                "меньше."
            ),
            "Off the list with 3 fewer 2s in VPR, Mathematics, grade 5.",
        ),
        (
            change("vpr", 1, direction="onto_list"),
            (
                "Была бы в перечне, если бы: ВПР, Математика, 5 класс — на 1 двойку "
                "больше."
            ),
            "On the list with 1 more 2 in VPR, Mathematics, grade 5.",
        ),
        (
            change("ege", 5),
            (
                "Не была бы в перечне, если бы: ЕГЭ, Математика — на 5 результатов "
                "ниже минимума меньше."
            ),
            "Off the list with 5 fewer results below the minimum in EGE, Mathematics.",
        ),
        (
            answer(),
            "Никакие отметки этого года не изменили бы ответ.",
            "No marks of this year would change the answer.",
        ),
    ],
)
def test_the_nearest_change_reads_like_a_sentence(
    found: Found, ru: str, en: str
) -> None:
    said = summary_of(found, FEDERAL, NAMES)[1]

    assert (said.ru, said.en) == (ru, en)


def test_a_difference_from_the_received_list_is_said() -> None:
    received = ListEntry(act_body="Ведомство", act_number=None, act_on=None, year=2018)

    lacking = summary_of(answer(), FEDERAL, NAMES)[-1]
    agreeing = summary_of(answer(received=received), FEDERAL, NAMES)[-1]

    assert lacking.ru == "В полученном перечне школы нет: расходится с правилом."
    assert agreeing.en == "The received list has the school (Ведомство): like the rule."


def test_what_is_not_assessable_says_why_and_nothing_more() -> None:
    unknown = answer(status="not_assessable", reason="no_data", low_in_year="unknown")

    said = summary_of(unknown, FEDERAL, NAMES)

    assert [each.ru for each in said] == [
        "Не оценивается: за этот год нет результатов, которые учитывает правило.",
        "В полученном перечне школы нет.",
    ]


def test_windows_and_leaving_are_said_in_years() -> None:
    leaving = answer(status="leaving", clear_years=1, low_years=2)

    said = summary_of(leaving, THREE_YEARS, NAMES)[0]

    assert "Низких лет: 2 из 3, нужно 3." in said.ru
    assert said.ru.endswith("Без низких результатов 1 год из 1.")


def held(**changes: Any) -> IdentificationEvidenceRow:
    values = {
        "academic_year": 2018,
        "procedure": "vpr",
        "subject": "mathematics",
        "programme_grade": 5,
        "n": 21,
        "n_low": 4,
        "low_share": 100 * 4 / 21,
        "threshold": 30.0,
        "fewest_low": 7,
        "state": "not_low",
        "pupils": 3,
    }
    return IdentificationEvidenceRow(**{**values, **changes})


@pytest.mark.parametrize(
    ("row", "ru"),
    [
        (
            held(),
            (
                "низких 4 из 21 участника, 19,0 % при пороге 30 % — результат не "
                "низкий; стал бы низким, будь на 3 двойки больше."
            ),
        ),
        (
            held(n_low=8, low_share=100 * 8 / 21, state="low", pupils=2),
            (
                "низких 8 из 21 участника, 38,1 % при пороге 30 % — результат низкий; "
                "перестал бы им быть, будь на 2 двойки меньше."
            ),
        ),
        (
            held(n=4, state="too_few", pupils=None),
            "4 участника, нужно не менее 5: не оценивается.",
        ),
        (
            held(n_low=None, low_share=None, state="no_low_count", pupils=None),
            "число низких результатов не указано, не оценивается.",
        ),
    ],
)
def test_a_result_is_said_in_a_sentence(
    row: IdentificationEvidenceRow, ru: str
) -> None:
    said = evidence_text(row, FEDERAL, NAMES)

    assert said.ru == f"ВПР, Математика, 5 класс, 2018/2019: {ru}"


def test_an_excluded_result_says_what_kept_it_out() -> None:
    row = held(procedure="oge", academic_year=2019, state="excluded", pupils=None)

    said = evidence_text(row, FEDERAL, NAMES)

    assert said.ru.endswith(
        "не учитывается. В 2020 году ОГЭ не проводился, а ЕГЭ "
        "сдавали только поступающие в вузы."
    )
