"""Why a change is made: asked of every write alike, kept in the audit."""

from typing import Annotated

from fastapi import Query

SHORTEST, LONGEST = 3, 500
# PostgreSQL's texts hold any character but U+0000; blanks alone are no reason.
PATTERN = r"^[^\x00]*[^\s\x00][^\x00]*$"

Reason = Annotated[
    str | None,
    Query(
        min_length=SHORTEST,
        max_length=LONGEST,
        pattern=PATTERN,
        description=(
            "Why the change is made, kept in the audit. Required to correct data of a "
            "year that was submitted, accepted or locked; that also takes the "
            "permission `years:correct`"
        ),
    ),
]
