"""ID tokens: which are taken, and which are not, whoever made them."""

import asyncio
import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio

from services.api.identity.errors import (
    IdentityProviderUnavailableError,
    IdentityRefusedError,
)
from services.api.identity.keys import FLOOR_SECONDS, KEPT_SECONDS
from services.api.identity.provider import Identity, IdentityProvider
from shared.runtime.clock import system_now
from shared.runtime.settings import OidcSettings
from tests.support.issuer import AUDIENCE, Issuer, running_issuer


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(served: Issuer) -> Issuer:
    served.rotate("first")
    served.fetches, served.is_down = 0, False
    return served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def provider(issuer: Issuer, clock: Clock) -> AsyncIterator[IdentityProvider]:
    settings = OidcSettings(issuer=issuer.url, audience=AUDIENCE)
    async with httpx.AsyncClient(trust_env=False) as client:
        yield IdentityProvider(settings, client, clock=clock)


def encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def forged(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """Sign with HMAC, as no library would with a public key."""
    times = {name: int(claims[name].timestamp()) for name in ("iat", "exp")}
    parts = [encoded(json.dumps(part).encode()) for part in (header, claims | times)]
    signed = ".".join(parts)
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{encoded(signature) if secret else ''}"


async def test_a_sound_token_says_who_it_is(
    provider: IdentityProvider, issuer: Issuer
) -> None:
    found = await provider.verify(issuer.token(nonce="n1"), nonce="n1")
    assert found == Identity(issuer.url, "person-1")
    both = issuer.token(aud=[AUDIENCE, "other"], azp=AUDIENCE)
    assert (await provider.verify(both)).subject == "person-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-system"},
        {"aud": [AUDIENCE, "other"]},
        {"azp": "other"},
        {"iss": "https://issuer.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"exp": None},
        {"iat": None},
        {"iat": "1600000000"},
        {"exp": -timedelta(minutes=5)},
        {"nbf": timedelta(minutes=5)},
        {"iat": timedelta(minutes=5)},
        {"iat": -timedelta(days=1)},
        {"nonce": "n2"},
        {"nonce": None},
    ],
    ids=lambda changes: str(next(iter(changes.items())))[:40],
)
async def test_what_is_for_another_or_out_of_time_is_refused(
    provider: IdentityProvider, issuer: Issuer, changes: dict[str, Any]
) -> None:
    # A case that is collected may wait long for its turn: its times count from here.
    claims = {
        name: system_now() + value if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    token = issuer.token(**({"nonce": "n1"} | claims))
    with pytest.raises(IdentityRefusedError):
        await provider.verify(token, nonce="n1")


async def test_a_signature_by_another_key_is_refused(
    provider: IdentityProvider, issuer: Issuer
) -> None:
    stranger = Issuer()
    stranger.url = issuer.url
    with pytest.raises(IdentityRefusedError):
        await provider.verify(stranger.token())


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
async def test_the_public_key_is_no_shared_secret(
    provider: IdentityProvider, issuer: Issuer, algorithm: str
) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": "first"}
    secret = b"" if algorithm == "none" else issuer.public_pem()
    with pytest.raises(IdentityRefusedError):
        await provider.verify(forged(header, issuer.claims(), secret))


@pytest.mark.parametrize("token", ["", "not-a-token", "a.b.c", "é.é.é"])
async def test_what_is_no_token_is_refused(
    provider: IdentityProvider, issuer: Issuer, token: str
) -> None:
    with pytest.raises(IdentityRefusedError):
        await provider.verify(token)
    assert issuer.fetches == 0


async def test_keys_are_kept_and_a_new_one_is_fetched_when_it_appears(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    await asyncio.gather(*(provider.verify(issuer.token()) for _ in range(5)))
    assert issuer.fetches == 1
    old = issuer.token()
    issuer.rotate("second")
    clock.now += FLOOR_SECONDS
    assert (await provider.verify(issuer.token())).subject == "person-1"
    assert issuer.fetches == 2
    with pytest.raises(IdentityRefusedError):
        await provider.verify(old)


async def test_unknown_keys_do_not_make_it_ask_again_and_again(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    await provider.verify(issuer.token())
    key = next(iter(issuer.keys.values()))
    for number in range(20):
        unknown = jwt.encode(
            issuer.claims(), key, algorithm="RS256", headers={"kid": f"k{number}"}
        )
        with pytest.raises(IdentityRefusedError):
            await provider.verify(unknown)
    assert issuer.fetches == 1
    clock.now += FLOOR_SECONDS
    with pytest.raises(IdentityRefusedError):
        await provider.verify(unknown)
    assert issuer.fetches == 2


async def test_keys_that_were_withdrawn_do_not_serve_for_ever(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    token = issuer.token()
    await provider.verify(token)
    issuer.rotate("second")
    clock.now += KEPT_SECONDS + 1
    with pytest.raises(IdentityRefusedError):
        await provider.verify(token)


async def test_an_issuer_that_is_away_is_told_from_a_bad_token(
    provider: IdentityProvider, issuer: Issuer, clock: Clock
) -> None:
    issuer.is_down = True
    with pytest.raises(IdentityProviderUnavailableError):
        await provider.verify(issuer.token())
    issuer.is_down = False
    with pytest.raises(IdentityProviderUnavailableError):
        await provider.verify(issuer.token())
    clock.now += FLOOR_SECONDS
    assert (await provider.verify(issuer.token())).subject == "person-1"


async def test_a_discovery_that_names_another_issuer_is_not_believed(
    issuer: Issuer, clock: Clock
) -> None:
    settings = OidcSettings(issuer=f"{issuer.url}/", audience=AUDIENCE)
    async with httpx.AsyncClient(trust_env=False) as client:
        provider = IdentityProvider(settings, client, clock=clock)
        with pytest.raises(IdentityProviderUnavailableError):
            await provider.verify(issuer.token())
