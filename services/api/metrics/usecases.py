"""The state of the system as Prometheus reads it."""

from prometheus_client import CollectorRegistry, Gauge

from services.api.metrics import repository
from shared.persistence.work import Work


async def read_state(work: Work) -> CollectorRegistry:
    """Return gauges of what waits, is out of date, or is wrong in the record."""
    registry = CollectorRegistry()
    for name, text, label, figures in (
        (
            "podyom_oldest_waiting_seconds",
            "Age of the oldest event, audit entry, message or webhook that waits",
            "of",
            await repository.oldest_seconds(work),
        ),
        (
            "podyom_stale_municipalities",
            "Municipalities with figures that miss a change",
            "topic",
            await repository.stale_municipalities(work),
        ),
        (
            "podyom_messages",
            "Messages with reminders, by their state",
            "state",
            await repository.messages(work),
        ),
        (
            "podyom_webhooks",
            "Events for other systems, by what became of them",
            "state",
            await repository.webhooks(work),
        ),
        (
            "podyom_webhook_calls",
            "Calls of other systems in the last 90 days, by what came of them",
            "outcome",
            await repository.webhook_calls(work),
        ),
        (
            "podyom_webhook_endpoints",
            "Systems that are told of events, by how they fare",
            "state",
            await repository.webhook_endpoints(work),
        ),
        (
            "podyom_integrity_findings",
            "Rows that a check of the whole record finds fault with",
            "check",
            await repository.findings(work),
        ),
    ):
        gauge = Gauge(name, text, [label], registry=registry)
        for value, figure in figures.items():
            gauge.labels(value).set(figure)
    return registry
