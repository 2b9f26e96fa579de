"""Refusals that several routes of deadlines share."""

from shared.domain.errors import NotFoundError, Text


def unknown_deadline(number: int) -> NotFoundError:
    """Return the refusal of a deadline that the caller does not see."""
    return NotFoundError(
        Text(
            f"Срока {number} нет или он вам недоступен. Ваши: GET /v1/deadlines.",
            f"There is no deadline {number}, or it is not accessible to you. Yours: "
            "GET /v1/deadlines.",
        )
    )


def unknown_programme(number: int) -> NotFoundError:
    """Return the refusal of a programme that the caller does not see."""
    return NotFoundError(
        Text(
            f"Программы {number} нет или она вам недоступна.",
            f"There is no programme {number}, or it is not accessible to you.",
        )
    )
