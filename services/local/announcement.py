"""What a person is told once everything runs."""

import subprocess
from collections.abc import Mapping, Sequence

from services.local.programs import ROOT
from services.local.settings import LocalSettings
from shared.domain.errors import Text

LOGIN_SECONDS = 30.0


def announcement(
    settings: LocalSettings, *, address: str, logins: str, seconds: float
) -> Text:
    """Say where everything is, and how to sign in and stop."""
    folder = settings.data_dir
    mail = folder / "mail" / "new" if settings.smtp_url is None else None
    ru = [
        f"\nПодъём работает (запуск занял {seconds:.1f} с).\n",
        f"  Адрес         {address}",
        f"  Документация  {address}/docs",
        f"  Почта         {mail} (файл на письмо)" if mail else "",
        f"  Журналы       {folder / 'logs'}",
        f"\nВход:\n{logins}" if logins else "",
        "\nCtrl-C останавливает всё; данные сохраняются.",
    ]
    en = [
        f"\nPodyom is running (it took {seconds:.1f} s to start).\n",
        f"  Address        {address}",
        f"  Documentation  {address}/docs",
        f"  Mail           {mail} (a file a message)" if mail else "",
        f"  Logs           {folder / 'logs'}",
        f"\nLog-ins:\n{logins}" if logins else "",
        "\nCtrl-C stops everything; the data stays.",
    ]
    return Text("\n".join(filter(None, ru)), "\n".join(filter(None, en)))


def read_logins(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the lines that the log-ins' command prints, or why there are none."""
    try:
        printed = subprocess.run(  # noqa: S603 - a command of our own table
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=LOGIN_SECONDS,
        ).stdout
    except subprocess.CalledProcessError as error:
        printed = error.stderr.strip().rpartition(b"\n")[2]
    except subprocess.TimeoutExpired as error:
        printed = str(error).encode()
    lines = printed.decode("utf-8", "replace").splitlines()
    return "\n".join(f"  {line}" for line in lines)
