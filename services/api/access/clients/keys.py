"""Public keys of clients (RFC 7517), as far as assertions may be signed with them."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.api.access.clients.schemas import JwkIn
from shared.domain.errors import Fault, InvalidInputError, Text

SHORTEST_RSA: Final = 2048  # bits (RFC 7518, 3.3)
# What a thumbprint is made of, in this order (RFC 7638, 3.2).
MEMBERS: Final = {
    "RSA": ("e", "kty", "n"),
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
}
# The one way in which each kind of key signs here.
ALGORITHMS: Final = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def checked_key(key: JwkIn, place: str) -> dict[str, Any]:
    """Return the key as it is kept, with a `kid`: its own, or else its thumbprint.

    Raises:
        InvalidInputError: nothing can be verified with it; `place` names it.
    """
    given = key.model_dump(
        exclude_none=True, include={"kty", "crv", "n", "e", "x", "y"}
    )
    try:
        parsed = jwt.PyJWK.from_dict(given, algorithm=ALGORITHMS[key.kty]).key
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        raise _refusal(
            place, "это не открытый ключ RSA, P-256 или Ed25519", _NO_KEY
        ) from None
    _check_kind(parsed, place)
    if key.alg not in {None, ALGORITHMS[key.kty]} or key.use not in {None, "sig"}:
        algorithm = ALGORITHMS[key.kty]
        raise _refusal(
            place,
            f"таким ключом подписывают по {algorithm}",
            f"a key of this kind signs by {algorithm}",
        )
    members = {name: given[name] for name in MEMBERS[key.kty]}
    return {**members, "kid": key.kid or thumbprint(members)}


def thumbprint(members: dict[str, Any]) -> str:
    """Return the key's name by its content (RFC 7638)."""
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def checked_keys(keys: Sequence[JwkIn]) -> list[dict[str, Any]]:
    """Return the keys of a set as they are kept, each with a `kid` of its own.

    Raises:
        InvalidInputError: one cannot be used, or two have one name.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, key in enumerate(keys):
        place = f"jwks.keys.{number}"
        kept = checked_key(key, place)
        if kept["kid"] in found:
            raise _refusal(place, "такой kid уже есть", "this kid is there already")
        found[kept["kid"]] = kept
    return list(found.values())


_NO_KEY: Final = "it is no public key of RSA, P-256 or Ed25519"


def _check_kind(parsed: Any, place: str) -> None:
    match parsed:
        case RSAPublicKey() if parsed.key_size < SHORTEST_RSA:
            raise _refusal(
                place,
                f"ключ RSA короче {SHORTEST_RSA} бит",
                f"the RSA key is shorter than {SHORTEST_RSA} bits",
            )
        case EllipticCurvePublicKey() if parsed.curve.name == "secp256r1":
            return
        case RSAPublicKey() | Ed25519PublicKey():
            return
        case _:
            raise _refusal(
                place, "это не открытый ключ RSA, P-256 или Ed25519", _NO_KEY
            )


def _refusal(place: str, ru: str, en: str) -> InvalidInputError:
    reason = Text(f"Ключ не принят: {ru}.", f"The key was refused: {en}.")
    return InvalidInputError(reason, faults=[Fault(column=place, reason=reason)])
