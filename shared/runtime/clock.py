"""The only place that reads the machine's clock.

What happens in the domain takes place at the time of its transaction
(`Work.now`), which in a sandbox may be another day; tokens and leases go by the
machine.
"""

from datetime import UTC, datetime


def system_now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(tz=UTC)  # noqa: TID251 (this is the one place)
