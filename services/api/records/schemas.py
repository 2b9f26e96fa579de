"""What became of a row, as it is answered."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class RecordChangeOut(BaseModel):
    """A change of a row; `changes` has the old and the new value by field."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    action: str = Field(examples=["create", "update", "remove"])
    changes: dict[str, tuple[Any, Any]]
    reason: str | None
    actor_id: int | None = Field(description="Null where the system itself acted")
    actor_role: str | None
    import_id: int | None
