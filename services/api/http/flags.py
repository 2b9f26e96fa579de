"""Yes and no in an address, as JSON writes them."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from services.api.http.refusals import RefusedValueError


def _written_out(value: Any) -> Any:
    """Refuse 0, 1, yes and the like, which the description does not promise."""
    if isinstance(value, bool) or value in {"true", "false"}:
        return value
    raise RefusedValueError("Укажите true или false.", "Give true or false.")


Flag = Annotated[bool, BeforeValidator(_written_out)]
