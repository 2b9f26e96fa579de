"""What the authorization server calls itself."""

import pytest

from shared.runtime.settings import SettingsError, api_settings

NEEDED = {
    "DATABASE_URL": "postgresql://localhost/podyom",
    "REDIS_URL": "redis://localhost",
    "SECRET_KEY": "s" * 32,
}


@pytest.mark.parametrize(
    ("given", "issuer"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "80"}, "http://[::1]:80"),
        ({"PUBLIC_URL": "https://podyom.example.ru/"}, "https://podyom.example.ru"),
    ],
)
def test_the_issuer_is_the_address_that_the_settings_name(
    given: dict[str, str], issuer: str
) -> None:
    assert api_settings(NEEDED | given).issuer == issuer


def test_an_issuer_that_anybody_on_the_way_could_play_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL="):
        api_settings(NEEDED | {"PUBLIC_URL": "http://podyom.example.ru"})
