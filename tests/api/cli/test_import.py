"""`import`: whole or nothing, with what is wrong told, and never twice."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.api.demo.loading import Placed
from tests.api.cli.conftest import begin, invoke, reaching
from tests.api.imports.district import row_of
from tests.api.imports.workbooks import statistics
from tests.support.faulty_proxy import Fault, faulty_proxy
from tests.support.ledger import listed
from tests.support.served import Served

pytestmark = pytest.mark.timeout(300)

SECONDS = 100
FORMAT = ("--format", "mark_statistics")


def write(path: Path, *rows: list[object]) -> Path:
    path.write_bytes(statistics(*rows).getvalue())
    return path


def rows_of(school: Placed, year: int) -> list[list[object]]:
    return [row_of(school, year=year, grade=grade) for grade in (4, 5, 6)]


def imports(system: Served, file: Path) -> list[dict[str, Any]]:
    with system.client("uzhur") as client:
        found = listed(client, "/v1/imports")
    return [each for each in found if each["file_name"] == file.name]


def test_a_file_is_committed_and_the_same_command_then_changes_nothing(
    system: Served, ilinka: Placed, tmp_path: Path
) -> None:
    file = write(tmp_path / "whole.xlsx", *rows_of(ilinka, 2016))
    looked = invoke("import", file, *FORMAT, "--dry-run", **reaching(system))
    assert looked.exit_code == 0, looked.output
    assert "3 new, 0 changed" in looked.output
    [kept] = imports(system, file)
    assert kept["status"] == "previewed"
    done = invoke(
        *("import", file, *FORMAT, "--municipality", "uzhur"), **reaching(system)
    )
    assert done.exit_code == 0, done.output
    assert "Committed: 3 new" in done.output
    again = invoke("import", file, *FORMAT, **reaching(system))
    assert again.exit_code == 0
    assert "nothing was done" in again.output
    assert [each["status"] for each in imports(system, file)].count("committed") == 1


def test_bad_rows_are_told_and_nothing_is_committed_unless_asked(
    system: Served, ilinka: Placed, tmp_path: Path
) -> None:
    rows = [*rows_of(ilinka, 2015), row_of(ilinka, year=2015, grade=7, n="x")]
    file = write(tmp_path / "bad.xlsx", *rows)
    report = tmp_path / "bad.json"
    told = invoke("import", file, *FORMAT, "--report", report, **reaching(system))
    assert told.exit_code == 1, told.output
    assert "Committed" not in told.output
    assert "Bad rows: 1" in told.output
    [bad] = json.loads(report.read_text("utf-8"))["bad_rows"]
    [fault] = bad["faults"]
    shown = next(line for line in told.output.splitlines() if fault["column"] in line)
    for part in (bad["sheet"], str(bad["row"]), "x", fault["reason_en"][:20]):
        assert part in shown
    book = tmp_path / "bad-rows.xlsx"
    done = invoke(
        *("import", file, *FORMAT, "--partial", "--report", book), **reaching(system)
    )
    assert done.exit_code == 1
    assert "Committed: 3 new, 0 changed, 0 unchanged, 1 left out" in done.output
    assert CalamineWorkbook.from_path(str(book)).sheet_names


def test_lost_answers_are_asked_for_again_and_nothing_is_doubled(
    system: Served, ilinka: Placed, tmp_path: Path
) -> None:
    file = write(tmp_path / "lost.xlsx", *rows_of(ilinka, 2014))

    def judge(method: str, _path: str, count: int) -> Fault:
        return Fault.LOST if method == "POST" and count == 0 else Fault.NONE

    with faulty_proxy(system.address, judge) as proxy:
        reach = reaching(system, address=proxy.address)
        done = invoke("import", file, *FORMAT, **reach)
    assert done.exit_code == 0, done.output
    assert "Committed: 3 new" in done.output
    posts = [path for method, path in proxy.seen if method == "POST"]
    assert len(posts) == 4  # upload and commit, twice each
    [kept] = imports(system, file)
    assert kept["status"] == "committed"


@pytest.mark.parametrize(
    ("where", "year", "said"),
    [("/v1/imports", 2013, "Committed: 3 new"), ("commit", 2012, "nothing was done")],
)
def test_a_killed_command_goes_on_where_it_was(
    system: Served, ilinka: Placed, tmp_path: Path, *, where: str, year: int, said: str
) -> None:
    file = write(tmp_path / f"killed-{year}.xlsx", *rows_of(ilinka, year))

    def judge(method: str, path: str, _count: int) -> Fault:
        return Fault.HELD if method == "POST" and path.endswith(where) else Fault.NONE

    with faulty_proxy(system.address, judge) as proxy:
        reach = reaching(system, address=proxy.address)
        process = begin("import", file, *FORMAT, **reach)
        assert proxy.is_held.wait(SECONDS)
        process.kill()
        process.communicate()
    [before] = imports(system, file)
    done = invoke("import", file, *FORMAT, **reaching(system))
    assert done.exit_code == 0, done.output
    assert said in done.output
    [kept] = imports(system, file)
    assert (kept["id"], kept["status"]) == (before["id"], "committed")


def test_ctrl_c_ends_with_130_and_one_line(
    system: Served, ilinka: Placed, tmp_path: Path
) -> None:
    file = write(tmp_path / "interrupted.xlsx", *rows_of(ilinka, 2011))
    with faulty_proxy(system.address, lambda *_: Fault.HELD) as proxy:
        reach = reaching(system, address=proxy.address)
        process = begin("import", file, *FORMAT, **reach)
        assert proxy.is_held.wait(SECONDS)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert "Interrupted. The same command goes on." in said
    assert "Traceback" not in said


def test_what_is_out_of_date_is_looked_at_anew(
    system: Served, ilinka: Placed, tmp_path: Path
) -> None:
    file = write(tmp_path / "early.xlsx", *rows_of(ilinka, 2010))
    other = write(tmp_path / "other.xlsx", *rows_of(ilinka, 2010)[:1])
    invoke("import", file, *FORMAT, "--dry-run", **reaching(system))
    invoke("import", other, *FORMAT, **reaching(system))
    done = invoke("import", file, *FORMAT, **reaching(system))
    assert done.exit_code == 0, done.output
    assert "Committed: 2 new, 0 changed, 1 unchanged" in done.output


def test_a_refusal_and_an_absent_server_end_in_lines_of_their_own(
    system: Served, tmp_path: Path
) -> None:
    file = tmp_path / "no.xlsx"
    file.write_bytes(b"no workbook")
    refused = invoke("import", file, *FORMAT, **reaching(system))
    assert refused.exit_code == 3
    stranger = reaching(system) | {"PODYOM_TOKEN": "pdm_unknown"}
    assert invoke("import", file, *FORMAT, **stranger).exit_code == 3
    away = reaching(system, address="http://127.0.0.1:1")
    absent = invoke("import", file, *FORMAT, "--patience", "0", **away)
    assert absent.exit_code == 4
    assert "Repeat the same command: it goes on." in absent.output
    nowhere = reaching(system, address="127.0.0.1")
    assert invoke("import", file, *FORMAT, **nowhere).exit_code == 2
    wrong = ("--report", "bad.txt")
    assert invoke("import", file, *FORMAT, *wrong, **away).exit_code == 2
