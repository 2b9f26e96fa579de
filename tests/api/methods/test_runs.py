"""Runs use the method that is in force, and keep the one that they used."""

from tests.api.computing import compute_all
from tests.api.methods.steps import approved, drafted, enforced
from tests.support.api import ClientAs


async def test_a_run_uses_the_method_in_force_and_old_runs_keep_theirs(
    client_as: ClientAs, database_url: str
) -> None:
    office, other = await client_as("uzhur"), await client_as("zhigalovo")
    await compute_all(database_url)
    before = (await office.get("/v1/rankings")).json()
    abroad = (await other.get("/v1/rankings")).json()
    year = before["academic_year"]

    method = await approved(office, minimum_n=10_000)
    await drafted(office, code="never-approved")
    assert (await office.get("/v1/rankings")).json()["is_stale"] is False
    await enforced(office, method["id"], valid_from=year, valid_to=year)
    assert (await office.get("/v1/rankings")).json()["is_stale"] is True
    await compute_all(database_url)

    after = (await office.get("/v1/rankings")).json()
    assert before["method"]["code"] == "quality-of-results"
    assert after["method"]["code"] == "own-ranking"
    assert after["method"]["hash"] == method["hash"]
    assert before["places"]
    assert after["places"] == []
    old = (await office.get(f"/v1/rankings/{before['run_id']}")).json()
    assert old["method"] == before["method"]
    assert old["places"] == before["places"]
    unmoved = (await other.get("/v1/rankings")).json()
    assert (unmoved["run_id"], unmoved["is_stale"]) == (abroad["run_id"], False)
    earlier = await office.get(
        "/v1/methods/in-force", params={"academic_year": year - 1}
    )
    codes = [each["code"] for each in earlier.json()["items"]]
    assert "quality-of-results" in codes
    assert "own-ranking" not in codes
