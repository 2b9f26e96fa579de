"""A school explains a sign of its own, and nobody else does."""

from typing import Any

import httpx

from tests.support.api import ClientAs

TEXT = "Класс из трёх учеников, работу писали двое из них."


async def sign_of(client: httpx.AsyncClient, *, has_sign: bool) -> dict[str, Any]:
    answer = await client.get("/v1/objectivity-signs", params={"has_sign": has_sign})
    row: dict[str, Any] = answer.json()["items"][0]
    return row


async def explain(
    client: httpx.AsyncClient, sign_id: int, text: str = TEXT, **headers: str
) -> httpx.Response:
    return await client.put(
        f"/v1/objectivity-signs/{sign_id}/explanation",
        json={"explanation": text},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_the_school_explains_its_sign_beside_the_sign(
    client_as: ClientAs,
) -> None:
    school, office = await client_as("uzhur.ozerouchumskaya"), await client_as("uzhur")
    sign = await sign_of(school, has_sign=True)
    assert (sign["explanation"], sign["explained_at"]) == (None, None)
    answer = await explain(school, sign["id"])
    assert answer.status_code == 200, answer.text
    address = f"/v1/objectivity-signs/{sign['id']}"
    row = (await office.get(address)).json()
    assert row["explanation"] == TEXT
    assert row["explained_at"] == answer.json()["explained_at"]
    assert row["version"] == sign["version"] + 1
    again = await explain(school, sign["id"])
    assert again.json()["version"] == row["version"]
    (change,) = (await office.get(f"{address}/history")).json()["items"]
    assert (change["action"], change["actor_role"]) == ("explain", "school_editor")
    assert change["changes"] == {"explanation": [None, TEXT]}


async def test_a_correction_of_the_sign_keeps_the_explanation(
    client_as: ClientAs,
) -> None:
    school, office = await client_as("uzhur.ozerouchumskaya"), await client_as("uzhur")
    sign = await sign_of(school, has_sign=True)
    await explain(school, sign["id"])
    body = {"school_id": sign["school_id"], "year": 2019, "has_sign": True}
    corrected = await office.put(
        f"/v1/objectivity-signs/{sign['id']}", json=body | {"russian_4": 1}
    )
    assert corrected.status_code == 200, corrected.text
    assert corrected.json()["explanation"] == TEXT
    assert corrected.json()["marker_count"] == 1


async def test_nobody_explains_for_the_school(client_as: ClientAs) -> None:
    school, office = await client_as("uzhur.ozerouchumskaya"), await client_as("uzhur")
    sign = (await sign_of(school, has_sign=True))["id"]
    by_office = await explain(office, sign)
    by_other = await explain(await client_as("uzhur.ilinskaya"), sign)
    assert (by_office.status_code, by_other.status_code) == (403, 404)
    reread = (await office.get(f"/v1/objectivity-signs/{sign}")).json()
    assert reread["explanation"] is None


async def test_only_a_sign_is_explained_and_only_as_it_was_read(
    client_as: ClientAs,
) -> None:
    school = await client_as("uzhur.ozerouchumskaya")
    without = await explain(school, (await sign_of(school, has_sign=False))["id"])
    assert (without.status_code, without.json()["code"]) == (409, "nothing_to_explain")
    sign = (await sign_of(school, has_sign=True))["id"]
    stale = await explain(school, sign, If_Match='"9"')
    assert stale.status_code == 412
    empty = await explain(school, sign, "  ")
    assert empty.status_code == 422
