"""The manifests are valid, and hold what the services need and no more."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.main import get_group
from yamllint import linter
from yamllint.config import YamlLintConfig

from services.api.cli import app
from shared.runtime.notifier_settings import notifier_settings
from shared.runtime.settings import api_settings, scoring_settings

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))
VERSION = "1.31"
STYLE = YamlLintConfig(
    "{extends: default, rules: {line-length: {max: 110}, document-start: disable}}"
)
SECRETS = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "SECRET_KEY", "METRICS_TOKEN")

Manifest = dict[str, Any]


def manifests(*kinds: str) -> list[Manifest]:
    """Return all manifests of these kinds, or of any."""
    found = [
        manifest
        for path in FILES
        if path.name != "kustomization.yaml"
        for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]
    return [each for each in found if not kinds or each["kind"] in kinds]


def pods() -> dict[str, Manifest]:
    """Return the specification of each kind of pod by its name."""
    templates = {
        each["metadata"]["name"]: each["spec"]
        for each in manifests("Deployment", "Job")
    } | {
        each["metadata"]["name"]: each["spec"]["jobTemplate"]["spec"]
        for each in manifests("CronJob")
    }
    return {name: each["template"]["spec"] for name, each in templates.items()}


@pytest.mark.parametrize("path", [*FILES, ROOT / "docker-compose.yml"], ids=str)
def test_the_files_are_well_written(path: Path) -> None:
    problems = linter.run(path.read_text(encoding="utf-8"), STYLE)
    assert [str(problem) for problem in problems] == []


def test_docker_passes_on_every_setting_that_the_readme_names() -> None:
    told = {
        name
        for row in re.findall(
            r"^\| (`.+?`) \|", README.read_text("utf-8"), re.MULTILINE
        )
        for name in re.findall(r"`([A-Z_]+)`", row)
    }
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    passed = compose["services"]["api"]["environment"].keys()
    example = (ROOT / "deploy" / "env.example").read_text("utf-8")
    offered = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    # Addresses within the composition, and what the image itself sets.
    inside = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "HOST", "PYTHON"}
    assert len(told) > 15
    assert told - inside - {"PORT"} <= passed
    assert told - inside <= offered


def test_every_manifest_is_valid_and_named_in_the_kustomization() -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    files = {path.name for path in FILES} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == files


def test_no_pod_runs_as_root_or_writes_beside_its_volumes() -> None:
    assert set(pods()) == {
        *("podyom-api", "podyom-scoring", "podyom-notifier", "podyom-prepare"),
        "podyom-backup",
    }
    for pod in pods().values():
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        mounted = {each["name"] for each in container["volumeMounts"]}
        assert mounted == {each["name"] for each in pod["volumes"]}


def test_each_service_loses_one_pod_at_a_time_and_grows_by_its_work() -> None:
    services = {each["metadata"]["name"] for each in manifests("Deployment")}
    for kind in ("PodDisruptionBudget", "HorizontalPodAutoscaler"):
        assert {each["metadata"]["name"] for each in manifests(kind)} == services
    scaled = {
        each["metadata"]["name"]: each["spec"]["metrics"][0]
        for each in manifests("HorizontalPodAutoscaler")
    }
    for name, metric in {
        "podyom-scoring": "podyom_stale_municipalities",
        "podyom-notifier": "podyom_messages",
    }.items():
        assert scaled[name]["external"]["metric"]["name"] == metric
        told = ROOT / "services" / "api" / "metrics" / "usecases.py"
        assert f'"{metric}"' in told.read_text(encoding="utf-8")


def test_the_settings_are_all_that_the_services_need() -> None:
    (shown,) = manifests("ConfigMap")
    environment = dict.fromkeys(SECRETS, "x" * 40) | shown["data"]
    api = api_settings(environment)
    scoring_settings(environment)
    notifier = notifier_settings(environment)
    assert (api.mode, api.metrics_token) == ("production", environment["METRICS_TOKEN"])
    assert notifier.mail_from == shown["data"]["MAIL_FROM"]
    assert notifier.links is not None
    assert notifier.links.public_url == shown["data"]["PUBLIC_URL"]
    assert notifier.links.secret_key == api.secret_key
    for pod in pods().values():
        (container,) = pod["containers"]
        assert container["envFrom"] == [
            {"configMapRef": {"name": shown["metadata"]["name"]}},
            {"secretRef": {"name": "podyom"}},
        ]


def test_only_the_api_can_be_reached_and_all_can_reach_the_databases() -> None:
    policies = {
        each["metadata"]["name"]: each["spec"] for each in manifests("NetworkPolicy")
    }
    entered = {name for name, spec in policies.items() if spec.get("ingress")}
    assert entered == {"podyom-api"}
    assert policies["podyom-all"]["policyTypes"] == ["Ingress", "Egress"]
    ports = {
        port["port"]
        for rule in policies["podyom-all"]["egress"]
        for port in rule["ports"]
    }
    assert {53, 4318, 5432, 6379} == ports


def test_the_nightly_backup_is_a_command_that_there_is_into_a_volume_of_its_own() -> (
    None
):
    (container,) = pods()["podyom-backup"]["containers"]
    *start, command, folder, option, kept = container["args"]
    assert start == ["python", "-m", "services.api.cli"]
    parameters = get_group(app).commands[command].params
    assert option in {name for each in parameters for name in each.opts}
    assert int(kept) >= 1
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    assert mounts[folder] == "backups"
    claims = {each["metadata"]["name"] for each in manifests("PersistentVolumeClaim")}
    used = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in pods().values()
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert used == claims
