"""Addresses of other systems: what may be called, and what may be said of it."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from shared.domain.errors import InvalidInputError, Text

LONGEST_URL: Final = 1_000
PORTS: Final = {"https": 443, "http": 80}

# Messengers whose addresses are their own, by the scheme that Apprise knows them by.
OWN_ADDRESS: Final = {
    "discord": "Discord",
    "gchat": "Google Chat",
    "line": "LINE",
    "pbul": "Pushbullet",
    "pover": "Pushover",
    "slack": "Slack",
    "tgram": "Telegram",
    "wxteams": "Webex Teams",
    "zulip": "Zulip",
}
# Those that anybody can run: their address is looked at before it is called.
ANY_ADDRESS: Final = {
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "nctalk": "Nextcloud Talk",
    "nctalks": "Nextcloud Talk",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
}
MESSENGERS: Final = OWN_ADDRESS | ANY_ADDRESS


class EndpointRefusedError(InvalidInputError):
    """An address that is not called; its secret parts are not shown."""

    code = "endpoint_refused"
    title = Text("Адрес не годится", "The address cannot be used")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a webhook goes; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """What of it may be shown: no path, where secrets often stand."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def webhook_endpoint(url: str) -> Endpoint:
    """Read the address of a webhook.

    Raises:
        EndpointRefusedError: it is not http or https, names no host, or has a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("адрес не читается", "it cannot be read") from None
    if parts.scheme not in PORTS:
        raise _refused("нужен https://…", "it must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _refused("имя и пароль в адресе не допускаются", "it has a password")
    if not parts.hostname or not url.isascii() or any(c <= " " for c in url):
        raise _refused("нет имени узла", "it names no host")
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    return Endpoint(parts.scheme, parts.hostname, port or PORTS[parts.scheme], target)


def messenger_of(url: str) -> str:
    """Return the name of the messenger that an Apprise address belongs to.

    Raises:
        EndpointRefusedError: it is none that may be used.
    """
    scheme = url.partition("://")[0].lower()
    if scheme not in MESSENGERS:
        known = ", ".join(sorted(MESSENGERS))
        raise _refused(f"схема должна быть одной из: {known}", f"use one of: {known}")
    return MESSENGERS[scheme]


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open Internet.

    Addresses that carry another one inside are not: they lead wherever that does.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
        if ip in NAT64:
            return False
    return ip.is_global and not ip.is_multicast


NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def _refused(ru: str, en: str) -> EndpointRefusedError:
    return EndpointRefusedError(
        Text(f"Адрес не принят: {ru}.", f"The address is refused: {en}.")
    )
