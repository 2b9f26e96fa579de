"""The two programmes through the API: all measures, targets, and who sees them."""

from typing import Any

import httpx
import pytest

from tests.support.api import ClientAs


async def all_items(
    client: httpx.AsyncClient, path: str, **params: Any
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get(path, params={**params, "after": after, "limit": 40})
        answer.raise_for_status()
        page = answer.json()
        items += page["items"]
        after = page["next_after"]
    return items


async def the_programme(client: httpx.AsyncClient) -> dict[str, Any]:
    [programme] = (await client.get("/v1/programmes")).json()["items"]
    answer = await client.get(f"/v1/programmes/{programme['id']}")
    detail: dict[str, Any] = answer.json()
    return detail


@pytest.mark.parametrize(
    ("login", "counts"),
    [
        ("zhigalovo", {"plan": 84}),
        ("uzhur", {"roadmap": 47, "cyclogram": 11}),
    ],
)
async def test_all_measures_are_counted_and_listed(
    client_as: ClientAs, login: str, counts: dict[str, int]
) -> None:
    client = await client_as(login)
    programme = await the_programme(client)
    assert programme["measure_counts"] == counts
    path = f"/v1/programmes/{programme['id']}/measures"
    for plan, count in counts.items():
        measures = await all_items(client, path, plan=plan)
        assert len(measures) == count
        positions = [measure["position"] for measure in measures]
        assert positions == sorted(positions)


async def test_terms_keep_their_words_and_the_undatable_ones_say_so(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    programme = await the_programme(client)
    measures = await all_items(client, f"/v1/programmes/{programme['id']}/measures")
    undatable = [m for m in measures if not m["schedule"]["is_datable"]]
    assert {m["term_text"] for m in undatable} == {
        "В соответствии с запросом",
        "В соответствии с нормативными документами и МОКК",
    }
    assert all(m["schedule"]["kind"] == "on_demand" for m in undatable)


async def test_numbers_17_and_18_occur_twice(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    programme = await the_programme(client)
    measures = await all_items(
        client, f"/v1/programmes/{programme['id']}/measures", plan="roadmap"
    )
    numbers = [measure["number"] for measure in measures]
    assert {n for n in numbers if numbers.count(n) > 1} == {"17", "18"}
    assert len({measure["block"] for measure in measures}) == 6


async def test_zhigalovo_is_a_tree(client_as: ClientAs) -> None:
    client = await client_as("zhigalovo")
    programme = await the_programme(client)
    measures = await all_items(client, f"/v1/programmes/{programme['id']}/measures")
    numbers = {measure["id"]: measure["number"].rstrip(".") for measure in measures}
    for measure in measures:
        if measure["parent_id"] is not None:
            parent = numbers[measure["parent_id"]]
            assert measure["number"].startswith(f"{parent}.")
    assert sum(measure["parent_id"] is None for measure in measures) == 4


async def test_indicators_have_their_yearly_ranges(client_as: ClientAs) -> None:
    client = await client_as("zhigalovo")
    programme = await the_programme(client)
    answer = await client.get(f"/v1/programmes/{programme['id']}/target-indicators")
    mentoring = next(i for i in answer.json() if i["code"] == "network_mentoring")
    ranges = [(t["year"], t["low"], t["high"]) for t in mentoring["targets"]]
    assert ranges == [(2020, 0, 0), (2021, 50, 100), (2022, 80, 100)]


async def test_both_spellings_of_the_period_are_kept(client_as: ClientAs) -> None:
    programme = await the_programme(await client_as("zhigalovo"))
    assert "2020-2021" in programme["head_title"]
    assert "2020-2022" in programme["title"]


async def test_another_districts_programme_does_not_exist_for_a_coordinator(
    client_as: ClientAs,
) -> None:
    foreign = await the_programme(await client_as("zhigalovo"))
    client = await client_as("uzhur")
    for path in ("", "/measures", "/target-indicators"):
        answer = await client.get(f"/v1/programmes/{foreign['id']}{path}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
