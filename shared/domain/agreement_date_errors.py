"""Days of a mentoring agreement's plan that cannot be, and how to mend each."""

from collections.abc import Sequence
from datetime import date

from shared.domain.errors import Fault, InvalidInputError, Text


class PlanOutsideAgreementError(InvalidInputError):
    """Measures of the plan are due on days on which the agreement is not in force."""

    code = "plan_outside_agreement"
    title = Text("План выходит за срок договора", "The plan leaves the agreement")

    def __init__(
        self, outside: Sequence[tuple[int, date]], *, starts_on: date, ends_on: date
    ) -> None:
        """Name each line of `outside`: its place in the plan, from 0, and its day."""
        faults = [
            Fault(
                reason=Text(
                    f"Срок строки {place + 1} плана, {day:%d.%m.%Y}, вне срока "
                    f"договора, {starts_on:%d.%m.%Y}–{ends_on:%d.%m.%Y}: измените "
                    "срок мероприятия или даты договора.",
                    f"Line {place + 1} of the plan is due on {day}, outside the "
                    f"agreement, {starts_on} to {ends_on}: change that day or the "
                    "agreement's dates.",
                ),
                column=f"body.plan.{place}.due_on",
                value=str(day),
            )
            for place, day in outside
        ]
        super().__init__(faults[0].reason, faults=faults)
