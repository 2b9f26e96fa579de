"""Whether the database is there."""

from sqlalchemy.exc import SQLAlchemyError

from shared.persistence.engine import Database
from shared.persistence.schema import SchemaNotAtHeadError, require_head


async def is_usable(engine: Database) -> bool:
    """Tell whether the database answers and is at the newest migration."""
    try:
        await require_head(engine)
    except (SQLAlchemyError, SchemaNotAtHeadError, OSError):
        return False
    return True
