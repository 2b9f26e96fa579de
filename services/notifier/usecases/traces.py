"""Plans and deliveries in the traces of the changes that they follow from."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from opentelemetry.trace import Span, SpanKind

from services.notifier.repository.owed import OwedMessage
from shared.contracts.traces import span_of_job, traceparent


@contextmanager
def span_of_delivery(channel: str, owed: OwedMessage) -> Iterator[Span]:
    """Begin the span of handing a message over; to whom it goes is not told."""
    causes = [owed.trace_parent] if owed.trace_parent else []
    with span_of_job(f"deliver {channel}", causes, kind=SpanKind.PRODUCER) as span:
        span.set_attribute("podyom.municipality_id", owed.municipality_id)
        span.set_attribute("podyom.message_number", owed.id)
        yield span


@contextmanager
def spans_of_plans(causes: Mapping[int, Sequence[str]]) -> Iterator[dict[int, str]]:
    """Begin a span for each municipality that is planned because of changes.

    Yields in which trace its messages are, by municipality.
    """
    traces: dict[int, str] = {}
    with ExitStack() as stack:
        for municipality_id, found in causes.items():
            span = stack.enter_context(span_of_job("plan reminders", found))
            span.set_attribute("podyom.municipality_id", municipality_id)
            joined = traceparent()
            if joined is not None:
                traces[municipality_id] = joined
        yield traces
