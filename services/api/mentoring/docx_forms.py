"""Filling a Word document that people have laid out: words for its placeholders.

A placeholder is a name in double braces, `{{goal}}`. A paragraph or a table's row that
names a field of a list stands there once for each of its items. Word divides a text
into runs as it likes, also amid a placeholder: what replaces it takes the looks of its
first letter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from shared.domain.agreement_document import Repeated

PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# What stands in for a brace that a word brings along, until all are replaced.
BRACE: Final = "\ue000"
# XML 1.0 has no place for these, and a paper has no use for them.
UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue001-\ufffd\U00010000-\U0010ffff]"
)
TEXT, PARAGRAPH, ROW = qn("w:t"), qn("w:p"), qn("w:tr")
KEPT_BLANKS: Final = "{http://www.w3.org/XML/1998/namespace}space"
# The first moment that a ZIP archive can tell: the same words are the same bytes.
SAME_MOMENT: Final = (1980, 1, 1, 0, 0, 0)

PARTS: Final = re.compile(r"/word/(document|header\d*|footer\d*)\.xml")


def fill(
    form: bytes,
    words: Mapping[str, str],
    repeated: Iterable[Repeated],
    *,
    title: str,
    changed_at: datetime,
) -> bytes:
    """Return the document with its placeholders replaced; equal inputs, equal bytes."""
    document = Document(BytesIO(form))
    for root in _roots(document):
        for each in repeated:
            _repeat(root, each)
        for paragraph in root.iter(PARAGRAPH):
            _replace(paragraph, words)
        for text in root.iter(TEXT):
            text.text = (text.text or "").replace(BRACE, "{")
    properties = document.core_properties
    properties.title = UNPRINTABLE.sub("", title)
    properties.author = properties.last_modified_by = ""
    properties.created = properties.modified = changed_at
    return archived(document)


def names_in(form: bytes) -> frozenset[str]:
    """Return the names of the placeholders that the form holds.

    Raises:
        NotAFormError: It is no Word document.
    """
    try:
        document = Document(BytesIO(form))
    except (BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise NotAFormError from error
    return frozenset(
        name for root in _roots(document) for name in PLACEHOLDER.findall(_text(root))
    )


def archived(document: DocxDocument) -> bytes:
    """Return the file without the moment at which it was written."""
    saved, rewritten = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as source, ZipFile(rewritten, "w") as target:
        for entry in source.infolist():
            target.writestr(
                ZipInfo(entry.filename, SAME_MOMENT), source.read(entry), ZIP_DEFLATED
            )
    return rewritten.getvalue()


class NotAFormError(Exception):
    """The bytes are no Word document."""


def _roots(document: DocxDocument) -> Iterator[Any]:
    """Yield what holds paragraphs: the body, then headers and footers."""
    for part in document.part.package.iter_parts():
        if PARTS.fullmatch(part.partname) and isinstance(part, XmlPart):
            yield part.element


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(TEXT))


def _repeat(root: Any, repeated: Repeated) -> None:
    """Put a copy for each item in place of each row, or paragraph, with its fields."""
    for tag in (ROW, PARAGRAPH):
        # What lies inside comes later in the document: it is the nearest row.
        for pattern in reversed(list(root.iter(tag))):
            if repeated.fields.isdisjoint(PLACEHOLDER.findall(_text(pattern))):
                continue
            for item in repeated.items:
                copy = deepcopy(pattern)
                for paragraph in [copy, *copy.iter(PARAGRAPH)]:
                    _replace(paragraph, item)
                pattern.addprevious(copy)
            pattern.getparent().remove(pattern)


def _replace(element: Any, words: Mapping[str, str]) -> None:
    texts = list(element.iter(TEXT))
    found = PLACEHOLDER.finditer("".join(text.text or "" for text in texts))
    # From the last to the first, so that no replacement moves what is still to come.
    for placeholder in reversed(list(found)):
        word = words.get(placeholder[1])
        if word is not None:
            printable = UNPRINTABLE.sub("", word)
            _put(texts, placeholder.span(), printable.replace("{", BRACE))


def _put(texts: Sequence[Any], span: tuple[int, int], word: str) -> None:
    """Write the word over the stretch of the joined texts, into its first run."""
    start, end = span
    before = 0
    for text in texts:
        own = text.text or ""
        first, last = max(start - before, 0), min(end - before, len(own))
        if first < last:
            is_start = before + first == start
            text.text = own[:first] + (word if is_start else "") + own[last:]
            text.set(KEPT_BLANKS, "preserve")
        before += len(own)
