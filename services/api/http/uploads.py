"""Receiving a form with files within bounds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from services.api.http.form_digest import digest_of_form
from shared.domain.errors import InvalidInputError, Text

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_FIELDS = 20
FORM_DIGEST = "form_digest"  # in the state of a request that has a key


class UploadTooLargeError(InvalidInputError):
    """The request is larger than what is received; nothing in it was looked at."""

    code = "upload_too_large"
    title = Text("Файл слишком велик", "The file is too large")


class UnreadableFormError(InvalidInputError):
    """The body is no `multipart/form-data`, or not a complete one."""

    code = "unreadable_form"
    title = Text("Форма не прочитана", "The form cannot be read")


@asynccontextmanager
async def received_form(
    request: Request, *, most_bytes: int = MAX_UPLOAD_BYTES, most_files: int = 1
) -> AsyncIterator[FormData]:
    """Receive a form with files, and drop them when the block ends.

    Parts over a megabyte lie on the disk, not in memory.

    Raises:
        UploadTooLargeError: the body is, or says that it will be, over `most_bytes`.
        UnreadableFormError: it is not a form.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most_bytes:
        raise _too_large(most_bytes)
    bounded = Request(request.scope, _bounded(request.receive, most_bytes))
    try:
        form = await bounded.form(max_files=most_files, max_fields=MAX_FIELDS)
    except HTTPException as error:
        raise UnreadableFormError(
            Text(
                "Тело запроса не читается как multipart/form-data, где файлов не "
                f"больше {most_files}: {error.detail}",
                "The body cannot be read as multipart/form-data with no more files "
                f"than {most_files}: {error.detail}",
            )
        ) from error
    try:
        if "idempotency-key" in request.headers:
            digest = await asyncio.to_thread(digest_of_form, form)
            setattr(request.state, FORM_DIGEST, digest)
        yield form
    finally:
        await form.close()


def _bounded(receive: Receive, most_bytes: int) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most_bytes:
            raise _too_large(most_bytes)
        return message

    return bounded


def _too_large(most_bytes: int) -> UploadTooLargeError:
    megabytes = most_bytes >> 20
    return UploadTooLargeError(
        Text(
            f"За один раз принимается до {megabytes} МБ: разделите файл на несколько.",
            f"Up to {megabytes} MB are received at once: divide the file into several.",
        )
    )
