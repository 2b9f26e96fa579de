"""How many requests a minute one caller may send."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.runtime.environment import Mode, SettingsError, mode_of

HIGHEST = 10_000_000  # requests a minute
OF_ACCOUNTS, OF_ADDRESSES = "RATE_LIMIT", "RATE_LIMIT_ANONYMOUS"
# In earnest. A sandbox is for trying things out, and for measuring them.
IN_EARNEST = {OF_ACCOUNTS: 3_000, OF_ADDRESSES: 600}
IN_A_SANDBOX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Requests a minute; 0 is no limit.

    `of_accounts` is that of each account, client and token; `of_addresses` that of all
    who come from one address without telling who they are.
    """

    of_accounts: int = IN_A_SANDBOX
    of_addresses: int = IN_A_SANDBOX


def rate_limits_of(environ: Mapping[str, str]) -> RateLimits:
    """Return the limits; those of a sandbox are so high that nobody meets them.

    Raises:
        SettingsError: one of them is no number from 0.
    """
    return RateLimits(
        of_accounts=_limit_of(environ, OF_ACCOUNTS),
        of_addresses=_limit_of(environ, OF_ADDRESSES),
    )


def _limit_of(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name, "").strip()
    if not value:
        is_real = mode_of(environ) is Mode.PRODUCTION
        return IN_EARNEST[name] if is_real else IN_A_SANDBOX
    if not value.isdecimal() or int(value) > HIGHEST:
        raise SettingsError(
            f"{name}={value}: нужно число запросов в минуту от 0 (без лимита) до "
            f"{HIGHEST}.",
            f"{name}={value}: it must be a number of requests a minute from 0 (no "
            f"limit) to {HIGHEST}.",
        )
    return int(value)
