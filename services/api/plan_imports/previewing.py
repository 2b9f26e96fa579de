"""What a plan's table would do to a programme as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.api.plan_imports.storing import source_of, stored_preview
from services.api.programmes.amendment_repository import read_state
from services.api.scheduling.fan_out import read_calendar
from shared.domain.calendar import ProgrammePeriod
from shared.domain.plan_tables.compared import ComparedLine, Setting, Statement
from shared.domain.plan_tables.comparing import compare, missing
from shared.domain.programme_state import ProgrammeState
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Previewed:
    """A table beside the programme: lines, and measures that the table has not."""

    lines: list[ComparedLine]
    missing: list[Mapping[str, Any]]

    def stored(self) -> dict[str, Any]:
        """Return it as it is kept and shown."""
        return stored_preview(self.lines, self.missing)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as a table is compared with it."""

    row: AnyRow
    state: ProgrammeState
    setting: Setting

    def preview(
        self,
        source: Mapping[str, Any],
        statements: Mapping[int, Statement] | None = None,
    ) -> Previewed:
        """Compare the kept table with the programme; nothing is written."""
        table, lines = source_of(source)
        setting = Setting(
            plan=self.setting.plan,
            period=self.setting.period,
            calendar=self.setting.calendar,
            measures=self.setting.measures,
            taken=self.setting.taken,
            parties=self.setting.parties,
            statements=statements or {},
        )
        compared = compare(lines, table, setting)
        gone = [setting.measures[key] for key in missing(compared, setting.measures)]
        return Previewed(compared, gone)


async def read_programme(
    work: Work, programme: AnyRow, *, plan: str, parties: tuple[str, ...]
) -> Programme:
    """Read what a table of one of the programme's plans is compared with."""
    state = await read_state(work, programme)
    setting = Setting(
        plan=plan,
        period=ProgrammePeriod(
            programme.starts_on,
            programme.ends_on,
            "calendar" if programme.years == "calendar" else "academic",
        ),
        calendar=await read_calendar(work, programme.municipality_id),
        measures={
            key: measure
            for key, measure in state.measures.items()
            if measure["plan"] == plan and measure["withdrawn_on"] is None
        },
        taken=frozenset(state.measures),
        parties=parties,
    )
    return Programme(programme, state, setting)
