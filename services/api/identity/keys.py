"""Keys of an OpenID Connect issuer, found by discovery and kept for a while."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import jwt

from services.api.identity.errors import refused, unavailable

WELL_KNOWN: Final = "/.well-known/openid-configuration"
KEPT_SECONDS: Final = 3600.0
FLOOR_SECONDS: Final = 30.0  # between two fetches, whatever tokens ask for
LARGEST_ANSWER: Final = 1 << 19  # bytes
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# Which key may sign what; a shared secret (HS…) and `none` are nowhere here.
KEY_TYPES: Final = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "ES256": "EC",
    "ES384": "EC",
    "ES512": "EC",
    "EdDSA": "OKP",
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, and what the issuer says that it signs with it."""

    key_id: str | None
    key_type: str
    algorithm: str | None
    key: Any

    def signs(self, algorithm: str) -> bool:
        """Tell whether a signature by this algorithm can be this key's."""
        return KEY_TYPES.get(algorithm) == self.key_type and self.algorithm in {
            None,
            algorithm,
        }


class IssuerKeys:
    """The keys of one issuer; many requests at once fetch them once."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        issuer: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._issuer = issuer
        self._clock = clock
        self._keys: list[SigningKey] = []
        self._tried_at: float | None = None
        self._fetched_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, key_id: str | None, algorithm: str) -> SigningKey:
        """Return the key of a signature, fetching anew if it is not known.

        Raises:
            IdentityRefusedError: the issuer has no such key.
            IdentityProviderUnavailableError: its keys cannot be read.
        """
        if self._are_old() or not self._known(key_id, algorithm):
            async with self._lock:
                if self._are_old() or not self._known(key_id, algorithm):
                    await self._refresh()
        known = self._known(key_id, algorithm)
        if self._are_old():
            raise unavailable()
        if len(known) != 1:
            raise refused("ключа подписи у издателя нет", "its signing key is unknown")
        return known[0]

    def _known(self, key_id: str | None, algorithm: str) -> list[SigningKey]:
        """Return the fitting keys; without an id there must be only one."""
        return [
            key
            for key in self._keys
            if key.signs(algorithm) and key_id in {None, key.key_id}
        ]

    def _are_old(self) -> bool:
        return (
            self._fetched_at is None or self._clock() - self._fetched_at > KEPT_SECONDS
        )

    async def _refresh(self) -> None:
        now = self._clock()
        if self._tried_at is not None and now - self._tried_at < FLOOR_SECONDS:
            return
        self._tried_at = now
        discovered = await self._read(self._issuer.rstrip("/") + WELL_KNOWN)
        address = discovered.get("jwks_uri")
        if discovered.get("issuer") != self._issuer or not isinstance(address, str):
            raise unavailable()
        if not is_safe_address(address):
            raise unavailable()
        found = (await self._read(address)).get("keys")
        self._keys = _keys_of(found if isinstance(found, list) else [])
        self._fetched_at = now

    async def _read(self, address: str) -> dict[str, Any]:
        try:
            answer = await self._client.get(address)
            answer.raise_for_status()
            if len(answer.content) > LARGEST_ANSWER:
                raise unavailable()
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise unavailable() from error
        if not isinstance(content, dict):
            raise unavailable()
        return content


def _keys_of(listed: list[Any]) -> list[SigningKey]:
    """Return what signs among what is listed; the rest is for other programs."""
    keys = []
    for each in listed:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        if each.get("kty") not in set(KEY_TYPES.values()):
            continue
        try:
            parsed = jwt.PyJWK.from_dict(each)
        except jwt.PyJWTError:
            continue
        keys.append(
            SigningKey(each.get("kid"), each["kty"], each.get("alg"), parsed.key)
        )
    return keys


def is_safe_address(address: str) -> bool:
    """Tell whether nobody on the way can alter what is read there."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https"
        or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )
