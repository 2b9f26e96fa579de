"""One set of routes for each dataset that people write."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from services.api.datasets.recording import Recording
from services.api.http.auth import Actor, require
from services.api.http.conditional import version_tag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import (
    DEFAULT_PAGE,
    After,
    Limit,
    PageOut,
    SortedPageOut,
    page_of,
    paging_by,
    sorted_page_out,
)
from services.api.http.preconditions import OptionalIfMatch, PreconditionFailedError
from services.api.http.problems import problems
from services.api.http.reasons import Reason
from services.api.http.work import RequestWork
from services.api.records import errors, repository, usecases
from services.api.records.bodies import answer_of, body_of
from services.api.records.queries import query_of, sorts_of
from services.api.records.records import Wanted
from services.api.records.schemas import RecordChangeOut
from services.api.records.usecases import Writing
from shared.domain.data_years import YearLockedError, YearSubmittedError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.persistence.paging import Paging

DENIALS = (ForbiddenError, UnauthenticatedError)
CLOSED = (YearLockedError, YearSubmittedError)


def make_router() -> APIRouter:
    """Return the routes of every dataset that people write."""
    router = APIRouter(prefix="/v1", tags=["records"], route_class=IdempotentRoute)
    for dataset in DATASETS.values():
        if dataset.recording is not None:
            routes = _Routes(dataset, dataset.recording)
            routes.add_reading(router)
            routes.add_writing(router)
    return router


class _Routes:
    """The routes of one dataset."""

    def __init__(self, dataset: Dataset, recording: Recording) -> None:
        self.dataset = dataset
        self.recording = recording
        self.body: Any = body_of(dataset, recording)
        self.answer: Any = answer_of(dataset, recording)
        self.path = f"/{dataset.code}"
        self.title = dataset.title.en
        self.entity = recording.entity
        self.reader = Annotated[Actor, Depends(require(dataset.permission))]
        self.writer = Annotated[Actor, Depends(require(recording.permission))]

    def add_reading(self, router: APIRouter) -> None:
        """Add the list, the single row and its history."""
        router.add_api_route(
            self.path,
            self._lister(),
            operation_id=f"list_{self.dataset.code.replace('-', '_')}",
            summary=self.title,
            response_model=SortedPageOut[self.answer],  # type: ignore[name-defined] # made at run time
            responses=problems(*DENIALS),
        )
        router.add_api_route(
            f"{self.path}/{{row_id}}",
            self._reader(),
            operation_id=f"read_{self.entity}",
            summary=f"{self.title}: one row",
            response_model=self.answer,
            responses=problems(errors.RecordNotFoundError, *DENIALS),
        )
        router.add_api_route(
            f"{self.path}/{{row_id}}/history",
            self._historian(),
            operation_id=f"list_{self.entity}_history",
            summary=f"{self.title}: what became of one row",
            description="Also of one that was removed. Oldest first.",
            response_model=PageOut[RecordChangeOut],
            responses=problems(*DENIALS),
        )

    def add_writing(self, router: APIRouter) -> None:
        """Add what makes, changes and removes a row."""
        refused = (errors.InvalidRecordError, *CLOSED, *DENIALS)
        router.add_api_route(
            self.path,
            self._creator(),
            methods=["POST"],
            operation_id=f"create_{self.entity}",
            summary=f"{self.title}: write a new row",
            status_code=201,
            response_model=self.answer,
            responses=problems(errors.RecordExistsError, NotFoundError, *refused),
        )
        missing = (errors.RecordNotFoundError, PreconditionFailedError)
        router.add_api_route(
            f"{self.path}/{{row_id}}",
            self._replacer(),
            methods=["PUT"],
            operation_id=f"replace_{self.entity}",
            summary=f"{self.title}: correct a row",
            response_model=self.answer,
            responses=problems(
                errors.RecordExistsError, errors.RecordInUseError, *missing, *refused
            ),
        )
        router.add_api_route(
            f"{self.path}/{{row_id}}",
            self._remover(),
            methods=["DELETE"],
            operation_id=f"remove_{self.entity}",
            summary=f"{self.title}: remove a row; its history stays",
            status_code=204,
            response_class=Response,
            responses=problems(errors.RecordInUseError, *missing, *CLOSED, *DENIALS),
        )

    def _lister(self) -> Any:
        dataset, recording, answer = self.dataset, self.recording, self.answer
        query, reader = query_of(dataset, recording), self.reader
        page = Depends(paging_by(*sorts_of(dataset, recording)))

        async def list_rows(
            work: RequestWork,
            _actor: reader,  # type: ignore[valid-type] # made at run time
            query: Annotated[query, Query()],  # type: ignore[valid-type] # likewise
            paging: Annotated[Paging, page],
        ) -> Any:
            given = query.model_dump(exclude_none=True)  # type: ignore[attr-defined]
            wanted = Wanted(
                municipality_id=given.pop("municipality_id", None),
                academic_year=given.pop("academic_year", None),
                equal=given,
            )
            rows = await repository.list_rows(work, dataset, recording, wanted, paging)
            return sorted_page_out(answer, rows, paging)

        return list_rows

    def _reader(self) -> Any:
        dataset, recording, reader = self.dataset, self.recording, self.reader

        async def read_row(
            work: RequestWork,
            _actor: reader,  # type: ignore[valid-type] # made at run time
            row_id: RowId,
            response: Response,
        ) -> Any:
            row = await repository.read_row(work, dataset, recording, row_id)
            if row is None:
                raise errors.unknown(dataset.code, row_id)
            response.headers["ETag"] = version_tag(row.version)
            return row

        return read_row

    def _historian(self) -> Any:
        entity, reader = self.entity, self.reader

        async def list_history(
            work: RequestWork,
            _actor: reader,  # type: ignore[valid-type] # made at run time
            row_id: RowId,
            after: After = 0,
            limit: Limit = DEFAULT_PAGE,
        ) -> Any:
            rows = await repository.list_history(
                work, entity, row_id, after=after, limit=limit
            )
            page, next_after = page_of(rows, limit, key="number")
            items = [RecordChangeOut.model_validate(row) for row in page]
            return PageOut(items=items, next_after=next_after)

        return list_history

    def _creator(self) -> Any:
        dataset, recording = self.dataset, self.recording
        body, writer = self.body, self.writer

        async def create_row(
            work: RequestWork,
            actor: writer,  # type: ignore[valid-type] # made at run time
            body: body,  # type: ignore[valid-type] # likewise
            response: Response,
            _once: Once,
            reason: Reason = None,
        ) -> Any:
            writing = Writing(work, actor, dataset, recording, reason)
            values = body.model_dump()  # type: ignore[attr-defined] # likewise
            row = await usecases.create_row(writing, values)
            response.headers["Location"] = f"/v1/{dataset.code}/{row.id}"
            response.headers["ETag"] = version_tag(row.version)
            return row

        return create_row

    def _replacer(self) -> Any:
        dataset, recording = self.dataset, self.recording
        body, writer = self.body, self.writer

        async def replace_row(
            *,
            work: RequestWork,
            actor: writer,  # type: ignore[valid-type] # made at run time
            row_id: RowId,
            body: body,  # type: ignore[valid-type] # likewise
            expected: OptionalIfMatch,
            response: Response,
            reason: Reason = None,
        ) -> Any:
            writing = Writing(work, actor, dataset, recording, reason)
            values = body.model_dump()  # type: ignore[attr-defined] # likewise
            row = await usecases.replace_row(writing, row_id, values, expected)
            response.headers["ETag"] = version_tag(row.version)
            return row

        return replace_row

    def _remover(self) -> Any:
        dataset, recording, writer = self.dataset, self.recording, self.writer

        async def remove_row(
            work: RequestWork,
            actor: writer,  # type: ignore[valid-type] # made at run time
            row_id: RowId,
            expected: OptionalIfMatch,
            reason: Reason = None,
        ) -> None:
            writing = Writing(work, actor, dataset, recording, reason)
            await usecases.remove_row(writing, row_id, expected)

        return remove_row


router = make_router()
