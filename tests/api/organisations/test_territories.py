"""Regions and municipalities, entered and corrected by the administrator."""

from tests.support.api import ClientAs

PLACE = {"code": "kabansk", "name": "Кабанский район", "time_zone": "Asia/Irkutsk"}


async def test_a_region_gets_a_municipality_that_can_be_corrected(
    client_as: ClientAs,
) -> None:
    admin = await client_as("admin")
    region = await admin.post(
        "/v1/regions", json={"code": "buryatia", "name": "Республика Бурятия"}
    )
    assert region.status_code == 201, region.text
    number = region.json()["id"]
    listed = (await admin.get("/v1/regions")).json()["items"]
    assert number in {item["id"] for item in listed}
    made = await admin.post("/v1/municipalities", json={**PLACE, "region_id": number})
    assert made.status_code == 201, made.text
    assert (made.json()["region_name"], made.json()["synthetic"]) == (
        "Республика Бурятия",
        False,
    )
    address = made.headers["Location"]
    put = {"name": "Кабанский округ", "time_zone": "Asia/Chita", "population": 54_000}
    put["runs_kept"] = 7
    changed = (await admin.put(address, json=put)).json()
    assert (changed["time_zone"], changed["population"]) == ("Asia/Chita", 54_000)
    assert (made.json()["runs_kept"], changed["runs_kept"]) == (20, 7)
    entries = await admin.get(
        f"/v1/audit?entity=municipality&entity_id={made.json()['id']}"
    )
    [update, create] = entries.json()["items"]
    assert update["changes"]["time_zone"] == ["Asia/Irkutsk", "Asia/Chita"]
    assert create["action"] == "create"
    again = await admin.post("/v1/municipalities", json={**PLACE, "region_id": number})
    assert (again.status_code, again.json()["code"]) == (409, "territory_exists")


async def test_zones_and_regions_must_exist_and_rights_be_had(
    client_as: ClientAs,
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    nowhere = {**PLACE, "region_id": 10**9}
    assert (await admin.post("/v1/municipalities", json=nowhere)).status_code == 404
    zone = {**PLACE, "region_id": 1, "time_zone": "Asia/Uzhur"}
    refused = await admin.post("/v1/municipalities", json=zone)
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["column"] == "body.time_zone"
    denied = await office.post("/v1/municipalities", json={**PLACE, "region_id": 1})
    assert denied.status_code == 403
    assert "territories:write" in denied.json()["detail"]
