"""Mentoring agreements."""

from sqlalchemy import Text as SqlText
from sqlalchemy import cast

from services.api.datasets.columns import column, given
from services.api.datasets.dataset import (
    MUNICIPALITY,
    Dataset,
    in_municipality,
    municipality,
    row_id,
    synthetic,
)
from shared.domain.agreements import AgreementStatus
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.schools import SchoolRow

_AGREEMENT = AgreementRow.__table__.c
_MENTOR = SchoolRow.__table__.alias("mentor")
_MENTEE = SchoolRow.__table__.alias("mentee")
# Null until the agreement has a number, as any null makes the whole null.
_NUMBER = (
    cast(_AGREEMENT.registry_number, SqlText)
    + "/"
    + cast(_AGREEMENT.registry_year, SqlText)
)

MENTORING_AGREEMENTS = Dataset(
    "mentoring-agreements",
    Text("Договоры наставничества", "Mentoring agreements"),
    Permission.AGREEMENTS_READ,
    (
        row_id(_AGREEMENT.id),
        given(_NUMBER, "Номер в реестре", "Registry number", name="registry_number"),
        *municipality(_AGREEMENT.municipality_id),
        column(_AGREEMENT.programme_id, "Номер программы", "Programme number"),
        column(_AGREEMENT.mentor_school_id, "Номер наставника", "Mentor number"),
        given(_MENTOR.c.name, "Школа-наставник", "Mentor school", name="mentor_name"),
        column(_AGREEMENT.mentee_school_id, "Номер подопечной", "Mentee number"),
        given(_MENTEE.c.name, "Подопечная школа", "Mentee school", name="mentee_name"),
        column(_AGREEMENT.problem, "Проблема", "Problem"),
        column(_AGREEMENT.starts_on, "Начало", "Starts on"),
        column(_AGREEMENT.ends_on, "Окончание", "Ends on"),
        given(_AGREEMENT.ended_on, "Завершён", "Ended on"),
        given(_AGREEMENT.status, "Состояние", "Status", allowed=list(AgreementStatus)),
        column(_AGREEMENT.goals, "Цели", "Goals"),
        column(
            _AGREEMENT.shared_datasets,
            "Открытые наставнику данные",
            "Data open to the mentor",
        ),
        given(_AGREEMENT.version, "Версия", "Version"),
        given(_AGREEMENT.created_at, "Создан (UTC)", "Created (UTC)"),
        synthetic(MUNICIPALITY.synthetic),
    ),
    in_municipality(AgreementRow.__table__)
    .outerjoin(_MENTOR, _MENTOR.c.id == _AGREEMENT.mentor_school_id)
    .outerjoin(_MENTEE, _MENTEE.c.id == _AGREEMENT.mentee_school_id),
    _AGREEMENT.id,
)

DATASETS = (MENTORING_AGREEMENTS,)
