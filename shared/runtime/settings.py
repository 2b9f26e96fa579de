"""Settings of the services, read once from the environment by each `__main__`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shared.runtime.environment import Mode, SettingsError, mode_of, required
from shared.runtime.public_url import public_url_of
from shared.runtime.rate_limit_settings import RateLimits, rate_limits_of

# Every service asks here for what its own settings are made of.
__all__ = [
    "ApiSettings",
    "Mode",
    "OidcSettings",
    "S3Settings",
    "ScoringSettings",
    "SettingsError",
    "api_settings",
    "mode_of",
    "required",
    "scoring_settings",
    "secret_of",
]

SHORTEST_SECRET = 32  # characters: 256 bits when random and hexadecimal
HIGHEST_PORT = 65535
FEWEST_PUBLIC_PUPILS = 5  # counts below it are withheld from the public
S3_KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """Whose word about people is taken, and what this system is called there."""

    issuer: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Settings:
    """A bucket, and who asks; `url` is like ``s3://bucket/folder``."""

    url: str
    endpoint: str | None
    region: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """Settings of the api."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    mode: Mode
    host: str
    port: int
    data_dir: Path
    oidc: OidcSettings | None = None
    s3: S3Settings | None = None  # without it files lie in a folder of `data_dir`
    public_minimum: int = FEWEST_PUBLIC_PUPILS
    metrics_token: str | None = field(default=None, repr=False)
    public_url: str | None = None
    rate_limits: RateLimits = field(default_factory=RateLimits)

    @property
    def issuer(self) -> str:
        """Return what this authorization server is called (RFC 8414): its address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringSettings:
    """Settings of the scoring worker."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)


def port_of(environ: Mapping[str, str]) -> int:
    """Return the TCP port of the api, 8000 by default."""
    value = environ.get("PORT", "").strip() or "8000"
    if not value.isdecimal() or not 0 < int(value) <= HIGHEST_PORT:
        raise SettingsError(
            f"PORT={value}: нужен номер от 1 до {HIGHEST_PORT}.",
            f"PORT={value}: it must be a number from 1 to {HIGHEST_PORT}.",
        )
    return int(value)


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """Return the folder that the system may write to, `./data` by default."""
    return Path(environ.get("DATA_DIR", "").strip() or "data")


def secret_of(environ: Mapping[str, str]) -> str:
    """Return the key that signs tokens; a short one is refused."""
    secret = required(environ, "SECRET_KEY")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"SECRET_KEY короче {SHORTEST_SECRET} знаков. Создайте новый: "
            "python -c 'import secrets; print(secrets.token_hex(32))'",
            f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters. Make one: "
            "python -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return secret


def oidc_of(environ: Mapping[str, str]) -> OidcSettings | None:
    """Return the identity provider, if one is named; half of it is refused."""
    issuer = environ.get("OIDC_ISSUER", "").strip()
    audience = environ.get("OIDC_AUDIENCE", "").strip()
    if not issuer and not audience:
        return None
    if not issuer or not audience:
        raise SettingsError(
            "OIDC_ISSUER и OIDC_AUDIENCE задаются вместе или не задаются.",
            "OIDC_ISSUER and OIDC_AUDIENCE are set both or not at all.",
        )
    local = ("http://localhost", "http://127.0.0.1", "http://[::1]")
    if not issuer.startswith(("https://", *local)):
        raise SettingsError(
            f"OIDC_ISSUER={issuer}: нужен адрес https://….",
            f"OIDC_ISSUER={issuer}: it must be an address https://….",
        )
    return OidcSettings(issuer=issuer, audience=audience)


def s3_of(environ: Mapping[str, str]) -> S3Settings | None:
    """Return the bucket that `FILES_URL` names; without it files lie in a folder.

    Raises:
        SettingsError: it is no address of a bucket, or its keys are missing.
    """
    url = environ.get("FILES_URL", "").strip()
    if not url:
        return None
    address = urlsplit(url)
    if address.scheme != "s3" or not address.netloc:
        raise SettingsError(
            f"FILES_URL={url}: нужен адрес вида s3://bucket/folder, или оставьте "
            "пустым: тогда файлы лежат в DATA_DIR/files.",
            f"FILES_URL={url}: it must be like s3://bucket/folder, or empty: then "
            "files lie in DATA_DIR/files.",
        )
    key_id, secret = (required(environ, name) for name in S3_KEYS)
    return S3Settings(
        url=url,
        endpoint=environ.get("AWS_ENDPOINT_URL", "").strip() or None,
        region=environ.get("AWS_REGION", "").strip() or "us-east-1",
        access_key_id=key_id,
        secret_access_key=secret,
    )


def public_minimum_of(environ: Mapping[str, str]) -> int:
    """Return below which count of pupils the public is told nothing, 5 by default."""
    value = environ.get("PUBLIC_MINIMUM", "").strip() or str(FEWEST_PUBLIC_PUPILS)
    if not value.isdecimal() or int(value) < FEWEST_PUBLIC_PUPILS:
        raise SettingsError(
            f"PUBLIC_MINIMUM={value}: нужно число не меньше {FEWEST_PUBLIC_PUPILS}.",
            f"PUBLIC_MINIMUM={value}: it must be a number, {FEWEST_PUBLIC_PUPILS} "
            "or more.",
        )
    return int(value)


def api_settings(environ: Mapping[str, str]) -> ApiSettings:
    """Read the settings of the api, refusing a start without its secrets."""
    return ApiSettings(
        database_url=required(environ, "DATABASE_URL"),
        redis_url=required(environ, "REDIS_URL"),
        secret_key=secret_of(environ),
        mode=mode_of(environ),
        host=environ.get("HOST", "").strip() or "127.0.0.1",
        port=port_of(environ),
        data_dir=data_dir_of(environ),
        oidc=oidc_of(environ),
        s3=s3_of(environ),
        public_minimum=public_minimum_of(environ),
        metrics_token=environ.get("METRICS_TOKEN", "").strip() or None,
        public_url=public_url_of(environ),
        rate_limits=rate_limits_of(environ),
    )


def scoring_settings(environ: Mapping[str, str]) -> ScoringSettings:
    """Read the settings of the scoring worker."""
    return ScoringSettings(
        database_url=required(environ, "DATABASE_URL"),
        redis_url=required(environ, "REDIS_URL"),
    )
