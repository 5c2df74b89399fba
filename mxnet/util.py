"""Small utilities: NumPy semantics of shapes, environment variables, GPU facts."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

import torch

from .base import MXNetError
from .context import Context, gpu, num_gpus


class _Semantics(threading.local):
    shape = False
    array = False


_STATE = _Semantics()


def is_np_shape() -> bool:
    """Return whether this thread reads shapes as NumPy does: () is a scalar, 0 an empty axis."""
    return _STATE.shape


def is_np_array() -> bool:
    """Return whether this thread's Gluon blocks receive `mx.np` arrays."""
    return _STATE.array


def set_np_shape(active: bool) -> bool:
    """Switch NumPy semantics of shapes on or off, and return what it was."""
    previous, _STATE.shape = _STATE.shape, bool(active)
    return previous


class _NumpyShape:
    """A `with` block or decorator under which shapes have NumPy semantics."""

    def __init__(self, active: bool) -> None:
        self._active, self._outer = active, False

    def __enter__(self) -> None:
        self._outer = set_np_shape(self._active)

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        set_np_shape(self._outer)


def np_shape(active: bool = True) -> _NumpyShape:
    """Return a scope in which shapes are read as NumPy does.

    Examples
    --------
    >>> with mx.util.np_shape():
    ...     mx.util.is_np_shape()
    True
    """
    return _NumpyShape(active)


def use_np_shape(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return `func` run under NumPy semantics of shapes."""

    @functools.wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with np_shape(True):
            return func(*args, **kwargs)

    return wrapped


def use_np(func: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse: `mx.np` is not there yet."""
    raise MXNetError("use_np: the mx.np interface is not there yet.")


def getenv(name: str) -> str | None:
    """Return an environment variable, None where it is not set."""
    return os.environ.get(name)


def setenv(name: str, value: str | None) -> None:
    """Set an environment variable; None removes it."""
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def get_gpu_count() -> int:
    """Return how many CUDA devices torch sees."""
    return num_gpus()


def get_gpu_memory(gpu_dev_id: int) -> tuple[int, int]:
    """Return the free and the total memory of a CUDA device in bytes."""
    return torch.cuda.mem_get_info(gpu(gpu_dev_id).device)


def get_cuda_compute_capability(ctx: Context) -> int | None:
    """Return a GPU's compute capability as a number (9.0 is 90), None without CUDA.

    Raises
    ------
    ValueError
        If `ctx` is no GPU.
    """
    if ctx.device_type != "gpu":
        raise ValueError(f"get_cuda_compute_capability: ctx is {ctx}, but must be a GPU.")
    if not torch.cuda.is_available():
        return None
    major, minor = torch.cuda.get_device_capability(ctx.device)
    return major * 10 + minor
