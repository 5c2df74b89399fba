"""`mx.log`: loggers whose lines say level, time, process and place in one letter and few words."""

from __future__ import annotations

import logging
import sys
import warnings
from logging import CRITICAL, DEBUG, ERROR, INFO, NOTSET, WARNING  # noqa: F401 - public names

_LETTERS = {CRITICAL: "C", ERROR: "E", WARNING: "W", INFO: "I", DEBUG: "D"}
_RESET = "\x1b[0m"


class _Formatter(logging.Formatter):
    """Writes ``W1231 23:59:59 4242 /path/file.py:function:7] message``, in colours if asked to."""

    def __init__(self, coloured: bool) -> None:
        super().__init__(datefmt="%m%d %H:%M:%S")
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        letter = _LETTERS.get(record.levelno, "U")
        head = (
            f"{letter}{self.formatTime(record, self.datefmt)} {record.process} "
            f"{record.pathname}:{record.funcName}:{record.lineno}]"
        )
        if self._coloured:
            head = f"{_colour(record.levelno)}{head}{_RESET}"
        return f"{head} {super().format(record)}"


def _colour(level: int) -> str:
    if level >= WARNING:
        return "\x1b[31m"
    return "\x1b[32m" if level >= INFO else "\x1b[34m"


def get_logger(
    name: str | None = None,
    filename: str | None = None,
    filemode: str | None = None,
    level: int = WARNING,
) -> logging.Logger:
    """Return the logger of a name, set up at the first call with that name.

    Parameters
    ----------
    name : str, optional
        The logger's name; the root logger, which is left as it is, if none is given.
    filename : str, optional
        The file that gets the messages as they are; without it they go to the standard error
        with level, time and place, in colours on a terminal.
    filemode : str, default 'a'
        How the file is opened.
    level : int, default WARNING
        The least level that is written.

    Examples
    --------
    >>> logger = mx.log.get_logger("doctest_log", level=mx.log.INFO)
    >>> logger.level, logger is mx.log.get_logger("doctest_log")
    (20, True)
    """
    logger = logging.getLogger(name)
    if name is None or getattr(logger, "_init_done", False):
        return logger
    handler: logging.Handler
    if filename:
        handler = logging.FileHandler(filename, filemode or "a")
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(_Formatter(coloured=sys.stderr.isatty()))
    logger.addHandler(handler)
    logger.setLevel(level)
    logger._init_done = True  # type: ignore[attr-defined]
    return logger


def getLogger(
    name: str | None = None,
    filename: str | None = None,
    filemode: str | None = None,
    level: int = WARNING,
) -> logging.Logger:
    """Return :func:`get_logger` of the same arguments; the old name."""
    warnings.warn(
        "getLogger is deprecated: use get_logger instead.", DeprecationWarning, stacklevel=2
    )
    return get_logger(name, filename, filemode, level)
