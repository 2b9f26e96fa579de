"""Sign-in by the word of an OpenID provider that others made and certified."""

import asyncio

import httpx
import pytest

from services.api.identity.errors import (
    IdentityProviderUnavailableError,
    IdentityRefusedError,
)
from services.api.identity.keys import FLOOR_SECONDS
from services.api.identity.provider import Identity, IdentityProvider
from shared.runtime.embedded.ports import free_port
from shared.runtime.settings import OidcSettings
from tests.api.access.clients.programs import Key
from tests.support.openid import AUDIENCE, private_jwk, running_provider, sign_in


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_its_tokens_are_taken_before_and_after_its_keys_change(
    algorithm: str,
) -> None:
    port, now = free_port(), 0.0
    here = f"http://127.0.0.1:{port}"
    old, new = Key.of(algorithm), Key.of(algorithm)

    async def token_of(person: str) -> str:
        return await asyncio.to_thread(sign_in, port, person, nonce="n1")

    async with httpx.AsyncClient(trust_env=False) as client:
        known = OidcSettings(issuer=here, audience=AUDIENCE)
        provider = IdentityProvider(known, client, clock=lambda: now)
        with running_provider(port, [private_jwk(old, "old")], algorithm):
            first = await token_of("person-1")
            found = await provider.verify(first, nonce="n1")
            assert found == Identity(here, "person-1")
            for settings, nonce in (
                (known, "n2"),
                (OidcSettings(issuer=here, audience="another"), "n1"),
            ):
                strict = IdentityProvider(settings, client)
                with pytest.raises(IdentityRefusedError):
                    await strict.verify(first, nonce=nonce)
            # A slash more is another issuer, although it is found at the same place.
            elsewhere = OidcSettings(issuer=f"{here}/", audience=AUDIENCE)
            with pytest.raises(IdentityProviderUnavailableError):
                await IdentityProvider(elsewhere, client).verify(first)
        keys = [private_jwk(new, "new"), private_jwk(old, "old")]
        with running_provider(port, keys, algorithm):
            second = await token_of("person-2")
            now += FLOOR_SECONDS + 1
            found = await provider.verify(second, nonce="n1")
            assert found == Identity(here, "person-2")
            assert await provider.verify(first, nonce="n1") == Identity(
                here, "person-1"
            )
