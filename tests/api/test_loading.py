"""Loading what ships: again, changed, and broken."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.cli import DEPLOY
from services.api.loading import load_programmes
from shared.domain.errors import InvalidInputError
from shared.persistence.engine import create_engine
from shared.persistence.upsert import Written
from shared.persistence.work import begin_as_system


async def load(engine: AsyncEngine, folder: Path = DEPLOY) -> Written:
    async with begin_as_system(engine) as work:
        return await load_programmes(work, folder, sandbox=True)


async def events(engine: AsyncEngine) -> int:
    async with begin_as_system(engine) as work:
        count = await work.session.scalar(text("SELECT count(*) FROM api.outbox"))
        assert isinstance(count, int)
        return count


async def test_loading_again_changes_nothing_and_tells_nobody(
    engine: AsyncEngine,
) -> None:
    before = await events(engine)
    assert await load(engine) == Written()
    assert await events(engine) == before


async def test_a_changed_target_is_written_and_told(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(DEPLOY, tmp_path / "deploy"))
    programme = folder / "programmes" / "zhigalovo-2020.yaml"
    words = programme.read_text(encoding="utf-8")
    assert "low: 50" in words
    programme.write_text(words.replace("low: 50", "low: 55", 1), encoding="utf-8")
    before = await events(engine)
    written = await load(engine, folder)
    assert written.new == 0
    assert written.changed == 2  # the range, and the programme's own hash
    assert await events(engine) == before + 1


async def test_an_unreadable_term_stops_the_loading_and_nothing_is_kept(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(DEPLOY, tmp_path / "deploy"))
    programme = folder / "programmes" / "uzhur-2020.yaml"
    words = programme.read_text(encoding="utf-8")
    broken = words.replace("1 раз в три года", "как-нибудь потом")
    assert broken != words
    programme.write_text(
        broken.replace("goal: Повышение", "goal: Снижение", 1), encoding="utf-8"
    )
    with pytest.raises(InvalidInputError, match="как-нибудь потом"):
        await load(engine, folder)
    async with begin_as_system(engine) as work:
        goals = await work.session.scalars(text("SELECT goal FROM api.programmes"))
        assert not any(goal.startswith("Снижение") for goal in goals)


async def test_a_real_start_has_no_placeholder_schools(
    empty_database_url: str,
) -> None:
    real = create_engine(empty_database_url, "api")
    async with begin_as_system(real) as work:
        await load_programmes(work, DEPLOY, sandbox=False)
        schools = await work.session.scalars(text("SELECT synthetic FROM api.schools"))
        owners = await work.session.scalars(
            text("SELECT synthetic FROM api.municipalities")
        )
    await real.dispose()
    assert set(schools) == {False}
    assert list(owners) == [False, False]


async def test_what_people_corrected_stays_when_the_same_is_loaded_again(
    engine: AsyncEngine,
) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text("UPDATE api.vacancies SET subject = 'Музыка' || id")
        )
    assert await load(engine) == Written()
    async with begin_as_system(engine) as work:
        others = await work.session.scalar(
            text("SELECT count(*) FROM api.vacancies WHERE subject NOT LIKE 'Музыка%'")
        )
        assert others == 0
