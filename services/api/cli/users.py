"""Accounts of people."""

import sys
from datetime import timedelta
from typing import Annotated, Any

import typer

from services.api.access import on_site
from services.api.access.accounts import NewAccount, open_account, part_of_codes
from services.api.access.administration import repository, usecases
from services.api.access.administration.schemas import AccountPatch
from services.api.access.invitations.schemas import InvitationIn
from services.api.access.invitations.usecases import invite as make_invitation
from services.api.cli.paging import every_row
from services.api.cli.running import in_one_transaction
from services.api.cli.tables import print_table
from shared.domain.permissions import Role
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.paging import BY_KEY, AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

TITLES = ("id", "login", "role", "municipality_id", "school_id", "email", "is_active")

users = typer.Typer(
    help="Accounts of people; needs DATABASE_URL.", no_args_is_help=True
)

Region = Annotated[str | None, typer.Option(help="Its code: 24")]
Municipality = Annotated[str | None, typer.Option(help="Its code: uzhur")]
School = Annotated[str | None, typer.Option(help="Its code: ilinskaya")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit")]


def asked_password() -> str:
    """Return the password that is typed twice, or comes through a pipe."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")


@users.command("add")
def add_account(
    login: str,
    role: Role,
    *,
    region: Region = None,
    municipality: Municipality = None,
    school: School = None,
    email: Annotated[str | None, typer.Option(help="Where reminders go")] = None,
    language: Annotated[str, typer.Option(help="ru or en")] = "ru",
) -> None:
    """Open an account; its password is asked for, or read from a pipe."""
    wanted = NewAccount(
        login=login,
        password=asked_password(),
        role=role,
        region=region,
        municipality=municipality,
        school=school,
        email=email,
        language=language,
    )
    number = in_one_transaction(lambda work: open_account(work, wanted))
    typer.echo(f"Открыта учётная запись {number} / Account {number} has been opened")


@users.command("list")
def list_users(
    *,
    municipality: Municipality = None,
    role: Role | None = None,
    blocked: Annotated[
        bool | None, typer.Option("--blocked/--active", help="Only those")
    ] = None,
) -> None:
    """List accounts by number."""

    async def read(work: Work) -> list[AnyRow]:
        part = await part_of_codes(work, municipality=municipality)
        narrowed: dict[str, Any] = {
            "municipality_id": part.municipality_id,
            "role": role,
            "is_active": None if blocked is None else not blocked,
        }
        return await every_row(
            lambda after, limit: repository.list_accounts(
                work, narrowed, NumberedPaging(BY_KEY, after, limit)
            )
        )

    rows = in_one_transaction(read)
    print_table(TITLES, ([getattr(row, name) for name in TITLES] for row in rows))


@users.command()
def block(login: str, *, reason: Reason = None) -> None:
    """Let an account sign in no more, and end its sessions at once."""
    _set_active(login, reason, is_active=False)
    typer.echo(f"Отключена: {login} / Blocked: {login}")


@users.command()
def unblock(login: str, *, reason: Reason = None) -> None:
    """Let an account sign in again."""
    _set_active(login, reason, is_active=True)
    typer.echo(f"Включена: {login} / Unblocked: {login}")


def _set_active(login: str, reason: str | None, *, is_active: bool) -> None:
    async def change(work: Work) -> None:
        found = await on_site.find_by_login(work, login)
        wanted = AccountPatch(is_active=is_active, reason=reason)
        await usecases.change(work, on_site.operator(), found.id, wanted)

    in_one_transaction(change)


@users.command("reset-password")
def reset_password(login: str) -> None:
    """Give an account another password, asked for or read from a pipe.

    Its sessions end, and its failed tries to sign in are forgotten.
    """
    new = asked_password()
    in_one_transaction(lambda work: on_site.reset_password(work, login, new))
    typer.echo(f"Пароль изменён: {login} / The password has changed: {login}")


@users.command()
def invite(
    role: Role,
    *,
    as_login: Annotated[str, typer.Option("--as", help="Who invites: a login")],
    region: Region = None,
    municipality: Municipality = None,
    school: School = None,
    email: Annotated[str | None, typer.Option(help="Where reminders will go")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="How long it is good")] = 14,
) -> None:
    """Print a code that opens one account, once: POST /v1/invitations/acceptance."""

    async def make(work: Work) -> str:
        actor = await on_site.act_for(work, as_login)
        part = await part_of_codes(
            work, region=region, municipality=municipality, school=school
        )
        wanted = InvitationIn(
            role=role,
            region_id=part.region_id,
            municipality_id=part.municipality_id,
            school_id=part.school_id,
            email=email,
            expires_at=system_now() + timedelta(days=days),
        )
        _, code = await make_invitation(work, actor, wanted)
        return code

    typer.echo(in_one_transaction(make))
