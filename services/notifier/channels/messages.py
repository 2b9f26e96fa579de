"""What messages say: the wording that the api previews, for the channels."""

from shared.runtime.wording import (
    AnswerLinks,
    ReminderNotice,
    RenderedMessage,
    days_left_phrase,
    one_line,
    render_message,
    render_reminder,
)

__all__ = [
    "AnswerLinks",
    "ReminderNotice",
    "RenderedMessage",
    "days_left_phrase",
    "one_line",
    "render_message",
    "render_reminder",
]
