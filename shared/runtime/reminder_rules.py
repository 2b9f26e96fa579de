"""Reading the installation's reminder rules from its files."""

from pathlib import Path

import yaml

from shared.domain.deadlines import DeadlineKind
from shared.domain.reminders.rule_documents import read_change, read_rule_set
from shared.domain.reminders.rules import ReminderRules
from shared.runtime.settings import SettingsError

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "reminders"


def read_reminder_rules(folder: Path = FOLDER) -> ReminderRules:
    """Read ``default.yaml``, and beside it the file of each kind of deadline.

    Raises:
        ReminderRulesError: a file contradicts itself or is incomplete.
        SettingsError: a file is missing, not YAML, or of no kind of deadline.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    general, provenance = read_rule_set(
        _parsed(files.pop("default", folder / "default.yaml"))
    )
    if unknown := sorted(files.keys() - set(DeadlineKind)):
        kinds = ", ".join(DeadlineKind)
        raise SettingsError(
            f"{unknown[0]}.yaml: такого вида сроков нет; есть {kinds}.",
            f"{unknown[0]}.yaml: there is no such kind of deadline; there are {kinds}.",
        )
    return ReminderRules(
        general,
        provenance,
        {
            DeadlineKind(kind): read_change(_parsed(path))
            for kind, path in files.items()
        },
    )


def _parsed(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SettingsError(
            f"Правила напоминаний не читаются: {reason}",
            f"The reminder rules cannot be read: {reason}",
        ) from error
