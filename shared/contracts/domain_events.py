"""Names of the events that other systems are told of, by the feed and by webhooks."""

from enum import StrEnum
from typing import Final

from shared.domain.permissions import Permission

# Told to the one endpoint that asked for it; nobody else sees it.
WEBHOOK_TEST: Final = "webhook.test"


class DomainEvent(StrEnum):
    """What has happened, in the terms of the field; names never change."""

    IMPORT_COMMITTED = "import.committed"
    IMPORT_UNDONE = "import.undone"
    RESULT_CHANGED = "result.changed"
    RANKING_PUBLISHED = "ranking.published"
    LIST_STATUS_CHANGED = "list_status.changed"
    AGREEMENT_TRANSITIONED = "agreement.transitioned"
    DEADLINE_OPENED = "deadline.opened"
    DEADLINE_MET = "deadline.met"
    DEADLINE_MISSED = "deadline.missed"


# What one has to be permitted to be told of them.
READ_WITH: Final[dict[DomainEvent, Permission]] = {
    DomainEvent.IMPORT_COMMITTED: Permission.IMPORTS_READ,
    DomainEvent.IMPORT_UNDONE: Permission.IMPORTS_READ,
    DomainEvent.RESULT_CHANGED: Permission.RESULTS_READ,
    DomainEvent.RANKING_PUBLISHED: Permission.RANKINGS_READ,
    DomainEvent.LIST_STATUS_CHANGED: Permission.CONDITIONS_READ,
    DomainEvent.AGREEMENT_TRANSITIONED: Permission.AGREEMENTS_READ,
    DomainEvent.DEADLINE_OPENED: Permission.DEADLINES_READ,
    DomainEvent.DEADLINE_MET: Permission.DEADLINES_READ,
    DomainEvent.DEADLINE_MISSED: Permission.DEADLINES_READ,
}
