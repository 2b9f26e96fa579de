"""Keys of webhooks, as Standard Webhooks 1.0 writes them."""

from base64 import b64decode, b64encode
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES: Final = 32
SYMMETRIC: Final = "whsec_"
PRIVATE: Final = "whsk_"
PUBLIC: Final = "whpk_"


class Scheme(StrEnum):
    """How a webhook is signed.

    `V1`: HMAC-SHA256 with a key that both sides have. `V1A`: ed25519, whose public key
    anybody may have.
    """

    V1 = "v1"
    V1A = "v1a"


def symmetric_secret(random: bytes) -> str:
    """Return a secret of random bytes: ``whsec_…``."""
    return SYMMETRIC + b64encode(random).decode()


def private_key(random: bytes) -> str:
    """Return a private key of 32 random bytes: ``whsk_…``."""
    return PRIVATE + b64encode(random).decode()


def public_key(private: str) -> str:
    """Return the public half of a private key: ``whpk_…``."""
    raw = signing_key(private).public_key().public_bytes_raw()
    return PUBLIC + b64encode(raw).decode()


def signing_key(private: str) -> Ed25519PrivateKey:
    """Read a private key."""
    return Ed25519PrivateKey.from_private_bytes(
        b64decode(private.removeprefix(PRIVATE))
    )
