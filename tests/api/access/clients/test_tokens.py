"""The token endpoint, asked as RFC 6749 and RFC 7523 say."""

import base64
import time
from typing import Any

import httpx
import jwt
from fastapi import FastAPI

from shared.domain.scopes import Scope
from tests.api.access.clients.programs import (
    ASSERTION,
    ISSUER,
    READS,
    TOKEN,
    Key,
    acting,
    asked,
    asked_by_key,
    asked_by_secret,
    registered,
)
from tests.support.api import SECRET, ClientAs

FORM = "application/x-www-form-urlencoded"


def refused(answer: httpx.Response, error: str, mentioned: str = "") -> None:
    """Check the shape of a refusal: RFC 6749, 5.2."""
    assert answer.json()["error"] == error, answer.text
    assert answer.json().keys() == {"error", "error_description"}
    assert mentioned in answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    is_unproven = error == "invalid_client"
    assert answer.status_code == (401 if is_unproven else 400)
    assert ("www-authenticate" in answer.headers) == is_unproven


async def test_a_token_is_short_and_does_what_it_was_asked_for(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    abroad = (await (await client_as("zhigalovo")).get("/v1/schools")).json()
    made = await registered(office)
    whole = await asked_by_secret(client, made)
    assert whole.headers["cache-control"] == "no-store"
    content = whole.json()
    assert (content["token_type"], content["scope"]) == ("Bearer", " ".join(READS))
    assert 0 < content["expires_in"] <= 600
    less = await asked_by_secret(client, made, scope=READS[0])
    assert less.json()["scope"] == READS[0]
    async with acting(api, whole, less) as (all_of_it, part):
        assert (await all_of_it.get("/v1/results")).status_code == 200
        missing = await all_of_it.get(f"/v1/schools/{abroad['items'][0]['id']}")
        assert missing.status_code == 404
        assert (await part.get("/v1/schools")).status_code == 200
        assert (await part.get("/v1/results")).status_code == 403
        assert (await part.get("/v1/me")).json()["role"] == "api_client"
    refused(await asked_by_secret(client, made, scope="rankings:read"), "invalid_scope")


async def test_a_client_of_a_school_sees_that_school(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    school = (await office.get("/v1/schools")).json()["items"][0]["id"]
    made = await registered(office, school_id=school)
    async with acting(api, await asked_by_secret(client, made)) as (portal,):
        seen = (await portal.get("/v1/schools")).json()["items"]
    assert [each["id"] for each in seen] == [school]


async def test_scopes_of_other_standards_are_asked_for_by_their_own_names(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    made = await registered(office, scopes=[Scope.ROSTER_CORE])
    token = await asked_by_secret(client, made, scope=Scope.ROSTER_CORE)
    assert token.json()["scope"] == Scope.ROSTER_CORE
    async with acting(api, token) as (tool,):
        orgs = await tool.get("/ims/oneroster/rostering/v1p2/orgs")
        assert orgs.status_code == 200
        assert "ratelimit" in orgs.headers
        assert (await tool.get("/v1/results")).status_code == 403


async def test_the_secret_may_stand_in_the_header(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    made = await registered(await client_as("uzhur"))
    name, secret = made["client_id"], made["client_secret"]
    answer = await client.post(
        TOKEN, data={"grant_type": "client_credentials"}, auth=(name, secret)
    )
    assert answer.status_code == 200, answer.text
    wrong = await client.post(
        TOKEN, data={"grant_type": "client_credentials"}, auth=(name, "pds_wrong")
    )
    refused(wrong, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic ")
    both = await client.post(
        TOKEN,
        data={"grant_type": "client_credentials", "client_secret": secret},
        auth=(name, secret),
    )
    refused(both, "invalid_request", "more than one way")


NO_REQUESTS = [
    ("grant_type=password&client_id=a&client_secret=b", "unsupported_grant_type"),
    ("client_id=a&client_secret=b", "invalid_request"),
    ("grant_type=&client_id=a&client_secret=b", "invalid_request"),
    ("grant_type=client_credentials&scope=a&scope=b", "invalid_request"),
    ("grant_type=client_credentials", "invalid_client"),
    ("grant_type=client_credentials&client_id=a", "invalid_client"),
    ("grant_type=client_credentials&client_id=a%00&client_secret=b", "invalid_client"),
    ("grant_type=client_credentials&client_assertion=x", "invalid_request"),
    ("a=%ff", "invalid_request"),
]


async def test_what_is_no_request_is_refused_as_oauth_says(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Content-Type": FORM}
    for body, error in NO_REQUESTS:
        refused(await client.post(TOKEN, content=body, headers=headers), error)
    as_json = await client.post(TOKEN, json={"grant_type": "client_credentials"})
    refused(as_json, "invalid_request", FORM)


async def test_a_header_that_cannot_be_read_proves_nothing(
    client: httpx.AsyncClient,
) -> None:
    for value in ("!!", base64.b64encode(b"no colon").decode(), "/w=="):
        answer = await client.post(
            TOKEN,
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {value}"},
        )
        refused(answer, "invalid_client")


async def test_an_assertion_proves_the_client_once(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    for key in map(Key.of, ("RS256", "ES256", "EdDSA")):
        made = await registered(office, jwks={"keys": [key.jwk()]})
        assert made["client_secret"] is None
        assertion = key.assertion(made["client_id"])
        first = await asked_by_key(client, assertion)
        async with acting(api, first) as (portal,):
            assert (await portal.get("/v1/schools")).status_code == 200
        refused(await asked_by_key(client, assertion), "invalid_client", "jti")
        of_issuer = key.assertion(made["client_id"], aud=[ISSUER])
        assert (await asked_by_key(client, of_issuer)).status_code == 200


async def test_an_assertion_that_is_not_for_here_and_now_proves_nothing(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    now = int(time.time())
    another = "https://another.example.org"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"exp": now - 120, "iat": now - 180}, "expired"),
        ({"exp": now + 3600}, "longer than 10 minutes"),
        ({"exp": 10**20}, "longer than 10 minutes"),
        ({"exp": 10**12}, "longer than 10 minutes"),
        ({"iat": now - 3600}, "longer than 10 minutes"),
        ({"iat": now + 3600, "exp": now + 300}, "not valid"),
        ({"aud": another}, "aud"),
        ({"aud": [f"{ISSUER}{TOKEN}", another]}, "alone"),
        ({"iss": "pdc_another"}, "iss and sub"),
        ({"jti": None}, "jti"),
        ({"iat": None}, "iat"),
        ({"exp": None}, "exp"),
        ({"jti": "x" * 300}, "jti"),
    ]
    key = Key.of("ES256")
    made = await registered(await client_as("uzhur"), jwks={"keys": [key.jwk()]})
    for changes, mentioned in cases:
        answer = await asked_by_key(client, key.assertion(made["client_id"], **changes))
        refused(answer, "invalid_client", mentioned)


async def test_nobody_elses_signature_counts(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    office = await client_as("uzhur")
    key, foreign = Key.of("RS256"), Key.of("RS256")
    made = await registered(office, jwks={"keys": [key.jwk()]})
    other = await registered(office, jwks={"keys": [foreign.jwk()]})
    name = made["client_id"]
    claims = jwt.decode(key.assertion(name), options={"verify_signature": False})
    public = key.private.public_key()
    for assertion in (
        foreign.assertion(name),
        Key.of("ES256").assertion(name),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, str(public.public_numbers().n), algorithm="HS256"),
        key.assertion(other["client_id"]),
        "no.jwt",
    ):
        refused(await asked_by_key(client, assertion), "invalid_client")
    mismatched = await asked_by_key(
        client, key.assertion(name), client_id=other["client_id"]
    )
    refused(mismatched, "invalid_client")


async def test_tokens_are_not_taken_for_one_another(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    token = (await asked_by_secret(client, made)).json()["access_token"]
    session = office.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token.removeprefix("pda_"), options={"verify_signature": False})
    forged = jwt.encode({**claims, "sid": 1}, SECRET, algorithm="HS256")
    for shown in (
        token.removeprefix("pda_"),
        f"pda_{session}",
        f"pda_{forged}",
        token[:-4] + "AAAA",
    ):
        answer = await client.get(
            "/v1/me", headers={"Authorization": f"Bearer {shown}"}
        )
        assert answer.status_code == 401, shown


async def test_the_server_describes_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get("/.well-known/oauth-authorization-server")
    told = answer.json()
    assert told["issuer"] == ISSUER
    assert told["token_endpoint"] == f"{ISSUER}{TOKEN}"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    assert "results:read" in told["scopes_supported"]
    assert "sandbox:write" not in told["scopes_supported"]
    unknown = {"client_assertion_type": "saml", "client_assertion": "x"}
    refused(await asked(client, **unknown), "invalid_request", ASSERTION)
