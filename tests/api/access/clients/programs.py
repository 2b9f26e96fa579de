"""Programs that get tokens at the token endpoint, as their libraries would."""

import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from fastapi import FastAPI
from jwt.algorithms import get_default_algorithms

from shared.runtime.clock import system_now
from tests.support.accounts import client_with

URL = "/v1/clients"
TOKEN = "/v1/oauth/token"  # noqa: S105 (an address)
ISSUER = "http://127.0.0.1:8000"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
READS = ["organisations:read", "results:read"]


def wanted(**changes: Any) -> dict[str, Any]:
    expires_at = (system_now() + timedelta(days=30)).isoformat()
    return {"name": "portal", "scopes": READS, "expires_at": expires_at, **changes}


async def registered(issuer: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await issuer.post(URL, json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def asked(client: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await client.post(TOKEN, data={"grant_type": "client_credentials", **form})


async def asked_by_secret(
    client: httpx.AsyncClient, made: dict[str, Any], **form: str
) -> httpx.Response:
    proof = {name: made[name] for name in ("client_id", "client_secret")}
    return await asked(client, **{**proof, **form})


@asynccontextmanager
async def acting(
    api: FastAPI, *answers: httpx.Response
) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Yield a client that shows the token of each answer."""
    async with AsyncExitStack() as stack:
        clients = []
        for answer in answers:
            assert answer.status_code == 200, answer.text
            shown = client_with(api, answer.json()["access_token"])
            clients.append(await stack.enter_async_context(shown))
        yield clients


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair of a program, and the algorithm that it signs by."""

    private: Any
    algorithm: str

    @classmethod
    def of(cls, algorithm: str) -> "Key":
        """Make a key pair."""
        match algorithm:
            case "RS256":
                return cls(rsa.generate_private_key(65537, 2048), algorithm)
            case "ES256":
                return cls(ec.generate_private_key(ec.SECP256R1()), algorithm)
            case _:
                return cls(ed25519.Ed25519PrivateKey.generate(), algorithm)

    def jwk(self, **changes: Any) -> dict[str, Any]:
        """Return the public key as it is registered."""
        signing: Any = get_default_algorithms()[self.algorithm]
        shown = signing.to_jwk(self.private.public_key(), as_dict=True)
        kept = {name: shown[name] for name in shown if name not in {"use", "key_ops"}}
        return {**kept, **changes}

    def assertion(self, client_id: str, **changes: Any) -> str:
        """Return a signed assertion; a claim that is None is left out."""
        now = int(time.time())
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": f"{ISSUER}{TOKEN}",
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid.uuid4()),
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.private, algorithm=self.algorithm)


async def asked_by_key(
    client: httpx.AsyncClient, assertion: str, **form: str
) -> httpx.Response:
    proof = {"client_assertion_type": ASSERTION, "client_assertion": assertion}
    return await asked(client, **{**proof, **form})
