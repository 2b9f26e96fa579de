"""What a form holds, whatever the bytes in which it was sent.

Most clients draw another boundary for each request, so that the same form is never the
same bytes twice.
"""

import hashlib
import json
from typing import Final

from starlette.datastructures import FormData, UploadFile

_CHUNK: Final = 1 << 20


def digest_of_form(form: FormData) -> bytes:
    """Return SHA-256 of names, values, and names and content of files, in any order."""
    parts = [
        [name, value.filename, _digest_of_file(value)]
        if isinstance(value, UploadFile)
        else [name, None, value]
        for name, value in form.multi_items()
    ]
    return hashlib.sha256(json.dumps(sorted(parts, key=repr)).encode()).digest()


def _digest_of_file(file: UploadFile) -> str:
    digest = hashlib.sha256()
    while chunk := file.file.read(_CHUNK):
        digest.update(chunk)
    file.file.seek(0)
    return digest.hexdigest()
