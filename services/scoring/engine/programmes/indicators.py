"""By which rule each indicator of a programme is counted."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from services.scoring.engine.programmes.findings import Finding
from services.scoring.engine.programmes.opinions import satisfaction, satisfied_schools
from services.scoring.engine.programmes.own_shares import schools_that
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records
from services.scoring.engine.programmes.school_programmes import (
    reviewed,
    with_school_programmes,
)
from services.scoring.engine.programmes.school_state import (
    better_resources,
    group_dynamics,
    raised_quality,
)
from services.scoring.engine.programmes.school_work import (
    analysed,
    in_network_mentoring,
    plans_corrected,
    recommendations_followed,
)
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.methods.share_indicators import ShareIndicator
from shared.domain.surveys import EDUCATIONAL_RESULTS, HELP, MANAGEMENT

Count = Callable[[Records, Period, ProgrammeShares], Finding]
GROUPS: Final = ("1.1", "1.2", "1.3", "1.4", "2.2", "2.3", "2.4", "2.5", "3.1")


def _plain(count: Callable[[Records, Period], Finding]) -> Count:
    """Fit a rule that needs no thresholds."""
    return lambda records, period, _spec: count(records, period)


INDICATORS: Final[Mapping[str, Count]] = MappingProxyType(
    {
        "analysed_by_method": _plain(analysed),
        "network_mentoring": _plain(in_network_mentoring),
        "school_programmes": _plain(with_school_programmes),
        "satisfied_with_management": partial(satisfied_schools, question=MANAGEMENT),
        "satisfied_with_support": partial(satisfied_schools, question=HELP),
        "better_resources": _plain(better_resources),
        "raised_quality": _plain(raised_quality),
        **{
            f"group_{group.replace('.', '_')}_dynamics": partial(
                group_dynamics, group=group
            )
            for group in GROUPS
        },
        "plan_corrected": _plain(plans_corrected),
        "satisfaction": _plain(partial(satisfaction, question=EDUCATIONAL_RESULTS)),
        "recommendations_followed": _plain(recommendations_followed),
        "school_programmes_reviewed": _plain(reviewed),
    }
)
# What is known of a year to come: agreements are signed beforehand.
KNOWN_AHEAD: Final = frozenset({"network_mentoring"})
# Each year asks for something else.
WITHOUT_GROWTH: Final = frozenset({"school_programmes"})


def count_of(code: str, own: ShareIndicator | None) -> Count | None:
    """Return how it is counted: as its own definition says, or by the system's rule."""
    if own is None:
        return INDICATORS.get(code)
    return lambda records, period, _spec: schools_that(records, period, own)
