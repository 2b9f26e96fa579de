"""Bodies of the audit."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class AuditEntryOut(BaseModel):
    """A change; `changes` has `[old, new]` by field.

    One entry tells of the `rows` that a file wrote at a school. Ask with `entity_id`
    for one of them: then entry and changes are those of this row.
    """

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "number": 812,
                "at": "2020-09-17T03:20:11Z",
                "municipality_id": 1,
                "school_id": 4,
                "entity": "assessment_result",
                "entity_id": 95,
                "rows": None,
                "action": "update",
                "changes": {"n2": [3, 2], "n3": [7, 8]},
                "reason": "Апелляция",
                "actor_id": 12,
                "actor_role": "school_editor",
                "request_id": "4f6c1d2e9a7b4c0d8e5f3a2b1c0d9e8f",
                "import_id": None,
                "address": "10.0.0.7",
                "is_sealed": True,
                "hash": "5f0c2a6b",
                "synthetic": True,
            }
        },
    )

    number: int
    at: datetime
    municipality_id: int | None = Field(description="Null for what belongs to none")
    school_id: int | None
    entity: str = Field(description="`import` is one thing, `subjects` a set of rows")
    entity_id: int | None
    rows: int | None = Field(description="How many rows, of an entry of several")
    action: str
    changes: dict[str, Any]
    reason: str | None
    actor_id: int | None = Field(description="Null where the system itself acted")
    actor_role: str | None = Field(description="As it is now; null for an unseen one")
    request_id: str | None
    import_id: int | None
    address: str | None = Field(description="Of the client")
    is_sealed: bool = Field(description="It has its place in the chain")
    hash: str | None = Field(description="Of the chain up to here, hexadecimal")
    synthetic: bool
