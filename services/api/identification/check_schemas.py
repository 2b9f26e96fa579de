"""Bodies of what rules say beside received lists and last year's flags."""

from typing import Literal

from pydantic import BaseModel, Field

from services.api.http.runs import ComputedOut
from services.api.identification.schemas import ConfidenceOut, RuleOut


class NamedSchoolOut(BaseModel):
    """A school of a comparison."""

    school_id: int
    school_name: str


class AgreementOut(BaseModel):
    """A rule beside the received list: which schools each of them names."""

    rule: RuleOut
    schools: int = Field(description="Compared, without those not assessable")
    both: list[NamedSchoolOut]
    only_computed: list[NamedSchoolOut]
    only_received: list[NamedSchoolOut]
    neither: list[NamedSchoolOut]
    not_assessable_received: list[NamedSchoolOut]
    not_assessable_not_received: list[NamedSchoolOut]
    kappa: float | None = Field(
        description="Cohen's kappa; null where chance alone would agree fully"
    )


class AgreementsOut(ComputedOut):
    """Agreement of each rule with the received list of the year."""

    academic_year: int
    rules: list[AgreementOut]


class ShareOut(BaseModel):
    """A share in per cent over `n` schools, with its interval at 95 %."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class ForecastOut(BaseModel):
    """Last year's flag as a forecast of which schools are low this year."""

    flag: Literal["on_list", "risk_group", "on_list_or_risk_group"]
    flagged_low: list[NamedSchoolOut]
    flagged_not_low: list[NamedSchoolOut]
    missed_low: list[NamedSchoolOut]
    unflagged_not_low: int
    not_assessed: int = Field(description="In one of the years")
    precision: ShareOut
    recall: ShareOut


class BackTestOut(BaseModel):
    """How a rule's flags of the year before foretold this one."""

    rule: RuleOut
    forecasts: list[ForecastOut]


class BackTestsOut(ComputedOut):
    """Back-tests of the rules on the year before."""

    academic_year: int
    confidence: ConfidenceOut = ConfidenceOut()
    rules: list[BackTestOut]
