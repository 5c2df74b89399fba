"""The functions of `mx.profiler`: what is profiled, when, and where it goes."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

from ..base import MXNetError
from ..ops.attributes import kind_of, refuse
from .hooks import Kinds
from .state import PROFILER

_LOGGER = logging.getLogger(__name__)

_BOOL, _FLOAT, _STR = kind_of(bool), kind_of(float), kind_of(str)
_SETTINGS = {
    "profile_all": _BOOL,
    "profile_symbolic": _BOOL,
    "profile_imperative": _BOOL,
    "profile_memory": _BOOL,
    "profile_api": _BOOL,
    "continuous_dump": _BOOL,
    "aggregate_stats": _BOOL,
    "dump_period": _FLOAT,
    "filename": _STR,
    "profile_process": kind_of(str),
}
_PROCESSES = ("worker", "server")
_SORTS = ("total", "avg", "min", "max", "count")


def _is_for_server(name: str, profile_process: str) -> bool:
    """Return whether a command goes to the servers of a distributed store, which we do not have.

    Raises
    ------
    MXNetError
        If no store was named by `set_kvstore_handle`.
    """
    if profile_process == "worker":
        return False
    if PROFILER.server is None:
        raise MXNetError(
            f"{name}: profile_process is 'server', but set_kvstore_handle has named no store."
        )
    _LOGGER.warning(
        "%s: there is no server process to profile; profile the worker process instead.", name
    )
    return True


def _check_process(profile_process: str) -> None:
    if profile_process not in _PROCESSES:
        raise KeyError(profile_process)


def set_config(**kwargs: Any) -> None:
    """Choose what the profiler records, and where it writes.

    Parameters
    ----------
    filename : str, default 'profile.json'
        The trace file. It is made at the first :func:`dump`.
    profile_all : bool, default False
        Whether all that follows is recorded, whatever else is said.
    profile_symbolic : bool, default True
        Operators that an executor runs, and their gradients.
    profile_imperative : bool, default True
        Operators that are called on NDArrays, and their gradients.
    profile_memory : bool, default True
        The memory that arrays hold.
    profile_api : bool, default True
        Calls, by the name of the reference's C function for them.
    aggregate_stats : bool, default False
        Whether :func:`dumps` has a table.
    continuous_dump : bool, default False
        Whether the file is written every `dump_period` seconds while the profiler runs.
    dump_period : float, default 1.0
        Seconds.
    profile_process : {'worker', 'server'}, default 'worker'
        Which process is meant; there are no servers here.

    Raises
    ------
    MXNetError
        For an unknown name, or a value of the wrong kind.

    Examples
    --------
    >>> mx.profiler.set_config(profile_all=True, aggregate_stats=True)
    """
    settings = _read_settings(kwargs)
    if _is_for_server("set_config", settings.get("profile_process", "worker")):
        return
    everything = settings.get("profile_all", False)
    kinds = Kinds(
        *(
            everything or settings.get(f"profile_{kind}", True)
            for kind in ("symbolic", "imperative", "memory", "api")
        )
    )
    PROFILER.configure(
        kinds,
        settings.get("filename", "profile.json"),
        settings.get("aggregate_stats", False),
        settings.get("dump_period", 1.0) if settings.get("continuous_dump") else None,
    )


def _read_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings as Python values."""
    settings: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _SETTINGS:
            raise MXNetError(
                f"set_config: there is no setting {name!r}; there are {', '.join(_SETTINGS)}."
            )
        kind = _SETTINGS[name]
        try:
            settings[name] = str(value) if kind is _STR else kind.parse(value)
        except (ValueError, TypeError, SyntaxError):
            raise refuse("set_config", name, kind, value) from None
    process = settings.get("profile_process", "worker")
    if process not in _PROCESSES:
        raise MXNetError(
            f"set_config: profile_process is {process!r}, but must be worker or server."
        )
    period = settings.get("dump_period", 1.0)
    if settings.get("continuous_dump") and not period > 0:
        raise MXNetError(f"set_config: dump_period is {period}, but must be above 0 seconds.")
    return settings


def set_state(state: str = "stop", profile_process: str = "worker") -> None:
    """Start or stop the profiler.

    Parameters
    ----------
    state : {'stop', 'run'}, default 'stop'
        What to do. Without :func:`set_config` before, imperative operators are not recorded.
    profile_process : {'worker', 'server'}, default 'worker'
        Which process is meant.

    Raises
    ------
    KeyError
        For another word.

    Examples
    --------
    >>> import os
    >>> mx.profiler.set_config(filename=os.devnull, aggregate_stats=True)
    >>> mx.profiler.set_state("run")
    >>> x = mx.nd.ones((2, 2)) + 1
    >>> mx.profiler.set_state("stop")
    >>> "_plus_scalar" in mx.profiler.dumps(reset=True)
    True
    >>> mx.profiler.dump()
    """
    if state not in ("stop", "run"):
        raise KeyError(state)
    _check_process(profile_process)
    if _is_for_server("set_state", profile_process):
        return
    if state == "run":
        PROFILER.start()
    else:
        PROFILER.stop()


def pause(profile_process: str = "worker") -> None:
    """Leave out what follows until :func:`resume`.

    Examples
    --------
    >>> mx.profiler.pause()
    >>> mx.profiler.resume()
    """
    _check_process(profile_process)
    if not _is_for_server("pause", profile_process):
        PROFILER.pause(True)


