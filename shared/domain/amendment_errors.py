"""Why an amendment of a programme is refused."""

from shared.domain.errors import ConflictError, InvalidInputError, Text


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
    """One change does not fit; the field that is wrong, and why."""

    def __init__(self, column: str, reason: Text, value: object = None) -> None:
        super().__init__(reason.en)
        self.column, self.reason, self.value = column, reason, value
