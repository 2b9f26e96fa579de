"""Assertions by which a client proves itself with its key (RFC 7523, 3)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from jwt.types import Options

from services.api.access.oauth.errors import OAuthError, invalid_client
from services.api.access.oauth.schemas import ALGORITHMS

LEEWAY: Final = timedelta(seconds=60)  # between the clocks of the two machines
LONGEST_LIFE: Final = timedelta(minutes=10)
LONGEST_JTI: Final = 255  # characters
REQUIRED: Final = ["iss", "sub", "aud", "exp", "iat", "jti"]
_SIGNATURE_ALONE: Final[Options] = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
KEY_TYPES: Final = dict(zip(ALGORITHMS, ("RSA", "EC", "OKP"), strict=True))


@dataclass(frozen=True, slots=True)
class Proof:
    """What an assertion proved: by which key; and what it is never taken for again."""

    credential_id: int
    jti_hash: bytes
    expires_at: datetime


def client_of(assertion: str) -> str:
    """Return the client that the assertion says it is of, before anything is checked.

    Raises:
        OAuthError: it is no JWT, or names no client.
    """
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise invalid_client("The assertion is not a JWT.") from None
    subject = claims.get("sub")
    if not isinstance(subject, str) or claims.get("iss") != subject:
        raise invalid_client("iss and sub of the assertion must be the client_id.")
    return subject


def verify(
    assertion: str,
    keys: Iterable[tuple[int, Mapping[str, Any]]],
    *,
    audience: Iterable[str],
    now: datetime,
) -> Proof:
    """Return what the assertion proves; `keys` are the client's own, by credential.

    Raises:
        OAuthError: it proves nothing.
    """
    header = _header_of(assertion)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
        raise invalid_client(f"The assertion must be signed by {_LISTED}.")
    for credential_id, key in keys:
        if key["kty"] != KEY_TYPES[algorithm]:
            continue
        if header.get("kid") not in {None, key["kid"]}:
            continue
        claims = _claims_of(assertion, key, algorithm, [*audience])
        if claims is not None:
            return _checked(credential_id, claims, now)
    raise invalid_client("No key of the client has signed the assertion.")


_LISTED: Final = ", ".join(ALGORITHMS)


def _header_of(assertion: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(assertion)
    except (jwt.InvalidTokenError, ValueError):
        raise invalid_client("The assertion is not a JWT.") from None


def _claims_of(
    assertion: str, key: Mapping[str, Any], algorithm: str, audience: list[str]
) -> dict[str, Any] | None:
    """Return the claims if this key has signed them.

    Whatever is wrong before that is known is said as it is said to a stranger: what
    else was told of it would tell which clients there are.
    """
    public = jwt.PyJWK.from_dict(dict(key), algorithm=algorithm).key
    try:
        jwt.decode(assertion, public, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except (jwt.PyJWTError, TypeError, ValueError):
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            public,
            algorithms=[algorithm],
            audience=audience,
            leeway=LEEWAY,
            options={"require": REQUIRED, "strict_aud": False},
        )
    except jwt.ExpiredSignatureError:
        raise invalid_client("The assertion has expired.") from None
    except jwt.InvalidAudienceError:
        raise invalid_client(
            "aud of the assertion must be the issuer or the token endpoint."
        ) from None
    except jwt.MissingRequiredClaimError as error:
        raise invalid_client(f"The assertion lacks {error.claim}.") from None
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError):
        raise invalid_client("The assertion is not valid.") from None
    return claims


def _checked(credential_id: int, claims: dict[str, Any], now: datetime) -> Proof:
    if isinstance(claims["aud"], list) and len(claims["aud"]) != 1:
        raise invalid_client("aud of the assertion must be this server alone.")
    if not all(type(claims[name]) in {int, float} for name in ("exp", "iat")):
        raise invalid_client("exp and iat of the assertion must be numbers.")
    longest = (LONGEST_LIFE + LEEWAY).total_seconds()
    # Compared as numbers: not each of them is a moment of any calendar.
    if claims["exp"] - now.timestamp() > longest:
        raise _too_long()
    if now.timestamp() - claims["iat"] > longest:
        raise _too_long()
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    jti = claims["jti"]
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise invalid_client("jti of the assertion must be a text.")
    digest = hashlib.sha256(jti.encode("utf-8", "surrogatepass")).digest()
    return Proof(credential_id, digest, expires_at + LEEWAY)


def _too_long() -> OAuthError:
    minutes = int(LONGEST_LIFE.total_seconds() // 60)
    return invalid_client(f"The assertion lasts longer than {minutes} minutes.")
