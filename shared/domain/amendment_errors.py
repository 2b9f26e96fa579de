"""Why an amendment of a programme is refused."""

from collections.abc import Sequence

from shared.domain.errors import ConflictError, InvalidInputError, Position, Text


class AmendmentRefusedError(InvalidInputError):
    """A change does not fit the programme; the faults name every one that does not."""

    code = "amendment_refused"
    title = Text("Изменение не принято", "The amendment was not accepted")


class AmendmentExistsError(ConflictError):
    """The programme has been amended by this order already."""

    code = "amendment_exists"
    title = Text("Этот приказ уже внесён", "This order is entered already")


class AmendmentOutOfOrderError(ConflictError):
    """A later order is entered already; orders are entered by their dates."""

    code = "amendment_out_of_order"
    title = Text("Приказы вносят по датам", "Orders are entered by their dates")


class UnfitChangeError(ValueError):
    """One change does not fit; the field that is wrong, and why.

    `position` is where in a formula it is wrong.
    """

    def __init__(
        self,
        column: str,
        reason: Text,
        value: object = None,
        position: Position | None = None,
    ) -> None:
        super().__init__(reason.en)
        self.column, self.reason, self.value = column, reason, value
        self.position = position


class UnfitChangesError(ValueError):
    """A change does not fit in several places."""

    def __init__(self, errors: Sequence[UnfitChangeError]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = tuple(errors)
