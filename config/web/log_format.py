"""How a line of the log looks."""

import json
import logging
from typing import Any

from config.database.outage_errors import is_outage


class NoNewsOfThreads(logging.Filter):
    """The web server warns at every start that it has many threads, which is on purpose
    (config/server/supervisor.py)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads, which seems quite high" not in record.getMessage()


class OneLine(logging.Formatter):
    """One JSON object a line, so that nothing typed into an address can pretend to be a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and is_outage(record.exc_info[1]):
            line["why"] = str(
                record.exc_info[1]
            ).strip()  # a thousand times over, where it was noticed says nothing
        elif record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def settings(*, production: bool) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.web.log_format.OneLine"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO" if production else "WARNING"},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # In development what was not found or not allowed is no news, and would hide the mails that are printed.
            "django.request": {"level": "WARNING" if production else "ERROR"},
            # Its INFO lines carry the arguments and results of jobs.
            "procrastinate": {"level": "WARNING"},
        },
    }
