"""Orders: which body decided, by which number, on which day."""

from datetime import date
from typing import Any, Final

from services.api.methods.schemas import OrderIn
from shared.domain.errors import InvalidInputError
from shared.domain.methods.slots import MethodPlace
from shared.domain.record_rules import Facts, not_in_the_future, without_initials
from shared.persistence.local_dates import today_of
from shared.persistence.work import Work

# Whatever day it is there has come somewhere in the country.
EARLIEST_ZONE: Final = "Asia/Kamchatka"
RULES: Final = (not_in_the_future("order_on"), without_initials("order_body"))


async def today_in(work: Work, place: MethodPlace) -> date:
    """Return what day it is in a place."""
    if place.municipality_id is not None:
        return await today_of(work, place.municipality_id)
    return work.today_in(EARLIEST_ZONE)


def columns_of(order: OrderIn, today: date) -> dict[str, Any]:
    """Return the columns that an order is kept in.

    Raises:
        InvalidInputError: its day is still to come, or it names a person.
    """
    papers = order.model_dump(include={"order_body", "order_number", "order_on"})
    faults = [each for rule in RULES for each in rule(papers, Facts(today=today))]
    if faults:
        raise InvalidInputError(faults[0].reason, faults=faults)
    return papers
