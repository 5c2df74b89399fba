"""NDArray: an array on a device, and the functions that make one.

The class is put together from rooms of this package: arithmetic and comparison
(`arithmetic.py`), getting and setting elements (`indexing.py`), other shapes (`shaping.py`),
methods named like operators (`fluent.py`), conversions to other libraries and pickles
(`interchange.py`).
"""

from __future__ import annotations

import functools
import operator as python_operator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from .. import dtype as dtypes
from ..base import MXNetError, integer_types, numeric_types  # noqa: F401 - names of this path
from ..context import Context, current_context
from ..ops.registry import get
from .arithmetic import Arithmetic
from .eager import copied, invoke, set_array_class
from .indexing import Indexing
from .interchange import Interchange
from .shaping import Shaping
from .tape import STATE, Node, in_graph, keep_in_graph, mark_variable, write, write_copy

_STORAGE_TYPES = ("default", "row_sparse", "csr")


class NDArray(Arithmetic, Indexing, Interchange, Shaping):
    """An array of numbers on a device, with an optional gradient.

    Made by functions such as :func:`mxnet.nd.array` and :func:`mxnet.nd.zeros`, or by an operator.

    Parameters
    ----------
    handle : torch.Tensor
        The memory of the array, which is shared, not copied.
    writable : bool, default True
        Whether elements may be set.
    ctx : Context, optional
        The context that the array reports; by default that of the tensor's device.

    Examples
    --------
    >>> x = mx.nd.array([[1, 2], [3, 4]])
    >>> x.shape, x.dtype.__name__, x.context
    ((2, 2), 'float32', cpu(0))
    >>> float((x * 2).sum())
    20.0
    """

    __array_priority__ = 1000.0

    if TYPE_CHECKING:  # the methods that fluent.py makes from operators

        def __getattr__(self, name: str) -> Any: ...

    # Class attributes stand for "none yet": most arrays are temporaries that never set them.
    _tape: torch.Tensor | None = None
    _node: Node | None = None  # the recorded call that made it, as which of its outputs
    _position = 0
    _shadow: torch.Tensor | None = None  # of integers on the tape, see tape.connect
    _grad: NDArray | None = None
    _grad_req = "null"
    _stype = "default"
    writable = True

    def __init__(
        self, handle: torch.Tensor, writable: bool = True, ctx: Context | None = None
    ) -> None:
        self._data = handle
        self._ctx = ctx or _context_of(handle)
        if not writable:
            self.writable = False

    # What the array is.

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return tuple(self._data.shape)

    @property
    def ndim(self) -> int:
        """The number of axes.

        Examples
        --------
        >>> mx.nd.zeros((2, 3)).ndim
        2
        """
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.numel()

    @property
    def dtype(self) -> Any:
        """The element type as a NumPy scalar type, for example ``numpy.float32``."""
        return dtypes.TYPE_OF_TORCH[self._data.dtype]

    @property
    def context(self) -> Context:
        """The device that the array lives on."""
        return self._ctx

    ctx = context

    @property
    def stype(self) -> str:
        """The storage type: ``'default'`` for a dense array."""
        return self._stype

    @property
    def T(self) -> NDArray:
        """The array with its axes in reverse order."""
        return self.transpose() if self.ndim > 1 else self

    @property
    def handle(self) -> torch.Tensor:
        """The torch tensor behind the array, without its tape."""
        return self._data

    # Values.

    def asnumpy(self) -> np.ndarray:
        """Return a copy of the elements as a NumPy array."""
        data = self._data
        if data.device.type != "cpu":
            data = data.cpu()
        if data.dtype is torch.bfloat16:
            return data.contiguous().view(torch.uint16).numpy().copy().view(dtypes.bfloat16)
        return data.numpy().copy()

    def asscalar(self) -> Any:
        """Return the only element as a NumPy scalar.

        Raises
        ------
        ValueError
            If the array has not exactly one element.
        """
        if self.size != 1:
            raise ValueError(
                f"asscalar: the array has shape {self.shape}, but must have one element."
            )
        return self.asnumpy().reshape(-1)[0]

    def __bool__(self) -> bool:
        if self.size == 0:
            return False
        if self.size != 1:
            raise ValueError(
                f"The truth value of an NDArray of shape {self.shape} is ambiguous; "
                "it must have one element."
            )
        return bool(self._data.reshape(()).item())

    __nonzero__ = __bool__

    def __float__(self) -> float:
        return float(self.asscalar())

    def __int__(self) -> int:
        return int(self.asscalar())

    def __index__(self) -> int:
        return python_operator.index(self.asscalar())

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("len() of an NDArray without axes is not defined.")
        return self._data.shape[0]

    def __hash__(self) -> int:
        return id(self) >> 4

    def __repr__(self) -> str:
        shape = "x".join(str(length) for length in self.shape)
        return f"\n{self.asnumpy()!s}\n<{type(self).__name__} {shape} @{self._ctx}>"

    # Copies.

    def copy(self) -> NDArray:
        """Return a copy on the same context."""
        return invoke(get("_copy"), [self], {})

    def copyto(self, other: NDArray | Context) -> NDArray:
        """Copy the elements into `other`, or into a new array on the context `other`; recorded.

        Raises
        ------
        MXNetError
            If `other` has another shape.
        TypeError
            If `other` is neither an NDArray nor a Context.
        """
        if isinstance(other, Context):
            return copied(self, other)
        if not isinstance(other, NDArray):
            raise TypeError(
                f"copyto: the target is {type(other).__name__}, not NDArray or Context."
            )
        if other.shape != self.shape:
            raise MXNetError(
                f"copyto: the target has shape {other.shape}, but the source has {self.shape}."
            )
        if STATE.recording and in_graph(self):
            write_copy(other, self)
        else:
            write(other, self._data, None)
        if other._stype != "default":
            other._store(other._data)
        return other

    def as_in_context(self, context: Context) -> NDArray:
        """Return the array itself if it is on `context`, else a copy there."""
        return self if self._ctx == context else self.copyto(context)

    as_in_ctx = as_in_context

    def astype(self, dtype: Any, copy: bool = True) -> NDArray:
        """Return the array in another element type; without `copy` perhaps itself."""
        target = dtypes.torch_dtype(dtype)
        if not copy and self._data.dtype is target:
            return self
        return invoke(get("Cast"), [self], {"dtype": dtypes.NAME_OF_TORCH[target]})

    def as_nd_ndarray(self) -> NDArray:
        """Return the array itself."""
        return self

    def as_np_ndarray(self) -> Any:
        """Refuse: there is no `mx.np` here yet."""
        raise MXNetError("as_np_ndarray: mx.np is not implemented yet.")

    def tostype(self, stype: str) -> Any:
        """Return a copy in the storage type `stype`: default, csr or row_sparse."""
        if stype not in _STORAGE_TYPES:
            raise MXNetError(
                f"tostype: {stype!r} is not a storage type; there are {_STORAGE_TYPES}."
            )
        if stype == "default":
            return self.copy()
        from . import sparse

        return keep_in_graph(sparse.from_dense(self, stype), self)

    def wait_to_read(self) -> None:
        """Wait until the elements are computed; an error of a GPU kernel shows here."""
        if self._data.is_cuda:
            torch.cuda.synchronize(self._data.device)

    # Gradients.

    @property
    def grad(self) -> NDArray | None:
        """The gradient array that `attach_grad` made, or None."""
        return self._grad

    def attach_grad(self, grad_req: str = "write", stype: str | None = None) -> None:
        """Make the array a variable, with a gradient of zeros that `backward` fills.

        Parameters
        ----------
        grad_req : {'write', 'add', 'null'}
            Whether a new gradient replaces the old one, is added to it, or is not computed.
        stype : {'default', 'row_sparse', 'csr'}, optional
            Storage type of the gradient array, default that of this array.
        """
        from . import utils

        grad = utils.zeros(self.shape, self._ctx, self._data.dtype, stype or self.stype)
        mark_variable(self, grad, grad_req)

    def _receive(self, fresh: torch.Tensor, grad_req: str) -> None:
        """Take a fresh gradient: this array is the gradient slot of a variable."""
        if grad_req == "add":
            self._data.add_(fresh)
        else:
            self._data.copy_(fresh)

    def detach(self) -> NDArray:
        """Return an array of the same memory that is no part of the recorded graph."""
        return NDArray(self._data, ctx=self._ctx)

    def backward(
        self, out_grad: NDArray | None = None, retain_graph: bool = False, train_mode: bool = True
    ) -> None:
        """Compute the gradient of this array with respect to the variables it came from.

        Parameters
        ----------
        out_grad : NDArray, optional
            Gradient of the loss with respect to this array; ones by default.
        retain_graph : bool, default False
            Whether the recorded graph is kept for another backward.
        train_mode : bool, default True
            Whether layers behave as in training; what was recorded decides here.
        """
        from ..autograd import backward

        backward([self], None if out_grad is None else [out_grad], retain_graph, train_mode)


