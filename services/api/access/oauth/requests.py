"""Reading a request for a token: its form, and how the client proves itself."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from services.api.access.oauth.errors import (
    OAuthError,
    invalid_client,
    invalid_request,
)
from services.api.access.oauth.schemas import ASSERTION, FORM, GRANT

LONGEST_FORM: Final = 32_768  # bytes
MOST_FIELDS: Final = 50


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What is asked for, and either a secret or an assertion."""

    client_id: str | None
    secret: str | None
    assertion: str | None
    scopes: frozenset[str] | None


def read_request(
    body: bytes, *, content_type: str, authorization: str | None
) -> TokenRequest:
    """Return what the request asks for.

    Raises:
        OAuthError: it is no request for a token by client credentials.
    """
    form = _form_of(body, content_type)
    grant = form.get("grant_type")
    if grant is None:
        raise invalid_request("The parameter grant_type is missing.")
    if grant != GRANT:
        raise OAuthError(
            "unsupported_grant_type", f"The only grant_type here is {GRANT}."
        )
    client_id, secret = form.get("client_id"), form.get("client_secret")
    assertion = _assertion_of(form)
    basic = _basic_of(authorization)
    if sum(each is not None for each in (secret, assertion, basic)) > 1:
        raise invalid_request("The client proves itself in more than one way.")
    if basic is not None:
        if client_id not in {None, basic[0]}:
            raise invalid_request("The client_id is another one than in the header.")
        client_id, secret = basic
    scopes = frozenset(form["scope"].split(" ")) - {""} if "scope" in form else None
    return TokenRequest(client_id, secret, assertion, scopes or None)


def _form_of(body: bytes, content_type: str) -> dict[str, str]:
    """Return the parameters; without a value they are left out (RFC 6749, 3.2)."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise invalid_request(f"The body must be {FORM}.")
    if len(body) > LONGEST_FORM:
        raise invalid_request("The body is too long.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise invalid_request("The body cannot be read.") from None
    names = [name for name, _value in pairs]
    if len(names) != len({*names}):
        raise invalid_request("A parameter is there more than once.")
    return {name: value for name, value in pairs if value}


def _assertion_of(form: dict[str, str]) -> str | None:
    kind, assertion = form.get("client_assertion_type"), form.get("client_assertion")
    if kind is None and assertion is None:
        return None
    if kind != ASSERTION or assertion is None:
        raise invalid_request(
            f"client_assertion and client_assertion_type go together; the type is "
            f"{ASSERTION}."
        )
    return assertion


def _basic_of(authorization: str | None) -> tuple[str, str] | None:
    """Return name and secret of HTTP Basic, each form-encoded (RFC 6749, 2.3.1)."""
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode()
        name, secret = decoded.split(":", 1)
        return (
            unquote_plus(name, errors="strict"),
            unquote_plus(secret, errors="strict"),
        )
    except (binascii.Error, ValueError):
        raise invalid_client("The header Authorization cannot be read.") from None
