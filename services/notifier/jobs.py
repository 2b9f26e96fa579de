"""The doorbell: what arq calls when something may have become due."""

from collections.abc import Callable
from typing import Any

RING = "ring"  # key in arq's context of a `Ring`

Ring = Callable[[int], None]


async def remind(ctx: dict[str, Any], municipality_id: int) -> None:
    """Have a municipality looked at at once.

    The sweep does the work, so that a lost, doubled or interrupted job is harmless.
    """
    ring: Ring = ctx[RING]
    ring(municipality_id)
