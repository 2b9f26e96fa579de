"""A ranking by formulas of one's own, from the draft to the places."""

from typing import Any

import pytest

from tests.api.computing import compute_all
from tests.api.methods.steps import ANY, URL, enforced, local, order
from tests.api.rankings.test_routes import YEAR, get, post_result, schools_of
from tests.support.api import ClientAs

Json = dict[str, Any]
LOCAL = {"kind": "local", "source": "Приказ № 112"}


def indicator(code: str, text: str, **changes: Any) -> Json:
    return {
        "code": code,
        "title": {"ru": code, "en": code},
        "unit": "percent",
        "direction": "more_is_better",
        "source": {"kind": "formula", "text": text},
    } | changes


def content() -> Json:
    """Return a composite of a share, of staff, and of an indicator of indicators."""
    own = local(code="by-formulas", ranked_by="composite")
    own["indicators"] = [
        indicator("good", "share(results.n4 + results.n5, results.n_marked)"),
        indicator("failed", "share(results.n2, results.n_marked)"),
        indicator("lead", "max(indicator.good - indicator.failed, 0 * indicator.good)"),
        indicator("filled", "100 - share(vacancies.count, vacancies.count + 10)"),
    ]
    own["composite"] = {
        "minimum_coverage": 0.5,
        "tolerance": 0,
        "groups": [
            {
                "code": "all",
                "title": {"ru": "Всё", "en": "All"},
                "weight": 1,
                "indicators": [
                    {"code": "lead", "weight": 3},
                    {"code": "filled", "weight": 1},
                ],
            }
        ],
    }
    kept = (path for path in own["provenance"] if not path.startswith("indicators."))
    paths = [
        *kept,
        *(f"indicators.{each['code']}" for each in own["indicators"]),
        "composite.minimum_coverage",
        "composite.tolerance",
        "groups.all",
    ]
    return own | {"provenance": dict.fromkeys(paths, LOCAL)}


async def test_formulas_are_drafted_approved_put_in_force_computed_and_read(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    first, second, third = list((await schools_of(client)).values())[:3]
    await post_result(client, first, 1, 1, 4, 4)
    await post_result(client, second, 4, 1, 4, 1)
    await post_result(client, third, 0, 0, 1, 1)
    vacancy = {"school_id": first, "year": YEAR, "subject": "Физика", "hours": 18}
    answer = await client.post("/v1/vacancies", json=vacancy)
    assert answer.status_code == 201, answer.text
    ring = content()
    ring["indicators"][0]["source"]["text"] = "indicator.lead + results.low_share"
    refused = await client.post(URL, json=ring)
    draft = await client.post(URL, json=content())
    assert draft.status_code == 201, draft.text
    number = draft.json()["id"]
    approved = await client.post(f"{URL}/{number}/approve", json=order(), headers=ANY)
    assert approved.status_code == 200, approved.text
    await enforced(client, number)
    await compute_all(database_url)

    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")
    explained = {
        school: await get(client, f"/v1/rankings/{ranking['run_id']}/schools/{school}")
        for school in (first, second, third)
    }

    assert refused.status_code == 422
    assert ranking["method"]["code"] == "by-formulas"
    found = {
        school: {each["code"]: each for each in answer["scores"]}
        for school, answer in explained.items()
    }
    assert found[first]["good"]["value"] == pytest.approx(80)
    assert found[first]["filled"]["value"] == pytest.approx(100 - 100 / 11)
    assert found[first]["lead"]["value"] == pytest.approx(80 - 10)
    assert found[second]["lead"]["value"] == pytest.approx(50 - 40)
    assert (found[first]["lead"]["n"], found[third]["lead"]["n"]) == (10, None)
    assert found[third]["good"]["reason"] == "too_few_participants"
    assert found[third]["lead"]["reason"] == "no_data"  # of what does not count
    places = {each["school_id"]: each for each in ranking["places"]}
    for school in (first, second):
        filled = found[school]["filled"]["value"]
        lead = found[school]["lead"]["value"]
        parts = [(3, lead), (1, filled)] if filled is not None else [(3, lead)]
        value = sum(w * v for w, v in parts) / sum(w for w, _ in parts)
        coverage = sum(w for w, _ in parts) / 4
        composite = found[school]["composite"]
        assert composite["value"] == pytest.approx(value) == places[school]["value"]
        assert composite["coverage"] == pytest.approx(coverage)
    assert places[first]["place"] == "1"
    outside = {each["school_id"]: each["reason"] for each in ranking["outside"]}
    has_staff = found[third]["filled"]["value"] is not None
    assert outside[third] == ("low_coverage" if has_staff else "no_data")
