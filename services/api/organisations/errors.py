"""What may be wrong with a school that somebody writes."""

from shared.domain.errors import ConflictError, InvalidInputError, Text


class InvalidSchoolError(InvalidInputError):
    """The school breaks a rule; `faults` names every field that does, and why."""

    code = "invalid_school"
    title = Text("Сведения о школе не приняты", "The school was not accepted")


class SchoolExistsError(ConflictError):
    """The municipality has a school with the same code."""

    code = "school_exists"
    title = Text("Такая школа уже есть", "There is such a school already")


class SchoolReorganisedError(ConflictError):
    """The days of the school are as the order of a reorganisation has them."""

    code = "school_reorganised"
    title = Text("Школа реорганизована", "The school was reorganised")


class TerritoryExistsError(ConflictError):
    """There is a region or a municipality with the same code."""

    code = "territory_exists"
    title = Text("Такая территория уже есть", "There is such a territory already")
