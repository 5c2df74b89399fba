"""The environment and the devices."""

from __future__ import annotations

import os
from typing import Any

import torch

from ..context import Context, gpu_memory_info, num_gpus


def _text(function: str, argument: str, value: Any) -> str:
    if not isinstance(value, str):  # the type of the error is the reference's
        raise AttributeError(
            f"{function}: {argument} is a {type(value).__name__}, but must be a string."
        )
    return value


def getenv(name: str) -> str | None:
    """Return an environment variable, None where it is not set.

    Examples
    --------
    >>> mx.util.setenv("A_VARIABLE", "1")
    >>> mx.util.getenv("A_VARIABLE")
    '1'
    >>> mx.util.setenv("A_VARIABLE", None)
    """
    return os.environ.get(_text("getenv", "name", name))


def setenv(name: str, value: str | None) -> None:
    """Set an environment variable, also for C libraries; None removes it.

    Examples
    --------
    >>> mx.util.setenv("A_VARIABLE", None)
    """
    key = _text("setenv", "name", name)
    if value is None:
        os.environ.pop(key, None)
    else:
        os.environ[key] = _text("setenv", "value", value)


def get_gpu_count() -> int:
    """Return how many CUDA devices torch sees.

    Examples
    --------
    >>> mx.util.get_gpu_count() == mx.context.num_gpus()
    True
    """
    return num_gpus()


def get_gpu_memory(gpu_dev_id: int) -> tuple[int, int]:
    """Return the free and the total memory of a CUDA device in bytes.

    Raises
    ------
    MXNetError
        If torch does not have it.

    Examples
    --------
    >>> mx.util.get_gpu_memory(10**6)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mxnet.base.MXNetError: gpu(1000000) does not exist: torch ... sees ... CUDA devices.
    """
    return gpu_memory_info(gpu_dev_id)


def get_cuda_compute_capability(ctx: Context) -> int | None:
    """Return a GPU's compute capability as a number (9.0 is 90).

    Raises
    ------
    ValueError
        If `ctx` is no GPU.
    OSError
        If there is no CUDA.
    MXNetError
        If torch does not have this GPU.

    Examples
    --------
    >>> mx.util.get_cuda_compute_capability(mx.cpu())
    Traceback (most recent call last):
        ...
    ValueError: get_cuda_compute_capability: ctx is cpu(0), but must be a GPU.
    """
    if ctx.device_type != "gpu":
        raise ValueError(f"get_cuda_compute_capability: ctx is {ctx}, but must be a GPU.")
    if not torch.cuda.is_available():
        raise OSError("get_cuda_compute_capability: torch sees no CUDA device.")
    major, minor = torch.cuda.get_device_capability(ctx.device)
    return major * 10 + minor
