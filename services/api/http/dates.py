"""Days and moments as ISO 8601 writes them.

Left alone, numbers would be read as seconds since 1970: a filter with a slip of the
finger would find nothing and say nothing.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator


def _written_out(value: Any) -> Any:
    """Refuse what is no text with the dashes of a date."""
    if isinstance(value, str) and "-" not in value[1:]:
        raise ValueError("A date is written like 2020-09-01.")
    if isinstance(value, int | float):
        raise ValueError("A date is a text like 2020-09-01.")  # noqa: TRY004 (a fault)
    return value


Day = Annotated[date, BeforeValidator(_written_out)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
