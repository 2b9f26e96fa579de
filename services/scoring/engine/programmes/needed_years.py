"""The academic years whose results and records a programme's indicators need."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from services.scoring.engine.programmes.period import Phase
from services.scoring.engine.programmes.values import Target
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.periods import AcademicYear

# Counted from the scores of the ranking method in force.
FROM_SCORES: Final = frozenset({"analysed_by_method", "raised_quality"})


def own_years(targets: Iterable[Target], spec: ProgrammeShares) -> set[int]:
    """Return the academic years whose figures defined indicators need."""
    return {
        year
        for target in targets
        if target.own(spec) is not None
        for year in (target.period.academic_year - 1, target.period.academic_year)
    }


def scored_years(targets: Iterable[Target], as_of: date) -> set[int]:
    """Return the academic years whose scores the indicators need, known by `as_of`."""
    this_year = AcademicYear.of(as_of).start
    return {
        year
        for target in targets
        if target.code in FROM_SCORES and target.period.phase(as_of) is not Phase.AHEAD
        for year in range(target.period.academic_year - 1, target.period.year + 1)
        if year <= this_year
    }
