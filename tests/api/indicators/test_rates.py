"""What stands beside every rate of the indicators, over HTTP."""

from typing import Any

import httpx
import numpy as np
import polars as pl
import pytest
from scipy.stats import dirichlet
from scipy.stats import t as student_t
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.small_numbers.shrinkage import shrink
from services.scoring.engine.small_numbers.tallies import TALLIES
from tests.api.computing import compute_all
from tests.api.indicators.test_programmes import RESULT
from tests.api.methods.steps import ANY, URL, enforced, local, order
from tests.support.api import ClientAs

Json = dict[str, Any]
YEAR = 2020
WEIGHTS = {"mean_mark": (2, 3, 4, 5), "sou": (16, 36, 64, 100, 7)}
MARKS = ((2, 8), (9, 1), (30, 70), (1, 2))


async def post_result(
    client: httpx.AsyncClient, school: int, n2: int, n4: int, year: int = YEAR
) -> None:
    body = RESULT | {
        "procedure": "district_kim",
        "school_id": school,
        "academic_year": year,
        "written_on": None,
        "n": n2 + n4,
        "n2": n2,
        "n3": 0,
        "n4": n4,
        "n5": 0,
    }
    answer = await client.post("/v1/results", json=body)
    assert answer.status_code == 201, answer.text


async def rates(client: httpx.AsyncClient, **filters: Any) -> tuple[Json, list[Json]]:
    """Return the answer and its figures over all results, of the low share."""
    answer = await client.get(
        "/v1/indicators",
        params={"academic_year": YEAR, "limit": 500, **filters},
    )
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = [
        each
        for each in body["values"]
        if each["measure"] == "low_share" and each["subject"] is None
    ]
    return body, found


def drawn(schools: list[int], measure: str) -> dict[Any, list[Json]]:
    """Return what the engine makes of `MARKS` in these schools, by school."""
    tally = TALLIES[measure]
    weights = dict(zip(tally.weights, tally.names, strict=True))
    two, four = weights[min(WEIGHTS[measure][:4])], weights[WEIGHTS[measure][2]]
    nobody = dict.fromkeys(tally.names, [0] * len(MARKS))
    counts = {two: [n2 for n2, _ in MARKS], four: [n4 for _, n4 in MARKS]}
    homes = {"municipality_id": [1] * len(MARKS), "school_id": schools}
    shrunk = shrink(pl.DataFrame(homes | nobody | counts), tally)
    return shrunk.rows_by_key("school_id", named=True)