set_array_class(NDArray)


@functools.lru_cache(maxsize=16)
def _context_of_device(device: torch.device) -> Context:
    return Context("gpu", device.index or 0) if device.type == "cuda" else Context("cpu", 0)


def _context_of(tensor: torch.Tensor | None) -> Context:
    if tensor is None:  # unpickling sets elements and context later
        return current_context()
    if tensor.device.type == "cpu":
        current = current_context()
        return current if current.device_typeid != 2 else _context_of_device(tensor.device)
    return _context_of_device(tensor.device)


# The public module path `mxnet.ndarray.ndarray` also holds the functions that make arrays.
from . import op  # noqa: E402, F401
from .creation import (  # noqa: E402, F401 - they need the class above
    arange,
    array,
    concatenate,
    empty,
    eye,
    full,
    histogram,
    imdecode,
    linspace,
    moveaxis,
    onehot_encode,
    ones,
    split_v2,
    waitall,
    zeros,
)
from .dlpack import DLContext, DLDataType, DLManagedTensor, DLTensor  # noqa: E402, F401
from .functions import (  # noqa: E402, F401
    add,
    divide,
    equal,
    greater,
    greater_equal,
    lesser,
    lesser_equal,
    logical_and,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    modulo,
    multiply,
    not_equal,
    power,
    subtract,
    true_divide,
)
from .index_rules import (  # noqa: E402, F401
    check_boolean_array_dimension,
    get_indexing_dispatch_code,
    get_oshape_of_gather_nd_op,
    indexing_key_expand_implicit_axes,
)
from .interchange import (  # noqa: E402, F401
    from_dlpack,
    from_numpy,
    to_dlpack_for_read,
    to_dlpack_for_write,
)
