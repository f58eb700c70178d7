"""The format of the log."""

import json
import logging
from typing import Any

from config.database.outage_errors import is_outage


class NoNewsOfThreads(logging.Filter):
    """Hides a warning at every start that the web server has many threads, which is intended
    (config/server/supervisor.py)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads, which seems quite high" not in record.getMessage()


class OneLine(logging.Formatter):
    """One JSON object per line, so that nothing typed into a URL can pretend to be a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        if record.exc_info and is_outage(record.exc_info[1]):
            line["why"] = str(record.exc_info[1]).strip()  # thousands of times: a traceback adds nothing
        elif record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def settings(*, production: bool) -> dict[str, Any]:
    """Returns Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.web.log_format.OneLine"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO" if production else "WARNING"},
        "loggers": {
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # In development 404 and 403 are not interesting, and would hide the mails that are printed.
            "django.request": {"level": "WARNING" if production else "ERROR"},
            # Its INFO lines contain the arguments and results of jobs.
            "procrastinate": {"level": "WARNING"},
        },
    }
