"""Rules of reminders: inherited, changed with versions, and tried before."""

import pytest
import pytest_asyncio

from tests.support.api import ClientAs

CHANGE = {
    "rules": [
        {"code": "before_10", "days_before": 10},
        {"code": "on_day", "days_before": 0},
    ],
    "overdue": {"every": 5, "last": 30},
}


@pytest_asyncio.fixture
async def base(client_as: ClientAs) -> str:
    me = (await (await client_as("uzhur")).get("/v1/me")).json()
    return f"/v1/municipalities/{me['municipality_id']}"


async def test_a_measure_inherits_from_its_programme_and_that_from_above(
    client_as: ClientAs, base: str
) -> None:
    client = await client_as("uzhur")
    (deadline, *_) = (await client.get("/v1/deadlines")).json()["items"]
    (programme,) = (await client.get("/v1/programmes")).json()["items"]
    url = f"{base}/reminder-rules"
    of_measure = {"measure_id": deadline["measure_id"]}
    shipped = (await client.get(url, params=of_measure)).json()
    assert {each["scope"] for each in shipped["origins"].values()} == {"installation"}
    assert shipped["rules"][0]["code"] == "before_14"
    any_version = {"If-Match": '"0"'}
    await client.put(url, json=CHANGE, headers=any_version)
    await client.put(
        url,
        params={"programme_id": programme["id"]},
        json={"overdue": {"every": 7, "last": 21}},
        headers=any_version,
    )
    found = (await client.get(url, params=of_measure)).json()
    assert [each["code"] for each in found["rules"]] == ["before_10", "on_day"]
    assert found["overdue"] == {"every": 7, "last": 21}
    assert {part: each["scope"] for part, each in found["origins"].items()} == {
        "rules": "municipality",
        "overdue": "programme",
        "escalation": "installation",
        "review": "installation",
    }
    assert found["origins"]["rules"]["provenance"] == "local"


async def test_a_change_needs_the_version_it_was_made_from_and_is_kept(
    client_as: ClientAs, base: str
) -> None:
    client = await client_as("uzhur")
    url = f"{base}/reminder-rules"
    assert (await client.put(url, json=CHANGE)).status_code == 428
    first = await client.put(url, json=CHANGE, headers={"If-Match": '"0"'})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    stale = await client.put(url, json=CHANGE, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    gone = await client.delete(url, headers={"If-Match": first.headers["ETag"]})
    assert gone.status_code == 204
    assert (await client.get(url)).json()["rules"][0]["code"] == "before_14"
    versions = (await client.get(f"{base}/reminder-rule-versions")).json()["items"]
    assert [
        (each["version"], each["written_by"], each["document"] is None)
        for each in versions
    ] == [(1, "uzhur", False), (2, "uzhur", True)]


@pytest.mark.parametrize(
    ("login", "status"), [("uzhur.ilinskaya", 403), ("zhigalovo", 404), ("admin", 200)]
)
async def test_rules_are_changed_by_who_answers_for_the_municipality(
    client_as: ClientAs, base: str, login: str, status: int
) -> None:
    client = await client_as(login)
    answer = await client.put(
        f"{base}/reminder-rules", json=CHANGE, headers={"If-Match": "*"}
    )
    assert answer.status_code == status, answer.text


async def test_rules_that_contradict_themselves_change_nothing(
    client_as: ClientAs, base: str
) -> None:
    client = await client_as("uzhur")
    body = {"rules": [CHANGE["rules"][0], CHANGE["rules"][0]]}  # type: ignore[index]
    answer = await client.put(
        f"{base}/reminder-rules", json=body, headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["code"]) == (
        422,
        "reminder_rules_invalid",
    )
    versions = (await client.get(f"{base}/reminder-rule-versions")).json()["items"]
    assert versions == []


async def test_a_preview_and_a_dry_run_tell_what_would_go_out(
    client_as: ClientAs, base: str
) -> None:
    admin, client = await client_as("admin"), await client_as("uzhur")
    moved = await admin.put("/v1/clock", json={"now": "2020-09-17T09:00:00+07:00"})
    moved.raise_for_status()
    preview = (await client.get(f"{base}/reminder-preview?days=30")).json()
    assert (preview["first"], preview["last"]) == ("2020-09-17", "2020-10-16")
    assert preview["count"] == sum(each["count"] for each in preview["people"]) > 0
    for each in preview["people"]:
        assert sum(each["by_day"].values()) == each["count"]
    days = {day for each in preview["people"] for day in each["by_day"]}
    assert "2020-09-23" in days  # a week before the end of September
    assert not days & {"2020-09-19", "2020-09-20"}  # a weekend
    none = {**CHANGE, "rules": [{"code": "before_1", "days_before": 1}]}
    run = await client.post(f"{base}/reminder-rules/dry-run?days=30", json=none)
    assert run.status_code == 200, run.text
    removed = sum(each["count"] for each in run.json()["removed"])
    added = sum(each["count"] for each in run.json()["added"])
    assert run.json()["unchanged"] + removed == preview["count"]
    assert removed > 0
    same = (await client.get(f"{base}/reminder-preview?days=30")).json()
    assert same == preview
    await client.put(f"{base}/reminder-rules", json=none, headers={"If-Match": "*"})
    after = (await client.get(f"{base}/reminder-preview?days=30")).json()
    assert after["count"] == run.json()["unchanged"] + added
