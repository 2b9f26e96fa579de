"""`export`: a whole file or none, though connections break."""

import signal
from hashlib import sha256
from pathlib import Path

import pytest

from shared.runtime.embedded.processes import wait_until
from tests.api.cli.conftest import begin, invoke, reaching
from tests.support.faulty_proxy import Fault, FaultyProxy, Judge, faulty_proxy
from tests.support.served import Served

pytestmark = pytest.mark.timeout(300)

SECONDS = 100
AS_CSV = ("--format", "csv")


def whole(system: Served, file_format: str = "csv") -> bytes:
    with system.client("uzhur") as client:
        answer = client.get("/v1/exports/schools", params={"format": file_format})
    return answer.raise_for_status().content


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def judged(fault: Fault, *, times: int = 1) -> Judge:
    """Do this to the first exports that are asked for."""
    return lambda _method, path, count: (
        fault if "exports" in path and count < times else Fault.NONE
    )


def export_statuses(proxy: FaultyProxy) -> list[int]:
    return [
        status
        for (_, path), status in zip(proxy.seen, proxy.statuses, strict=True)
        if "exports" in path
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_download_that_breaks_off_goes_on_where_it_was(
    system: Served, tmp_path: Path, file_format: str
) -> None:
    target = tmp_path / f"schools.{file_format}"
    with faulty_proxy(system.address, judged(Fault.CUT, times=3)) as proxy:
        done = invoke(
            *("export", "schools", "--format", file_format, "--out", target),
            *("--municipality", "uzhur"),
            **reaching(system, address=proxy.address),
        )
    assert done.exit_code == 0, done.output
    assert export_statuses(proxy) == [200, 206, 206, 206]
    assert target.read_bytes() == whole(system, file_format)
    assert left(tmp_path) == [target.name]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_export_goes_on_after_its_process_ended(
    system: Served, tmp_path: Path, number: signal.Signals
) -> None:
    target = tmp_path / "schools.csv"
    part, tag = interrupted_export(system, target, number)
    assert whole(system).startswith(part)
    assert tag == f'"{sha256(whole(system)).hexdigest()}"'
    with faulty_proxy(system.address, judged(Fault.NONE)) as proxy:
        done = invoke(
            *("export", "schools", *AS_CSV, "--out", target),
            **reaching(system, address=proxy.address),
        )
    assert done.exit_code == 0, done.output
    assert export_statuses(proxy) == [206]
    assert target.read_bytes() == whole(system)
    assert left(tmp_path) == ["schools.csv"]


def test_an_export_begins_anew_where_the_data_or_the_part_are_others(
    system: Served, tmp_path: Path
) -> None:
    target = tmp_path / "schools.csv"
    part, _ = interrupted_export(system, target, signal.SIGKILL)
    (tmp_path / "schools.csv.part").write_bytes(bytes(len(part)))
    with faulty_proxy(system.address, judged(Fault.NONE)) as proxy:
        reach = reaching(system, address=proxy.address)
        spoilt = invoke("export", "schools", *AS_CSV, "--out", target, **reach)
    assert spoilt.exit_code == 0, spoilt.output
    assert export_statuses(proxy) == [206, 200]
    assert target.read_bytes() == whole(system)
    interrupted_export(system, target, signal.SIGKILL)
    change_a_school(system)
    with faulty_proxy(system.address, judged(Fault.NONE)) as proxy:
        reach = reaching(system, address=proxy.address)
        done = invoke("export", "schools", *AS_CSV, "--out", target, **reach)
    assert done.exit_code == 0, done.output
    assert export_statuses(proxy) == [200]
    assert target.read_bytes() == whole(system)
    assert left(tmp_path) == ["schools.csv"]


def is_begun(part: Path) -> bool:
    return part.exists() and part.stat().st_size > 0


def change_a_school(system: Served) -> None:
    with system.client("uzhur") as client:
        school = client.get("/v1/schools").json()["items"][0]
        kept = {name: school[name] for name in ("kind", "locality", "parent_id")}
        changed = client.put(
            f"/v1/schools/{school['id']}", json=kept | {"name": "МБОУ «Другая СОШ»"}
        )
    assert changed.status_code == 200, changed.text


def interrupted_export(
    system: Served, target: Path, number: signal.Signals
) -> tuple[bytes, str]:
    """End an export in the middle; return what is left of it, and its tag."""
    with faulty_proxy(system.address, judged(Fault.STUCK)) as proxy:
        reach = reaching(system, address=proxy.address)
        process = begin("export", "schools", *AS_CSV, "--out", str(target), **reach)
        part = target.with_name(f"{target.name}.part")
        assert proxy.is_held.wait(SECONDS)
        assert wait_until(lambda: is_begun(part), seconds=SECONDS)
        process.send_signal(number)
        said, _ = process.communicate(timeout=SECONDS)
    assert "Traceback" not in said
    if number is signal.SIGINT:
        assert process.returncode == 130
        assert "goes on" in said
    tag = target.with_name(f"{target.name}.part.etag")
    return part.read_bytes(), tag.read_text()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_export_leaves_no_half_file(
    system: Served, tmp_path: Path, number: signal.Signals
) -> None:
    target = tmp_path / "schools.csv"
    with faulty_proxy(system.address, lambda *_: Fault.HELD) as proxy:
        reach = reaching(system, address=proxy.address)
        process = begin("export", "schools", *AS_CSV, "--out", str(target), **reach)
        assert proxy.is_held.wait(SECONDS)
        process.send_signal(number)
        said, _ = process.communicate(timeout=SECONDS)
    assert "Traceback" not in said
    assert not target.exists()
    if number is signal.SIGINT:
        assert process.returncode == 130
        assert left(tmp_path) == []
    done = invoke("export", "schools", *AS_CSV, "--out", target, **reaching(system))
    assert done.exit_code == 0, done.output
    assert target.read_bytes() == whole(system)
    assert left(tmp_path) == ["schools.csv"]


def test_an_unknown_dataset_or_place_is_refused_in_words(
    system: Served, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "x.xlsx")
    refused = invoke("export", "nothing", *out, **reaching(system))
    assert refused.exit_code == 3
    assert "There are:" in refused.output
    place = ("--municipality", "nowhere")
    refused = invoke("export", "schools", *place, *out, **reaching(system))
    assert refused.exit_code == 3
    assert "'nowhere'" in refused.output
    assert left(tmp_path) == []
