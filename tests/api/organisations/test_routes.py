"""Municipalities and schools through the API, and who sees which."""

from tests.support.api import ClientAs


async def test_the_named_schools_of_uzhur_are_there(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    schools = (await client.get("/v1/schools", params={"limit": 100})).json()["items"]
    kinds = [school["kind"] for school in schools]
    assert (kinds.count("secondary"), kinds.count("basic")) == (12, 4)
    assert [s["name"] for s in schools if s["kind"] == "branch"] == [
        "Арабкаевский филиал"
    ]
    assert not any(school["synthetic"] for school in schools)


async def test_zhigalovo_names_no_school_so_its_schools_are_synthetic(
    client_as: ClientAs,
) -> None:
    client = await client_as("zhigalovo")
    schools = (await client.get("/v1/schools")).json()["items"]
    assert len(schools) == 12
    assert all(school["synthetic"] for school in schools)


async def test_a_municipality_says_that_its_results_are_synthetic(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    [municipality] = (await client.get("/v1/municipalities")).json()["items"]
    assert municipality["synthetic"] is True
    assert municipality["time_zone"] == "Asia/Krasnoyarsk"


async def test_a_school_sees_itself_and_no_other(client_as: ClientAs) -> None:
    coordinator = await client_as("uzhur")
    schools = (await coordinator.get("/v1/schools")).json()["items"]
    other = next(s for s in schools if s["code"] == "prirechenskaya")
    school = await client_as("uzhur.ilinskaya")
    seen = (await school.get("/v1/schools")).json()["items"]
    assert [s["code"] for s in seen] == ["ilinskaya"]
    answer = await school.get(f"/v1/schools/{other['id']}")
    assert answer.status_code == 404


async def test_another_district_does_not_exist_for_a_coordinator(
    client_as: ClientAs,
) -> None:
    uzhur, zhigalovo = await client_as("uzhur"), await client_as("zhigalovo")
    [foreign] = (await zhigalovo.get("/v1/municipalities")).json()["items"]
    schools = (await zhigalovo.get("/v1/schools")).json()["items"]
    assert (await uzhur.get(f"/v1/municipalities/{foreign['id']}")).status_code == 404
    for below in ("figures", "calendar-periods"):
        path = f"/v1/municipalities/{foreign['id']}/{below}"
        assert (await uzhur.get(path)).status_code == 404
    assert (await uzhur.get(f"/v1/schools/{schools[0]['id']}")).status_code == 404
    params = {"municipality_id": foreign["id"]}
    assert (await uzhur.get("/v1/schools", params=params)).json()["items"] == []


async def test_the_administrator_sees_both_districts(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    municipalities = (await admin.get("/v1/municipalities")).json()["items"]
    assert {m["code"] for m in municipalities} == {"uzhur", "zhigalovo"}


async def test_pages_follow_each_other_without_gap_or_repetition(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    whole = (await client.get("/v1/schools", params={"limit": 100})).json()["items"]
    paged: list[dict[str, object]] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get("/v1/schools", params={"limit": 5, "after": after})
        paged += answer.json()["items"]
        after = answer.json()["next_after"]
    assert paged == whole
