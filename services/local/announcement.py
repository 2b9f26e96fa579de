"""What a person is told once everything runs."""

from services.local.settings import LocalSettings
from shared.domain.errors import Text


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
