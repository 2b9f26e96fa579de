"""What receivers check webhooks by: the headers of Standard Webhooks 1.0."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook

from shared.domain.webhook_keys import Scheme, signing_key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that a webhook is signed with."""

    scheme: Scheme
    secret: str = field(repr=False)

    def sign(self, number: str, moment: datetime, body: str) -> str:
        """Return a signature with its scheme before it: ``v1,…``."""
        if self.scheme is Scheme.V1:
            return Webhook(self.secret).sign(number, moment, body)
        signed = f"{number}.{int(moment.timestamp())}.{body}".encode()
        signature = signing_key(self.secret).sign(signed)
        return f"{self.scheme},{b64encode(signature).decode()}"


def signed_headers(
    number: str, body: str, keys: Sequence[SigningKey], *, at: datetime
) -> dict[str, str]:
    """Return id, time and the signatures by all of the keys.

    `number` is the same at every attempt; `at` is the moment of this one.
    """
    moment = datetime.fromtimestamp(int(at.timestamp()), UTC)
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(int(moment.timestamp())),
    }
    if keys:
        signatures = (key.sign(number, moment, body) for key in keys)
        headers["webhook-signature"] = " ".join(signatures)
    return headers
