"""Bodies of a school's explanation of a sign of non-objectivity."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.texts import text_up_to

Explanation = Annotated[str, text_up_to(4000)]


class ExplanationIn(BaseModel):
    """How the school itself explains the sign."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "explanation": "Класс из трёх учеников, работу писали двое из них."
            }
        },
    )

    explanation: Explanation


class ExplanationOut(BaseModel):
    """A sign of a school's year with its explanation."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_id: int
    year: int = Field(description="2019 is the year 2019/2020")
    has_sign: bool
    explanation: str
    explained_at: datetime
    version: int
