"""Amendments of programmes as they are answered."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from shared.domain.amendment_wording import describe
from shared.domain.programme_state import ChangeKind, Difference


class DifferenceOut(BaseModel):
    """One thing that changed: old and new by field, and in words."""

    kind: ChangeKind
    subject: str = Field(description="Key of a measure, code of an indicator (:year)")
    changes: dict[str, tuple[Any, Any]]
    words: LocalizedOut

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceOut":
        """Describe a difference."""
        words = describe(difference)
        return cls.model_validate(
            {
                "kind": difference.kind,
                "subject": difference.subject,
                "changes": dict(difference.changes),
                "words": LocalizedOut(ru=words.ru, en=words.en),
            }
        )


class AmendmentOut(BaseModel):
    """An order that amended a programme."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    programme_id: int
    order_number: str
    order_on: date
    body: str
    reason: str
    created_at: datetime
    changes: list[DifferenceOut] = []
