"""The README's tour, run from the README's own text as a visitor pastes it."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tests.support.system import LocalSystem

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECONDS = 90
MARK = "=== next step ==="


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """Yield a system of its own, since the tour moves its clock."""
    folder = tmp_path_factory.mktemp("tour")
    system = LocalSystem(folder / "data", folder / "output.txt")
    try:
        system.start()
        yield system
    finally:
        system.clean_up()


def tour_commands() -> list[str]:
    section = README.split("## A tour")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


@pytest.fixture(scope="module")
def printed(toured: LocalSystem, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the whole tour in one shell; return what each step printed."""
    commands = tour_commands()
    assert len(commands) == 7  # the shorthands and six steps
    script = f"\necho '{MARK}'\n".join(["set -eo pipefail", *commands])
    path = tmp_path_factory.mktemp("script") / "tour.sh"
    path.write_text(script, encoding="utf-8")
    outcome = subprocess.run(
        ["bash", path],
        cwd=ROOT,
        env={**os.environ, "BASE": toured.address, "DATA_DIR": str(toured.folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert outcome.stderr == ""
    return outcome.stdout.split(f"{MARK}\n")[1:]


def test_the_sample_is_previewed_and_committed(printed: list[str]) -> None:
    preview, committed = printed[1].splitlines()
    new = re.search(r"'new': (\d+)", preview)
    assert new is not None
    assert int(new[1]) > 300
    assert "'bad': 0" in preview
    assert f'"new":{new[1]}' in committed
    assert '"synthetic":true' in committed


def test_indicators_and_the_ranking_are_shown(printed: list[str]) -> None:
    lines = printed[2].splitlines()
    measures = [line.split(" | ") for line in lines[:5]]
    assert {name for name, *_ in measures} == {
        *("quality_rate", "success_rate", "sou", "mean_mark", "low_share")
    }
    assert all(int(n) > 1000 for *_, n in measures)
    places = [line.split(" | ") for line in lines[5:] if line[0].isdigit()]
    assert len(places) == 15
    values = [float(value) for *_, value, _ in places]
    assert values == sorted(values, reverse=True)
    assert lines[-1].endswith(" | no_data")


def test_one_new_result_changes_the_ranking_and_not_the_old_run(
    printed: list[str],
) -> None:
    created, now, before = printed[3].splitlines()
    assert '"subject":"chemistry"' in created
    places = [int(re.split(r" \||–", line)[0]) for line in (now, before)]
    assert places[0] < places[1]


def test_the_agreement_raises_the_indicator_against_its_range(
    printed: list[str],
) -> None:
    *statuses, first, second, third = printed[4].splitlines()
    assert statuses == ["proposed", "proposed", "signed", "active"]
    assert first.startswith("network_mentoring 2020 0.0 0.0 16.6")
    assert first.endswith("above")
    assert second.startswith("network_mentoring 2021 50.0 100.0 16.6")
    assert third.endswith("below")


def test_reminders_come_once_and_again_when_the_clock_has_moved(
    printed: list[str], toured: LocalSystem
) -> None:
    text = printed[5]
    assert text.count("2020-09-30 | 14 | ") == 3
    first, second = text.split('"is_sandbox":true}')
    assert first.count("Срок через 14 дней") == 3
    assert second.count("Срок через 14 дней") == 3
    # The reminder of three days before goes out on the Friday: that day is a Sunday.
    assert second.count("Срок через 5 дней") == 3
    assert "Срок через 7 дней" not in text  # missed: the nearer one says it all
    identifiers = [message_id for _, message_id in toured.mails()]
    assert len(identifiers) > 60
    assert len(set(identifiers)) == len(identifiers)


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)


def test_the_readme_names_the_make_targets_that_there_are() -> None:
    makefile = Path(ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):.*##", makefile, re.MULTILINE))
    named = set(re.findall(r"^make (\w+)", README, re.MULTILINE))
    assert named
    assert named <= targets


def test_a_fact_is_entered_once_and_leaves_a_trace(printed: list[str]) -> None:
    entered, counts, *trace = printed[6].splitlines()
    assert '"pupils":184' in entered
    assert re.search(r"'unchanged': [1-9]", counts)
    assert all(f"'{each}': 0" in counts for each in ("new", "changed", "bad"))
    assert trace == ["enrolment | create | municipal_coordinator"]
