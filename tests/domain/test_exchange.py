"""What is sent to a regional system, and when."""

from datetime import UTC, date, datetime, time

import pytest

from shared.domain.exchange.datasets import DATASETS, DatasetCode, columns_of
from shared.domain.exchange.differences import (
    Difference,
    Held,
    Obstacle,
    Row,
    difference,
    digest_of,
    mapped,
)
from shared.domain.exchange.schedule import Rhythm, next_run

RESULTS = DATASETS[DatasetCode.RESULTS]
NOBODYS = ("name", "email", "phone", "position", "teacher")


def row(number: int, school: int = 1, subject: str = "russian") -> Row:
    values = dict.fromkeys(RESULTS.fields) | {"subject": subject, "n": number}
    return Row(f"results-{number}", school, f"Школа {school}", values)


def test_rows_go_out_by_the_codes_of_the_other_side_or_stay() -> None:
    here = mapped(
        [row(1), row(2, school=2), row(3, subject="history")],
        RESULTS,
        school_codes={1: "A"},
        subject_codes={"russian": "RUS"},
    )
    (record,) = here.records.values()
    assert (record["school_code"], record["subject_code"]) == ("A", "RUS")
    assert tuple(record) == columns_of(RESULTS)
    assert here.held == (
        Held(Obstacle.NO_SCHOOL_CODE, 2, "Школа 2", 1),
        Held(Obstacle.NO_SUBJECT_CODE, None, "history", 1),
    )


def test_only_what_differs_is_sent_and_what_stays_is_not_deleted() -> None:
    here = mapped(
        [row(1), row(2), row(3, school=2)],
        RESULTS,
        school_codes={1: "A"},
        subject_codes={},
    )
    digests = {key: digest_of(each) for key, each in here.records.items()}
    there = {
        "results-1": digests["results-1"],
        "results-2": b"older",
        "results-3": b"held back by now",
        "results-4": b"gone",
    }
    found = difference(here, digests, there)
    assert (list(found.upserts), found.deletes) == (["results-2"], ("results-4",))
    assert found.unchanged == 1
    assert not Difference({}, (), 5)
    assert found.first(1) == Difference(found.upserts, (), 1)


@pytest.mark.parametrize("dataset", DATASETS.values())
def test_nothing_that_leaves_is_of_a_person(dataset: object) -> None:
    assert isinstance(dataset, type(RESULTS))
    schools = {"name", "school_name"}  # of schools alone
    for column in {*columns_of(dataset)} - schools:
        assert not any(word in column for word in NOBODYS), column


@pytest.mark.parametrize(
    ("after", "rhythm", "weekday", "expected"),
    [
        ("2020-09-16T13:59:00", Rhythm.DAILY, None, "2020-09-16T14:00:00"),
        ("2020-09-16T14:00:00", Rhythm.DAILY, None, "2020-09-17T14:00:00"),
        ("2020-09-16T14:00:00", Rhythm.WEEKLY, 3, "2020-09-23T14:00:00"),
        ("2020-09-16T14:00:00", Rhythm.WEEKLY, 1, "2020-09-21T14:00:00"),
        ("2020-09-16T20:00:00", Rhythm.DAILY, None, "2020-09-17T14:00:00"),
    ],
)
def test_the_next_run_is_at_its_time_in_the_zone(
    after: str, rhythm: Rhythm, weekday: int | None, expected: str
) -> None:
    found = next_run(
        datetime.fromisoformat(after).replace(tzinfo=UTC),
        rhythm,
        at_time=time(21),
        weekday=weekday,
        time_zone="Asia/Krasnoyarsk",
    )
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_on_change_there_is_no_hour() -> None:
    now = datetime(2020, 9, 16, tzinfo=UTC)
    found = next_run(
        now, Rhythm.ON_CHANGE, at_time=None, weekday=None, time_zone="Asia/Irkutsk"
    )
    assert found is None
    assert digest_of({"on": date(2020, 9, 1)}) != digest_of({"on": date(2020, 9, 2)})
