"""How the limits of requests are set."""

import pytest

from shared.runtime.rate_limit_settings import RateLimits, rate_limits_of
from shared.runtime.settings import SettingsError


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        ({}, (3_000, 600)),
        ({"PODYOM_MODE": "sandbox"}, (1_000_000, 1_000_000)),
        ({"RATE_LIMIT": "60", "RATE_LIMIT_ANONYMOUS": " 0 "}, (60, 0)),
        ({"PODYOM_MODE": "sandbox", "RATE_LIMIT": "5"}, (5, 1_000_000)),
    ],
)
def test_limits_are_those_given_or_those_of_the_mode(
    given: dict[str, str], limits: tuple[int, int]
) -> None:
    of_accounts, of_addresses = limits
    assert rate_limits_of(given) == RateLimits(
        of_accounts=of_accounts, of_addresses=of_addresses
    )


@pytest.mark.parametrize("value", ["-1", "many", "1.5", "10000001"])
def test_what_is_no_number_of_requests_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^RATE_LIMIT_ANONYMOUS="):
        rate_limits_of({"RATE_LIMIT_ANONYMOUS": value})