async def test_each_rate_has_interval_pooled_and_shrunk_figures_with_their_method(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    listed = (await client.get("/v1/schools?limit=100")).json()["items"]
    schools = [each["id"] for each in listed][: len(MARKS)]
    for school, (n2, n4) in zip(schools, MARKS, strict=True):
        await post_result(client, school, n2, n4)
    await post_result(client, schools[0], 5, 5, YEAR - 2)
    await compute_all(database_url)

    body, found = await rates(client)
    _, own = await rates(await client_as(f"uzhur.{listed[1]['code']}"), scope="school")

    by_school = {each["school_id"]: each for each in found}
    counts = pl.DataFrame(
        {
            "municipality_id": [1] * len(MARKS),
            "school_id": schools,
            "tally_0": [n2 for n2, _ in MARKS],
            "tally_1": [n4 for _, n4 in MARKS],
        }
    )
    expected = shrink(counts, TALLIES["low_share"]).rows_by_key("school_id", named=True)
    for school, (n2, n4) in zip(schools, MARKS, strict=True):
        rate = by_school[school]["rate"]
        low, high = proportion_confint(n2, n2 + n4, method="wilson")
        assert (rate["low"], rate["high"]) == pytest.approx((100 * low, 100 * high))
        assert (rate["numerator"], rate["is_small"]) == (n2, n2 + n4 < 5)
        (shrunk,) = expected[school]
        assert rate["shrunk"] == pytest.approx(shrunk["shrunk"])
        assert rate["shrink_weight"] == pytest.approx(shrunk["weight"])
    pooled = by_school[schools[0]]["rate"]
    assert (pooled["pooled_value"], pooled["pooled_n"]) == (35.0, 20)
    assert pooled["pooled_years"] == [YEAR - 2, YEAR]
    low, high = proportion_confint(7, 20, method="wilson")
    ends = (pooled["pooled_low"], pooled["pooled_high"])
    assert ends == pytest.approx((100 * low, 100 * high))
    district = by_school[None]["rate"]
    assert (district["numerator"], district["shrunk"]) == (42, None)
    assert district["pooled_n"] == 123 + 10
    mean_marks = [each for each in body["values"] if each["measure"] == "mean_mark"]
    assert {each["rate"] for each in mean_marks} == {None}
    assert own[0]["rate"] == by_school[schools[1]]["rate"]
    rules = body["small_numbers"]
    assert (rules["confidence"], rules["pooled_years"], rules["minimum_n"]) == (
        95,
        3,
        5,
    )
    kinds = {each["kind"] for each in rules["provenance"].values()}
    assert (len(rules["provenance"]), kinds) == (4, {"unconfirmed"})


async def test_each_mean_has_its_marks_error_interval_pooled_and_shrunk_figures(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    listed = (await client.get("/v1/schools?limit=100")).json()["items"]
    schools = [each["id"] for each in listed][: len(MARKS)]
    for school, (n2, n4) in zip(schools, MARKS, strict=True):
        await post_result(client, school, n2, n4)
    await post_result(client, schools[0], 5, 5, YEAR - 2)
    await compute_all(database_url)

    body, _ = await rates(client)
    school = await client_as(f"uzhur.{listed[1]['code']}")
    seen, _ = await rates(school, scope="school", school_id=schools[1])

    found = {
        (each["school_id"], each["measure"]): each
        for each in body["values"]
        if each["subject"] is None
    }
    total = (sum(n2 for n2, _ in MARKS), sum(n4 for _, n4 in MARKS))
    for school, (n2, n4) in zip([*schools, None], [*MARKS, total], strict=True):
        for measure, weights in WEIGHTS.items():
            counts = np.array([n2, 0, n4, 0, 0][: len(weights)])
            posterior = dirichlet(counts + 1 / len(weights))
            error = np.sqrt(weights @ posterior.cov() @ weights)
            reach = student_t.ppf(0.975, n2 + n4) * error
            middle, value = weights @ posterior.mean(), weights @ counts / (n2 + n4)
            low = min(value, max(middle - reach, min(weights)))
            high = max(value, min(middle + reach, max(weights)))
            figure = found[school, measure]
            mean = figure["mean"]
            assert figure["value"] == pytest.approx(value)
            assert mean["standard_error"] == pytest.approx(error)
            assert (mean["low"], mean["high"]) == pytest.approx((low, high))
            assert mean["is_small"] == (n2 + n4 < 5)
            assert (mean["marks"]["n2"], mean["marks"]["n4"]) == (n2, n4)
            assert sum(mean["marks"].values()) == figure["n"]
    for measure in WEIGHTS:
        expected = drawn(schools, measure)
        for each in schools:
            mean = found[each, measure]["mean"]
            (shrunk,) = expected[each]
            assert mean["shrunk"] == pytest.approx(shrunk["shrunk"])
            assert mean["shrink_weight"] == pytest.approx(shrunk["weight"])
            assert 0 < mean["shrink_weight"] < 1
        district = found[None, measure]["mean"]
        assert (district["shrunk"], district["shrink_weight"]) == (None, None)
        assert found[schools[1], measure] in seen["values"]
    pooled = found[schools[0], "mean_mark"]["mean"]
    assert (pooled["pooled_value"], pooled["pooled_n"]) == (66 / 20, 20)
    assert pooled["pooled_years"] == [YEAR - 2, YEAR]
    assert pooled["pooled_low"] < 66 / 20 < pooled["pooled_high"]
    assert found[schools[0], "low_share"]["mean"] is None
    assert body["small_numbers"]["interval_of_means"] == "student"


async def test_a_method_of_ones_own_decides_how_sure_and_over_how_many_years(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    school = (await client.get("/v1/schools?limit=1")).json()["items"][0]["id"]
    await post_result(client, school, 2, 8)
    await post_result(client, school, 5, 5, YEAR - 1)
    content = local()
    content["small_numbers"] = {"confidence": 80, "pooled_years": 1, "resamples": 100}
    draft = await client.post(URL, json=content)
    assert draft.status_code == 201, draft.text
    number = draft.json()["id"]
    approved = await client.post(f"{URL}/{number}/approve", json=order(), headers=ANY)
    assert approved.status_code == 200, approved.text
    await enforced(client, number)
    await compute_all(database_url)

    body, found = await rates(client, school_id=school)
    ranking = await client.get("/v1/rankings", params={"academic_year": YEAR})

    (rate,) = [each["rate"] for each in found]
    low, high = proportion_confint(2, 10, alpha=0.2, method="wilson")
    assert (rate["low"], rate["high"]) == pytest.approx((100 * low, 100 * high))
    assert (rate["pooled_n"], rate["pooled_years"]) == (10, [YEAR])
    provenance = body["small_numbers"]["provenance"]
    assert provenance["small_numbers.confidence"]["kind"] == "local"
    (place,) = ranking.json()["places"]
    low, high = proportion_confint(8, 10, alpha=0.2, method="wilson")
    ends = (place["value_low"], place["value_high"])
    assert ends == pytest.approx((100 * low, 100 * high))
    assert ranking.json()["method"]["small_numbers"]["resamples"] == 100
