"""What the datasets of schools' facts refuse, by name of the column."""

from typing import Any

import httpx

from tests.api.records.examples import (
    RECORDED,
    example_at,
    schools_of,
    write_example,
)
from tests.support.api import ClientAs

BROKEN: list[tuple[str, dict[str, Any], set[str]]] = [
    (
        "staff-profiles",
        {
            "highest_category_percent": 18,
            "age_over_55_percent": 90,
            "teachers_without_training": 19,
        },
        {"highest_category_percent", "age_over_55_percent", "teachers"},
    ),
    ("vacancies", {"hours": 0}, {"body.hours"}),
    ("staff-trainings", {"planned": -1}, {"body.planned"}),
    (
        "list-memberships",
        {"valid_to": "2021-08-31", "exclusion_number": "7"},
        {"exclusion_body", "exclusion_reason"},
    ),
    (
        "list-memberships",
        {
            "valid_to": "2020-08-31",
            "exclusion_body": "Управление образования",
            "exclusion_on": "2035-01-01",
            "exclusion_reason": "Результаты выросли",
        },
        {"valid_to", "exclusion_on"},
    ),
    ("objectivity-signs", {"marker_count": 2}, {"marker_count"}),
    ("objectivity-signs", {"has_sign": False}, {"has_sign"}),
    ("objectivity-signs", {"russian_4": 2}, {"body.russian_4"}),
    ("mark-boundaries", {"from_4": 7}, {"from_4"}),
    ("mark-boundaries", {"maximum_score": 14}, {"maximum_score"}),
    ("mark-boundaries", {"procedure": "nothing"}, {"procedure"}),
    ("mark-boundaries", {"subject": "nothing"}, {"subject"}),
    ("mentor-offers", {"subject": "nothing"}, {"subject"}),
    ("objectivity-limits", {"high": 19}, {"high"}),
    ("objectivity-limits", {"low": None, "high": None}, {"low"}),
    ("objectivity-limits", {"measure": "beauty"}, {"body.measure"}),
    ("resource-items", {"state": "lacking"}, {"offered"}),
    ("resource-items", {"quantity": None}, {"quantity"}),
    ("resource-items", {"kind": "other"}, {"body.kind"}),
    ("climate-surveys", {"held_on": "2035-05-20"}, {"held_on"}),
    ("climate-surveys", {"positive": 85}, {"respondents"}),
    ("climate-surveys", {"component": "weather"}, {"body.component"}),
    ("satisfaction-surveys", {"satisfied": 21}, {"respondents"}),
    ("satisfaction-surveys", {"respondents": 0}, {"body.respondents"}),
    ("msoko-groups", {"code": "первая"}, {"code"}),
    ("msoko-scores", {"score": 12.5}, {"maximum"}),
    ("msoko-scores", {"score": 0, "maximum": 0}, {"maximum"}),
    ("msoko-scores", {"group_id": 10**9}, {"group_id"}),
    ("risk-profiles", {"factor": "bad_luck"}, {"body.factor"}),
    ("anti-risk-programmes", {"measures": [], "indicator": None}, {"measures"}),
    ("anti-risk-programmes", {"ends_on": "2020-09-01"}, {"ends_on"}),
    ("anti-risk-programmes", {"risk_profile_id": 10**9}, {"risk_profile_id"}),
    ("swot-entries", {"position": 0}, {"body.position"}),
]


