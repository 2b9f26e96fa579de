"""Bodies of reports on deadlines, and of what is decided of them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.api.http.texts import text_up_to
from shared.domain.submissions import (
    LARGEST_FILE,
    LONGEST_LINK,
    LONGEST_TEXT,
    MOST_FILES,
    MOST_LINKS,
)

Comment = Annotated[str, text_up_to(4000)]
Link = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=LONGEST_LINK,
        pattern=r"^https?://[^\s/\x00]+[^\s\x00]*$",
    ),
]


class SubmissionIn(BaseModel):
    """The fields of the form besides its files."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, text_up_to(LONGEST_TEXT)] | None = None
    link: list[Link] = Field(default=[], max_length=MOST_LINKS)


FORM_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "text": {
                            "type": "string",
                            "maxLength": LONGEST_TEXT,
                            "description": "What was done",
                        },
                        "link": {
                            "type": "array",
                            "maxItems": MOST_LINKS,
                            "items": {"type": "string", "format": "uri"},
                            "description": "Where the result is to be seen",
                        },
                        "file": {
                            "type": "array",
                            "maxItems": MOST_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": f"Up to {LARGEST_FILE >> 20} MB each",
                        },
                    },
                },
                "encoding": {"link": {"style": "form", "explode": True}},
            }
        },
    }
}


class AcceptIn(BaseModel):
    """A remark on a report that is accepted, if there is one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": None}}
    )

    comment: Comment | None = None


class ReturnIn(BaseModel):
    """What a report lacks."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"comment": "Приложите справку по итогам"}},
    )

    comment: Comment


class SubmissionFileOut(BaseModel):
    """A file of a report: `GET /v1/submission-files/{file_id}` returns it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    content_type: str
    size: int = Field(description="In bytes")
    sha256: str


class SubmissionOut(BaseModel):
    """A report on a deadline, and what was decided of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int | None = Field(description="Null: the municipality's own")
    deadline_id: int
    number: int = Field(description="1 is the first report on the deadline")
    text: str | None
    links: list[str]
    files: list[SubmissionFileOut] = []
    submitted_at: datetime
    submitted_on: date = Field(description="On the municipality's own calendar")
    decision: Literal["accept", "return"] | None = Field(
        description="Null while it waits for one"
    )
    comment: str | None
    decided_at: datetime | None
