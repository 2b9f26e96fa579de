"""Numbers of rows, as paths, queries and bodies name them."""

from typing import Annotated

from pydantic import Field

from services.api.http.numbers import Whole

LARGEST_ID = 2**63 - 1  # of PostgreSQL's bigint

RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
# In a body: there a text is no number.
RowNumber = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
