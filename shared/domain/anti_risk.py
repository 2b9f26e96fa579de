"""Anti-risk programmes: one for each topical factor of a school's risk profile."""

from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

SIGNIFICANCES: Final = ("high", "medium", "low")
DRAFT, APPROVED = "draft", "approved"
STATES: Final = (DRAFT, APPROVED)
PROFILE: Final = "risk_profile_id"
NEEDED: Final = ("tasks", "measures", "indicator", "starts_on", "ends_on")


def answers_a_topical_factor(values: Values, facts: Facts) -> Iterator[Fault]:
    """Find a programme for a factor that is not topical, or is another school's."""
    profile = facts.referenced.get(PROFILE)
    if profile is None:
        return
    if profile["school_id"] != values["school_id"]:
        yield fault(
            values,
            PROFILE,
            "Это фактор риска другой школы.",
            "This is a risk factor of another school.",
        )
    elif not profile["topical"]:
        yield fault(
            values,
            PROFILE,
            "Фактор не отмечен как актуальный: программа нужна только актуальному.",
            "The factor is not topical: only a topical one has a programme.",
        )


def approved_when_whole(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Find what an approved programme still lacks."""
    if values.get("state") != APPROVED:
        return
    for name in NEEDED:
        if not values.get(name):
            yield fault(
                values,
                name,
                "Заполните: без этого программу не утверждают.",
                "Fill it in: a programme is not approved without it.",
            )
