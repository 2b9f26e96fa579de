"""What a report on a deadline consists of, and how much of it is received."""

from collections.abc import Sequence
from typing import Final

from shared.domain.errors import Fault, InvalidInputError, Text

LONGEST_TEXT: Final = 8000  # characters
LONGEST_LINK: Final = 2000  # characters
MOST_LINKS: Final = 10
MOST_FILES: Final = 10
LARGEST_FILE: Final = 20 << 20  # bytes


class SubmissionRefusedError(InvalidInputError):
    """The report has no result in it, or more than is received."""

    code = "submission_refused"
    title = Text("Отчёт не принят", "The report was not accepted")


def require_result(
    text: str | None, links: Sequence[str], sizes: Sequence[int]
) -> None:
    """Check that there is a result, and that its files are within bounds.

    Args:
        text: The report in words.
        links: Where the result is to be seen.
        sizes: Of the files, in bytes.

    Raises:
        SubmissionRefusedError: nothing is handed in, or too much.
    """
    faults = []
    if text is None and not links and not sizes:
        faults.append(
            Fault(
                column="body.text",
                reason=Text(
                    "Без результата срок не закрыть: напишите, что сделано, дайте "
                    "ссылку или приложите файл.",
                    "A deadline is not met without a result: say what was done, give "
                    "a link, or attach a file.",
                ),
            )
        )
    for place, size in enumerate(sizes):
        if size > LARGEST_FILE:
            most = LARGEST_FILE >> 20
            faults.append(
                Fault(
                    column=f"body.file.{place}",
                    value=str(size),
                    reason=Text(
                        f"Файл больше {most} МБ: сожмите его или дайте ссылку.",
                        f"The file is over {most} MB: compress it, or give a link.",
                    ),
                )
            )
        elif size == 0:
            faults.append(
                Fault(
                    column=f"body.file.{place}",
                    value="0",
                    reason=Text("Файл пуст.", "The file is empty."),
                )
            )
    if faults:
        raise SubmissionRefusedError(faults[0].reason, faults=faults)
