"""The address that the links of messages lead to."""

import pytest

from shared.runtime.notifier_settings import LinkSettings, notifier_settings
from shared.runtime.settings import SettingsError

SECRET = "s" * 32
NEEDED = {
    "DATABASE_URL": "postgresql://localhost/podyom",
    "REDIS_URL": "redis://localhost",
    "SMTP_URL": "smtp://localhost",
    "SECRET_KEY": SECRET,
}


@pytest.mark.parametrize(
    ("given", "public_url"),
    [
        ("https://podyom.example.ru", "https://podyom.example.ru"),
        ("https://podyom.example.ru/", "https://podyom.example.ru"),
        ("https://example.ru:8443/podyom/", "https://example.ru:8443/podyom"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_links_lead_to_the_public_address(given: str, public_url: str) -> None:
    settings = notifier_settings(NEEDED | {"PUBLIC_URL": given})
    assert settings.links == LinkSettings(public_url=public_url, secret_key=SECRET)


def test_without_a_public_address_no_secret_is_needed_and_there_are_no_links() -> None:
    bare = {name: NEEDED[name] for name in NEEDED if name != "SECRET_KEY"}
    assert notifier_settings(bare).links is None
    assert notifier_settings(bare | {"PUBLIC_URL": " "}).links is None


@pytest.mark.parametrize(
    "given",
    [
        "podyom.example.ru",
        "ftp://podyom.example.ru",
        "https://",
        "https://podyom.example.ru?x=1",
        "https://podyom.example.ru#x",
        "https://user:word@podyom.example.ru",
        "https://podyom.example.ru:0",
        "https://podyom.example.ru:70000",
        "https://подъём.рф",
        "https://podyom.example.ru/\r\nX: y",
        'https://podyom.example.ru/"><b>',
        "https://podyom.example.ru/" + "a" * 150,
        "https://[::x]",
        "http://podyom.example.ru",
        "http://127.0.0.1.example.ru",
    ],
)
def test_what_no_link_can_begin_with_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL=") as refused:
        notifier_settings(NEEDED | {"PUBLIC_URL": given})
    assert refused.value.text.ru.startswith("PUBLIC_URL=")


def test_a_sandbox_may_be_reached_without_encryption() -> None:
    given = {"PUBLIC_URL": "http://podyom.example.ru", "PODYOM_MODE": "sandbox"}
    links = notifier_settings(NEEDED | given).links
    assert links is not None
    assert links.public_url == "http://podyom.example.ru"


def test_links_need_the_secret_of_the_api() -> None:
    given = NEEDED | {"PUBLIC_URL": "https://podyom.example.ru", "SECRET_KEY": ""}
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        notifier_settings(given)
