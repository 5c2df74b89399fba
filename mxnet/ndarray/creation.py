"""Functions that make NDArrays, and a few that are no single operator."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ..base import MXNetError
from ..context import Context, current_context
from ..dtype import NUMPY_OF_TORCH, torch_dtype
from ..ops.registry import get
from .eager import get_array_class, invoke
from .ndarray import NDArray


def _shape(shape: Any) -> tuple[int, ...]:
    lengths = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    if any(int(length) != length or length < 0 for length in lengths):
        raise MXNetError(
            f"An array can not have shape {lengths}: lengths are whole and not negative."
        )
    return tuple(int(length) for length in lengths)


def array(source_array: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Return an NDArray with the elements of any array-like object.

    Parameters
    ----------
    source_array : array-like
        NDArray, NumPy array, SciPy sparse matrix, torch tensor, (nested) list or number.
    ctx : Context, optional
        Device of the result, default the current context.
    dtype : dtype, optional
        Element type. By default that of an NDArray, torch tensor or SciPy matrix, and float32 for
        everything else, NumPy arrays included.

    Raises
    ------
    TypeError
        If the source is no array-like object.

    Examples
    --------
    >>> mx.nd.array([[1, 2], [3, 4]]).asnumpy().tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    context = ctx or current_context()
    if isinstance(source_array, NDArray):
        source = source_array._data
    elif isinstance(source_array, torch.Tensor):
        source = source_array.detach()
    else:
        return _from_values(source_array, context, dtype)
    target = source.dtype if dtype is None else torch_dtype(dtype)
    return NDArray(source.to(context.device, target, copy=True), ctx=context)


def _from_values(source: Any, context: Context, dtype: Any) -> NDArray:
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    if isinstance(source, np.ndarray) and source.dtype == NUMPY_OF_TORCH[torch.bfloat16]:
        tensor = torch.from_numpy(source.view(np.uint16).copy()).view(torch.bfloat16)
        return NDArray(tensor.to(context.device, target), ctx=context)
    try:
        values = np.asarray(source)
        if target is torch.bfloat16:
            tensor = torch.from_numpy(values.astype(np.float32)).to(target)
        else:
            tensor = torch.from_numpy(np.array(values, dtype=NUMPY_OF_TORCH[target], order="C"))
    except (ValueError, TypeError) as error:
        raise TypeError(
            f"array: {type(source).__name__} is not an array-like object: {error}"
        ) from None
    if tensor.ndim == 0 and not isinstance(source, np.ndarray):
        tensor = tensor.reshape(1)
    return NDArray(tensor.to(context.device), ctx=context)


def empty(shape: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Return an array of `shape` whose elements are arbitrary."""
    context = ctx or current_context()
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    return NDArray(torch.empty(_shape(shape), dtype=target, device=context.device), ctx=context)


def zeros(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Return an array of `shape` filled with zeros.

    Parameters
    ----------
    shape : int or tuple of int
        Lengths of the axes.
    ctx : Context, optional
        Device, default the current context.
    dtype : dtype, default float32
        Element type.
    out : NDArray, optional
        Array to fill instead of a new one.

    Examples
    --------
    >>> mx.nd.zeros((1, 2)).asnumpy().tolist()
    [[0.0, 0.0]]
    """
    return full(shape, 0, ctx, dtype, _out(kwargs, "zeros"))


def ones(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Return an array of `shape` filled with ones; parameters as in `zeros`."""
    return full(shape, 1, ctx, dtype, _out(kwargs, "ones"))


def _out(kwargs: dict[str, Any], name: str) -> NDArray | None:
    out = kwargs.pop("out", None)
    kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"{name}: unexpected arguments {sorted(kwargs)}.")
    return out


def full(
    shape: Any,
    val: float,
    ctx: Context | None = None,
    dtype: Any = np.float32,
    out: NDArray | None = None,
) -> NDArray:
    """Return an array of `shape` filled with `val`; parameters as in `zeros`."""
    if out is not None:
        out[:] = val
        return out
    context = ctx or current_context()
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    tensor = torch.full(_shape(shape), val, dtype=target, device=context.device)
    return NDArray(tensor, ctx=context)


def arange(
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool | None = None,
    ctx: Context | None = None,
    dtype: Any = np.float32,
) -> NDArray:
    """Return the numbers from `start` (included) to `stop` (excluded) by `step`.

    With one number it is the stop, and the start is 0. Each number comes `repeat` times.

    Examples
    --------
    >>> mx.nd.arange(1, 7, step=2, repeat=2).asnumpy().tolist()
    [1.0, 1.0, 3.0, 3.0, 5.0, 5.0]
    """
    if infer_range is not None:
        warnings.warn("arange: infer_range has no effect.", DeprecationWarning, stacklevel=2)
    raw = {"start": start, "stop": stop, "step": step, "repeat": repeat, "dtype": dtype}
    return _create("_arange", raw, ctx)


