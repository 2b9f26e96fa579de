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
    named: dict[str, str] = {}
    for region in (await admin.get("/v1/regions")).json()["items"]:
        params = {"region_id": region["id"]}
        within = (await admin.get("/v1/municipalities", params=params)).json()["items"]
        named |= {m["code"]: region["name"] for m in within}
        assert {m["region_name"] for m in within} == {region["name"]}
    assert named == {m["code"]: m["region_name"] for m in municipalities}


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


async def test_schools_are_found_by_a_part_of_what_they_are_called(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")

    async def codes(search: str) -> list[str]:
        answer = await client.get("/v1/schools", params={"search": search})
        assert answer.status_code == 200, answer.text
        return [school["code"] for school in answer.json()["items"]]

    assert await codes("ИЛЬИНСК") == await codes("ilinsk") == ["ilinskaya"]
    assert await codes("%") == await codes("_") == await codes("\\") == []
    [school] = (await client.get("/v1/schools?search=ilinskaya")).json()["items"]
    spelled = {"school_id": school["id"], "alias": "Школа у Берёзовой рощи"}
    assert (await client.post("/v1/school-aliases", json=spelled)).status_code == 201
    assert await codes(" у березовой ") == ["ilinskaya"]
    blank = await client.get("/v1/schools", params={"search": "  "})
    assert blank.status_code == 422
    page = await client.get("/v1/schools?search=СОШ&sort=-name&limit=2")
    next_after = page.json()["next_after"]
    beyond = await client.get(
        f"/v1/schools?search=СОШ&sort=-name&limit=2&after={next_after}"
    )
    names = [each["name"] for each in page.json()["items"] + beyond.json()["items"]]
    assert names == sorted(names, reverse=True)
    assert all("СОШ" in name for name in names)
