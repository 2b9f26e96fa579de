"""What a programme asked for on a day."""

from datetime import date

from pydantic import BaseModel

from services.api.programmes.schemas import IndicatorDefinitionOut, Plan
from shared.domain.programme_state import ProgrammeState


class MeasureInForceOut(BaseModel):
    """A measure as it stood on a day."""

    key: str
    plan: Plan
    parent: str | None
    number: str
    block: str | None
    title: str
    term_text: str
    responsible_text: str | None
    parties: list[str]
    expected_result: str | None


class TargetInForceOut(BaseModel):
    """The range of an indicator as it stood on a day."""

    indicator: str
    title: str
    unit: str
    year: int
    low: float
    high: float
    text: str


class IndicatorInForceOut(BaseModel):
    """An indicator as it stood on a day, with how an order has it counted."""

    code: str
    task_number: int | None
    title: str
    unit: str
    direction: str
    heading: str | None
    target_text: str
    definition: IndicatorDefinitionOut | None
    added_on: date | None


class ProgrammeInForceOut(BaseModel):
    """What a programme asked for on a day, later orders left out.

    Outside the period as it stood then, nothing was in force: there are no measures,
    no indicators and no targets.
    """

    programme_id: int
    on: date
    is_in_force: bool
    starts_on: date
    ends_on: date
    period_text: str
    measures: list[MeasureInForceOut]
    indicators: list[IndicatorInForceOut]
    targets: list[TargetInForceOut]

    @classmethod
    def of(
        cls, programme_id: int, on: date, state: ProgrammeState
    ) -> "ProgrammeInForceOut":
        """Describe the state of a programme on a day."""
        is_in_force = state.is_in_force(on)
        measures = [
            measure
            for measure in state.measures.values()
            if measure["withdrawn_on"] is None
        ]
        indicators = {
            code: indicator
            for code, indicator in state.indicators.items()
            if indicator["withdrawn_on"] is None
        }
        targets = [
            {
                "indicator": code,
                "year": year,
                **target,
                "title": indicators[code]["title"],
                "unit": indicators[code]["unit"],
            }
            for (code, year), target in state.targets.items()
            if code in indicators
        ]
        return cls.model_validate(
            {
                "programme_id": programme_id,
                "on": on,
                "is_in_force": is_in_force,
                **state.period,
                "measures": measures if is_in_force else [],
                "indicators": list(indicators.values()) if is_in_force else [],
                "targets": targets if is_in_force else [],
            }
        )
