"""The explanation of a status, put together from what is kept of it."""

from collections.abc import Sequence

from services.api.http.localized import LocalizedOut
from services.api.http.runs import ComputedOut
from services.api.identification.records import Found, Names
from services.api.identification.schemas import (
    EvidenceOut,
    ExplanationOut,
    IdentificationOut,
    RuleOut,
)
from services.api.identification.wording import evidence_text, summary_of
from shared.domain.errors import Text
from shared.domain.methods.identification import Identification
from shared.domain.methods.kinds import read_method
from shared.persistence.runs import RunRecord
from shared.persistence.tables.identification import IdentificationEvidenceRow
from shared.persistence.tables.methods import MethodRow


def explanation_of(
    found: Found,
    run: RunRecord,
    *,
    rule: MethodRow,
    evidence: Sequence[IdentificationEvidenceRow],
    names: Names,
) -> ExplanationOut:
    """Say of an answer, and of each result behind it, what they mean."""
    spec = read_method(rule.content).of(Identification).spec
    return ExplanationOut(
        **ComputedOut.envelope_of(run),
        identification=IdentificationOut.model_validate(found),
        rule=RuleOut.of(rule),
        summary=[_localized(said) for said in summary_of(found, spec, names)],
        evidence=[
            _evidence_out(row, evidence_text(row, spec, names)) for row in evidence
        ],
    )


def _evidence_out(row: IdentificationEvidenceRow, said: Text) -> EvidenceOut:
    kept = EvidenceOut.model_fields.keys() - {"text"}
    values = {name: getattr(row, name) for name in kept}
    return EvidenceOut(**values, text=_localized(said))


def _localized(said: Text) -> LocalizedOut:
    return LocalizedOut(ru=said.ru, en=said.en)
