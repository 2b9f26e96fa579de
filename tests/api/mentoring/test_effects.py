"""The effect of an agreement over HTTP, and who reads whose figures in it."""

from typing import Any

import httpx
import pytest
import statsmodels.api as sm

from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ABROAD, MENTEE, MENTOR, URL, draft, go
from tests.support.api import ClientAs

Json = dict[str, Any]
BEFORE, AFTER = 2019, 2020
PUPILS = 30
SHARES = (
    *("both_parents_higher_education", "bussed", "school_register", "low_income"),
    *("large_families", "incomplete_families", "disabled_parent"),
    *("commission_register", "special_needs"),
)


async def effect(client: httpx.AsyncClient, number: int, **params: str) -> Json:
    answer = await client.get(f"{URL}/{number}/effect", params=params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def enter(
    client: httpx.AsyncClient, school_id: int, place: int, low: int
) -> None:
    """Enter a passport, and results whose number of low marks becomes `low`."""
    shares = {f"{name}_percent": 2 + place for name in SHARES}
    body = {"school_id": school_id, "academic_year": AFTER, **shares}
    written = await client.post("/v1/social-passports", json=body)
    assert written.status_code == 201, written.text
    for year, n2 in ((BEFORE, 9), (AFTER, low)):
        result = {
            "school_id": school_id,
            "procedure": "district_kim",
            "subject": "mathematics",
            "programme_grade": 5,
            "pupil_grade": 5,
            "academic_year": year,
            "n2": n2,
            "n3": PUPILS - n2,
            "n4": 0,
            "n5": 0,
        }
        entered = await client.post("/v1/results", json=result)
        assert entered.status_code == 201, entered.text


async def test_the_mentee_is_set_beside_its_peers_as_in_a_regression(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office = await client_as("uzhur")
    mentee = places.schools[MENTEE]
    number = (await draft(office, places))["id"]
    early = await effect(office, number)
    await go(office, number, "propose", "sign", "activate")
    schools = [own for code, own in places.schools.items() if code.startswith("uzhur.")]
    schools.sort(key=lambda own: own != mentee)
    for place, school_id in enumerate(schools[:8]):
        await enter(office, school_id, place, 2 if place == 0 else 7 + place % 3)
    await compute_all(database_url)

    found = await effect(office, number)

    assert (early["status"], early["reason"]["code"]) == (
        "insufficient",
        "not_in_force",
    )
    counted = [each for each in found["peers"] if each["reason"] is None]
    left_out = {
        each["id"]: each["reason"]["code"] for each in found["peers"] if each["reason"]
    }
    changes = [each["change"] for each in counted]
    fitted: Any = sm.OLS(
        [found["mentee"]["change"], *changes],
        sm.add_constant([1.0, *[0.0] * len(changes)]),
    ).fit()
    assert found["status"] == "estimated"
    assert (found["before_year"], found["after_year"]) == (BEFORE, AFTER)
    assert found["mentee"]["before"] == pytest.approx(30)
    assert found["mentee"]["n_after"] == PUPILS
    assert found["n_peers"] == len(counted) >= 3
    assert set(left_out.values()) <= {"has_agreement", "no_results_before"}
    assert found["effect"] == pytest.approx(fitted.params[1])
    assert [found["low"], found["high"]] == pytest.approx(list(fitted.conf_int()[1]))
    assert found["reading"] == "better"
    assert "не доказательство" in found["caveat"]["ru"]

    own, mentor = await client_as(MENTEE), await client_as(MENTOR)
    seen, told = await effect(own, number), await effect(mentor, number)
    for answer in (seen, told):
        assert answer["effect"] == found["effect"]
        assert [each["change"] for each in answer["peers"]] == [None] * len(
            found["peers"]
        )
    assert seen["mentee"] == found["mentee"]
    assert told["mentee"]["before"] is None
    abroad = await client_as(ABROAD)
    assert (await abroad.get(f"{URL}/{number}/effect")).status_code == 404

    busy = counted[0]["id"]
    other = await draft(office, places, mentee_school_id=busy, problem="Русский язык")
    await go(office, other["id"], "propose", "sign", "activate")
    fewer = await effect(office, number)
    assert (
        next(each for each in fewer["peers"] if each["id"] == busy)["reason"]["code"]
        == "has_agreement"
    )
    assert fewer["n_peers"] == found["n_peers"] - 1


async def test_without_data_or_with_a_wrong_subject_there_is_no_figure(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose", "sign", "activate")
    await compute_all(database_url)

    none = await effect(office, number, subject="mathematics")
    composite = await effect(office, number, measure="composite")
    wrong = [
        await office.get(f"{URL}/{number}/effect", params=params)
        for params in (
            {"subject": "alchemy"},
            {"subject": "mathematics", "measure": "composite"},
        )
    ]

    for answer in (none, composite):
        assert answer["status"] == "insufficient"
        assert answer["effect"] is None
        assert answer["reason"]["code"] in {"too_early", "no_results_before"}
    assert composite["unit"] == "score"
    assert [answer.status_code for answer in wrong] == [422, 422]
    assert wrong[0].json()["faults"][0]["column"] == "query.subject"
