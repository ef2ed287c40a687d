"""One way out for every log line, ours and the libraries', with the stripper at its end.

Ours are written with `structlog.stdlib.get_logger(__name__)`: an event in plain words, the rest as
keys (`log.info("alert sent", alert=alert.id)`). The libraries' come through the standard `logging`.
"""

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from app.stripping import Stripper

# Never below these, whatever the operator asks for: at INFO they tell every request, at DEBUG they
# print what people wrote.
_FLOORS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "asyncio": logging.WARNING,
    "multipart": logging.WARNING,
    "python_multipart": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "apscheduler": logging.WARNING,
    "aiogram.event": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "aiogram": logging.INFO,
    "telegram": logging.INFO,
    "uvicorn": logging.WARNING,
    "alembic": logging.WARNING,
}


class _Output(logging.StreamHandler[TextIO]):
    """Standard error; a line that cannot be written is reported without its content."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        problem = sys.exc_info()[0]
        kind = problem.__name__ if problem else "unknown"
        sys.stderr.write(f"a log line of {record.name} could not be written: {kind}\n")


def configure(
    log_format: Literal["console", "json"] = "console",
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set up logging for the whole process; calling it again replaces the set-up.

    `secrets` are values removed wherever they appear, on top of what the stripper recognises. Start
    uvicorn with `log_config=None`, or it would install its own way out.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    output = _Output(stream or sys.stderr)
    output.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,  # plain text, no local variables
                Stripper(secrets),
                _renderer(log_format, output.stream),
            ],
        )
    )
    _take_over(output, level)
    sys.excepthook = _report
    threading.excepthook = _report_thread


def _renderer(log_format: str, stream: TextIO) -> structlog.typing.Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _take_over(output: logging.Handler, level: str) -> None:
    """Make `output` the only handler there is."""
    root = logging.getLogger()
    root.handlers = [output]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name, floor in _FLOORS.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
    logging.captureWarnings(capture=True)


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process is told like everything else; Python would print it unstripped."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("daifa").critical("unhandled error", exc_info=(kind, error, trace))


def _report_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _report(told.exc_type, told.exc_value, told.exc_traceback)
