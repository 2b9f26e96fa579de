"""Under which address people and programs reach the api."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.runtime.environment import Mode, SettingsError, mode_of

LONGEST_PUBLIC_URL = 150  # characters; a token is added to it

# Printable ASCII that mails carry as it is: no sign-in, no query, no fragment.
_PUBLIC_URL = re.compile(
    r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def public_url_of(environ: Mapping[str, str]) -> str | None:
    """Return under which address people reach the api, without a slash at its end.

    Raises:
        SettingsError: it is no such address, or not https where there are real data.
    """
    url = environ.get("PUBLIC_URL", "").strip().rstrip("/")
    if not url:
        return None
    host = _host_of(url)
    if host is None or len(url) > LONGEST_PUBLIC_URL:
        raise SettingsError(
            f"PUBLIC_URL={url}: нужен адрес вида https://podyom.example.ru без имени "
            f"пользователя, «?» и «#», не длиннее {LONGEST_PUBLIC_URL} знаков; "
            "кириллический домен пишется как xn--….",
            f"PUBLIC_URL={url}: it must be like https://podyom.example.ru, without a "
            f"user, “?” or “#”, of {LONGEST_PUBLIC_URL} characters at most; a domain "
            "in other letters is written as xn--….",
        )
    is_open = url.startswith("http:") and host not in _LOOPBACK
    if is_open and mode_of(environ) is Mode.PRODUCTION:
        raise SettingsError(
            f"PUBLIC_URL={url}: в режиме production нужен адрес https://….",
            f"PUBLIC_URL={url}: in production it must be an address https://….",
        )
    return url


def _host_of(url: str) -> str | None:
    if _PUBLIC_URL.fullmatch(url) is None:
        return None
    try:
        parts = urlsplit(url)
        is_usable = parts.port != 0
    except ValueError:
        return None
    return parts.hostname if is_usable else None
