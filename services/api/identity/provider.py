"""Checking ID tokens (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
import jwt

from services.api.identity.errors import refused
from services.api.identity.keys import KEY_TYPES, IssuerKeys
from shared.runtime.clock import system_now
from shared.runtime.settings import OidcSettings

LEEWAY: Final = timedelta(minutes=1)
OLDEST: Final = timedelta(hours=1)  # since it was issued, whatever its own expiry
LONGEST_SUBJECT: Final = 255  # characters (Core 1.0, 2)
REQUIRED: Final = ["iss", "sub", "aud", "exp", "iat"]
SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Identity:
    """By which name an issuer knows somebody; it never gives it to another."""

    issuer: str
    subject: str


class IdentityProvider:
    """The issuer that this installation trusts."""

    def __init__(
        self,
        settings: OidcSettings,
        client: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._keys = IssuerKeys(client, settings.issuer, clock=clock)

    @property
    def issuer(self) -> str:
        """Return the issuer's name, which is its address."""
        return self._settings.issuer

    async def verify(self, token: str, *, nonce: str | None = None) -> Identity:
        """Return who the ID token is about.

        Raises:
            IdentityRefusedError: it does not prove anything here.
            IdentityProviderUnavailableError: the issuer's keys cannot be read.
        """
        key_id, algorithm = _header_of(token)
        key = await self._keys.find(key_id, algorithm)
        claims = self._claims_of(token, key.key, algorithm)
        self._check(claims, nonce)
        return Identity(self.issuer, claims["sub"])

    def _claims_of(self, token: str, key: Any, algorithm: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=LEEWAY,
                options={"require": REQUIRED},
            )
        except jwt.ExpiredSignatureError as error:
            raise refused("он истёк", "it has expired") from error
        except jwt.InvalidAudienceError as error:
            raise refused(
                "он выдан не для этой системы", "it is not for this system"
            ) from error
        except jwt.InvalidIssuerError as error:
            raise refused(
                "его издатель здесь не известен", "its issuer is not known here"
            ) from error
        except (jwt.InvalidTokenError, TypeError, ValueError) as error:
            raise refused(
                "подпись или содержание неверны", "its signature or content is wrong"
            ) from error
        return claims

    def _check(self, claims: dict[str, Any], nonce: str | None) -> None:
        if type(claims["iat"]) not in {int, float}:
            raise refused("iat в нём не число", "its iat is no number")
        party = claims.get("azp")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (party or several) and party != self._settings.audience:
            raise refused("он выдан другой программе", "it was given to another client")
        if system_now().timestamp() - claims["iat"] > OLDEST.total_seconds():
            raise refused("он выдан слишком давно", "it was issued too long ago")
        subject = claims["sub"]
        if not subject or len(subject) > LONGEST_SUBJECT or "\0" in subject:
            raise refused("в нём не указано, кто это", "it does not say who it is")
        given = str(claims.get("nonce", ""))
        if nonce is not None and not hmac.compare_digest(
            given.encode(), nonce.encode()
        ):
            raise refused("nonce не совпадает", "its nonce is another one")


def _header_of(token: str) -> tuple[str | None, str]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise refused("это не JWT", "it is not a JWT") from error
    algorithm = header.get("alg")
    if algorithm not in KEY_TYPES:
        raise refused(
            "такой способ подписи не принимается",
            "its way of signing is not accepted",
        )
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None, str(algorithm)


@asynccontextmanager
async def identity_provider(
    settings: OidcSettings | None,
) -> AsyncIterator[IdentityProvider | None]:
    """Yield the provider that the settings name, if they name one."""
    if settings is None:
        yield None
        return
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        yield IdentityProvider(settings, client)
