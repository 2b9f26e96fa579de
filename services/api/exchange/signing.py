"""What calls are signed with."""

import secrets
from base64 import b64encode
from typing import Final

SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 (what all secrets of webhooks begin with)


def new_secret() -> str:
    """Return a key of Standard Webhooks that nobody has yet."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
