"""Where the links of messages lead that the launcher's notifier sends."""

import pytest

from services.local.launcher import public_address
from services.local.settings import local_settings

REAL = {"PODYOM_MODE": "production", "SECRET_KEY": "s" * 32}


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "8001"}, "http://127.0.0.1:8001"),  # noqa: S104 (nothing listens here)
        ({"PUBLIC_URL": "http://podyom.example.ru/"}, "http://podyom.example.ru"),
        (REAL, ""),
        (
            REAL | {"PUBLIC_URL": "https://podyom.example.ru"},
            "https://podyom.example.ru",
        ),
    ],
)
def test_links_lead_to_this_machine_in_a_sandbox_only(
    environ: dict[str, str], address: str
) -> None:
    assert public_address(local_settings(environ)) == address
