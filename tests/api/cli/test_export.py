"""`export`: a whole file or none, though connections break."""

import signal
from pathlib import Path

import pytest

from tests.api.cli.conftest import begin, invoke, reaching
from tests.support.faulty_proxy import Fault, faulty_proxy
from tests.support.served import Served

pytestmark = pytest.mark.timeout(300)

SECONDS = 100
AS_CSV = ("--format", "csv")


def whole(system: Served) -> bytes:
    with system.client("uzhur") as client:
        answer = client.get("/v1/exports/schools", params={"format": "csv"})
    return answer.raise_for_status().content


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_download_that_breaks_off_is_begun_anew(
    system: Served, tmp_path: Path
) -> None:
    target = tmp_path / "schools.csv"

    def judge(_method: str, path: str, count: int) -> Fault:
        return Fault.CUT if "exports" in path and count == 0 else Fault.NONE

    with faulty_proxy(system.address, judge) as proxy:
        reach = reaching(system, address=proxy.address)
        done = invoke(
            *("export", "schools", *AS_CSV, "--out", target),
            *("--municipality", "uzhur"),
            **reach,
        )
    assert done.exit_code == 0, done.output
    assert len([path for _, path in proxy.seen if "exports" in path]) == 2
    assert target.read_bytes() == whole(system)
    assert left(tmp_path) == ["schools.csv"]


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
