"""The school calendar of municipalities, and what is known of them as a whole."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import (
    Dataset,
    academic_year,
    in_municipality,
    municipality,
    provenance,
    row_id,
    synthetic_unless_documented,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission
from shared.domain.record_rules import (
    apart_from_siblings,
    in_order,
    within_academic_year,
)
from shared.persistence.tables.municipalities import (
    CalendarPeriodRow,
    MunicipalityFigureRow,
)

_PERIOD = CalendarPeriodRow.__table__.c
_FIGURE = MunicipalityFigureRow.__table__.c

CALENDAR_PERIODS = Dataset(
    "school-calendar",
    Text("Четверти и полугодия", "Quarters and half-years"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_PERIOD.id),
        *municipality(_PERIOD.municipality_id),
        academic_year(_PERIOD.academic_year),
        column(_PERIOD.kind, "Вид", "Kind", allowed=("quarter", "half_year")),
        column(_PERIOD.number, "Номер по порядку", "Number", least=1, most=4),
        column(_PERIOD.starts_on, "Начало", "Starts on"),
        column(_PERIOD.ends_on, "Окончание", "Ends on"),
        provenance(_PERIOD.provenance),
        synthetic_unless_documented(_PERIOD.provenance),
    ),
    in_municipality(CalendarPeriodRow.__table__),
    _PERIOD.id,
    _PERIOD.academic_year,
    Recording(
        rows=CalendarPeriodRow,
        entity="calendar_period",
        permission=Permission.PROGRAMMES_WRITE,
        key=("municipality_id", "academic_year", "kind", "number"),
        rules=(
            in_order("starts_on", "ends_on"),
            within_academic_year("academic_year", "starts_on", "ends_on"),
            apart_from_siblings("starts_on", "ends_on"),
        ),
        siblings=("municipality_id", "academic_year", "kind"),
        dates_measures=True,
        filters=("kind",),
        sorts=("starts_on",),
        locked_with_year=False,
        example={
            "municipality_id": 1,
            "academic_year": 2022,
            "kind": "quarter",
            "number": 1,
            "starts_on": "2022-09-01",
            "ends_on": "2022-10-28",
        },
    ),
)

MUNICIPALITY_FIGURES = Dataset(
    "municipal-figures",
    Text("Сведения о муниципалитете", "Figures of municipalities"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_FIGURE.id),
        *municipality(_FIGURE.municipality_id),
        column(_FIGURE.code, "Код", "Code", most=100),
        column(_FIGURE.title, "Показатель", "Title"),
        column(_FIGURE.value, "Значение", "Value", least=0),
        column(
            _FIGURE.unit,
            "Единица",
            "Unit",
            allowed=("schools", "pupils", "people", "percent", "hours"),
        ),
        column(_FIGURE.year, "Год", "Year", least=FIRST_YEAR, most=LAST_YEAR),
        provenance(_FIGURE.provenance),
        synthetic_unless_documented(_FIGURE.provenance),
    ),
    in_municipality(MunicipalityFigureRow.__table__),
    _FIGURE.id,
    None,
    Recording(
        rows=MunicipalityFigureRow,
        entity="municipality_figure",
        permission=Permission.ORGANISATIONS_WRITE,
        key=("municipality_id", "code"),
        filters=("code", "year"),
        calendar="year",
        example={
            "municipality_id": 1,
            "code": "teachers_total",
            "title": "Педагогов в школах района",
            "value": 402,
            "unit": "people",
            "year": 2020,
        },
    ),
)

DATASETS = (CALENDAR_PERIODS, MUNICIPALITY_FIGURES)
