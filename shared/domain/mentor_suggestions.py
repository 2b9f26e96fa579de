"""What a coordinator can decide of a suggested mentor, and what speaks against it."""

from enum import StrEnum

from shared.domain.errors import ConflictError, Text


class SuggestionDecision(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class MentorSuggestionOutdatedError(ConflictError):
    """The suggestion is of a run that a newer one has taken the place of."""

    code = "mentor_suggestion_outdated"
    title = Text("Предложение устарело", "The suggestion is outdated")


class MentorSuggestionDeclinedError(ConflictError):
    """The pair was declined for this academic year."""

    code = "mentor_suggestion_declined"
    title = Text("Пара отклонена", "The pair was declined")


def outdated() -> MentorSuggestionOutdatedError:
    """Return the error of a suggestion of an older run."""
    return MentorSuggestionOutdatedError(
        Text(
            "Расчёт с тех пор повторён: прочтите предложения заново, "
            "GET /v1/mentor-suggestions.",
            "There is a newer run: read the suggestions again, "
            "GET /v1/mentor-suggestions.",
        )
    )


def declined() -> MentorSuggestionDeclinedError:
    """Return the error of a pair that was declined."""
    return MentorSuggestionDeclinedError(
        Text(
            "Эта пара в этом учебном году уже отклонена: составьте договор без "
            "предложения, POST /v1/mentoring-agreements.",
            "The pair was declined in this academic year: draft the agreement without "
            "a suggestion, POST /v1/mentoring-agreements.",
        )
    )
