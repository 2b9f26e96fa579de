"""What changed between two runs and why, over HTTP."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.api.rankings.test_routes import YEAR, get, post_result, schools_of
from tests.api.rankings.test_score_routes import (
    EXAMINATION,
    post_district,
    put_into_force,
)
from tests.support.api import ClientAs

Json = dict[str, Any]
PATH = "/v1/rankings/comparison"


async def compared(client: httpx.AsyncClient, **filters: int) -> Json:
    answer = await client.get(PATH, params={"academic_year": YEAR, **filters})
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


def by_school(comparison: Json) -> dict[int, Json]:
    return {each["school_id"]: each for each in comparison["schools"]}


def decimal(figure: float) -> Decimal:
    return Decimal(repr(figure))


async def test_contributions_of_indicators_add_up_to_each_change(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await post_district(client)
    await put_into_force(database_url, "zhigalovo")
    better = EXAMINATION | {"school_id": schools[0], "n2": 0, "n5": 60, "wave": 2}
    answer = await client.post("/v1/results", json=better)
    assert answer.status_code == 201, answer.text
    await compute_all(database_url)

    found = by_school(await compared(client))

    ranked = [found[school] for school in schools[:4]]
    assert ranked[0]["change"] > 0
    for each in ranked:
        parts = [
            figure["contribution"]
            for figure in each["figures"]
            if figure["contribution"]
        ]
        assert sum(decimal(part["whole"]) for part in parts) == decimal(each["change"])
        exact = each["after"]["value"] - each["before"]["value"]
        assert each["change"] == pytest.approx(exact, abs=1e-6)
    reasons = {
        figure["code"]: figure["because"]
        for figure in ranked[0]["figures"]
        if figure["level"] == "indicator"
    }
    assert ["own_figure"] in reasons.values()
    others = {
        reason
        for each in ranked[1:]
        for figure in each["figures"]
        for reason in figure["because"]
    }
    assert others == {"other_schools"}


async def test_the_result_that_changed_stands_beside_the_change(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    first, second, third = list((await schools_of(client)).values())[:3]
    await post_result(client, first, 2, 2, 3, 3)
    await post_result(client, second, 3, 3, 2, 2)
    await compute_all(database_url)
    await post_result(client, second, 0, 0, 10, 10, wave=2)
    await post_result(client, third, 0, 1, 10, 10)
    await client.post(  # of no concern to this year
        "/v1/enrolments",
        json={"school_id": first, "academic_year": YEAR - 9, "pupils": 184},
    )
    await compute_all(database_url)

    comparison = await compared(client)

    changes = by_school(comparison)
    assert changes[second]["before"]["place"] == "2"
    assert changes[second]["after"]["place"] == "2"
    assert changes[first]["after"]["place"] == "3"
    assert changes[third]["before"]["reason"] == "no_data"
    assert changes[third]["change"] is None
    (figure,) = changes[second]["figures"]
    assert (figure["before"]["n"], figure["after"]["n"]) == (10, 30)
    assert figure["because"] == ["own_figure"]
    assert figure["contribution"]["whole"] == changes[second]["change"]
    assert comparison["totals"]["changed"] == 3
    assert (comparison["totals"]["up"], comparison["totals"]["down"]) == (0, 1)
    causes = comparison["causes"]
    assert causes["is_known"] is True
    assert {
        (each["kind"], each["school_id"], each["count"]) for each in causes["inputs"]
    } == {("results.changed", second, 1), ("results.changed", third, 1)}
    entries = causes["entries"]
    assert [(each["entity"], each["school_id"]) for each in entries] == [
        ("assessment_result", second),
        ("assessment_result", third),
    ]
    assert entries[0]["changes"]["n5"] == [None, 10]
    assert causes["entries_total"] == 2
    assert comparison["method"] == {"is_same": True, "differences": [], "others": []}


async def test_another_method_is_told_of_by_what_differs(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    first, *_ = await post_district(client)
    await compute_all(database_url)
    await put_into_force(database_url, "zhigalovo")

    comparison = await compared(client)

    assert comparison["method"]["is_same"] is False
    differing = {each["path"]: each for each in comparison["method"]["differences"]}
    assert differing["ranked_by"]["before"] == "quality_rate"
    assert differing["ranked_by"]["after"] == "composite"
    ranked_by = differing["ranked_by"]
    assert ranked_by["before_provenance"]["kind"] == "unconfirmed"
    assert ranked_by["after_provenance"]["source"]
    added = differing["composite.groups.attainment.weight"]
    assert (added["before"], added["before_provenance"]) == (None, None)
    assert added["after_provenance"]["kind"] in {"document", "unconfirmed"}
    assert differing["title.en"]["after_provenance"] is None
    school = by_school(comparison)[first]
    parts = [each["contribution"] for each in school["figures"] if each["contribution"]]
    whole = sum(decimal(part["whole"]) for part in parts)
    assert whole == decimal(school["change"])
    assert comparison["before"]["method_code"] == "quality-of-results"


async def test_a_school_is_told_of_itself_only(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    schools = await schools_of(office)
    (code, first), (_, second) = list(schools.items())[:2]
    await post_result(office, first, 2, 2, 3, 3)
    await compute_all(database_url)
    await post_result(office, first, 0, 0, 9, 9, wave=2)
    await post_result(office, second, 0, 0, 9, 9)
    await compute_all(database_url)

    comparison = await compared(await client_as(f"uzhur.{code}"))

    assert by_school(comparison).keys() == {first}
    assert {each["school_id"] for each in comparison["causes"]["inputs"]} == {first}
    assert {each["school_id"] for each in comparison["causes"]["entries"]} == {first}


async def test_runs_that_cannot_be_compared_are_refused(
    client_as: ClientAs, database_url: str
) -> None:
    client, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    first, *_ = (await schools_of(client)).values()
    await post_result(client, first, 2, 2, 3, 3)
    earlier = EXAMINATION | {"school_id": first, "n5": 1, "academic_year": 2018}
    assert (await client.post("/v1/results", json=earlier)).status_code == 201
    await compute_all(database_url)
    run = (await get(client, f"/v1/rankings?academic_year={YEAR}"))["run_id"]
    other = (await get(client, "/v1/rankings?academic_year=2018"))["run_id"]

    alone = await get(client, f"{PATH}?academic_year={YEAR}", 404)
    reverse = await get(client, f"{PATH}?after_run_id={run}&before_run_id={run}", 422)
    foreign = await get(client, f"{PATH}?after_run_id={run}&before_run_id={other}", 422)
    unseen = await get(abroad, f"{PATH}?after_run_id={run}", 404)

    assert alone["code"] == "no_earlier_run"
    assert reverse["faults"][0]["column"] == "query.before_run_id"
    assert foreign["code"] == reverse["code"]
    assert unseen["code"] == "not_found"
