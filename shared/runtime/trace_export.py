"""Sending spans to a collector, from a thread of its own."""

import threading
from collections.abc import Callable
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

LAST_SECONDS: Final = 1.0  # for what is left at the end; a collector may be away


def export_spans(service: str) -> Callable[[], None]:
    """Begin, under the name of the service; return what sends the rest and ends it."""
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: f"podyom-{service}"}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)

    def end() -> None:
        last = threading.Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_SECONDS)

    return end
