"""Whether spans are exported, and where to: by OpenTelemetry's own settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from shared.runtime.settings import SettingsError

ENDPOINTS: Final = (
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)
PROTOCOLS: Final = (
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
)
SPOKEN: Final = "http/protobuf"


@contextmanager
def traced(service: str, environ: Mapping[str, str]) -> Iterator[None]:
    """Export the spans of this process if a collector is named.

    The exporter reads the standard variables itself: headers, timeouts, sampling.

    Raises:
        SettingsError: the collector's address or protocol cannot be used.
    """
    if not _is_wanted(environ):
        yield
        return
    # It takes a while to load, and few want it.
    from shared.runtime.trace_export import export_spans  # noqa: PLC0415 (see above)

    end = export_spans(service)
    try:
        yield
    finally:
        end()


def _is_wanted(environ: Mapping[str, str]) -> bool:
    given = {name: value.strip() for name, value in environ.items()}
    named = [name for name in ENDPOINTS if given.get(name)]
    is_off = given.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not named or is_off or given.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    for name in named:
        if not given[name].startswith(("http://", "https://")):
            raise SettingsError(
                f"{name}={given[name]}: нужен адрес вида http://collector:4318.",
                f"{name}={given[name]}: it must be like http://collector:4318.",
            )
    for name in PROTOCOLS:
        if given.get(name, SPOKEN) not in {"", SPOKEN}:
            raise SettingsError(
                f"{name}={given[name]}: поддерживается только {SPOKEN}.",
                f"{name}={given[name]}: only {SPOKEN} is spoken.",
            )
    return True
