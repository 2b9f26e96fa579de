"""A share of schools of a municipality's own, from its formula to its named schools."""

from typing import Any

import yaml

from services.api.cli import DEPLOY
from services.api.programmes.examples import PROGRAMME
from tests.api.computing import compute_all
from tests.api.indicators.test_programmes import RESULT, answered, post, said
from tests.api.methods.steps import ANY, URL, enforced, order
from tests.support.api import ClientAs

LOCAL = {"kind": "local", "source": "Приказ № 112"}
CODE = "low_share_under_20"
CONDITION = "results.low_share < 20"
OWN: dict[str, Any] = {
    "code": CODE,
    "title": {"ru": "Двоек меньше 20 %", "en": "Fewer than 20 % of 2s"},
    "condition": {"text": CONDITION, "procedures": ["vpr"]},
    "minimum_n": 5,
    "missing": "exclude",
}
PERIOD = {
    "starts_on": "2020-01-01",
    "ends_on": "2021-12-31",
    "years": "calendar",
    "text": "2020–2021 годы",
}


def method(**changes: Any) -> dict[str, Any]:
    path = DEPLOY / "methods" / "programme-indicators.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    paths = [*content["provenance"], f"indicators.{CODE}"]
    own = {"code": "own-programme", "indicators": [OWN | changes]}
    return content | own | {"provenance": dict.fromkeys(paths, LOCAL)}


def programme() -> dict[str, Any]:
    (indicator,) = PROGRAMME["indicators"]
    (plan,) = PROGRAMME["plans"]
    (measure,) = plan["measures"]
    target = {"year": 2020, "low": 60, "high": 100, "text": "60–100 %"}
    return PROGRAMME | {
        "code": "uzhur-own",
        "period": PERIOD,
        "indicators": [indicator | {"code": CODE, "targets": [target]}],
        "plans": [plan | {"measures": [measure | {"term": "Сентябрь-октябрь 2020"}]}],
    }


async def test_an_own_share_is_checked_put_in_force_and_counted_with_its_schools(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    wrong = await client.post(
        f"{URL}/check", json=method(condition={"text": "results.low_shar < 20"})
    )
    draft = await post(client, "methods", **method())
    approved = await client.post(
        f"{URL}/{draft['id']}/approve", json=order(), headers=ANY
    )
    assert approved.status_code == 200, approved.text
    await post(client, "programmes", **programme())
    schools = (await client.get("/v1/schools?limit=100")).json()["items"]
    good, bad, small = [each["id"] for each in schools if each["kind"] != "branch"][:3]
    for school, n2 in ((good, 2), (bad, 10)):
        result = RESULT | {"n": 20, "n2": n2, "n3": 18 - n2, "n4": 1, "n5": 1}
        await post(client, "results", **result | {"school_id": school})
    few = RESULT | {"n": 3, "n2": 0, "n3": 3, "n4": 0, "n5": 0}
    await post(client, "results", **few | {"school_id": small})
    await compute_all(database_url)
    _, before = await answered(client, 2020)
    await enforced(client, draft["id"])
    await compute_all(database_url)

    _, after = await answered(client, 2020)

    faults = {each["column"]: each for each in wrong.json()["faults"]}
    assert faults["indicators[0].condition.text"]["position"]["column"] == 1
    assert before[CODE]["reason"]["code"] == "unknown_indicator"
    value = after[CODE]
    sides = said(value)
    assert (sides.pop(good), sides.pop(bad), sides.pop(small)) == (
        "schools",
        "others: condition_not_met",
        "undecided: too_few_participants",
    )
    assert set(sides.values()) == {"undecided: condition_unknown"}
    assert (value["numerator"], value["denominator"], value["percent"]) == (1, 2, 50.0)
    assert (value["n_decided"], value["n_schools"]) == (2, len(sides) + 3)
    assert value["status"] == "below"
    (named,) = value["schools"]
    assert named["evidence"]["results.low_share"] == 10.0
    threshold = value["thresholds"][0]
    assert (threshold["code"], threshold["value"]) == (f"indicators.{CODE}", CONDITION)
    assert threshold["kind"] == "local"
