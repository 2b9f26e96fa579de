"""The context of a trace (W3C), as it goes from a request to all that follows from it.

Spans are begun wherever work is, and cost next to nothing while nobody exports them.
They tell of kinds, numbers and results, never of people or of what was asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    ProxyTracerProvider,
    Span,
    SpanKind,
    Status,
    StatusCode,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT: Final = "traceparent"
STATE: Final = "tracestate"
MOST_LINKS: Final = 20

_TRACER: Final = trace.get_tracer("podyom")
_PROPAGATOR: Final = TraceContextTextMapPropagator()


def is_traced() -> bool:
    """Tell whether spans go anywhere; where not, nothing need be looked up for them."""
    return not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)


def headers_of_trace() -> dict[str, str]:
    """Return the headers by which another system joins the present trace, if any."""
    headers: dict[str, str] = {}
    _PROPAGATOR.inject(headers)
    return headers


def traceparent() -> str | None:
    """Return what a row keeps so that its consequences join the present trace."""
    return headers_of_trace().get(TRACEPARENT)


def trace_id() -> str | None:
    """Return the number of the present trace: 32 hexadecimal digits."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


@contextmanager
def span_of_request(method: str, headers: Mapping[str, str]) -> Iterator[Span]:
    """Begin the span of a request, in its caller's trace if it names one."""
    given = {name: headers[name] for name in (TRACEPARENT, STATE) if name in headers}
    with _begun(method, _PROPAGATOR.extract(given, Context()), SpanKind.SERVER) as span:
        yield span


@contextmanager
def span_of_job(
    name: str, causes: Sequence[str], *, kind: SpanKind = SpanKind.CONSUMER
) -> Iterator[Span]:
    """Begin the span of what follows from rows that kept their trace.

    It joins the trace of the last one, and is linked to the others.
    """
    contexts = [
        _PROPAGATOR.extract({TRACEPARENT: each}, Context())
        for each in causes[-MOST_LINKS:]
    ]
    parent = contexts.pop() if contexts else Context()
    links = [Link(trace.get_current_span(each).get_span_context()) for each in contexts]
    with _begun(name, parent, kind, links) as span:
        yield span


@contextmanager
def _begun(
    name: str, parent: Context, kind: SpanKind, links: Sequence[Link] = ()
) -> Iterator[Span]:
    """Begin a span; of an error only its type is told, since its words may be data."""
    with _TRACER.start_as_current_span(
        name,
        context=parent,
        kind=kind,
        links=links,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
            raise
