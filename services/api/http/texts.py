"""Texts of bodies, as PostgreSQL can hold them and codes are written."""

from typing import Annotated

from pydantic import Field, StringConstraints


def text_up_to(longest: int) -> StringConstraints:
    """Return what a text must be: trimmed, not empty, without U+0000.

    PostgreSQL's texts hold any other character. `longest` is in characters.
    """
    return StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=longest,
        pattern=r"^[^\x00]*$",
    )


PlaceCode = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)
]
