"""What nobody has used for a while, as reviews of access ask for it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from shared.runtime.clock import system_now

UnusedDays = Annotated[
    int | None,
    Query(
        ge=1,
        le=3660,
        description="Only those in force that were not used for so many days",
    ),
]


def unused_since(days: int | None) -> datetime | None:
    """Return the moment so many days ago; None where nobody asks."""
    return None if days is None else system_now() - timedelta(days=days)
