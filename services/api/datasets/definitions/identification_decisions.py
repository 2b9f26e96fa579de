"""What municipalities decided on schools with low results, beside what was computed."""

from services.api.datasets.columns import ACADEMIC_YEAR, given
from services.api.datasets.dataset import Dataset, in_school, row_id, school, synthetic
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.identification import IdentificationDecisionRow
from shared.persistence.tables.municipalities import MunicipalityRow

_DECISION = IdentificationDecisionRow.__table__.c

IDENTIFICATION_DECISIONS = Dataset(
    "identification-decisions",
    Text("Решения о школах с низкими результатами", "Decisions on low results"),
    Permission.IDENTIFICATION_READ,
    (
        row_id(_DECISION.id),
        *school(_DECISION),
        given(
            _DECISION.academic_year, "Учебный год", "Academic year", unit=ACADEMIC_YEAR
        ),
        given(_DECISION.rule_code, "Правило (код)", "Rule (code)"),
        given(_DECISION.rule_version, "Версия правила", "Version of the rule"),
        given(_DECISION.run_id, "Номер расчёта", "Run number"),
        given(_DECISION.computed_status, "По расчёту", "Computed status"),
        given(_DECISION.status, "По решению", "Decided status"),
        given(_DECISION.order_number, "Номер приказа", "Number of the order"),
        given(_DECISION.order_on, "Дата приказа", "Date of the order"),
        given(_DECISION.order_body, "Чей приказ", "Body that gave the order"),
        given(_DECISION.reason, "Основание", "Reason"),
        given(_DECISION.decided_at, "Решено (UTC)", "Decided (UTC)"),
        given(_DECISION.withdrawal_number, "Отменено приказом", "Withdrawn by order"),
        given(_DECISION.withdrawal_on, "Дата отмены", "Date of the withdrawal"),
        given(_DECISION.withdrawal_body, "Кем отменено", "Body that withdrew it"),
        given(_DECISION.withdrawal_reason, "Основание отмены", "Why it was withdrawn"),
        given(_DECISION.withdrawn_at, "Отменено (UTC)", "Withdrawn (UTC)"),
        given(_DECISION.version, "Версия", "Version"),
        synthetic(MunicipalityRow.__table__.c.synthetic),
    ),
    in_school(IdentificationDecisionRow.__table__),
    _DECISION.id,
    _DECISION.academic_year,
)

DATASETS = (IDENTIFICATION_DECISIONS,)
