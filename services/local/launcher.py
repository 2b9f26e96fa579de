"""The start of the whole system on one machine, step by step."""

import contextlib
import http.client
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from services.local.announcement import announcement
from services.local.checks import require_folder, require_port, require_servers
from services.local.commands import Commands
from services.local.errors import FailedProcessError, StartError
from services.local.programs import Program, run_to_end, wait_for_end
from services.local.servers import start_servers
from services.local.settings import LocalSettings
from services.local.signals import ignore_signals
from services.local.supervisor import POLL_SECONDS, Patience, Supervisor
from shared.domain.errors import Text
from shared.runtime.embedded.errors import FolderInUseError
from shared.runtime.embedded.orphans import exclusive
from shared.runtime.embedded.processes import last_lines
from shared.runtime.settings import Mode

READY_SECONDS = 90.0
SERVICE_GRACE = 4.5  # seconds to finish requests and jobs
STEP_NAMES = {
    "prepare": Text("Схема, программы и данные", "Schema, programmes and data"),
}
# Addresses to listen on that nobody can call, and what to call instead.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here
Say = Callable[[Text], None]


def run(
    settings: LocalSettings,
    *,
    environ: Mapping[str, str],
    say: Say,
    commands: Commands,
    patience: Patience | None = None,
) -> NoReturn:
    """Start everything and keep it running; whatever ends this, all of it is stopped.

    Raises:
        StartError: A setting is unusable or a process failed.
        EmbeddedServerError: PostgreSQL or Valkey cannot be started.
    """
    began = time.monotonic()
    require_folder(settings.data_dir)
    with _only_launcher(settings.data_dir):
        require_port(settings.host, settings.port)
        require_servers(settings)
        supervisor = Supervisor(say=say, patience=patience)
        try:
            environment = start_servers(
                settings, supervisor=supervisor, environ=environ, say=say
            )
            environment["PUBLIC_URL"] = public_address(settings)
            _run_steps(settings, commands, supervisor, environment, say)
            with _logins(settings, commands, supervisor, environment) as read_logins:
                _start_services(settings, commands, supervisor, environment, say)
                told = announcement(
                    settings,
                    address=base_address(settings),
                    logins=read_logins(),
                    seconds=time.monotonic() - began,
                )
            say(told)
            supervisor.watch()
        finally:
            ignore_signals()
            say(Text("Остановка…", "Stopping…"))
            supervisor.stop()
            say(Text("Всё остановлено.", "Everything has stopped."))


def public_address(settings: LocalSettings) -> str:
    """Return where links in messages lead; empty where nobody said it."""
    if settings.public_url is None and settings.mode is Mode.SANDBOX:
        return base_address(settings)
    return settings.public_url or ""


def base_address(settings: LocalSettings) -> str:
    """Return the api's address as a browser on this machine needs it."""
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def is_serving(settings: LocalSettings, path: str) -> bool:
    """Ask the api whether it is ready."""
    connection = http.client.HTTPConnection(
        EVERYWHERE.get(settings.host, settings.host), settings.port, timeout=5
    )
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def _only_launcher(folder: Path) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(exclusive(folder / "launcher.lock"))
        except FolderInUseError:
            raise StartError(
                Text(
                    f"DATA_DIR: система уже запущена на папке {folder}. Остановите её"
                    " или укажите другую папку и порт: DATA_DIR=… PORT=…",
                    f"DATA_DIR: the system already runs on the folder {folder}. Stop"
                    " it or choose another folder and port: DATA_DIR=… PORT=…",
                )
            ) from None
        yield


def _run_steps(
    settings: LocalSettings,
    commands: Commands,
    supervisor: Supervisor,
    environment: Mapping[str, str],
    say: Say,
) -> None:
    for name, command in commands.steps.items():
        say(STEP_NAMES.get(name, Text(name, name)))
        log = settings.data_dir / "logs" / f"{name}.log"
        step = Program(name=name, command=command, log=log, environment=environment)
        run_to_end(step, meanwhile=supervisor.check)


def _start_services(
    settings: LocalSettings,
    commands: Commands,
    supervisor: Supervisor,
    environment: Mapping[str, str],
    say: Say,
) -> None:
    names = ", ".join(commands.services)
    say(Text(f"Запуск: {names}", f"Starting: {names}"))
    services = [
        Program(
            name=name,
            command=command,
            log=settings.data_dir / "logs" / f"{name}.log",
            environment=environment,
        )
        for name, command in commands.services.items()
    ]
    supervisor.start(*services, grace=SERVICE_GRACE)
    end = time.monotonic() + READY_SECONDS
    while not is_serving(settings, commands.ready_path):
        supervisor.check()
        if time.monotonic() > end:
            raise _never_ready(settings, commands.ready_path)
        time.sleep(POLL_SECONDS)


@contextlib.contextmanager
def _logins(
    settings: LocalSettings,
    commands: Commands,
    supervisor: Supervisor,
    environment: Mapping[str, str],
) -> Iterator[Callable[[], str]]:
    """Have the log-ins printed while the services start; only a sandbox shows them."""
    if settings.mode is not Mode.SANDBOX:
        yield str
        return
    log = settings.data_dir / "logs" / "logins.log"
    log.unlink(missing_ok=True)
    program = Program(
        name="logins", command=commands.logins, log=log, environment=environment
    )

    def read() -> str:
        failed = wait_for_end(program, meanwhile=supervisor.check)
        lines = last_lines(log, count=1 if failed else 50).splitlines()
        return "\n".join(f"  {line}" for line in lines)

    try:
        program.start()
        yield read
    finally:
        program.stop()


def _never_ready(settings: LocalSettings, path: str) -> FailedProcessError:
    log = settings.data_dir / "logs" / "api.log"
    address, tail = base_address(settings) + path, last_lines(log)
    return FailedProcessError(
        Text(
            f"{address} не отвечает {READY_SECONDS:.0f} с, конец {log}:\n{tail}",
            f"{address} has not answered for {READY_SECONDS:.0f} s, the end of"
            f" {log}:\n{tail}",
        )
    )
