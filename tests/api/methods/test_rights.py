"""Whose methods are seen and written by whom."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import EventKind
from shared.domain.permissions import Role
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import begin_as_system
from tests.api.methods.steps import (
    ANY,
    PERIODS,
    URL,
    approved,
    drafted,
    enforced,
    local,
    order,
    shipped,
)
from tests.support.accounts import client_with, open_account_for, token_for
from tests.support.api import ClientAs


@pytest_asyncio.fixture
async def analyst(
    api: FastAPI, engine: AsyncEngine
) -> AsyncIterator[httpx.AsyncClient]:
    """Yield the client of the analyst of Uzhur's region."""
    token = await token_for(
        engine, await open_account_for(engine, Role.REGIONAL_ANALYST)
    )
    async with client_with(api, token) as client:
        yield client


async def concerned(engine: AsyncEngine) -> list[str]:
    """Return the municipalities of the events since the loading, by code."""
    async with begin_as_system(engine) as work:
        rows = await work.session.scalars(
            select(MunicipalityRow.code)
            .join(OutboxRow, OutboxRow.municipality_id == MunicipalityRow.id)
            .where(
                OutboxRow.kind == EventKind.METHODS_CHANGED,
                OutboxRow.payload.has_key("period"),
            )
            .order_by(MunicipalityRow.code)
        )
        return list(rows)


async def test_a_foreign_municipalitys_method_is_not_there(client_as: ClientAs) -> None:
    uzhur, zhigalovo = await client_as("uzhur"), await client_as("zhigalovo")
    own = await approved(uzhur)
    period = await enforced(uzhur, own["id"])
    for answer in (
        await zhigalovo.get(f"{URL}/{own['id']}"),
        await zhigalovo.get(f"{URL}/{own['id']}/file"),
        await zhigalovo.put(f"{URL}/{own['id']}", json=local(), headers=ANY),
        await zhigalovo.post(f"{URL}/{own['id']}/copy", json={"code": "stolen"}),
        await zhigalovo.post(
            f"{URL}/{own['id']}/periods", json=order() | {"valid_from": 2018}
        ),
        await zhigalovo.get(f"{PERIODS}/{period['id']}"),
        await zhigalovo.post(
            URL, json=local(), params={"municipality_id": own["municipality_id"]}
        ),
    ):
        assert answer.status_code == 404, answer.text
    # The same code is free elsewhere.
    assert (await drafted(zhigalovo))["code"] == own["code"]


async def test_a_school_sees_what_counts_and_no_drafts(client_as: ClientAs) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    draft, settled = await drafted(office), await approved(office, code="settled")
    codes = [each["code"] for each in (await school.get(URL)).json()["items"]]
    assert "settled" in codes
    assert draft["code"] not in codes
    assert (await school.get(f"{URL}/{draft['id']}")).status_code == 404
    assert (await school.get(f"{URL}/{settled['id']}")).status_code == 200
    refused = await school.post(URL, json=local(code="of-a-school"))
    assert refused.status_code == 403


async def test_what_is_anothers_is_read_and_not_written(
    client_as: ClientAs, analyst: httpx.AsyncClient
) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    system = await shipped(office)
    regional = await approved(analyst, code="regional")
    assert regional["region_id"] is not None
    for number in (system["id"], regional["id"]):
        assert (await office.get(f"{URL}/{number}")).status_code == 200
        refused = await office.post(
            f"{URL}/{number}/withdraw", json=order(), headers=ANY
        )
        assert refused.status_code == 403
    own = await drafted(office)
    assert (await analyst.get(f"{URL}/{own['id']}")).status_code == 200
    denied = await analyst.post(f"{URL}/{own['id']}/approve", json=order(), headers=ANY)
    assert denied.status_code == 403
    helped = await admin.post(f"{URL}/{own['id']}/approve", json=order(), headers=ANY)
    assert helped.status_code == 200
    hidden = await drafted(analyst, code="regional-draft")
    assert (await office.get(f"{URL}/{hidden['id']}")).status_code == 404


