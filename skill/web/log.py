"""Logs of the web service: one JSON object a line, with nothing in it that a person said or was told.

Our own lines hold only the fields that are named where they are written. What libraries log is cut to what
can't carry a request: no traceback (an error's text may quote the body) and no address.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from logging.config import dictConfig
from typing import Any, Final

import structlog

_CUT: Final = ("Invalid request", "Error handling request")
"""gunicorn ends these with the sender's address, what it sent, or the path."""


def discreet(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The log `event` without traceback, and without what a sender wrote."""
    failed = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(failed, tuple) and failed[0] is not None:
        event["error"] = failed[0].__name__
    event["event"] = next((cut for cut in _CUT if str(event["event"]).startswith(cut)), event["event"])
    return event


_PROCESSORS: Final[list[Any]] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    discreet,
]

CONFIG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        },
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}
"""For logging.config.dictConfig, and for gunicorn's own loggers."""


def configure() -> None:
    """Sends every log line of the process through this module, to standard output."""
    dictConfig(CONFIG)
    structlog.configure(
        processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
