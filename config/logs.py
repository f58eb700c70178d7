"""How a line of the log looks."""

import json
import logging

from config.database.outages import is_outage


class NoNewsOfThreads(logging.Filter):
    """The web server warns at every start that it has many threads, which is on purpose (config/supervisor.py)."""

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
