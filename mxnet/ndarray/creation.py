"""Functions that make NDArrays, and a few that are no single operator."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ..base import MXNetError
from ..context import Context, context_from_string, current_context
from ..dtype import NUMPY_OF_TORCH, dtype_name, torch_dtype
from ..ops.registry import get
from .eager import copied, invoke
from .ndarray import NDArray


def _shape(shape: Any) -> tuple[int, ...]:
    if isinstance(shape, int):
        lengths: Any = (shape,)
    else:
        lengths = shape if isinstance(shape, (tuple, list)) else np.atleast_1d(shape)
    try:
        lengths = tuple(map(operator.index, lengths))
    except TypeError:
        lengths = (-1,)
    if any(length < 0 for length in lengths):
        raise MXNetError(
            f"An array can not have shape {shape!r}: lengths are whole and not negative."
        )
    return lengths


def _context(ctx: Context | str | None) -> Context:
    if ctx is None:
        return current_context()
    return context_from_string(ctx) if isinstance(ctx, str) else ctx


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
    context = _context(ctx)
    target = None if dtype is None else torch_dtype(dtype)
    if isinstance(source_array, NDArray):
        return copied(source_array, context, target)
    if isinstance(source_array, torch.Tensor):
        return copied(NDArray(source_array.detach()), context, target)
    return _from_values(source_array, context, target or torch.float32)


def _from_values(source: Any, context: Context, target: torch.dtype) -> NDArray:
    if isinstance(source, np.ndarray) and source.dtype == NUMPY_OF_TORCH[torch.bfloat16]:
        tensor = torch.from_numpy(source.view(np.uint16).copy()).view(torch.bfloat16)
        return NDArray(tensor.to(context.device, target), ctx=context)
    try:
        tensor = _converted(np.asarray(source), target)
    except (ValueError, TypeError) as error:
        raise TypeError(
            f"array: {type(source).__name__} is not an array-like object: {error}"
        ) from None
    return NDArray(tensor.to(context.device), ctx=context)


def _converted(values: np.ndarray, target: torch.dtype) -> torch.Tensor:
    """Return a copy of NumPy's values; floats that become integers are cut."""
    if target is torch.bfloat16:
        return torch.from_numpy(values.astype(np.float32)).to(target)
    if values.dtype.kind != "f" or target.is_floating_point:
        return torch.from_numpy(np.array(values, dtype=NUMPY_OF_TORCH[target], order="C"))
    return torch.from_numpy(values.astype(np.float64)).to(target)  # NumPy would warn of NaN


def empty(shape: Any, ctx: Context | None = None, dtype: Any = None) -> NDArray:
    """Return an array of `shape` whose elements are arbitrary."""
    context = _context(ctx)
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
    return _filled("zeros", shape, 0, ctx, dtype, _out(kwargs, "zeros"))


def ones(shape: Any, ctx: Context | None = None, dtype: Any = None, **kwargs: Any) -> NDArray:
    """Return an array of `shape` filled with ones; parameters as in `zeros`."""
    return _filled("ones", shape, 1, ctx, dtype, _out(kwargs, "ones"))


def _filled(
    name: str, shape: Any, val: float, ctx: Context | None, dtype: Any, out: NDArray | None
) -> NDArray:
    wanted = torch.float32 if dtype is None else torch_dtype(dtype)
    if out is not None and out._data.dtype is not wanted:
        raise MXNetError(
            f"{name}: out is {dtype_name(out.dtype)}, but the result is {dtype_name(wanted)}."
        )
    return full(shape, val, ctx, wanted, out)


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
    """Return an array of `shape` filled with `val`, a number or an array that broadcasts to it;
    other parameters as in `zeros`."""
    if out is not None:
        if out.shape != _shape(shape):
            raise MXNetError(f"full: out has shape {out.shape}, but shape is {shape}.")
        out[:] = val
        return out
    context = _context(ctx)
    target = torch.float32 if dtype is None else torch_dtype(dtype)
    lengths = _shape(shape)
    try:
        return NDArray(torch.full(lengths, val, dtype=target, device=context.device), ctx=context)
    except (TypeError, RuntimeError):  # an array, or a number that the dtype does not hold
        made = empty(lengths, context, target)
        made[:] = val
        return made


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
    creating = get(name)
    return invoke(creating, [], creating.parse({**raw, "ctx": str(_context(ctx))}), out)


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
    if not len(arrays) or not all(isinstance(array, NDArray) for array in arrays):
        raise ValueError("concatenate: the arrays must be a list of at least one NDArray.")
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
    elif not isinstance(indices_or_sections, (tuple, list)):
        raise ValueError(
            f"split_v2: indices_or_sections is {indices_or_sections!r}, but must be an integer or "
            "a tuple of integers."
        )
    else:
        raw |= {"indices": (0, *indices_or_sections), "sections": 0}
    split = get("_split_v2")
    return invoke(split, [ary], split.parse(raw))


def onehot_encode(indices: NDArray, out: NDArray) -> NDArray:
    """Write the one-hot rows of `indices` (length n) into `out` (n x classes), and return it.

    The row of an index that is no class is zero.
    """
    encode = get("one_hot")
    return invoke(encode, [indices], encode.parse({"depth": out.shape[1]}), out)


def histogram(a: NDArray, bins: Any = 10, range: Any = None) -> Any:
    """Return (counts, edges) of a histogram.

    Parameters
    ----------
    a : NDArray
        The values, any shape.
    bins : int or NDArray, default 10
        How many equal bins, or their edges.
    range : (float, float), optional
        Lowest and highest edge, default minimum and maximum of `a`; the counts are then float32,
        as in the reference.
    """
    count = get("_histogram")
    if isinstance(bins, NDArray):
        return invoke(count, [a, bins], count.parse({}))
    if not isinstance(bins, int):
        raise ValueError(f"histogram: bins is {bins!r}, but must be an integer or an NDArray.")
    if range is None:
        counts, edges = np.histogram(a.asnumpy(), bins)
        return array(counts, a.context), array(edges, a.context)
    if len(range) == 2 and range[0] == range[1]:
        range = (range[0] - 0.5, range[1] + 0.5)
    return invoke(count, [a], count.parse({"bin_cnt": bins, "range": range}))


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
