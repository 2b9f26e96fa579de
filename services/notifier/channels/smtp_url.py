"""Reading an SMTP server's address, such as ``smtp://user:secret@host:587``."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shared.domain.errors import InvalidInputError, Text

_STARTTLS: dict[str, bool | None] = {"auto": None, "always": True, "never": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in; `starttls` None means: if the server offers it."""

    host: str
    port: int | None  # None: the usual port for the kind of encryption
    username: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool
    starttls: bool | None


class SmtpUrlError(InvalidInputError):
    """The address of the mail server cannot be read; the password is never shown."""

    code = "smtp_url_invalid"
    title = Text("Неверный адрес почтового сервера", "The mail server's URL is wrong")

    def __init__(self, ru: str, en: str) -> None:
        pattern = "smtp[s]://[user:password@]host[:port][?starttls=auto|always|never]"
        super().__init__(
            Text(
                f"SMTP_URL: {ru}; нужен вид {pattern}",
                f"SMTP_URL: {en}; expected {pattern}",
            )
        )


def parse_smtp_url(url: str) -> SmtpServer:
    """Read ``smtp://`` (STARTTLS) or ``smtps://`` (TLS from the first byte).

    A password is sent over an encrypted connection only, unless the URL itself says
    ``starttls=never``; without a password, STARTTLS is used where it is offered.

    Raises:
        SmtpUrlError: Scheme, host, port or option is missing or unknown.
    """
    parts, port = _split(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise SmtpUrlError("неизвестная схема", "unknown scheme")
    if not parts.hostname or any(c.isspace() for c in unquote(parts.hostname)):
        raise SmtpUrlError("нет имени сервера", "the host is missing")
    if parts.path not in {"", "/"} or parts.fragment:
        raise SmtpUrlError("лишний путь после порта", "nothing may follow the port")
    if (parts.username is None) != (parts.password is None):
        ru = "имя и пароль задаются только вместе"
        raise SmtpUrlError(ru, "a user name and a password go together")
    implicit_tls = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=port,
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        implicit_tls=implicit_tls,
        starttls=_starttls(parts, implicit_tls=implicit_tls),
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # The cause quotes the URL, and with it the password.
        raise SmtpUrlError("неверный адрес или порт", "bad host or port") from None
    return parts, port


def _starttls(parts: SplitResult, *, implicit_tls: bool) -> bool | None:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    default = "always" if parts.password is not None else "auto"
    choice = options.pop("starttls", "never" if implicit_tls else default)
    if options:
        raise SmtpUrlError("неизвестный параметр", "unknown option")
    if choice not in _STARTTLS or (implicit_tls and choice == "always"):
        raise SmtpUrlError("неверное значение starttls", "bad value of starttls")
    return _STARTTLS[choice]
