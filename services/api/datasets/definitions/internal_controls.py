"""Schools' own control of their work, and the corrections that it led to."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, is_link, needs, not_in_the_future
from shared.persistence.tables.internal_controls import InternalControlRow

_CONTROL = InternalControlRow.__table__.c

INTERNAL_CONTROLS = of_school(
    "internal-controls",
    Text("Внутришкольный контроль", "Internal controls"),
    Permission.CONDITIONS_READ,
    InternalControlRow,
    "held_on",
    column(_CONTROL.held_on, "Дата контроля", "Held on"),
    column(_CONTROL.topic, "Что проверяли", "Topic"),
    column(_CONTROL.plan_corrected_on, "План скорректирован", "Plan corrected on"),
    column(_CONTROL.link, "Ссылка на корректировку", "Link to the correction"),
    recording=Recording(
        rows=InternalControlRow,
        entity="internal_control",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "held_on", "topic"),
        rules=(
            not_in_the_future("held_on"),
            not_in_the_future("plan_corrected_on"),
            in_order("held_on", "plan_corrected_on"),
            needs("link", "plan_corrected_on"),
            is_link("link"),
        ),
        filters=("held_on",),
        sorts=("held_on",),
        example={
            "school_id": 1,
            "held_on": "2020-09-10",
            "topic": "Ведение электронных журналов",
            "plan_corrected_on": "2020-09-14",
        },
    ),
)

DATASETS = (INTERNAL_CONTROLS,)
