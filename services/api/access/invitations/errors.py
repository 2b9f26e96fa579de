"""What may be wrong with an invitation that somebody accepts."""

from shared.domain.errors import ConflictError, NotFoundError, Text


class InvitationNotFoundError(NotFoundError):
    """There is no such invitation for the caller."""

    code = "invitation_not_found"
    title = Text("Приглашение не найдено", "Invitation not found")


class InvitationUsedError(ConflictError):
    """An account was opened with this invitation before."""

    code = "invitation_used"
    title = Text("Приглашение использовано", "The invitation was used")


class InvitationExpiredError(ConflictError):
    """The time to accept this invitation has passed."""

    code = "invitation_expired"
    title = Text("Приглашение истекло", "The invitation has expired")


class InvitationRevokedError(ConflictError):
    """Whoever invited has taken it back, or may not invite any more."""

    code = "invitation_revoked"
    title = Text("Приглашение отозвано", "The invitation was taken back")
