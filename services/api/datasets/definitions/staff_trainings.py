"""In what teachers are trained: planned and carried out."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import academic_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.staff_trainings import StaffTrainingRow

_TRAINING = StaffTrainingRow.__table__.c
TEACHERS = Text("учителей", "teachers")

STAFF_TRAININGS = of_school(
    "staff-trainings",
    Text("Повышение квалификации", "Training of teachers"),
    Permission.CONDITIONS_READ,
    StaffTrainingRow,
    "academic_year",
    academic_year(_TRAINING.academic_year),
    column(_TRAINING.topic, "Тема", "Topic"),
    column(
        _TRAINING.hours,
        "Объём курса",
        "Length of the course",
        unit=Text("часов", "hours"),
        least=1,
        most=2000,
    ),
    column(
        _TRAINING.planned,
        "Запланировано обучить",
        "To be trained",
        unit=TEACHERS,
        most=1000,
    ),
    column(_TRAINING.trained, "Обучено", "Trained", unit=TEACHERS, most=1000),
    recording=Recording(
        rows=StaffTrainingRow,
        entity="staff_training",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "academic_year", "topic"),
        filters=("topic",),
        example={
            "school_id": 1,
            "academic_year": 2020,
            "topic": "Формирующее оценивание",
            "hours": 72,
            "planned": 4,
            "trained": 3,
        },
    ),
)

DATASETS = (STAFF_TRAININGS,)
