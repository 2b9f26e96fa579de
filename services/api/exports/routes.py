"""Datasets as files: exports, empty forms, and the dictionary of columns."""

from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from services.api.datasets.traces import trace_reading
from services.api.exports import usecases
from services.api.exports.schemas import DatasetListOut, DatasetOut
from services.api.exports.sending import PARTIAL, SHOWN, answer_with
from services.api.exports.templates import make_template
from services.api.exports.usecases import FileFormat, Narrowing, UnknownDatasetError
from services.api.exports.writers import TooManyRowsError
from services.api.http.attachments import answers_with_file, attachment_headers
from services.api.http.auth import CurrentActor, authenticate, require
from services.api.http.ids import LARGEST_ID
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from shared.domain.periods import FIRST_YEAR, LAST_YEAR, AcademicYear

router = APIRouter(prefix="/v1", tags=["exports"])

KEPT_IN_MEMORY: Final = 1 << 20  # bytes; what is larger lies on the disk
MEDIA_TYPES: Final = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
DENIALS = (UnauthenticatedError, ForbiddenError)

DatasetCode = Annotated[
    str, Path(description="`code` of GET /v1/export-datasets", examples=["schools"])
]
YearFilter = Annotated[
    int | None,
    Query(ge=FIRST_YEAR, le=LAST_YEAR, description="2019 is 2019/2020; all if omitted"),
]
MunicipalityFilter = Annotated[
    int | None, Query(ge=1, le=LARGEST_ID, description="All that one sees, if omitted")
]


async def readable_dataset(dataset: DatasetCode, actor: CurrentActor) -> Dataset:
    """Return the dataset, once the caller is known to have the right to read it."""
    found = usecases.find_dataset(dataset)
    await require(found.permission)(actor)
    return found


def _answers_with(*formats: FileFormat) -> dict[int | str, dict[str, Any]]:
    return answers_with_file(*(MEDIA_TYPES[each] for each in formats))


def _whole_or_part() -> dict[int | str, dict[str, Any]]:
    """Return what describes an export: a file, or the rest of one."""
    whole: dict[str, Any] = _answers_with(FileFormat.CSV, FileFormat.XLSX)[200]
    whole["headers"] |= SHOWN
    part = {
        **whole,
        "description": "What was asked for by `Range`, of a file with the tag named",
    }
    return {200: whole, PARTIAL: part}


@router.get(
    "/exports/{dataset}",
    operation_id="export_dataset",
    summary="A whole dataset as CSV or as a workbook",
    description=(
        "What the caller may see, in the order of entry, as of one moment. CSV is for "
        "Russian spreadsheet programs: UTF-8 with BOM, `;`, decimal commas; a text "
        "that begins like a formula gets an apostrophe before it. A workbook has what "
        "it is in row 1, names in row 2, titles in row 3. Rankings and indicators are "
        "those of the current runs. An export of what leads to persons is audited.\n\n"
        "`ETag` is the SHA-256 of the file: `Range: bytes=N-` with `If-Range` goes on "
        "where a download broke off, as long as the data are the same; otherwise the "
        "answer is the whole of the new file."
    ),
    response_class=StreamingResponse,
    responses={
        **problems(UnknownDatasetError, InvalidInputError, TooManyRowsError, *DENIALS),
        **_whole_or_part(),
    },
)
async def export_dataset(
    *,
    request: Request,
    work: RequestWork,
    actor: CurrentActor,
    dataset: Annotated[Dataset, Depends(readable_dataset)],
    file_format: Annotated[FileFormat, Query(alias="format")] = FileFormat.XLSX,
    municipality_id: MunicipalityFilter = None,
    academic_year: YearFilter = None,
) -> Response:
    wanted = Narrowing(municipality_id=municipality_id, academic_year=academic_year)
    # Sent only once it is complete: half a table would pass for a whole one, and a
    # slow reader would keep the database waiting.
    file = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 (closed when sent)
    try:
        rows = await usecases.write_export(work, dataset, wanted, file_format, file)
        await trace_reading(
            work,
            dataset,
            rows=rows,
            how=file_format,
            municipality_id=actor.municipality_id or municipality_id,
            school_id=actor.school_id,
        )
        return await answer_with(
            file,
            request.headers,
            headers=attachment_headers(
                dataset.code, _title(dataset, academic_year), file_format
            ),
            media_type=MEDIA_TYPES[file_format],
        )
    except BaseException:
        file.close()
        raise


@router.get(
    "/export-datasets",
    operation_id="list_export_datasets",
    summary="The dictionary: datasets that can be exported, with their columns",
    responses=problems(UnauthenticatedError),
)
async def list_export_datasets(_actor: CurrentActor) -> DatasetListOut:
    return DatasetListOut(items=[DatasetOut.of(each) for each in DATASETS.values()])


@router.get(
    "/export-datasets/{dataset}/template",
    operation_id="read_export_template",
    summary="An empty form of a dataset, with its dictionary on a second sheet",
    dependencies=[Depends(authenticate)],
    response_class=Response,
    responses={
        **problems(UnknownDatasetError, UnauthenticatedError),
        **_answers_with(FileFormat.XLSX),
    },
)
def read_export_template(dataset: DatasetCode) -> Response:
    found = usecases.find_dataset(dataset)
    title = f"Форма {found.title.ru}"
    return Response(
        make_template(found),
        media_type=MEDIA_TYPES[FileFormat.XLSX],
        headers=attachment_headers(f"{found.code}-template", title, FileFormat.XLSX),
    )


def _title(dataset: Dataset, academic_year: int | None) -> str:
    if academic_year is None:
        return dataset.title.ru
    year = AcademicYear(academic_year).label.replace("/", "-")
    return f"{dataset.title.ru} {year}"