def resume(profile_process: str = "worker") -> None:
    """Record again after :func:`pause`, if the profiler runs.

    Examples
    --------
    >>> mx.profiler.resume()
    """
    _check_process(profile_process)
    if not _is_for_server("resume", profile_process):
        PROFILER.pause(False)


def dump(finished: bool = True, profile_process: str = "worker") -> None:
    """Write the trace file, which chrome://tracing and https://ui.perfetto.dev show.

    Parameters
    ----------
    finished : bool, default True
        Whether this was all: the profiler stops.
    profile_process : {'worker', 'server'}, default 'worker'
        Which process is meant.

    Raises
    ------
    MXNetError
        If the profiler has not run since it was finished, or the file can not be written.

    Examples
    --------
    >>> import json, os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "trace.json")
    ...     mx.profiler.set_config(filename=path)
    ...     mx.profiler.set_state("run")
    ...     x = mx.nd.ones((2, 2)) * 2
    ...     mx.profiler.dump()
    ...     with open(path) as file:
    ...         "_mul_scalar" in {event["name"] for event in json.load(file)["traceEvents"]}
    True
    """
    _check_process(profile_process)
    if not _is_for_server("dump", profile_process):
        PROFILER.dump(finished)


def dumps(
    reset: bool = False, format: str = "table", sort_by: str = "total", ascending: bool = False
) -> str:
    """Return a table of how often each operator ran and how long it took.

    Times are in milliseconds, memory is in kilobytes of 1000 bytes. A user's counters stand among
    the times, divided by 1000 as there; their total is the last value.

    Parameters
    ----------
    reset : bool, default False
        Whether counting begins anew.
    format : {'table', 'json'}, default 'table'
        A text to read, or JSON.
    sort_by : {'total', 'avg', 'min', 'max', 'count'}, default 'total'
        By what rows are sorted.
    ascending : bool, default False
        Whether the least comes first.

    Returns
    -------
    str
        The table; empty unless ``set_config(aggregate_stats=True)`` asked for it.

    Raises
    ------
    AssertionError
        For another value of an argument.

    Examples
    --------
    >>> mx.profiler.set_config(aggregate_stats=True)
    >>> print(mx.profiler.dumps(reset=True).splitlines()[1])
    Profile Statistics:
    """
    for name, value, allowed in (
        ("reset", reset, (False, True)),
        ("format", format, ("table", "json")),
        ("sort_by", sort_by, _SORTS),
        ("ascending", ascending, (False, True)),
    ):
        if value not in allowed:
            words = ", ".join(map(str, allowed))
            raise AssertionError(f"dumps: {name} is {value!r}, but must be one of {words}.")
    return PROFILER.summary(bool(reset), format, sort_by, bool(ascending))


def set_kvstore_handle(handle: Any) -> None:
    """Name the distributed store whose servers ``profile_process='server'`` means.

    Parameters
    ----------
    handle : object
        ``KVStore.handle``, or None for no store. No store here has a server process: a command
        for it is only logged.

    Examples
    --------
    >>> mx.profiler.set_kvstore_handle(mx.kv.create("local").handle)
    >>> mx.profiler.set_kvstore_handle(None)
    """
    PROFILER.server = handle


def profiler_set_config(mode: str = "symbolic", filename: str = "profile.json") -> None:
    """Deprecated: use :func:`set_config`; `mode` is 'symbolic', 'imperative', 'memory', 'api' or
    'all'.

    Examples
    --------
    >>> import pytest
    >>> with pytest.warns(UserWarning, match="set_config"):
    ...     mx.profiler.profiler_set_config("all")
    """
    _warn("profiler_set_config", "set_config")
    set_config(**{f"profile_{mode}": True, "filename": filename})


def profiler_set_state(state: str = "stop") -> None:
    """Deprecated: use :func:`set_state`.

    Examples
    --------
    >>> import pytest
    >>> with pytest.warns(UserWarning, match="set_state"):
    ...     mx.profiler.profiler_set_state("stop")
    """
    _warn("profiler_set_state", "set_state")
    set_state(state)


def dump_profile() -> None:
    """Deprecated: use :func:`dump`.

    Examples
    --------
    >>> import os, pytest
    >>> mx.profiler.set_config(filename=os.devnull)
    >>> mx.profiler.set_state("run")
    >>> with pytest.warns(UserWarning, match="use dump instead"):
    ...     mx.profiler.dump_profile()
    """
    _warn("dump_profile", "dump")
    dump()


def _warn(old: str, new: str) -> None:
    warnings.warn(f"{old} is deprecated; use {new} instead.", UserWarning, stacklevel=3)


def start_if_asked() -> None:
    """Start the profiler if the environment variable MXNET_PROFILER_AUTOSTART is not 0.

    MXNET_PROFILER_MODE is the sum of what is recorded besides symbolic operators: 2 imperative
    operators, 4 calls, 8 memory; without it calls and memory are.

    Raises
    ------
    MXNetError
        If one of them is no whole number.
    """
    mode = _whole_number("MXNET_PROFILER_MODE", 4 | 8)
    if _whole_number("MXNET_PROFILER_AUTOSTART", 0):
        PROFILER.kinds = Kinds(True, bool(mode & 2), bool(mode & 8), bool(mode & 4))
        PROFILER.start()


def _whole_number(variable: str, default: int) -> int:
    text = os.environ.get(variable, "")
    try:
        return int(text) if text else default
    except ValueError:
        raise MXNetError(f"{variable} is {text!r}, but must be a whole number.") from None
