"""The servers that the launcher provides where no address was given."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from services.local.commands import mail_catcher
from services.local.errors import StartError
from services.local.programs import Program
from services.local.settings import LocalSettings
from services.local.supervisor import Supervisor
from shared.domain.errors import Text
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.postgres import EmbeddedPostgres
from shared.runtime.embedded.processes import wait_until
from shared.runtime.embedded.valkey import EmbeddedValkey
from shared.runtime.settings import secret_of

PATIENCE = 30.0  # seconds for the mail catcher
Say = Callable[[Text], None]


def start_servers(
    settings: LocalSettings,
    *,
    supervisor: Supervisor,
    environ: Mapping[str, str],
    say: Say,
) -> dict[str, str]:
    """Start what is missing; return the environment of our own services.

    Raises:
        StartError: The mail catcher or the secret cannot be had.
        EmbeddedServerError: PostgreSQL or Valkey cannot.
    """
    folder, logs = settings.data_dir, settings.data_dir / "logs"
    database_url, redis_url = settings.database_url, settings.redis_url
    if database_url is None:
        is_first = not (folder / "postgres" / "cluster").exists()
        say(_STARTING_FIRST_POSTGRES if is_first else _STARTING_POSTGRES)
        postgres = EmbeddedPostgres(folder / "postgres", log=logs / "postgres.log")
        supervisor.start(postgres, grace=0)
        database_url = postgres.url
    if redis_url is None:
        say(Text("Valkey: запуск", "Valkey: starting"))
        valkey = EmbeddedValkey(folder / "valkey", log=logs / "valkey.log")
        supervisor.start(valkey, grace=0)
        redis_url = valkey.url
    return {
        **environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": settings.smtp_url
        or _start_mail_catcher(folder, supervisor=supervisor, environ=environ, say=say),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "DATA_DIR": str(folder),
        "PODYOM_MODE": settings.mode,
        "SECRET_KEY": settings.secret_key or sandbox_secret(folder / "secret-key"),
        "PYTHONUNBUFFERED": "1",
    }


def sandbox_secret(path: Path) -> str:
    """Return the secret in the file, made with the first start, for its owner's eyes.

    Raises:
        StartError: The file cannot be read or written.
        SettingsError: What stands in it is too short for a secret.
    """
    fresh = path.with_suffix(".new")
    try:
        if not path.exists():
            fresh.unlink(missing_ok=True)
            with os.fdopen(
                os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w"
            ) as file:
                file.write(secrets.token_hex(32) + "\n")
            fresh.rename(path)
        return secret_of({"SECRET_KEY": path.read_text("utf-8")})
    except OSError as error:
        raise StartError(
            Text(
                f"Файл {path} недоступен ({error.strerror}). Дайте на него права или"
                " задайте SECRET_KEY.",
                f"The file {path} cannot be used ({error.strerror}). Allow it or set"
                " SECRET_KEY.",
            )
        ) from error


def _start_mail_catcher(
    folder: Path, *, supervisor: Supervisor, environ: Mapping[str, str], say: Say
) -> str:
    say(Text("Приёмник почты: запуск", "Mail catcher: starting"))
    port = free_port()
    catcher = Program(
        name="mail",
        command=mail_catcher(folder / "mail", host=LOOPBACK, port=port),
        log=folder / "logs" / "mail.log",
        environment=environ,
    )
    supervisor.start(catcher, grace=0.5)

    def has_answered() -> bool:
        supervisor.check()
        return answers(LOOPBACK, port)

    if not wait_until(has_answered, seconds=PATIENCE):
        raise StartError(
            Text(
                f"Приёмник почты не отвечает на {LOOPBACK}:{port}, см. {catcher.log}",
                f"The mail catcher does not answer on {LOOPBACK}:{port}, see"
                f" {catcher.log}",
            )
        )
    return f"smtp://{LOOPBACK}:{port}"


_STARTING_POSTGRES = Text("PostgreSQL: запуск", "PostgreSQL: starting")
_STARTING_FIRST_POSTGRES = Text(
    "PostgreSQL: создание базы данных и запуск",
    "PostgreSQL: making the database and starting",
)
