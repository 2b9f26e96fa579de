"""What the token endpoint takes and answers (RFC 6749, RFC 7523, RFC 8414)."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

FORM: Final = "application/x-www-form-urlencoded"
GRANT: Final = "client_credentials"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
METHODS: Final = ("client_secret_basic", "client_secret_post", "private_key_jwt")
ALGORITHMS: Final = ("RS256", "ES256", "EdDSA")

_TEXT: Final = {"type": "string"}
# The route reads the form itself: a parameter that is sent twice has to be refused.
BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "title": "TokenRequest",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": [GRANT]},
                    "scope": {
                        **_TEXT,
                        "description": "Fewer scopes than the client has, by spaces",
                    },
                    "client_id": _TEXT,
                    "client_secret": _TEXT,
                    "client_assertion_type": {"type": "string", "enum": [ASSERTION]},
                    "client_assertion": _TEXT,
                },
            },
            "example": {
                "grant_type": GRANT,
                "client_id": "pdc_0123456789abcdef01234567",
                "client_secret": "pds_shown-once-when-the-client-was-registered",
                "scope": "organisations:read results:read",
            },
        }
    },
}


class AccessTokenOut(BaseModel):
    """A token, for the header `Authorization: Bearer …` (RFC 6749, 5.1)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 (a kind of token)
    expires_in: int = Field(description="Seconds")
    scope: str = Field(description="What it may do, by spaces")


class OAuthErrorOut(BaseModel):
    """Why there is no token (RFC 6749, 5.2)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "error": "invalid_client",
                "error_description": "The client or its secret is not known.",
            }
        }
    )

    error: str = Field(
        description=(
            "invalid_request, invalid_client, unsupported_grant_type or invalid_scope"
        )
    )
    error_description: str


class AuthorizationServerOut(BaseModel):
    """What OAuth clients can find out by themselves (RFC 8414, 2)."""

    issuer: str
    token_endpoint: str
    grant_types_supported: list[str] = [GRANT]
    response_types_supported: list[str] = []
    token_endpoint_auth_methods_supported: list[str] = list(METHODS)
    token_endpoint_auth_signing_alg_values_supported: list[str] = list(ALGORITHMS)
    scopes_supported: list[str]
    service_documentation: str
