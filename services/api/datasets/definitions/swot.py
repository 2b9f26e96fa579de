"""Schools' analyses of their strengths, weaknesses, opportunities and threats."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import calendar_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.swot import QUADRANTS
from shared.persistence.tables.swot import SwotEntryRow

_ENTRY = SwotEntryRow.__table__.c

SWOT_ENTRIES = of_school(
    "swot-entries",
    Text("SWOT-анализ школ", "SWOT analyses of schools"),
    Permission.CONDITIONS_READ,
    SwotEntryRow,
    None,
    calendar_year(_ENTRY.calendar_year),
    column(_ENTRY.quadrant, "Поле анализа", "Field", allowed=QUADRANTS),
    column(_ENTRY.position, "Порядок", "Order", least=1, most=100),
    column(_ENTRY.text, "Текст", "Text"),
    recording=Recording(
        rows=SwotEntryRow,
        entity="swot_entry",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "calendar_year", "quadrant", "position"),
        calendar="calendar_year",
        filters=("calendar_year", "quadrant"),
        sorts=("calendar_year",),
        example={
            "school_id": 1,
            "calendar_year": 2020,
            "quadrant": "strengths",
            "position": 1,
            "text": "Стабильный коллектив учителей начальных классов",
        },
    ),
)

DATASETS = (SWOT_ENTRIES,)
