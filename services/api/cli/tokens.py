"""Tokens of programs."""

from datetime import timedelta
from typing import Annotated

import typer
from pydantic import ValidationError

from services.api.access import on_site
from services.api.access.accounts import part_of_codes
from services.api.access.api_tokens import repository, usecases
from services.api.access.api_tokens.schemas import ApiTokenIn
from services.api.cli.paging import every_row
from services.api.cli.running import in_one_transaction, refuse
from services.api.cli.tables import print_table
from services.api.cli.users import Municipality, Region, School
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

TITLES = (
    *("id", "name", "scopes", "municipality_id", "school_id", "issuer_id"),
    *("expires_at", "revoked_at", "last_used_at"),
)

tokens = typer.Typer(
    help="Tokens of programs; needs DATABASE_URL.", no_args_is_help=True
)


@tokens.command("list")
def list_tokens(
    unused_days: Annotated[
        int | None, typer.Option(min=1, help="Only those unused for so many days")
    ] = None,
) -> None:
    """List tokens by number, without what they are used by."""

    async def read(work: Work) -> list[AnyRow]:
        since = None if unused_days is None else work.now - timedelta(days=unused_days)
        return await every_row(
            lambda after, limit: repository.list_tokens(
                work, unused_since=since, after=after, limit=limit
            )
        )

    rows = in_one_transaction(read)
    print_table(TITLES, ([getattr(row, name) for name in TITLES] for row in rows))


@tokens.command()
def issue(
    name: str,
    *,
    as_login: Annotated[str, typer.Option("--as", help="Whose rights it has: a login")],
    scope: Annotated[list[str], typer.Option(help="results:read; may be repeated")],
    region: Region = None,
    municipality: Municipality = None,
    school: School = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good")] = 90,
) -> None:
    """Print a new token; it is shown this once."""

    async def make(work: Work) -> str:
        actor = await on_site.act_for(work, as_login)
        part = await part_of_codes(
            work, region=region, municipality=municipality, school=school
        )
        wanted = ApiTokenIn.model_validate(
            {
                "name": name,
                "scopes": scope,
                "region_id": part.region_id,
                "municipality_id": part.municipality_id,
                "school_id": part.school_id,
                "expires_at": system_now() + timedelta(days=days),
            }
        )
        _, secret = await usecases.issue(work, actor, wanted)
        return secret

    try:
        typer.echo(in_one_transaction(make))
    except ValidationError:
        known = ", ".join(Permission)
        raise refuse(
            Text(
                f"Имя или право не подходит. Права: {known}.",
                f"The name or a scope will not do. There are: {known}.",
            )
        ) from None


@tokens.command()
def revoke(token_id: int) -> None:
    """End a token at once; its number is in the list."""
    in_one_transaction(lambda work: usecases.revoke(work, token_id))
    typer.echo(f"Отозван: {token_id} / Revoked: {token_id}")
