"""`clients` and `replay`: programs from the command line, and wrong uses of it."""

import asyncio
import json
import os
from pathlib import Path

import httpx
from fastapi import FastAPI

from tests.api.cli.conftest import begin
from tests.api.cli.test_operating import Ended, run
from tests.support.api import ClientAs, connect

SCOPES = ("--scope", "results:read", "--scope", "organisations:read")


async def run_apart(url: str, *arguments: str) -> Ended:
    """Run a command as a process of its own, beside the test's own loop."""
    process = begin(*arguments, DATABASE_URL=url, PATH=os.environ["PATH"])
    said, _ = await asyncio.to_thread(process.communicate, timeout=100)
    return Ended(process.returncode, said)


async def status_of_token(client: httpx.AsyncClient, name: str, secret: str) -> int:
    answer = await client.post(
        "/v1/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(name, secret),
    )
    return answer.status_code


async def test_a_client_is_created_rotated_and_revoked(
    database_url: str, api: FastAPI
) -> None:
    made = await run_apart(
        database_url, *("clients", "create", "Портал", "--as", "uzhur"), *SCOPES
    )
    assert made.exit_code == 0, made.output
    name, secret = made.output.split()
    async with connect(api) as program:
        assert await status_of_token(program, name, secret) == 200
        listed = await run(database_url, "clients", "list")
        [line] = [each for each in listed.output.splitlines() if "Портал" in each]
        assert name in line
        assert secret not in listed.output
        number = line.split()[0]
        rotate = ("clients", "rotate-secret", number, "--as", "uzhur", "--hours", "1")
        new = (await run(database_url, *rotate)).output.strip()
        assert await status_of_token(program, name, new) == 200
        assert await status_of_token(program, name, secret) == 200
        third = await run(database_url, *rotate)
        assert (third.exit_code, len(third.output.splitlines())) == (2, 1)
        shown = await run(database_url, "clients", "credentials", number)
        kept = [
            each.split() for each in shown.output.splitlines() if " secret " in each
        ]
        revoke = ("clients", "revoke", number, "--as", "uzhur")
        ended = await run(database_url, *revoke, "--credential", kept[0][0])
        assert ended.exit_code == 0, ended.output
        assert await status_of_token(program, name, secret) == 401
        assert await status_of_token(program, name, new) == 200
        assert (await run(database_url, *revoke)).exit_code == 0
        assert await status_of_token(program, name, new) == 401


async def test_events_of_a_range_are_replayed_to_a_webhook(
    database_url: str, client_as: ClientAs
) -> None:
    office = await client_as("uzhur")
    body = {"name": "Портал", "url": "https://8.8.8.8/hook"}
    made = await office.post("/v1/webhook-endpoints", json=body)
    assert made.status_code == 201, made.text
    endpoint = str(made.json()["id"])
    command = ("replay", "webhooks", endpoint)
    span = ("--first", "1", "--last", "7")
    done = await run_apart(database_url, *command, "--as", "uzhur", *span)
    assert done.exit_code == 0, done.output
    assert "1…7" in done.output
    replays = (await office.get(f"/v1/webhook-endpoints/{endpoint}/replays")).json()
    assert [(row["first_number"], row["last_number"]) for row in replays["items"]] == [
        (1, 7)
    ]
    for arguments in (
        (*command, "--as", "uzhur"),
        (*command, "--as", "uzhur", "--first", "7", "--last", "1"),
        (*command, "--as", "uzhur", *span, "--since", "2020-01-01"),
        (*command, "--as", "zhigalovo", *span),
        (*command, "--as", "uzhur.ilinskaya", *span),
        ("replay", "webhooks", "4711", "--as", "uzhur", *span),
        (*command, "--as", "nobody", *span),
    ):
        refused = await run(database_url, *arguments)
        assert refused.exit_code == 2, (arguments, refused.output)
        assert len(refused.output.splitlines()) == 1, refused.output
    replays = (await office.get(f"/v1/webhook-endpoints/{endpoint}/replays")).json()
    assert len(replays["items"]) == 1


async def test_wrong_uses_of_clients_are_one_line_and_change_nothing(
    database_url: str, tmp_path: Path
) -> None:
    private = tmp_path / "keys.json"
    private.write_text(json.dumps({"keys": [{"kty": "oct", "k": "AAAA"}]}))
    create = ("clients", "create", "x", "--as")
    for arguments in (
        (*create, "nobody", *SCOPES),
        (*create, "uzhur", "--scope", "nothing"),
        (*create, "uzhur.ilinskaya", "--scope", "audit:read"),
        (*create, "uzhur", *SCOPES, "--municipality", "zhigalovo"),
        (*create, "uzhur", *SCOPES, "--jwks", str(private)),
        (*create, "uzhur", *SCOPES, "--jwks", str(tmp_path / "none.json")),
        ("clients", "rotate-secret", "4711", "--as", "uzhur"),
        ("clients", "revoke", "4711", "--as", "uzhur"),
    ):
        refused = await run(database_url, *arguments)
        assert refused.exit_code == 2, (arguments, refused.output)
        assert len(refused.output.splitlines()) == 1, refused.output
    wrong_ways: tuple[tuple[str, ...], ...] = (
        ("clients", "create", "x"),
        (*create, "uzhur", *SCOPES, "--days", "0"),
        ("clients", "revoke", "one", "--as", "uzhur"),
        ("nothing",),
    )
    for wrong in wrong_ways:
        refused = await run(database_url, *wrong)
        assert refused.exit_code == 2, (wrong, refused.output)
        assert "Traceback" not in refused.output
    unknown = await run_apart(database_url, "clients", "nothing")
    assert unknown.exit_code == 2
    assert "Traceback" not in unknown.output
    away = await run_apart("postgresql://nobody@127.0.0.1:1/none", "clients", "list")
    assert (away.exit_code, len(away.output.splitlines())) == (2, 1)
    listed = await run(database_url, "clients", "list")
    assert len(listed.output.splitlines()) == 1
