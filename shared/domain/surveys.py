"""Surveys of schools: the climate (мониторинг БОС) and satisfaction with support."""

from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

COMPONENTS: Final = ("psychological", "moral", "pedagogical", "physical")
PUPILS: Final = "pupils"
RESPONDENT_GROUPS: Final = (PUPILS, "parents", "teachers")
MANAGEMENT: Final = "municipal_management"  # of networking between schools
HELP: Final = "information_and_methods"  # the municipality's, to its schools
EDUCATIONAL_RESULTS: Final = "educational_results"  # all who take part in education
QUESTIONS: Final = (MANAGEMENT, HELP, EDUCATIONAL_RESULTS)


def pupils_are_enrolled(values: Values, facts: Facts) -> Iterator[Fault]:
    """Find more pupils asked than the school has in that year."""
    asked, enrolled = values.get("respondents"), facts.enrolment
    if values.get("respondent_group") != PUPILS or asked is None or enrolled is None:
        return
    if asked > enrolled:
        yield fault(
            values,
            "respondents",
            f"Больше, чем учеников в школе в том году: {enrolled}.",
            f"More than the school's pupils that year: {enrolled}.",
        )
