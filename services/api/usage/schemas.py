"""Bodies of the report on what is used."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class OperationUseOut(BaseModel):
    """How often somebody used an operation; times are real ones."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    operation: str = Field(description="As `operationId` in the description")
    version: str = Field(examples=["v1"])
    parameter: str | None = Field(
        description="A parameter that is to go, counted beside its operation"
    )
    deprecated: bool = Field(description="It is to go, as things stand now")
    caller: Literal["account", "client", "token", "anonymous"]
    account_id: int | None
    client_id: str | None = Field(description="What OAuth calls the client")
    name: str | None = Field(description="Of the account, the client or the token")
    municipality_id: int | None
    school_id: int | None
    requests: int
    first_at: datetime
    last_at: datetime