async def test_a_row_that_cannot_be_is_refused_by_its_columns(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    for code, change, columns in BROKEN:
        body = await example_at(client, RECORDED[code], school)
        answer = await client.post(f"/v1/{code}", json=body | change)
        assert answer.status_code == 422, (code, answer.text)
        found = {fault["column"] for fault in answer.json()["faults"]}
        assert found >= columns, (code, change)
        assert await count(client, code, body) == 0, (code, change)


async def count(client: httpx.AsyncClient, code: str, body: dict[str, Any]) -> int:
    key = RECORDED[code].key
    rows = (await client.get(f"/v1/{code}", params={"limit": 500})).json()["items"]
    return sum(all(row[name] == body[name] for name in key) for row in rows)


async def test_a_factor_with_a_programme_stays_topical_and_stays(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.solgonskaya")
    (school,) = await schools_of(client, "solgonskaya")
    programme = await write_example(client, "anti-risk-programmes", school)
    address = f"/v1/risk-profiles/{programme['risk_profile_id']}"
    body = await example_at(client, RECORDED["risk-profiles"], school)
    for refused in (
        await client.put(address, json=body | {"topical": False}),
        await client.delete(address),
    ):
        assert refused.status_code == 409
        assert refused.json()["code"] == "record_in_use"
    weighed = await client.put(address, json=body | {"significance": "low"})
    assert weighed.json()["significance"] == "low"
    assert weighed.json()["factor_title"] == "Низкая учебная мотивация обучающихся"


async def test_a_programme_without_a_first_day_is_told_of_and_has_no_deadline(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.solgonskaya")
    (school,) = await schools_of(client, "solgonskaya")
    programme = await write_example(client, "anti-risk-programmes", school)
    address = f"/v1/anti-risk-programmes/{programme['id']}"

    async def owed() -> tuple[list[str], list[int]]:
        page = await client.get("/v1/deadlines", params={"limit": 500})
        undated = (await client.get("/v1/undated-deadlines")).json()["items"]
        kind = "anti_risk_programme"
        rows = page.json()["items"]
        return (
            [each["state"] for each in rows if each["kind"] == kind],
            [each["id"] for each in undated],
        )

    fields = (
        *("school_id", "risk_profile_id", "goal", "tasks"),
        *("measures", "indicator", "ends_on"),
    )
    body = {name: programme[name] for name in fields} | {"state": "draft"}
    starts_on = programme["starts_on"] or "2021-01-11"
    await client.put(address, json=body | {"starts_on": None})
    states, undated = await owed()
    assert "open" not in states
    assert undated == [programme["id"]]
    (shown,) = (await client.get("/v1/undated-deadlines")).json()["items"]
    assert (shown["missing"], shown["record"]) == ("starts_on", address)
    assert shown["titles"]["en"].startswith("Approve the programme against the risk: ")
    dated = await client.put(address, json=body | {"starts_on": starts_on})
    assert dated.status_code == 200, dated.text
    assert await owed() == (["open"], [])


async def test_only_a_topical_factor_of_the_own_school_has_a_programme(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    own, other = await schools_of(client, "solgonskaya", "ilinskaya")
    body = await example_at(client, RECORDED["anti-risk-programmes"], own)
    foreign = await client.post(
        "/v1/anti-risk-programmes", json=body | {"school_id": other["id"]}
    )
    profile = await example_at(client, RECORDED["risk-profiles"], own)
    await client.put(
        f"/v1/risk-profiles/{body['risk_profile_id']}",
        json=profile | {"topical": False},
    )
    idle = await client.post("/v1/anti-risk-programmes", json=body)
    for refused in (foreign, idle):
        assert refused.status_code == 422
        (fault,) = refused.json()["faults"]
        assert fault["column"] == "risk_profile_id"


async def test_a_group_with_scores_stays_and_schools_do_not_score_themselves(
    client_as: ClientAs,
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.solgonskaya")
    (place,) = await schools_of(office, "solgonskaya")
    score = await write_example(office, "msoko-scores", place)
    refused = await office.delete(f"/v1/msoko-groups/{score['group_id']}")
    assert refused.json()["code"] == "record_in_use"
    assert (score["group_code"], score["score"]) == ("3.2", 7.5)
    own = await school.put(f"/v1/msoko-scores/{score['id']}", json={})
    assert own.status_code == 403


async def test_uzhurs_groups_are_there_with_their_provenance(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    groups = (await client.get("/v1/msoko-groups")).json()["items"]
    codes = [(group["code"], group["provenance"]) for group in groups]
    assert codes[0] == ("1.1", "document")
    assert len(codes) == 9
    other = await client_as("zhigalovo")
    assert (await other.get("/v1/msoko-groups")).json()["items"] == []
