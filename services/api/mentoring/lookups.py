"""Finding what an agreement refers to, within what the caller sees."""

from sqlalchemy import select

from shared.domain.errors import NotFoundError, Text
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


def no_agreement(agreement_id: int) -> NotFoundError:
    """Return the error for an agreement that the caller does not see."""
    return NotFoundError(
        Text(
            f"Договора с номером {agreement_id} нет.",
            f"There is no agreement with the number {agreement_id}.",
        )
    )


async def require_municipality(work: Work, municipality_id: int) -> None:
    """Check that the caller sees the municipality.

    Raises:
        NotFoundError: The caller sees no such municipality.
    """
    statement = select(MunicipalityRow.id).where(MunicipalityRow.id == municipality_id)
    if await work.session.scalar(statement) is None:
        raise NotFoundError(
            Text(
                f"Муниципалитета с номером {municipality_id} нет.",
                f"There is no municipality with the number {municipality_id}.",
            )
        )


async def require_school(work: Work, school_id: int) -> int:
    """Return the municipality of a school.

    Raises:
        NotFoundError: The caller sees no such school.
    """
    statement = select(SchoolRow.municipality_id).where(SchoolRow.id == school_id)
    municipality_id = await work.session.scalar(statement)
    if municipality_id is None:
        raise NotFoundError(
            Text(
                f"Школы с номером {school_id} нет.",
                f"There is no school with the number {school_id}.",
            )
        )
    return municipality_id


async def require_programme(work: Work, programme_id: int) -> int:
    """Return the municipality of a programme.

    Raises:
        NotFoundError: The caller sees no such programme.
    """
    statement = select(ProgrammeRow.municipality_id).where(
        ProgrammeRow.id == programme_id
    )
    municipality_id = await work.session.scalar(statement)
    if municipality_id is None:
        raise NotFoundError(
            Text(
                f"Программы с номером {programme_id} нет.",
                f"There is no programme with the number {programme_id}.",
            )
        )
    return municipality_id
