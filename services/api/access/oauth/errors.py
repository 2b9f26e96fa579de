"""Refusals of the token endpoint, in the shape that every OAuth client expects.

All else here answers RFC 9457 problems. The libraries that programs ask for tokens with
read `error` and `error_description` (RFC 6749, 5.2), and nothing else.
"""

from typing import Final

from fastapi.responses import JSONResponse

from services.api.access.oauth.schemas import OAuthErrorOut

REALM: Final = 'Basic realm="podyom", charset="UTF-8"'
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
UNAUTHORIZED: Final = 401
BAD_REQUEST: Final = 400


class OAuthError(Exception):
    """A request for a token that is refused; `code` is one of RFC 6749, 5.2.

    The description is English in ASCII, as the RFC asks, and repeats nothing that was
    sent.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def invalid_client(description: str) -> OAuthError:
    """Return the refusal of whoever did not prove to be the client."""
    return OAuthError("invalid_client", description)


def invalid_request(description: str) -> OAuthError:
    """Return the refusal of a request that is not one."""
    return OAuthError("invalid_request", description)


def answer_of(error: OAuthError) -> JSONResponse:
    """Return the refusal as it is answered."""
    is_unproven = error.code == "invalid_client"
    shown = OAuthErrorOut(error=error.code, error_description=error.description)
    return JSONResponse(
        shown.model_dump(),
        status_code=UNAUTHORIZED if is_unproven else BAD_REQUEST,
        headers={**NO_STORE, **({"WWW-Authenticate": REALM} if is_unproven else {})},
    )