def linspace(
    start: float,
    stop: float,
    num: int,
    endpoint: bool = True,
    ctx: Context | None = None,
    dtype: Any = np.float32,
) -> NDArray:
    """Return `num` evenly spaced numbers from `start` to `stop`, which `endpoint` includes."""
    raw = {"start": start, "stop": stop, "num": num, "endpoint": endpoint, "dtype": dtype}
    return _create("_linspace", raw, ctx)


def eye(
    N: int,
    M: int = 0,
    k: int = 0,
    ctx: Context | None = None,
    dtype: Any = None,
    **kwargs: Any,
) -> NDArray:
    """Return an N x M matrix (M = 0: square) with ones on diagonal `k` and zeros elsewhere."""
    out = _out(kwargs, "eye")
    raw = {"N": N, "M": M, "k": k, "dtype": np.float32 if dtype is None else dtype}
    return _create("_eye", raw, ctx, out)


def _create(
    name: str, raw: dict[str, Any], ctx: Context | None, out: NDArray | None = None
) -> NDArray:
    operator = get(name)
    return invoke(operator, [], operator.parse({**raw, "ctx": str(ctx or current_context())}), out)


def moveaxis(tensor: NDArray, source: Any, destination: Any) -> NDArray:
    """Return the array with the axes in `source` moved to the positions in `destination`.

    Examples
    --------
    >>> mx.nd.moveaxis(mx.nd.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    sources = (source,) if isinstance(source, int) else tuple(source)
    targets = (destination,) if isinstance(destination, int) else tuple(destination)
    if len(sources) != len(targets):
        raise ValueError(f"moveaxis: {len(sources)} sources, but {len(targets)} destinations.")
    moved = np.moveaxis(np.empty((0,) * tensor.ndim), sources, targets).ndim  # checks the axes
    order = [axis for axis in range(moved) if axis not in {s % moved for s in sources}]
    for target, origin in sorted(zip((t % moved for t in targets), sources, strict=True)):
        order.insert(target, origin % moved)
    transpose = get("transpose")
    return invoke(transpose, [tensor], transpose.parse({"axes": tuple(order)}))


def concatenate(arrays: Sequence[NDArray], axis: int = 0, always_copy: bool = True) -> NDArray:
    """Return the arrays joined along `axis`; one array comes back itself without `always_copy`."""
    if not arrays:
        raise ValueError("concatenate: there are no arrays to join.")
    if len(arrays) == 1 and not always_copy:
        return arrays[0]
    concat = get("Concat")
    return invoke(concat, list(arrays), concat.parse({"dim": axis}))


def split_v2(
    ary: NDArray, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False
) -> Any:
    """Return the parts of an array cut along `axis` into equal sections or at given indices.

    Parameters
    ----------
    ary : NDArray
        What is cut.
    indices_or_sections : int or tuple of int
        How many equal sections, or where the second, third, ... part begins.
    axis : int, default 0
        The axis that is cut.
    squeeze_axis : bool, default False
        Whether sections of length 1 lose that axis.
    """
    raw: dict[str, Any] = {"axis": axis, "squeeze_axis": squeeze_axis}
    if isinstance(indices_or_sections, int):
        sections = indices_or_sections
        if ary.shape[axis] % sections:
            raise ValueError(
                f"split_v2: axis {axis} has length {ary.shape[axis]}, not divisible by {sections}."
            )
        raw |= {"indices": (), "sections": sections}
    else:
        raw |= {"indices": (0, *indices_or_sections), "sections": 0}
    split = get("_split_v2")
    return invoke(split, [ary], split.parse(raw))


def onehot_encode(indices: NDArray, out: NDArray) -> NDArray:
    """Write the one-hot rows of `indices` (length n) into `out` (n x classes), and return it."""
    rows = torch.nn.functional.one_hot(indices._data.to(torch.int64), out.shape[1])
    out._data.copy_(rows)
    return out


def histogram(a: NDArray, bins: Any = 10, range: Any = None) -> Any:
    """Return (counts, edges) of a histogram.

    Parameters
    ----------
    a : NDArray
        The values, any shape.
    bins : int or NDArray, default 10
        How many equal bins, or their edges.
    range : (float, float), optional
        Lowest and highest edge, default minimum and maximum of `a`.
    """
    operator = get("_histogram")
    if isinstance(bins, get_array_class()):
        return invoke(operator, [a, bins], operator.parse({}))
    if range is None:
        range = (float(a._data.min()), float(a._data.max()))
        if range[0] == range[1]:
            range = (range[0] - 0.5, range[1] + 0.5)
    return invoke(operator, [a], operator.parse({"bin_cnt": bins, "range": range}))


def imdecode(
    str_img: bytes,
    clip_rect: tuple[int, int, int, int] = (0, 0, 0, 0),
    out: NDArray | None = None,
    index: int = 0,
    channels: int = 3,
    mean: NDArray | None = None,
) -> NDArray:
    """Refuse: this function of 2015 is superseded by `mx.image.imdecode`."""
    raise MXNetError("imdecode: mx.nd.imdecode is obsolete; use mx.image.imdecode.")


def waitall() -> None:
    """Wait until every computation on every device is done."""
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            torch.cuda.synchronize(index)
