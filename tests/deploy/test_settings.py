"""Every setting that a service reads can be set with Docker and on Kubernetes."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from shared.runtime.notifier_settings import notifier_settings
from shared.runtime.settings import api_settings, scoring_settings
from shared.runtime.tracing import ENDPOINTS, PROTOCOLS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SECRETS = (
    *("DATABASE_URL", "REDIS_URL", "SMTP_URL", "SECRET_KEY", "METRICS_TOKEN"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "OTEL_EXPORTER_OTLP_HEADERS"),
)
BY_THE_IMAGE = {"DATA_DIR": "a volume", "HOST": "all of the pod's", "PORT": "the pod's"}
FINER = "OTEL_EXPORTER_OTLP_ENDPOINT says it for all that is exported"
NOT_OFFERED = BY_THE_IMAGE | {
    name: FINER for name in (*ENDPOINTS, *PROTOCOLS) if "TRACES" in name
}
NOT_OFFERED["OTEL_EXPORTER_OTLP_PROTOCOL"] = "only one protocol is spoken"
# What libraries read by themselves.
OF_LIBRARIES = {
    *("FORWARDED_ALLOW_IPS", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"),
}


class Watched(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def all_settings() -> set[str]:
    """Return the name of all that any service reads, whatever else is set."""
    environment = Watched(
        dict.fromkeys(SECRETS, "x" * 40)
        | {
            "PODYOM_MODE": "production",
            "PUBLIC_URL": "https://podyom.example.org",
            "FILES_URL": "s3://bucket/folder",
            "OIDC_ISSUER": "https://id.example.org",
            "OIDC_AUDIENCE": "podyom",
        }
    )
    api_settings(environment)
    scoring_settings(environment)
    notifier_settings(environment)
    return environment.asked | OF_LIBRARIES | {*ENDPOINTS, *PROTOCOLS}


def config_map() -> dict[str, str]:
    path = DEPLOY / "kubernetes" / "settings.yaml"
    data: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))["data"]
    return data


def test_every_setting_is_offered_on_kubernetes_or_has_a_reason_not_to_be() -> None:
    offered = {*config_map(), *SECRETS}
    assert all_settings() - offered == set(NOT_OFFERED)
    assert offered <= all_settings()
    told = (DEPLOY / "kubernetes" / "README.md").read_text("utf-8")
    assert {name for name in SECRETS if name not in told} == set()
    assert not set(SECRETS) & config_map().keys()


def test_every_setting_is_passed_on_by_docker_or_has_a_reason_not_to_be() -> None:
    compose = yaml.safe_load((DEPLOY.parent / "docker-compose.yml").read_text("utf-8"))
    for service in ("api", "scoring", "notifier"):
        passed = compose["services"][service]["environment"]
        assert all_settings() - passed.keys() == set(NOT_OFFERED)
        assert passed.keys() <= all_settings()


def test_the_settings_on_kubernetes_are_the_defaults_of_production() -> None:
    needed = dict.fromkeys(SECRETS[:5], "x" * 40) | {"PODYOM_MODE": "production"}
    mine = {"MAIL_FROM", "PUBLIC_URL"}
    own = {name: value for name, value in config_map().items() if name in mine}
    assert api_settings(needed | config_map()) == api_settings(needed | own)
    assert notifier_settings(needed | config_map()) == notifier_settings(needed | own)
