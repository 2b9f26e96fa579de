"""Named schools behind the agreement of lists and behind back-tests."""

from collections.abc import Callable, Sequence

from services.api.identification.check_schemas import (
    AgreementOut,
    BackTestOut,
    ForecastOut,
    NamedSchoolOut,
    ShareOut,
)
from services.api.identification.records import Found
from services.api.identification.schemas import RuleOut
from shared.domain.list_agreement import ListAgreement
from shared.persistence.tables.identification import BackTestRow

_FLAGS = {
    "on_list": {"on_list"},
    "risk_group": {"risk_group"},
    "on_list_or_risk_group": {"on_list", "risk_group"},
}


def agreement_of(rule: RuleOut, found: Sequence[Found]) -> AgreementOut:
    """Set a rule's answers beside the received list."""
    own = [each for each in found if each.rule_code == rule.code]
    known = [each for each in own if each.status != "not_assessable"]
    unknown = [each for each in own if each.status == "not_assessable"]

    def cell(*, computed: bool, received: bool) -> list[NamedSchoolOut]:
        return _named(
            known,
            lambda each: (
                (each.status == "on_list") == computed
                and (each.received is not None) == received
            ),
        )

    both, only_computed = (
        cell(computed=True, received=True),
        cell(computed=True, received=False),
    )
    only_received, neither = (
        cell(computed=False, received=True),
        cell(computed=False, received=False),
    )
    counts = ListAgreement(
        both=len(both),
        only_first=len(only_computed),
        only_second=len(only_received),
        neither=len(neither),
    )
    return AgreementOut(
        rule=rule,
        schools=counts.schools,
        both=both,
        only_computed=only_computed,
        only_received=only_received,
        neither=neither,
        not_assessable_received=_named(unknown, lambda each: bool(each.received)),
        not_assessable_not_received=_named(unknown, lambda each: not each.received),
        kappa=counts.kappa,
    )


def back_test_of(
    rule: RuleOut, tests: Sequence[BackTestRow], found: Sequence[Found]
) -> BackTestOut:
    """Name the schools behind a rule's back-tests."""
    known = [
        each
        for each in found
        if each.rule_code == rule.code
        and each.status_before != "not_assessable"
        and each.low_in_year != "unknown"
    ]
    own = [test for test in tests if test.rule_code == rule.code]
    return BackTestOut(rule=rule, forecasts=[_forecast(test, known) for test in own])


def _forecast(test: BackTestRow, known: Sequence[Found]) -> ForecastOut:
    statuses = _FLAGS[test.flag]

    def cell(*, flagged: bool, low: bool) -> list[NamedSchoolOut]:
        return _named(
            known,
            lambda each: (
                (each.status_before in statuses) == flagged
                and (each.low_in_year == "yes") == low
            ),
        )

    return ForecastOut.model_validate(
        {
            "flag": test.flag,
            "flagged_low": cell(flagged=True, low=True),
            "flagged_not_low": cell(flagged=True, low=False),
            "missed_low": cell(flagged=False, low=True),
            "unflagged_not_low": test.unflagged_not_low,
            "not_assessed": test.not_assessed,
            "precision": ShareOut(
                value=test.precision,
                low=test.precision_from,
                high=test.precision_to,
                n=test.flagged_low + test.flagged_not_low,
            ),
            "recall": ShareOut(
                value=test.recall,
                low=test.recall_from,
                high=test.recall_to,
                n=test.flagged_low + test.missed_low,
            ),
        }
    )


def _named(
    found: Sequence[Found], belongs: Callable[[Found], bool]
) -> list[NamedSchoolOut]:
    chosen = sorted(
        (each.school_name, each.school_id) for each in found if belongs(each)
    )
    return [
        NamedSchoolOut(school_id=school_id, school_name=name)
        for name, school_id in chosen
    ]
