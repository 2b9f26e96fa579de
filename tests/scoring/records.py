"""What else than results a test gives to a district: passports, methods."""

from typing import Any

from sqlalchemy import insert

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from shared.contracts.events import EventKind
from shared.persistence.outbox import record
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work, begin_as_system
from tests.scoring.district import YEAR, District


async def use_method(district: District, code: str, **changes: Any) -> None:
    """Put a shipped method into force, with some of its keys changed."""
    content = read_method(DEPLOY / "methods" / f"{code}.yaml")
    async with begin_as_system(district.api) as work:
        await load_method(work, {**content, **changes})


async def add_passport(
    district: District, code: str, *, year: int = YEAR, **percents: float
) -> None:
    """Add a social passport with shares in %, by their names, and its event."""
    async with begin_as_system(district.api) as work:
        await work.session.execute(
            insert(SocialPassportRow).values(
                municipality_id=district.id,
                school_id=district.schools[code],
                academic_year=year,
                provenance="local",
                **{f"{name}_percent": value for name, value in percents.items()},
            )
        )
        await tell_of_records(work, district, "social-passports", year)


async def tell_of_records(
    work: Work, district: District, dataset: str, year: int
) -> None:
    """Leave the event that rows of a dataset have changed."""
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=district.id,
        academic_year=year,
        payload={"dataset": dataset},
    )
