"""What the description of the API says of the routes of OneRoster."""

from typing import Any, Final

from services.api.oneroster.refusals import refusals

_ERRORS: Final = (400, 401, 403, 404, 422, 503)
_PAGE_HEADERS: Final = {
    "X-Total-Count": {
        "description": "How many there are on all pages",
        "schema": {"type": "integer"},
    },
    "Link": {
        "description": "Addresses of the first, last, next and previous page",
        "schema": {"type": "string"},
    },
}


def described_page(model: type) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a page."""
    answer = {"model": model, "description": "A page", "headers": _PAGE_HEADERS}
    return {200: answer, **refusals(*_ERRORS)}


def described_one(model: type) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of one thing."""
    return {200: {"model": model, "description": "One"}, **refusals(*_ERRORS)}