async def test_the_nearest_counts_and_exactly_those_concerned_are_told(
    client_as: ClientAs, analyst: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    office, other = await client_as("uzhur"), await client_as("zhigalovo")
    regional = await approved(analyst, code="regional")
    await enforced(analyst, regional["id"], valid_from=2017)
    assert await concerned(engine) == ["uzhur"]
    system = await shipped(office)
    await enforced(office, system["id"], valid_from=2019, valid_to=2019)

    in_force = {}
    for client, year in ((office, 2018), (office, 2019), (other, 2019)):
        answer = await client.get(
            f"{URL}/in-force", params={"academic_year": year, "kind": "ranking"}
        )
        in_force[answer.json()["municipality_id"], year] = [
            (each["code"], each["displaced_by_id"]) for each in answer.json()["items"]
        ]
    assert list(in_force.values()) == [
        [("quality-of-results", regional["id"]), ("regional", None)],
        [
            ("quality-of-results", system["id"]),
            ("quality-of-results", None),
            ("regional", system["id"]),
        ],
        [("quality-of-results", None)],
    ]

    admin = await client_as("admin")
    everywhere = await admin.post(
        f"{URL}/{system['id']}/periods", json=order() | {"valid_from": 2018}
    )
    assert everywhere.json()["code"] == "method_period_overlaps"
    periods = (await admin.get(PERIODS)).json()["items"]
    of_all = next(
        each
        for each in periods
        if (each["method_id"], each["municipality_id"]) == (system["id"], None)
    )
    ended = await admin.post(
        f"{PERIODS}/{of_all['id']}/end", json=order() | {"valid_to": None}, headers=ANY
    )
    assert ended.json()["revoked_at"] is not None
    assert await concerned(engine) == ["uzhur", "uzhur", "uzhur", "zhigalovo"]


@pytest.mark.parametrize("login", ["uzhur", "admin"])
async def test_only_the_administrator_says_what_is_federal(
    client_as: ClientAs, login: str
) -> None:
    client = await client_as(login)
    content = local()
    content["provenance"]["minimum_n"]["kind"] = "federal"
    answer = await client.post(URL, json=content)
    checked = (await client.post(f"{URL}/check", json=content)).json()
    if login == "admin":
        assert answer.status_code == 201
        assert answer.json()["municipality_id"] is None
        assert checked["verdict"] == "valid"
        return
    assert (answer.status_code, answer.json()["code"]) == (422, "source_not_yours")
    columns = [each["column"] for each in answer.json()["faults"]]
    assert columns == ["provenance.minimum_n.kind"]
    assert [each["column"] for each in checked["faults"]] == columns


async def test_a_federal_threshold_of_a_copy_stays_so_while_it_stays_as_it_is(
    client_as: ClientAs,
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    content = local(code="by-the-book")
    content["provenance"]["minimum_n"]["kind"] = "federal"
    book = (await admin.post(URL, json=content)).json()
    await admin.post(f"{URL}/{book['id']}/approve", json=order(), headers=ANY)
    copied = (
        await office.post(f"{URL}/{book['id']}/copy", json={"code": "after-the-book"})
    ).json()
    for changes, status in (({"tolerance": 2}, 200), ({"minimum_n": 9}, 422)):
        answer = await office.put(
            f"{URL}/{copied['id']}", json=copied["content"] | changes, headers=ANY
        )
        assert answer.status_code == status, answer.text


async def test_what_was_done_with_a_regions_methods_its_analysts_see_and_nobody_elses(
    client_as: ClientAs, analyst: httpx.AsyncClient, api: FastAPI, engine: AsyncEngine
) -> None:
    regional = await approved(analyst, code="regional")
    period = await enforced(analyst, regional["id"], valid_from=2017)
    other = await open_account_for(
        engine, Role.REGIONAL_ANALYST, login="test.colleague"
    )
    token = await token_for(engine, other)

    async with client_with(api, token) as colleague:
        seen = [
            (await colleague.get("/v1/audit", params=filters)).json()["items"]
            for filters in (
                {"entity": "method", "entity_id": regional["id"]},
                {"entity": "method_period", "entity_id": period["id"]},
            )
        ]
    office = await client_as("uzhur")
    hidden = await office.get(
        "/v1/audit", params={"entity": "method", "entity_id": regional["id"]}
    )

    assert [[each["action"] for each in entries] for entries in seen] == [
        ["approve", "create"],
        ["create"],
    ]
    assert hidden.json()["items"] == []
