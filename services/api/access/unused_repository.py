"""What programs prove themselves by, and nobody has used for long."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func

from shared.persistence.tables.api_tokens import ApiTokenRow
from shared.persistence.tables.clients import ClientRow


def is_unused(
    row: type[ApiTokenRow] | type[ClientRow], since: datetime
) -> ColumnElement[bool]:
    """Tell what is in force, was there by `since`, and has not been used from then."""
    used_at = func.coalesce(row.last_used_at, row.created_at)
    return and_(
        used_at < since,
        row.revoked_at.is_(None),
        row.expires_at > func.clock_timestamp(),
    )
