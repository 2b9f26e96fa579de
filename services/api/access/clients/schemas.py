"""Bodies of registering clients."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.api.http.dates import Moment
from services.api.http.ids import RowNumber
from services.api.http.numbers import Whole
from shared.domain.permissions import Permission
from shared.domain.scopes import Scope

LONGEST_NAME = 100  # characters
MOST_KEYS = 5
LARGEST_RATE = 10_000_000  # requests a minute
LONGEST_MEMBER = 2_000  # characters: an RSA key of 8192 bits has 1366
P256: dict[str, JsonValue] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "1",
}

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Scopes = Annotated[list[Permission | Scope], Field(min_length=1, max_length=100)]
Rate = Annotated[Whole, Field(ge=1, le=LARGEST_RATE)]
Member = Annotated[str, Field(max_length=LONGEST_MEMBER)]


class JwkIn(BaseModel):
    """A public key (RFC 7517): RSA of 2048 bits or more, P-256, or Ed25519.

    Members of a private key are refused.
    """

    model_config = ConfigDict(extra="forbid")

    kty: Literal["RSA", "EC", "OKP"]
    kid: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    use: Annotated[str | None, Field(max_length=20)] = None
    alg: Annotated[str | None, Field(max_length=20)] = None
    key_ops: Annotated[list[Member] | None, Field(max_length=20)] = None
    n: Member | None = None
    e: Member | None = None
    crv: Annotated[str | None, Field(max_length=20)] = None
    x: Member | None = None
    y: Member | None = None


class JwksIn(BaseModel):
    """A set of public keys (RFC 7517, 5)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"keys": [P256]}}
    )

    keys: Annotated[list[JwkIn], Field(min_length=1, max_length=MOST_KEYS)]


class ClientIn(BaseModel):
    """What a program shall be able to do, where, and until when.

    With `jwks` it proves itself by assertions that it signs (`private_key_jwt`), and
    no secret is made. Without a place it is the issuer's own.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Региональная информационная система",
                "scopes": ["organisations:read", "results:read"],
                "expires_at": "2027-06-30T00:00:00Z",
            }
        },
    )

    name: Name
    scopes: Scopes
    region_id: RowNumber | None = None
    municipality_id: RowNumber | None = None
    school_id: RowNumber | None = None
    expires_at: Moment = Field(description="By the real clock; two years at most")
    rate_limit: Rate | None = Field(
        default=None,
        description="Requests a minute; only administrators go above the general limit",
    )
    jwks: JwksIn | None = None


class ClientPatch(BaseModel):
    """What of a client shall be otherwise; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"scopes": ["organisations:read"]}},
    )

    name: Name | None = None
    scopes: Scopes | None = None
    expires_at: Moment | None = None
    rate_limit: Rate | None = Field(
        default=None, description="null returns to the installation's own limit"
    )


class SecretIn(BaseModel):
    """A second secret; the present ones stay good until the moment given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"others_end_at": "2026-12-31T00:00:00Z"}},
    )

    others_end_at: Moment | None = Field(
        default=None,
        description="By the real clock; without it they stay until they are revoked",
    )
    expires_at: Moment | None = Field(
        default=None, description="Of the new one; without it, it ends with the client"
    )


class ClientOut(BaseModel):
    """A client without what it proves itself by; times are real ones."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    client_id: str = Field(description="What OAuth calls the client")
    name: str
    scopes: list[str]
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    issuer_id: int
    account_id: int = Field(description="The account that the audit names as the actor")
    rate_limit: int | None = Field(description="Requests a minute, if it has its own")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute or so")
    last_used_address: str | None


class NewClientOut(ClientOut):
    """A client at the only time that its secret is shown."""

    client_secret: str | None = Field(description="None where it has a key")


class CredentialOut(BaseModel):
    """What a client proves itself by, without the secret itself."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: Literal["secret", "key"]
    key_id: str | None = Field(description="`kid` of a key")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute or so")
    last_used_address: str | None


class NewSecretOut(CredentialOut):
    """A secret at the only time that it is shown."""

    client_secret: str
