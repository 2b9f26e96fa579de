"""How far it is from school to school, which mentors are suggested by."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import of_school
from services.api.datasets.recording import Recording
from shared.domain.distances import between_two_schools
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.distances import SchoolDistanceRow
from shared.persistence.tables.schools import SchoolRow

_WAY = SchoolDistanceRow.__table__.c
KILOMETRES = Text("км", "km")
MINUTES = Text("минут", "minutes")

SCHOOL_DISTANCES = of_school(
    "school-distances",
    Text("Расстояния между школами", "Distances between schools"),
    Permission.CONDITIONS_READ,
    SchoolDistanceRow,
    None,
    column(_WAY.other_school_id, "Номер другой школы", "Number of the other school"),
    column(_WAY.km, "Расстояние", "Distance", unit=KILOMETRES, least=0, most=10_000),
    column(
        _WAY.minutes,
        "Время в пути",
        "Time by road",
        unit=MINUTES,
        least=0,
        most=100_000,
    ),
    column(
        _WAY.same_bus_network, "Общий автобус", "One bus serves both", default=False
    ),
    recording=Recording(
        rows=SchoolDistanceRow,
        entity="school_distance",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "other_school_id"),
        rules=(between_two_schools,),
        filters=("other_school_id",),
        references={"other_school_id": SchoolRow},
        locked_with_year=False,
        example={
            "school_id": 1,
            "other_school_id": 2,
            "km": 18.5,
            "minutes": 25,
            "same_bus_network": True,
        },
    ),
)

DATASETS = (SCHOOL_DISTANCES,)
