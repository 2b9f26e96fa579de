"""Why an identity that others vouch for is not taken."""

from shared.domain.errors import (
    NotFoundError,
    Text,
    UnauthenticatedError,
    UnavailableError,
)


class IdentityRefusedError(UnauthenticatedError):
    """The ID token is not the issuer's, not for this system, too old, or altered."""

    code = "identity_refused"
    title = Text("Вход не подтверждён", "The identity was not confirmed")


class IdentityProviderUnavailableError(UnavailableError):
    """The issuer's keys cannot be read for now; try again later."""

    code = "identity_provider_unavailable"
    title = Text("Поставщик входа недоступен", "The identity provider is unavailable")


class OidcNotConfiguredError(NotFoundError):
    """No identity provider is set up; sign in with login and password."""

    code = "oidc_not_configured"
    title = Text("Внешний вход не настроен", "No identity provider is set up")


def refused(ru: str, en: str) -> IdentityRefusedError:
    """Return the refusal for a reason; what was sent is not repeated."""
    return IdentityRefusedError(
        Text(f"ID-токен не принят: {ru}.", f"The ID token was refused: {en}.")
    )


def unavailable() -> IdentityProviderUnavailableError:
    """Return the error for an issuer that does not answer as it should."""
    return IdentityProviderUnavailableError(
        Text(
            "Ключи поставщика входа сейчас не читаются. Повторите позже.",
            "The keys of the identity provider cannot be read now. Try again later.",
        )
    )
