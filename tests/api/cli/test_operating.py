"""Commands over the database: accounts, tokens, computing anew."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from services.api.demo.logins import PASSWORD
from tests.api.cli.conftest import invoke
from tests.api.computing import compute_all
from tests.support.api import ClientAs, connect

LOGIN = "uzhur.ilinskaya"
NEW = "another-good-password"
YEAR = 2017
LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said beside the log of the test's own api."""

    exit_code: int
    output: str


async def run(url: str, *arguments: str, given: str = "") -> Ended:
    """Run a command over the database beside the test's own loop."""
    result = await asyncio.to_thread(invoke, *arguments, given=given, DATABASE_URL=url)
    lines = result.output.splitlines(keepends=True)
    said = "".join(line for line in lines if not LOGGED.match(line))
    return Ended(result.exit_code, said)


async def status_of_signing_in(client: httpx.AsyncClient, password: str) -> int:
    form = {"username": LOGIN, "password": password}
    return (await client.post("/v1/tokens", data=form)).status_code


async def last_entry(client: httpx.AsyncClient, entity: str) -> dict[str, Any]:
    """Return the newest entry of the audit about such a thing."""
    items: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        query: dict[str, str | int] = {"entity": entity, "after": after}
        page = (await client.get("/v1/audit", params=query)).raise_for_status().json()
        items += page["items"]
        after = page["next_after"]
    return max(items, key=lambda each: int(each["number"]))


async def test_an_account_is_blocked_let_in_again_and_given_another_password(
    database_url: str, client: httpx.AsyncClient, client_as: ClientAs
) -> None:
    school = await client_as(LOGIN)
    blocked = await run(database_url, "users", "block", LOGIN, "--reason", "Уволен")
    assert blocked.exit_code == 0, blocked.output
    assert (await school.get("/v1/me")).status_code == 401
    assert await status_of_signing_in(client, PASSWORD) == 401
    listed = await run(database_url, "users", "list", "--blocked")
    [line] = [each for each in listed.output.splitlines() if LOGIN in each]
    assert line.split()[-1] == "no"
    assert (await run(database_url, "users", "unblock", LOGIN)).exit_code == 0
    assert await status_of_signing_in(client, PASSWORD) == 200
    changed = await run(database_url, "users", "reset-password", LOGIN, given=NEW)
    assert changed.exit_code == 0, changed.output
    assert NEW not in changed.output
    assert await status_of_signing_in(client, PASSWORD) == 401
    assert await status_of_signing_in(client, NEW) == 200
    entry = await last_entry(await client_as("admin"), "user")
    assert (entry["action"], entry["request_id"]) == ("reset_password", "cli")


async def test_what_is_refused_changes_nothing_and_is_one_line(
    database_url: str, client: httpx.AsyncClient
) -> None:
    for arguments, given in (
        (("users", "block", "nobody"), ""),
        (("users", "reset-password", LOGIN), "short"),
        (("users", "list", "--municipality", "nowhere"), ""),
        (("users", "invite", "administrator", "--as", "uzhur"), ""),
        (("tokens", "revoke", "4711"), ""),
        (("tokens", "issue", "x", "--as", "uzhur", "--scope", "nothing"), ""),
        (("tokens", "issue", "x", "--as", LOGIN, "--scope", "audit:read"), ""),
    ):
        refused = await run(database_url, *arguments, given=given)
        assert refused.exit_code == 2, (arguments, refused.output)
        assert len(refused.output.splitlines()) == 1
        assert "Traceback" not in refused.output
    assert await status_of_signing_in(client, PASSWORD) == 200


async def test_an_invitation_opens_an_account(
    database_url: str, client: httpx.AsyncClient
) -> None:
    made = await run(
        database_url,
        *("users", "invite", "school_editor", "--as", "uzhur"),
        *("--municipality", "uzhur", "--school", "ilinskaya", "--days", "3"),
    )
    assert made.exit_code == 0, made.output
    body = {"code": made.output.strip(), "login": "new.head", "password": NEW}
    paths = (await client.get("/openapi.json")).json()["paths"]
    [path] = [
        path
        for path, methods in paths.items()
        if methods.get("post", {}).get("operationId") == "accept_invitation"
    ]
    answer = await client.post(path, json=body)
    assert answer.status_code in {200, 201}, answer.text


async def test_a_token_is_issued_listed_and_revoked(
    database_url: str, api: FastAPI
) -> None:
    issued = await run(
        database_url,
        *("tokens", "issue", "Портал", "--as", "uzhur"),
        *("--scope", "results:read", "--scope", "organisations:read"),
    )
    assert issued.exit_code == 0, issued.output
    async with connect(api) as program:
        program.headers["Authorization"] = f"Bearer {issued.output.strip()}"
        answer = await program.get("/v1/results")
        assert answer.status_code == 200, answer.text
        listed = await run(database_url, "tokens", "list")
        unused = await run(database_url, "tokens", "list", "--unused-days", "30")
        [line] = [each for each in listed.output.splitlines() if "Портал" in each]
        assert issued.output.strip() not in listed.output
        assert unused.exit_code == 0, unused.output
        assert "Портал" not in unused.output
        ended = await run(database_url, "tokens", "revoke", line.split()[0])
        assert ended.exit_code == 0, ended.output
        assert (await program.get("/v1/results")).status_code == 401


async def test_figures_are_computed_anew_where_it_is_asked_for(
    database_url: str, client_as: ClientAs
) -> None:
    await compute_all(database_url)
    uzhur, zhigalovo = await client_as("uzhur"), await client_as("zhigalovo")

    async def is_stale(client: httpx.AsyncClient) -> bool:
        answer = await client.get("/v1/rankings", params={"academic_year": YEAR})
        return bool(answer.raise_for_status().json()["is_stale"])

    assert not await is_stale(uzhur)
    asked = await run(
        database_url,
        *("recalculate", "--municipality", "uzhur", "--year", str(YEAR)),
    )
    assert asked.exit_code == 0, asked.output
    assert await is_stale(uzhur)
    assert not await is_stale(zhigalovo)
    await compute_all(database_url)
    assert not await is_stale(uzhur)
    everybody = await run(database_url, "recalculate")
    assert ": 2" in everybody.output
    assert await is_stale(zhigalovo)
    entry = await last_entry(uzhur, "municipality")
    assert entry["action"] == "recalculate"
