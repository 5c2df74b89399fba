"""Softmax and its relatives along one axis, and the cross entropy of its result."""

from __future__ import annotations

from typing import Any, Literal

import torch

from ...base import MXNetError
from ...dtype import NAME_OF_TORCH, torch_dtype
from ..attributes import DType
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from ..rules import same_shapes, unify
from .rules import agree, first_of, require_floating

aten = torch.ops.aten
_Element = DType["float16", "float32", "float64"]

# The smallest probability whose logarithm softmax_cross_entropy takes.
_LEAST = 1e-8


def _axis_of(axis: int, rank: int) -> int:
    """Return the axis counted from the first."""
    if not -rank <= axis < rank:
        raise MXNetError(f"axis is {axis}, but data have {rank} dimensions")
    return axis % rank


def _check(data: torch.Tensor, axis: int) -> None:
    require_floating(data)
    _axis_of(axis, data.dim())


def _cast(result: torch.Tensor, dtype: str | None) -> torch.Tensor:
    return result if dtype is None else result.to(torch_dtype(dtype))


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The output has the dtype that the attribute names, else that of data."""
    if attrs["dtype"] is not None:
        result = torch_dtype(attrs["dtype"])
        data = result if inputs[0] is None else inputs[0]
        return [data, *inputs[1:]], [result]
    known = first_of([inputs[0], outputs[0]])
    return [known, *inputs[1:]], [known]


def _refuse_length(use_length: bool | None) -> None:
    if use_length:
        raise MXNetError("use_length is True, but there is no input length; softmax has one")


@operator("softmax", types=_types, no_gradient=("length",))
def softmax(
    data: torch.Tensor,
    length: torch.Tensor | None = None,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: _Element | None = None,
    use_length: bool | None = False,
) -> torch.Tensor:
    """Return ``exp(x / temperature)`` divided by its sum along an axis.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape of at least one axis, floating dtype.
    length : NDArray or Symbol, optional
        With `use_length`: the shape of `data` without `axis`, int32 or int64. Elements from this
        position on count as minus infinity; their result is 0.
    axis : int, default -1
        The axis that sums to 1; a negative one counts from the last.
    temperature : float, optional
        What data are divided by before.
    dtype : {'float16', 'float32', 'float64'}, optional
        The result's dtype, default that of `data`.
    use_length : bool, default False
        Whether there is an input `length`.

    Returns
    -------
    NDArray or Symbol
        Same shape as `data`.

    Raises
    ------
    MXNetError
        If there is no such axis, `data` holds whole numbers, or `length` does not fit.

    Examples
    --------
    >>> mx.nd.softmax(mx.nd.array([[1, 1, 1, 1]])).asnumpy().tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    >>> x, length = mx.nd.ones((1, 4)), mx.nd.array([2], dtype="int32")
    >>> mx.nd.softmax(x, length, use_length=True).asnumpy().tolist()
    [[0.5, 0.5, 0.0, 0.0]]
    """
    _check(data, axis)
    if (length is not None) != bool(use_length):
        given = "missing" if length is None else "given"
        raise MXNetError(f"length is {given}, but use_length is {use_length}")
    scores = data if temperature is None else data / temperature
    if length is None:
        return _cast(torch.softmax(scores, axis), dtype)
    beyond = _beyond(length, data, axis % data.dim())
    result = torch.softmax(scores.masked_fill(beyond, float("-inf")), axis)
    return _cast(result.masked_fill(beyond, 0), dtype)


def _beyond(length: torch.Tensor, data: torch.Tensor, axis: int) -> torch.Tensor:
    """Return which elements lie at or after their length."""
    shape = tuple(data.shape)
    wanted = shape[:axis] + shape[axis + 1 :] or (1,)
    if tuple(length.shape) != wanted:
        raise MXNetError(
            f"length has shape {tuple(length.shape)}, but {wanted} follows from data {shape} and "
            f"axis={axis}"
        )
    if length.dtype not in (torch.int32, torch.int64):
        raise MXNetError(f"length is {NAME_OF_TORCH[length.dtype]}, but must be int32 or int64")
    place = torch.arange(shape[axis], device=data.device)
    place = place.reshape(-1, *[1] * (data.dim() - axis - 1))
    return place >= (length.unsqueeze(axis) if data.dim() > 1 else length)


@softmax.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "length") if attrs["use_length"] else ("data",)


@softmax.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    if len(inputs) == 1 or not attrs["use_length"] or data is None:
        return [data, *inputs[1:]], [data]
    axis = _axis_of(attrs["axis"], len(data))
    rest = data[:axis] + data[axis + 1 :] or (1,)
    return [data, agree("length", inputs[1], rest, data, attrs, "axis")], [data]


def _through_softmax(b: Backward, sign: float = 1.0) -> torch.Tensor:
    """Return the gradient of the scores, divided by the temperature and times `sign`."""
    data, out = b.inputs[0], b.outputs[0]
    grad = aten._softmax_backward_data(b.grads[0], out, b.attrs["axis"] % out.dim(), out.dtype)
    return _scaled(grad, b.attrs["temperature"], sign).to(data.dtype)


def _scaled(grad: torch.Tensor, temperature: float | None, sign: float = 1.0) -> torch.Tensor:
    factor = sign if temperature is None else sign / temperature
    return grad if factor == 1 else grad * factor


@softmax.fast_gradient
def _(b: Backward):
    grad = _through_softmax(b)
    if len(b.inputs) == 1:
        return (grad,)
    axis = b.attrs["axis"] % grad.dim()
    return grad.masked_fill_(_beyond(b.inputs[1], grad, axis), 0), None  # a row of NaN ends there


@operator("log_softmax", shapes=same_shapes, types=_types)
def log_softmax(
    data: torch.Tensor,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: _Element | None = None,
    use_length: bool | None = False,
) -> torch.Tensor:
    """Return the logarithm of `softmax`, exact also where softmax is nearly 0.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape of at least one axis, floating dtype.
    axis : int, default -1
        The axis whose exponentials sum to 1; a negative one counts from the last.
    temperature : float, optional
        What data are divided by before.
    dtype : {'float16', 'float32', 'float64'}, optional
        The result's dtype, default that of `data`.
    use_length : bool, default False
        Must be False: `softmax` alone knows lengths.

    Returns
    -------
    NDArray or Symbol
        Same shape as `data`.

    Raises
    ------
    MXNetError
        If there is no such axis, `data` holds whole numbers, or `use_length` is True.

    Examples
    --------
    >>> print(mx.nd.log_softmax(mx.nd.array([1, 1])).asnumpy().round(4))
    [-0.6931 -0.6931]
    """
    _refuse_length(use_length)
    _check(data, axis)
    scores = data if temperature is None else data / temperature
    return _cast(torch.log_softmax(scores, axis), dtype)


@log_softmax.fast_gradient
def _(b: Backward):
    data, out = b.inputs[0], b.outputs[0]
    axis = b.attrs["axis"] % out.dim()
    grad = aten._log_softmax_backward_data(b.grads[0], out, axis, out.dtype)
    return (_scaled(grad, b.attrs["temperature"]).to(data.dtype),)


@operator("softmin", shapes=same_shapes, types=_types)
def softmin(
    data: torch.Tensor,
    *,
    axis: int = -1,
    temperature: float | None = None,
    dtype: _Element | None = None,
    use_length: bool | None = False,
) -> torch.Tensor:
    """Return the `softmax` of ``-data``: the smallest element gets the largest share.

    Attributes as for `log_softmax`.

    Examples
    --------
    >>> print(mx.nd.softmin(mx.nd.array([1, 2])).asnumpy().round(4))
    [0.7311 0.2689]
    """
    _refuse_length(use_length)
    _check(data, axis)
    scores = -data if temperature is None else data / -temperature
    return _cast(torch.softmax(scores, axis), dtype)


@softmin.fast_gradient
def _(b: Backward):
    return (_through_softmax(b, sign=-1.0),)


def _activation_axis(mode: str, rank: int) -> int:
    if mode == "instance":
        return rank - 1
    if rank < 3:
        raise MXNetError(f"data have {rank} dimensions, but mode='channel' needs at least 3")
    return 1


@operator("SoftmaxActivation", shapes=same_shapes)
def softmax_activation(
    data: torch.Tensor, *, mode: Literal["channel", "instance"] = "instance"
) -> torch.Tensor:
    """Return the softmax along the last axis, or along the channels; `softmax` replaces it.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, with 'channel' of at least 3 axes; floating dtype.
    mode : {'instance', 'channel'}, default 'instance'
        Along the last axis, or along axis 1.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` has too few axes or holds whole numbers.

    Examples
    --------
    >>> mx.nd.SoftmaxActivation(mx.nd.array([[1, 1]])).asnumpy().tolist()
    [[0.5, 0.5]]
    """
    require_floating(data)
    return torch.softmax(data, _activation_axis(mode, data.dim()))


@softmax_activation.fast_gradient
def _(b: Backward):
    out = b.outputs[0]
    axis = _activation_axis(b.attrs["mode"], out.dim())
    return (aten._softmax_backward_data(b.grads[0], out, axis, out.dtype),)


def _check_cross_entropy(data: Any, label: Any) -> None:
    if data is not None and len(data) != 2:
        raise MXNetError(f"data has shape {tuple(data)}, but must have two dimensions")
    if data is not None and label is not None and len(label) != 1:
        raise MXNetError(f"label has shape {tuple(label)}, but must have one dimension")
    if data is not None and label is not None:
        agree("label", label, data[:1], data, {})


@operator("softmax_cross_entropy", no_gradient=("label",))
def softmax_cross_entropy(data: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """Return the sum over all rows of minus the logarithm of the label's softmax.

    Parameters
    ----------
    data : NDArray or Symbol
        Scores, shape (N, classes), floating dtype.
    label : NDArray or Symbol
        The class of each row, shape (N,), same dtype; those out of range count as the nearest.

    Returns
    -------
    NDArray or Symbol
        Shape (1,). Probabilities below 1e-8 count as 1e-8. No gradient flows to `label`.

    Raises
    ------
    MXNetError
        If data are not two-dimensional, or labels not one-dimensional.

    Examples
    --------
    >>> x, label = mx.nd.array([[0, 0], [0, 0]]), mx.nd.array([0, 1])
    >>> print(mx.nd.softmax_cross_entropy(x, label).asnumpy().round(4))
    [1.3863]
    """
    _check_cross_entropy(data.shape, label.shape)
    require_floating(data)
    classes = label.to(torch.int64).clamp(0, data.shape[1] - 1)
    chosen = torch.softmax(data, 1).gather(1, classes.unsqueeze(1))
    return -chosen.clamp_min(_LEAST).log().sum().reshape(1)


@softmax_cross_entropy.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, label = inputs
    _check_cross_entropy(data, label)
    return [data, label], [(1,)]


@softmax_cross_entropy.gradient
def _(b: Backward):
    data, label = b.inputs
    grad = torch.softmax(data, 1)
    return (b.grads[0] * subtract_labels(grad, label.unsqueeze(1), 1), None)


def subtract_labels(
    probabilities: torch.Tensor, label: torch.Tensor, axis: int, amount: float = 1.0
) -> torch.Tensor:
    """Subtract `amount` at each label's class, in place, where that class exists.

    Parameters
    ----------
    probabilities : torch.Tensor
        Fresh memory; overwritten and returned.
    label : torch.Tensor
        Classes, any dtype, of size 1 along `axis` and otherwise the same shape.
    axis : int
        The axis of the classes.
    """
    classes = label.to(torch.int64)
    count = probabilities.shape[axis]
    exists = (classes >= 0) & (classes < count)
    taken = exists.to(probabilities.dtype) * -amount
    classes = classes.clamp(0, count - 1)
    if probabilities.requires_grad:  # the gradient is to be differentiated itself
        return probabilities.scatter_add(axis, classes, taken)
    return probabilities.scatter_add_(axis, classes, taken)
