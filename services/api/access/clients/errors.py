"""Why something of a client was not done."""

from shared.domain.errors import ConflictError, ForbiddenError, NotFoundError, Text


class ClientNotFoundError(NotFoundError):
    """There is no such client for the caller."""

    code = "client_not_found"
    title = Text("Клиент не найден", "Client not found")


class CredentialNotFoundError(NotFoundError):
    """The client has no such secret or key, or the caller may not see the client."""

    code = "client_credential_not_found"
    title = Text("Секрет или ключ не найден", "Secret or key not found")


class ClientRevokedError(ConflictError):
    """The client was revoked, and stays so; register another."""

    code = "client_revoked"
    title = Text("Клиент отозван", "The client was revoked")


class TooManyCredentialsError(ConflictError):
    """The client has as many valid secrets, or keys, as there may be; revoke one."""

    code = "too_many_client_credentials"
    title = Text("Секретов или ключей уже достаточно", "Too many secrets or keys")


class KeyIdTakenError(ConflictError):
    """The client has or had a key of this name; give the new one another `kid`."""

    code = "client_key_id_taken"
    title = Text("Такой ключ уже был", "There is or was such a key")


class RateAboveLimitError(ForbiddenError):
    """The limit is above the installation's, which only an administrator may grant."""

    code = "rate_above_limit"
    title = Text("Лимит выше общего", "The limit is above the general one")


def unknown_client(number: int) -> ClientNotFoundError:
    """Return the error for a client that the caller does not see."""
    return ClientNotFoundError(
        Text(f"Клиента {number} нет.", f"There is no client {number}.")
    )


def unknown_credential(number: int) -> CredentialNotFoundError:
    """Return the error for a secret or a key that the client does not have."""
    return CredentialNotFoundError(
        Text(
            f"Секрета или ключа {number} у клиента нет.",
            f"The client has no secret or key {number}.",
        )
    )
