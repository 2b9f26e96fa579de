"""Rankings that were published by an order, and what schools said against them."""

from services.api.datasets.columns import ACADEMIC_YEAR, given
from services.api.datasets.dataset import (
    MUNICIPALITY,
    Dataset,
    in_municipality,
    in_school,
    municipality,
    row_id,
    school,
    synthetic,
)
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.ranking_publications import ObjectionStatus, PublicationStatus
from shared.persistence.tables.ranking_publications import (
    RankingObjectionRow,
    RankingPublicationRow,
)

_PUBLICATION = RankingPublicationRow.__table__.c
_OBJECTION = RankingObjectionRow.__table__.c
_YEAR = _PUBLICATION.academic_year

RANKING_PUBLICATIONS = Dataset(
    "ranking-publications",
    Text("Публикации рейтингов", "Publications of rankings"),
    Permission.RANKINGS_READ,
    (
        row_id(_PUBLICATION.id),
        *municipality(_PUBLICATION.municipality_id),
        given(_YEAR, "Учебный год", "Academic year", unit=ACADEMIC_YEAR),
        given(_PUBLICATION.run_id, "Номер расчёта", "Run number"),
        given(_PUBLICATION.rows_hash, "SHA-256 мест", "SHA-256 of the places"),
        given(
            _PUBLICATION.status,
            "Состояние",
            "Status",
            allowed=list(PublicationStatus),
        ),
        given(_PUBLICATION.objections_from, "Возражения с", "Objections from"),
        given(_PUBLICATION.objections_until, "Возражения по", "Objections until"),
        given(_PUBLICATION.drafted_at, "Составлена (UTC)", "Drafted (UTC)"),
        given(_PUBLICATION.order_number, "Номер приказа", "Number of the order"),
        given(_PUBLICATION.order_on, "Дата приказа", "Date of the order"),
        given(_PUBLICATION.published_at, "Опубликована (UTC)", "Published (UTC)"),
        given(_PUBLICATION.withdrawal_order, "Отозвана приказом", "Withdrawn by order"),
        given(
            _PUBLICATION.withdrawal_reason, "Почему отозвана", "Why it was withdrawn"
        ),
        given(_PUBLICATION.withdrawn_at, "Отозвана (UTC)", "Withdrawn (UTC)"),
        synthetic(MUNICIPALITY.synthetic),
    ),
    in_municipality(RankingPublicationRow.__table__),
    _PUBLICATION.id,
    _YEAR,
)

RANKING_OBJECTIONS = Dataset(
    "ranking-objections",
    Text("Возражения школ на рейтинги", "Objections of schools to rankings"),
    Permission.RANKINGS_READ,
    (
        row_id(_OBJECTION.id),
        *school(_OBJECTION),
        given(_OBJECTION.publication_id, "Номер публикации", "Publication number"),
        given(_OBJECTION.figure, "На что", "Against which figure"),
        given(_OBJECTION.text, "Возражение", "Objection"),
        given(_OBJECTION.status, "Состояние", "Status", allowed=list(ObjectionStatus)),
        given(_OBJECTION.filed_at, "Подано (UTC)", "Filed (UTC)"),
        given(_OBJECTION.answer, "Ответ", "Answer"),
        given(_OBJECTION.answered_at, "Отвечено (UTC)", "Answered (UTC)"),
        synthetic(MUNICIPALITY.synthetic),
    ),
    in_school(RankingObjectionRow.__table__),
    _OBJECTION.id,
)

DATASETS = (RANKING_PUBLICATIONS, RANKING_OBJECTIONS)
