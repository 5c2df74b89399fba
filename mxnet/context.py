"""Contexts: the devices that arrays live on."""

from __future__ import annotations

import threading
import warnings
from operator import index
from typing import Any, ClassVar

import torch

from .base import MXNetError

_LOCAL = threading.local()


class _ContextType(type):
    """Gives the class its deprecated property."""

    @property
    def default_ctx(cls) -> Context:
        """Deprecated: use :func:`current_context`."""
        _warn_of_default()
        return current_context()

    @default_ctx.setter
    def default_ctx(cls, context: Context) -> None:
        _warn_of_default()
        set_current_context(context)


def _warn_of_default() -> None:
    warnings.warn(
        "Context.default_ctx is deprecated; use current_context() and "
        "test_utils.set_default_context() instead.",
        DeprecationWarning,
        stacklevel=3,
    )


class Context(metaclass=_ContextType):
    """A device: ``cpu(0)``, ``gpu(1)``, ``cpu_pinned(0)`` or ``cpu_shared(0)``.

    Every CPU context is the same memory; ``cpu(0)`` and ``cpu(1)`` differ in name only.

    Parameters
    ----------
    device_type : str or Context
        ``'cpu'``, ``'gpu'``, ``'cpu_pinned'`` or ``'cpu_shared'``; a Context is copied.
    device_id : int, default 0
        Which device of that type.

    Examples
    --------
    >>> mx.Context("cpu", 1)
    cpu(1)
    >>> with mx.cpu(2):
    ...     mx.nd.zeros((1,)).context
    cpu(2)
    """

    devtype2str: ClassVar[dict[int, str]] = {1: "cpu", 2: "gpu", 3: "cpu_pinned", 5: "cpu_shared"}
    devstr2type: ClassVar[dict[str, int]] = {"cpu": 1, "gpu": 2, "cpu_pinned": 3, "cpu_shared": 5}

    __slots__ = ("device_id", "device_typeid")
    device_typeid: int
    device_id: int

    def __init__(self, device_type: str | Context, device_id: int = 0) -> None:
        if isinstance(device_type, Context):
            self.device_typeid, self.device_id = device_type.device_typeid, device_type.device_id
            return
        if device_type not in self.devstr2type:
            raise MXNetError(
                f"Context: device type is {device_type!r}, but must be one of "
                f"{', '.join(self.devstr2type)}."
            )
        self.device_typeid = self.devstr2type[device_type]
        self.device_id = index(device_id)

    @property
    def device_type(self) -> str:
        """The kind of device, for example ``'cpu'``."""
        return self.devtype2str[self.device_typeid]

    @property
    def device(self) -> torch.device:
        """The torch device behind this context.

        Raises
        ------
        MXNetError
            If this is a GPU that torch does not have.
        """
        if self.device_typeid != 2:
            return _CPU
        if not 0 <= self.device_id < torch.cuda.device_count():
            raise MXNetError(
                f"{self} does not exist: torch {torch.__version__} sees "
                f"{torch.cuda.device_count()} CUDA devices."
            )
        return torch.device("cuda", self.device_id)

    def __hash__(self) -> int:
        return hash((self.device_typeid, self.device_id))

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Context)
            and self.device_typeid == other.device_typeid
            and self.device_id == other.device_id
        )

    def __str__(self) -> str:
        return f"{self.device_type}({self.device_id})"

    __repr__ = __str__

    def __getstate__(self) -> tuple[str, int]:
        return self.device_type, self.device_id

    def __setstate__(self, state: tuple[str, int]) -> None:
        self.device_typeid, self.device_id = self.devstr2type[state[0]], state[1]

    def __enter__(self) -> Context:
        # A context may be entered again, and by several threads: what was before lies beside it.
        if not hasattr(_LOCAL, "outer"):
            _LOCAL.outer = []
        _LOCAL.outer.append(current_context())
        _LOCAL.context = self
        return self

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        _LOCAL.context = _LOCAL.outer.pop()

    def empty_cache(self) -> None:
        """Give the memory that torch caches on this GPU back to the driver."""
        if self.device_typeid == 2:
            with torch.cuda.device(self.device):
                torch.cuda.empty_cache()


_CPU = torch.device("cpu")
_DEFAULT = Context("cpu", 0)


def cpu(device_id: int = 0) -> Context:
    """Return the CPU context number `device_id`.

    Examples
    --------
    >>> mx.cpu(1)
    cpu(1)
    """
    return Context("cpu", device_id)


def cpu_pinned(device_id: int = 0) -> Context:
    """Return the context of page-locked CPU memory, from which copies to a GPU are fastest.

    Examples
    --------
    >>> mx.nd.ones((1,), ctx=mx.cpu_pinned()).context
    cpu_pinned(0)
    """
    return Context("cpu_pinned", device_id)


def gpu(device_id: int = 0) -> Context:
    """Return the context of CUDA device `device_id`, whether torch has it or not.

    Examples
    --------
    >>> mx.gpu(1)
    gpu(1)
    """
    return Context("gpu", device_id)


def num_gpus() -> int:
    """Return how many CUDA devices torch sees.

    Examples
    --------
    >>> mx.context.num_gpus() >= 0
    True
    """
    return torch.cuda.device_count()


def gpu_memory_info(device_id: int = 0) -> tuple[int, int]:
    """Return the free and the total memory of CUDA device `device_id` in bytes.

    Raises
    ------
    MXNetError
        If torch does not have it.

    Examples
    --------
    >>> mx.context.gpu_memory_info(10**6)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mxnet.base.MXNetError: gpu(1000000) does not exist: torch ... sees ... CUDA devices.
    """
    return torch.cuda.mem_get_info(gpu(device_id).device)


def current_context() -> Context:
    """Return the context of the innermost `with` block, ``cpu(0)`` outside of any.

    Examples
    --------
    >>> with mx.cpu(3):
    ...     mx.current_context()
    cpu(3)
    """
    return getattr(_LOCAL, "context", _DEFAULT)


def set_current_context(context: Context) -> None:
    """Make `context` this thread's current one until a `with` block or another call changes it."""
    _LOCAL.context = context


def context_from_string(text: str) -> Context:
    """Parse what `str(context)` prints, for example ``'gpu(1)'``."""
    kind, _, rest = text.strip().partition("(")
    try:
        return Context(kind, int(rest.rstrip(")")) if rest else 0)
    except ValueError:
        raise MXNetError(f"Context {text!r} is not of the form 'cpu(0)' or 'gpu(0)'.") from None
