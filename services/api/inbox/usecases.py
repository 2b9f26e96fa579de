"""Reading one's messages."""

from services.api.http.inbox_bells import MOST_EACH
from services.api.inbox import repository
from shared.domain.errors import NotFoundError, Text, TooManyRequestsError
from shared.persistence.work import Work

RETRY_SECONDS = 15


async def mark_read(work: Work, recipient_id: int, message_id: int) -> None:
    """Mark a message of the recipient's own inbox as read; again changes nothing.

    Raises:
        NotFoundError: it does not exist, or is in somebody else's inbox.
    """
    if not await repository.has_message(work, recipient_id, message_id):
        raise NotFoundError(
            Text(
                f"Сообщения {message_id} в вашем почтовом ящике системы нет.",
                f"There is no message {message_id} in your inbox.",
            )
        )
    await repository.mark_read(work, recipient_id, message_id)


def too_many_streams() -> TooManyRequestsError:
    """Return the refusal of one more stream for the same account."""
    return TooManyRequestsError(
        Text(
            f"У учётной записи уже {MOST_EACH} открытых потоков. Закройте один из них.",
            f"The account has {MOST_EACH} open streams already. Close one of them.",
        ),
        retry_after=RETRY_SECONDS,
    )
