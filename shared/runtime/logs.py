"""Logs of every process: one JSON object a line, on standard output."""

import logging
import sys

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

from shared.contracts.traces import trace_id
from shared.runtime.failures import told


def configure_logs() -> None:
    """Send structlog's and the libraries' messages to standard output as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        structlog.processors.ExceptionRenderer(_told),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # At every readiness check Alembic would say which dialect it found.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _add_trace(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Name the trace that the line belongs to, if there is one."""
    found = trace_id()
    if found is not None:
        event["trace_id"] = found
    return event


def _told(exc_info: ExcInfo) -> str:
    return told(exc_info[1])
