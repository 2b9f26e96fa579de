"""If-Match: a change says which version it was made from (RFC 9110, 13.1.1).

Where it is required, a request without it is answered 428 (RFC 6585, 3), so that nobody
overwrites what another has saved meanwhile without having seen it.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from shared.domain.errors import DomainError, Text

# A weak tag never matches here. What follows the version is the digest of an answer's
# bytes: the version alone is what a change can overwrite.
_VERSION: Final = re.compile(r'(?:^|,)[ \t]*"(\d{1,18})(?:-[0-9a-f]*)?"[ \t]*(?=,|$)')


class PreconditionRequiredError(DomainError):
    """The change has to say, with If-Match, which version it was made from."""

    code = "precondition_required"
    title = Text("Укажите версию", "The version is required")


class PreconditionFailedError(DomainError):
    """Somebody has changed it since the version that If-Match names."""

    code = "precondition_failed"
    title = Text("Версия устарела", "The version is out of date")


@dataclass(frozen=True, slots=True)
class Expected:
    """The versions that a change may be applied to; None is whatever version."""

    versions: frozenset[int] | None

    def check(self, version: int) -> None:
        """Compare with the version that is there, once nobody else can change it.

        Raises:
            PreconditionFailedError: it is another one.
        """
        if self.versions is None or version in self.versions:
            return
        raise PreconditionFailedError(
            Text(
                f"Ничего не изменено: сейчас действует версия {version}. Её записал "
                "кто-то ещё, или If-Match взят не отсюда. Прочитайте запись снова, "
                "проверьте и повторите с её ETag.",
                f"Nothing was changed: the version is {version} by now. Somebody else "
                "has changed it, or the If-Match is not from here. Read it again, "
                "check, and repeat with its ETag.",
            )
        )


def expected_of(field: str) -> Expected:
    """Return what an If-Match allows: `*`, or tags that begin with a version.

    >>> expected_of('"3-5f2b", "4"').versions == {3, 4}
    True
    """
    if field.strip() == "*":
        return Expected(None)
    return Expected(frozenset(int(found) for found in _VERSION.findall(field)))


async def required_if_match(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description=(
                "The ETag that was read, or the version in quotes; `*` is whatever "
                "version"
            ),
        ),
    ] = None,
) -> Expected:
    """Return which versions the request may change.

    Raises:
        PreconditionRequiredError: it does not say.
    """
    if if_match is None:
        raise PreconditionRequiredError(
            Text(
                "Добавьте заголовок If-Match: ETag, с которым запись была прочитана, "
                "или *, если годится любая версия.",
                "Add the header If-Match: the ETag that came with what was read, or * "
                "if any version will do.",
            )
        )
    return expected_of(", ".join(request.headers.getlist("if-match")))


IfMatch = Annotated[Expected, Depends(required_if_match)]


async def optional_if_match(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag that was read: a newer version is kept",
        ),
    ] = None,
) -> Expected:
    """Return which versions the request may change: all of them, if it does not say."""
    if if_match is None:
        return Expected(None)
    return expected_of(", ".join(request.headers.getlist("if-match")))


OptionalIfMatch = Annotated[Expected, Depends(optional_if_match)]
