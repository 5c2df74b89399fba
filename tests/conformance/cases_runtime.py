"""`mx.runtime`, `mx.engine`, `mx.error` and `mx.log`."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import warnings

import numpy as np

from tests.conformance.case import case, error_of, raises


@case
def features(mx, random):
    found = mx.runtime.Features()
    listed = mx.runtime.feature_list()
    cuda = found["CUDA"]
    return {
        "names": list(found),
        "listed": [each.name for each in listed],
        "kinds": (type(listed).__name__, type(cuda).__name__, isinstance(found, dict)),
        "same object": mx.runtime.Features() is found,
        "a feature": (cuda.name, type(cuda.enabled).__name__, repr(cuda)),
        "enabled": (found.is_enabled("cuda"), found.is_enabled("CPU_SSE")),
        "alike": [found.is_enabled(name) == each.enabled for name, each in found.items()],
        "printed": re.sub("[✔✖]", "?", repr(found)),
        "unknown": error_of(lambda: found.is_enabled("flowers")),
        "unknown key": error_of(lambda: found["flowers"]),
        "number": error_of(lambda: found.is_enabled(3)),
        "argument": error_of(lambda: mx.runtime.Features({})),
    }


@case
def bulk_sizes(mx, random):
    engine = mx.engine
    before = engine.set_bulk_size(5)
    found = {
        "before": before,
        "returned": (engine.set_bulk_size(15), engine.set_bulk_size(np.int64(3))),
        "text": error_of(lambda: engine.set_bulk_size("5")),
        "float": error_of(lambda: engine.set_bulk_size(5.0)),
        "none": error_of(lambda: engine.set_bulk_size(None)),
    }
    engine.set_bulk_size(7)
    with engine.bulk(10):
        x = mx.nd.ones((2,))
        for _ in range(12):
            x = x + 1
        with engine.bulk(20):
            inner = engine.set_bulk_size(20)
        found["within"] = inner, engine.set_bulk_size(10)
    found["after"] = engine.set_bulk_size(before)
    try:
        with engine.bulk(10):
            raise ValueError
    except ValueError:
        found["after an error"] = engine.set_bulk_size(before)
    found["made of a text"] = error_of(lambda: engine.bulk("a"))
    found["entered"] = error_of(lambda: engine.bulk("a").__enter__())
    return {**found, "result": x}


@case
def registered_errors(mx, random):
    error, known = mx.error, mx.base.error_types

    @error.register
    class TooManyPetals(mx.MXNetError):
        pass

    @error.register("Withered")
    class Other(mx.MXNetError):
        pass

    returned = error.register_error("NoFlower", KeyError)
    found = {
        "own name": known["TooManyPetals"] is TooManyPetals,
        "other name": known["Withered"] is Other,
        "returned": returned is KeyError is known["NoFlower"],
        "decorated": (TooManyPetals.__name__, Other.__name__),
        "same": error.register is error.register_error is mx.base.register_error,
        "internal": known["InternalError"] is error.InternalError,
        "bases": [each.__name__ for each in error.InternalError.__mro__[:4]],
        "text": str(error.InternalError("a\nb")).split("\n")[:2],
        "no text": error_of(lambda: error.InternalError()),
        "same class": error.MXNetError is mx.MXNetError is mx.base.MXNetError,
        "several arguments": str(mx.MXNetError("a", "b")),
    }
    for name in ("TooManyPetals", "Withered", "NoFlower"):
        del known[name]
    return {**found, "names": sorted(known)}


def _logged(mx, name, **options):
    """Return the lines that a logger with a file has written."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.txt")
        with open(path, "w") as file:
            file.write("before\n")
        logger = mx.log.get_logger(name, path, **options)
        for level in ("debug", "info", "warning", "error", "critical"):
            getattr(logger, level)("a %s", level)
        for handler in logger.handlers:
            handler.close()
        logger.handlers.clear()
        with open(path) as file:
            return file.read().splitlines()


@case
def loggers(mx, random):
    log = mx.log
    first = log.get_logger("conformance", level=log.ERROR)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        log.getLogger("conformance")
    return {
        "file": _logged(mx, "conformance_file"),
        "level": _logged(mx, "conformance_level", level=log.DEBUG),
        "named level": _logged(mx, "conformance_named", level="ERROR"),
        "anew": _logged(mx, "conformance_anew", filemode="w"),
        "levels": (log.DEBUG, log.INFO, log.WARNING, log.ERROR, log.CRITICAL, log.NOTSET),
        "same": log.get_logger("conformance", level=log.DEBUG) is first,
        "kept": (first.level, len(first.handlers), first.propagate),
        "kind": type(first.handlers[0]).__name__,
        "root": log.get_logger(level=log.DEBUG) is logging.getLogger(),
        "old name": [each.category.__name__ for each in caught],
        "wrong level": error_of(lambda: log.get_logger("conformance_wrong", level="loud")),
        "number": error_of(lambda: log.get_logger(3)),
        "no folder": raises(lambda: log.get_logger("conformance_no", "/nowhere/log.txt")),
    }


@case
def lines_of_a_logger(mx, random):
    formatter = mx.log.get_logger("conformance_lines").handlers[0].formatter
    found = {}
    for level in (mx.log.DEBUG, mx.log.INFO, mx.log.WARNING, mx.log.ERROR, mx.log.CRITICAL, 33):
        record = logging.LogRecord("n", level, "/a/b.py", 7, "m %d", (3,), None, "run")
        line = re.sub("\x1b\\[[0-9]*m", "", formatter.format(record))
        found[str(level)] = re.sub(r"\d{4} \d\d:\d\d:\d\d \d+", "TIME", line)
    return found
