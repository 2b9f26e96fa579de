"""Which reminders are due now: a function of deadlines, recipients and rules.

Everything is in columns, because a country plans millions of deadlines at once.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date

import polars as pl

from services.notifier.planning.rules import ReminderRules
from shared.domain.deadlines import OWED
from shared.domain.errors import InvalidInputError, Text

KEY = ("recipient_id", "deadline_id", "due_on", "rule", "channel")
DEADLINES_SCHEMA = {
    "deadline_id": pl.Int64,
    "municipality_id": pl.Int64,
    "school_id": pl.Int64,
    "due_on": pl.Date,
    "state": pl.String,
}
RECIPIENTS_SCHEMA = {
    "recipient_id": pl.Int64,
    "municipality_id": pl.Int64,
    "school_id": pl.Int64,
    "channel": pl.String,
}
PLANNED_SCHEMA = {
    "recipient_id": pl.Int64,
    "deadline_id": pl.Int64,
    "due_on": pl.Date,
    "rule": pl.String,
    "channel": pl.String,
}
PLAN_COLUMNS = (
    *KEY,
    "municipality_id",
    "school_id",
    "days_left",
    "days_before",
    "is_late",
    "message_id",
)

_DOMAIN = re.compile(
    r"(?=.{1,190}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.IGNORECASE
)


class MessageDomainError(InvalidInputError):
    """The installation's domain cannot stand in a Message-ID."""

    code = "message_domain_invalid"
    title = Text("Неверный домен установки", "The installation's domain is not valid")


def plan(
    deadlines: pl.DataFrame,
    recipients: pl.DataFrame,
    rules: ReminderRules,
    *,
    today: date,
    planned: pl.DataFrame,
    domain: str,
) -> pl.DataFrame:
    """Choose the reminders that are due on `today` and were never planned before.

    Each deadline that is owed has at most one applicable rule a day (see
    `ReminderRules.applicable`), so a system that was down makes up with one late
    reminder and never sends those that it skipped.

    Args:
        deadlines: In `DEADLINES_SCHEMA`; only those in a state of `OWED` are
            reminded of. A null `school_id` means that the municipality has to act;
            a deadline of two schools is two rows.
        recipients: In `RECIPIENTS_SCHEMA`: who is told of whose deadlines, and how;
            a null `school_id` is for the municipality's own deadlines.
        rules: The rules in force for these deadlines.
        today: The date where the deadlines are due; plan each time zone apart.
        planned: In `PLANNED_SCHEMA`: the keys of all reminders planned before.
        domain: The installation's domain, the right side of each `message_id`.

    Returns:
        `PLAN_COLUMNS`, one row for each key, ordered by due date and key. `is_late`
        holds where fewer days are left than the rule foresees.

    Raises:
        MessageDomainError: `domain` is not a domain name.
    """
    check_domain(domain)
    due = _due(deadlines, rules, today)
    owner = ("municipality_id", "school_id")
    ordered = (
        due.join(recipients, on=owner, nulls_equal=True)
        .join(planned, on=KEY, how="anti")
        .sort("due_on", *KEY[:2], *KEY[3:], "municipality_id", "school_id")
        .unique(subset=KEY, keep="first", maintain_order=True)
    )
    ids = message_ids(ordered.select(KEY).iter_rows(), domain=domain)
    return ordered.with_columns(
        is_late=pl.col("days_left") < pl.col("days_before"),
        message_id=pl.Series(ids, dtype=pl.String),
    ).select(PLAN_COLUMNS)


def message_ids(keys: Iterable[tuple[object, ...]], *, domain: str) -> list[str]:
    """Return the Message-ID of each reminder key, the same at every call.

    A mail that has to be transmitted again is thereby recognised as the same mail.
    """
    return [f"<{_digest(key)}@{domain}>" for key in keys]


def check_domain(domain: str) -> None:
    """Check that `domain` may stand in a Message-ID.

    Raises:
        MessageDomainError: it is not a domain name.
    """
    if _DOMAIN.fullmatch(domain) is None:
        raise MessageDomainError(
            Text(
                f"«{domain}» не доменное имя: укажите имя вида podyom.example.ru.",
                f"“{domain}” is not a domain name: give one like podyom.example.ru.",
            )
        )


def _digest(key: tuple[object, ...]) -> str:
    # JSON keeps ("a", "bc") and ("ab", "c") apart; 128 bits exclude collisions.
    text = json.dumps([str(part) for part in key], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _due(deadlines: pl.DataFrame, rules: ReminderRules, today: date) -> pl.DataFrame:
    """Join each deadline that is due for a reminder with its one applicable rule."""
    by_days = pl.DataFrame(
        {
            "rule": [rule.code for rule in rules.rules],
            "days_before": [rule.days_before for rule in rules.rules],
        },
        schema={"rule": pl.String, "days_before": pl.Int64},
    ).sort("days_before")
    days_left = (pl.col("due_on") - pl.lit(today)).dt.total_days()
    return (
        deadlines.filter(pl.col("state").is_in(sorted(OWED)))
        .with_columns(days_left=days_left)
        .filter(pl.col("days_left") >= 0)
        .sort("days_left")
        .join_asof(
            by_days, left_on="days_left", right_on="days_before", strategy="forward"
        )
        .filter(pl.col("rule").is_not_null())
    )
