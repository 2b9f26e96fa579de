"""Who is reached on a day."""

from dataclasses import replace
from datetime import date

import pytest

from shared.domain.reminders.recipients import Directory, Post
from shared.domain.reminders.rules import Audience
from tests.domain.reminders.district import DIRECTOR, EDITOR

TODAY = date(2020, 9, 16)
DEPUTY = Post(role="director", school_id=1, rank=2, email="deputy@example.ru")


@pytest.mark.parametrize(
    ("director", "address"),
    [
        (DIRECTOR, "director@example.ru"),
        (replace(DIRECTOR, absent_from=TODAY), "deputy@example.ru"),
        (replace(DIRECTOR, absent_to=TODAY), "deputy@example.ru"),
        (
            replace(
                DIRECTOR, absent_from=date(2020, 9, 1), absent_to=date(2020, 9, 15)
            ),
            "director@example.ru",
        ),
        (replace(DIRECTOR, bounced_on=date(2020, 9, 1)), "deputy@example.ru"),
        (replace(DIRECTOR, email=None), "deputy@example.ru"),
        (replace(DIRECTOR, school_id=2), "deputy@example.ru"),
    ],
)
def test_the_first_by_rank_who_is_there_is_reached(
    director: Post, address: str
) -> None:
    directory = Directory([], [DEPUTY, director])
    assert directory.address(Audience.DIRECTOR, 1, TODAY) == address


def test_the_deputy_directors_post_comes_after_all_of_the_directors() -> None:
    other = Post(role="deputy_director", school_id=1, rank=1, email="d@example.ru")
    directory = Directory([], [other, replace(DEPUTY, bounced_on=TODAY)])
    assert directory.address(Audience.DIRECTOR, 1, TODAY) == "d@example.ru"


def test_every_account_of_the_role_is_told_and_posts_if_mail_reaches_none() -> None:
    second = replace(EDITOR, id=501, email=None)
    directory = Directory([EDITOR, second], [DIRECTOR])
    reached = directory.reached(Audience.RESPONSIBLE, 1, TODAY)
    assert [(each.recipient.account_id, each.channels) for each in reached] == [
        (500, ("inbox", "mail")),
        (501, ("inbox",)),
    ]
    assert directory.reached(Audience.RESPONSIBLE, 2, TODAY) == []
    directory = Directory([second], [DIRECTOR])
    reached = directory.reached(Audience.RESPONSIBLE, 1, TODAY)
    assert [(*each.recipient[:2], each.channels) for each in reached] == [
        (501, None, ("inbox",)),
        (None, Audience.RESPONSIBLE, ("mail",)),
    ]
