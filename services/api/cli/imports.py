"""Importing a file into an api."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from services.api.cli import bad_rows
from services.api.cli.remote import (
    PATIENCE,
    Language,
    Patience,
    Remote,
    Token,
    Url,
    connected,
)
from services.api.cli.running import INTERRUPTED, REFUSED, WRONG_DATA
from services.api.cli.speaking import complain, own_language, say
from services.api.cli.uploading import Import, Upload, bring, commit
from shared.domain.errors import Text

MODES: Final = {True: "partial", False: "all_or_nothing"}
MOST_LOOKS: Final = 3


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    file_format: Annotated[
        str, typer.Option("--format", help="A code of GET /v1/import-formats")
    ],
    url: Url,
    token: Token,
    municipality: Annotated[
        str | None, typer.Option(help="Code or number; needed by those with several")
    ] = None,
    school: Annotated[
        str | None, typer.Option(help="Code or number, of a file that names none")
    ] = None,
    year: Annotated[int | None, typer.Option(help="2019 is 2019/2020")] = None,
    procedure: Annotated[str | None, typer.Option(help="If not the usual one")] = None,
    season: Annotated[str | None, typer.Option(help="If not as usual")] = None,
    subject: Annotated[str | None, typer.Option(help="If the file names none")] = None,
    grade: Annotated[int | None, typer.Option(help="If the file names none")] = None,
    written_on: Annotated[str | None, typer.Option(help="2020-09-16")] = None,
    reason: Annotated[str | None, typer.Option(help="Why closed years change")] = None,
    partial: Annotated[
        bool, typer.Option("--partial/--all-or-nothing", help="Leave bad rows out")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Look only; commit nothing")] = False,
    again: Annotated[
        bool, typer.Option(help="Commit a file that was committed before")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write bad rows: .xlsx to correct, or .json")
    ] = None,
    patience: Patience = PATIENCE,
    language: Language = None,
) -> None:
    """Upload a file to an api, look at it, and commit it.

    An interrupted command goes on when it is given again: the same file is never
    imported twice. Ends with 0 when all is well; 1 when there are bad rows (then
    nothing is committed, without --partial); 2 for wrong arguments; 3 when the api
    refuses; 4 when it cannot be reached; 130 when interrupted.
    """
    bad_rows.require_known_kind(report)
    spoken = own_language(language)
    with connected(url, token, spoken, patience=patience) as remote:
        municipality_id = remote.number_of("/v1/municipalities", municipality)
        school_id = remote.number_of(
            "/v1/schools", school, municipality_id=municipality_id
        )
        said = {
            "file_format": file_format,
            "municipality_id": municipality_id,
            "school_id": school_id,
            "academic_year": year,
            "procedure": procedure,
            "season": season,
            "subject": subject,
            "grade": grade,
            "written_on": written_on,
        }
        fields = {name: str(value) for name, value in said.items() if value is not None}
        upload = Upload.of(file, fields, reason)
        try:
            _carry_out(
                remote,
                upload,
                mode=None if dry_run else MODES[partial],
                again=again,
                report=report,
            )
        except KeyboardInterrupt:
            text = Text(
                "Прервано. Та же команда продолжит.",
                "Interrupted. The same command goes on.",
            )
            raise complain(text, spoken, code=INTERRUPTED) from None


def _carry_out(
    remote: Remote,
    upload: Upload,
    *,
    mode: str | None,
    again: bool,
    report: Path | None,
) -> None:
    after = 0
    for _ in range(MOST_LOOKS):
        found = bring(remote, upload, again=again, after=after)
        if found["status"] == "committed":
            _tell_earlier(remote, found)
            return
        _look(remote, found, report)
        bad = found["counts"]["bad"]
        if mode is None or (bad and mode == MODES[False]):
            break
        if (done := commit(remote, found["id"], mode)) is not None:
            _tell_committed(remote, done)
            break
        # Somebody was faster since it was looked at, perhaps days ago.
        after = found["id"]
    if bad:
        raise typer.Exit(code=WRONG_DATA)


def _look(remote: Remote, found: Import, report: Path | None) -> None:
    if found["status"] == "failed":
        raise _failed(remote, found)
    _tell_preview(remote, found)
    if found["counts"]["bad"]:
        bad_rows.show(remote, found)
        if report is not None:
            bad_rows.write(remote, found, report)


def _tell_earlier(remote: Remote, found: Import) -> None:
    say(
        Text(
            f"Этот файл уже применён (импорт {found['id']}), ничего не сделано. "
            "Применить ещё раз: --again.",
            f"This file has been committed (import {found['id']}); nothing was done. "
            "To commit it once more: --again.",
        ),
        remote.language,
    )


def _tell_preview(remote: Remote, found: Import) -> None:
    counts = found["counts"]
    say(
        Text(
            f"Импорт {found['id']}: новых {counts['new']}, изменится "
            f"{counts['changed']}, без изменений {counts['unchanged']}, с ошибками "
            f"{counts['bad']}, пропущено {counts['skipped']}",
            f"Import {found['id']}: {counts['new']} new, {counts['changed']} changed, "
            f"{counts['unchanged']} unchanged, {counts['bad']} bad, "
            f"{counts['skipped']} skipped",
        ),
        remote.language,
    )


def _tell_committed(remote: Remote, done: dict[str, Any]) -> None:
    say(
        Text(
            f"Применено: новых {done['new']}, изменено {done['changed']}, без "
            f"изменений {done['unchanged']}, не взято {done['left_out']}",
            f"Committed: {done['new']} new, {done['changed']} changed, "
            f"{done['unchanged']} unchanged, {done['left_out']} left out",
        ),
        remote.language,
    )


def _failed(remote: Remote, found: Import) -> typer.Exit:
    reasons = "; ".join(each[f"reason_{remote.language}"] for each in found["warnings"])
    text = Text(
        f"Файл не прочитан до конца: {reasons}",
        f"The file could not be read to its end: {reasons}",
    )
    return complain(text, remote.language, code=REFUSED)
