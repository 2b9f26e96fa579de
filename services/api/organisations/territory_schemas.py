"""Bodies of regions and municipalities as they are written."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StrictBool

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import PlaceCode
from services.api.organisations.school_schemas import Words


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RefusedValueError(
            f"Часового пояса «{name}» нет; пример: Asia/Irkutsk.",
            f"There is no time zone “{name}”; an example is Asia/Irkutsk.",
        ) from None
    return name


TimeZone = Annotated[str, Field(max_length=60), AfterValidator(_known_zone)]


class RegionIn(BaseModel):
    """A subject of the federation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"code": "buryatia", "name": "Республика Бурятия"}
        },
    )

    code: PlaceCode
    name: Words


class RegionOut(BaseModel):
    """A subject of the federation."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str


class MunicipalityPut(BaseModel):
    """What is known of a municipality; deadlines are in its time zone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"name": "Кабанский район", "time_zone": "Asia/Irkutsk"}
        },
    )

    name: Words
    time_zone: TimeZone
    area_km2: Annotated[float, Strict(), Field(gt=0, le=4_000_000)] | None = None
    population: Annotated[int, Strict(), Field(ge=0, le=20_000_000)] | None = None
    remarks: Annotated[list[Words], Field(max_length=50)] = []
    runs_kept: Annotated[
        int,
        Strict(),
        Field(
            ge=1,
            le=1_000,
            description="Runs of figures that are kept of each topic and year beside "
            "the current one; those that were published always stay",
        ),
    ] = 20


class MunicipalityIn(MunicipalityPut):
    """A municipality; its code and its region stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "region_id": 1,
                "code": "kabansk",
                "name": "Кабанский район",
                "time_zone": "Asia/Irkutsk",
            }
        },
    )

    region_id: RowNumber
    code: PlaceCode


class PublicViewPut(BaseModel):
    """A municipality's decision on whether the public sees sums of its results."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "is_public": True,
                "order_number": "45-о",
                "order_on": "2020-09-10",
                "reason": "Открытость результатов программы",
            }
        },
    )

    is_public: Annotated[StrictBool, Strict()]
    order_number: Words
    order_on: Day
    reason: Words
