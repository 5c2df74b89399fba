"""Optimizer updates of `mx.nd.contrib`: the operators, with a number or an array as scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base import numeric_types
from . import _internal
from .creation import full
from .ndarray import NDArray

Arrays = Sequence[NDArray]


def _scale(rescale_grad: Any, weight: NDArray) -> NDArray:
    """Return the factor of gradients as an array on the weight's context."""
    if isinstance(rescale_grad, NDArray):
        return rescale_grad
    if isinstance(rescale_grad, numeric_types):
        return full((1,), float(rescale_grad), ctx=weight.context)
    raise TypeError(
        f"rescale_grad is a {type(rescale_grad).__name__}, but must be an NDArray or a number."
    )


def adamw_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    rescale_grad: NDArray | float,
    lr: float,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0,
    clip_gradient: float = -1,
    out: NDArray | None = None,
    name: str | None = None,
    **kwargs: Any,
) -> NDArray:
    """Return the weight after a step of AdamW (Loshchilov and Hutter, 2017); see
    :func:`mxnet.nd._internal._adamw_update`.

    Parameters
    ----------
    weight, grad, mean, var : NDArray
        Weight, its gradient, and the two states, which change in place.
    rescale_grad : NDArray or float
        Factor of the gradient; NaN, infinity or 0 skips the step.
    lr, eta : float
        Learning rate, and the schedule's multiplier of the whole step.
    beta1, beta2, epsilon, wd, clip_gradient : float
        Decays of the states, a term that keeps the divisor from 0, weight decay, and the bound of
        the gradient's elements (negative: none).
    out : NDArray, optional
        Receives the new weight, as a rule `weight` itself.

    Examples
    --------
    >>> w, g, m, v = mx.nd.array([1]), mx.nd.array([2]), mx.nd.zeros((1,)), mx.nd.zeros((1,))
    >>> w = mx.nd.contrib.adamw_update(w, g, m, v, 1.0, lr=0.1, eta=1, out=w)
    >>> round(float(m), 4)
    0.2
    """
    numbers: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    numbers |= {"lr": lr, "eta": eta, "clip_gradient": clip_gradient}
    numbers |= {"out": out, "name": name, **kwargs}
    inputs: Any = (weight, grad, mean, var, _scale(rescale_grad, weight))
    return _internal._adamw_update(*inputs, **numbers)


def mp_adamw_update(
    weight: NDArray,
    grad: NDArray,
    mean: NDArray,
    var: NDArray,
    weight32: NDArray,
    rescale_grad: NDArray | float,
    lr: float,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0,
    clip_gradient: float = -1,
    out: NDArray | None = None,
    name: str | None = None,
    **kwargs: Any,
) -> NDArray:
    """Return a weight in 16 bits after a step of AdamW on its float32 copy `weight32`;
    otherwise as :func:`adamw_update`."""
    numbers: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    numbers |= {"lr": lr, "eta": eta, "clip_gradient": clip_gradient}
    numbers |= {"out": out, "name": name, **kwargs}
    inputs: Any = (weight, grad, mean, var, weight32, _scale(rescale_grad, weight))
    return _internal._mp_adamw_update(*inputs, **numbers)


def _groups(*lists: Arrays) -> list[NDArray]:
    """Return the arrays weight by weight: what the operators of many weights read."""
    return [array for group in zip(*lists, strict=True) for array in group]


def multi_adamw_update(
    weights: Arrays,
    grads: Arrays,
    mean: Arrays,
    var: Arrays,
    rescale_grad: NDArray | float,
    lrs: Sequence[float],
    wds: Sequence[float],
    etas: Sequence[float],
    out: Any = None,
    name: str | None = None,
    size: int = 0,
    **kwargs: Any,
) -> Any:
    """Return many weights, each after a step of AdamW.

    Parameters
    ----------
    weights, grads, mean, var : list of NDArray
        As for :func:`adamw_update`, one for each weight.
    rescale_grad : NDArray or float
        Factor of all gradients; NaN, infinity or 0 skips the step.
    lrs, wds, etas : list of float
        One number for each weight.
    out : list of NDArray, optional
        Receives the new weights.
    size : int, default 0
        How many weights there are; 0 counts them.
    **kwargs
        beta1, beta2, epsilon and clip_gradient, which all share.

    Raises
    ------
    ValueError
        If the lists have different lengths.
    """
    inputs = [*_groups(weights, grads, mean, var), _scale(rescale_grad, weights[0])]
    numbers: dict[str, Any] = {"lrs": lrs, "wds": wds, "etas": etas, **kwargs}
    numbers |= {"num_weights": size or len(weights), "out": out, "name": name}
    return _internal._multi_adamw_update(*inputs, **numbers)


def multi_mp_adamw_update(
    weights: Arrays,
    grads: Arrays,
    mean: Arrays,
    var: Arrays,
    weights32: Arrays,
    rescale_grad: NDArray | float,
    lrs: Sequence[float],
    wds: Sequence[float],
    etas: Sequence[float],
    out: Any = None,
    name: str | None = None,
    size: int = 0,
    **kwargs: Any,
) -> Any:
    """Return many weights in 16 bits, each after a step of AdamW on its float32 copy; otherwise as
    :func:`multi_adamw_update`."""
    inputs = [*_groups(weights, grads, mean, var, weights32), _scale(rescale_grad, weights[0])]
    numbers: dict[str, Any] = {"lrs": lrs, "wds": wds, "etas": etas, **kwargs}
    numbers |= {"num_weights": size or len(weights), "out": out, "name": name}
    return _internal._multi_mp_adamw_update(*inputs, **numbers)


def multi_lamb_update(
    weights: Arrays,
    grads: Arrays,
    mean: Arrays,
    var: Arrays,
    step_count: Sequence[int],
    lrs: Sequence[float],
    wds: Sequence[float],
    out: Any = None,
    num_tensors: int = 0,
    **kwargs: Any,
) -> Any:
    """Return many weights, each after a step of LAMB (You et al., 2019).

    Parameters
    ----------
    weights, grads, mean, var : list of NDArray
        Weight, its gradient and its two states, which change in place, for each weight.
    step_count : list of int
        Which step it is, counted from 1, for each weight.
    lrs, wds : list of float
        Learning rate and weight decay of each weight.
    out : list of NDArray, optional
        Receives the new weights.
    num_tensors : int, default 0
        How many weights there are; 0 counts them.
    **kwargs
        beta1, beta2, epsilon, rescale_grad, lower_bound, upper_bound, clip_gradient and
        bias_correction, which all share.

    Raises
    ------
    ValueError
        If the lists have different lengths.
    """
    numbers: dict[str, Any] = {"step_count": step_count, "learning_rates": lrs, "wds": wds}
    numbers |= {"num_tensors": num_tensors or len(weights), "out": out, **kwargs}
    return _internal._multi_lamb_update(*_groups(weights, grads, mean, var), **numbers)


def multi_mp_lamb_update(
    weights: Arrays,
    grads: Arrays,
    mean: Arrays,
    var: Arrays,
    weights32: Arrays,
    step_count: Sequence[int],
    lrs: Sequence[float],
    wds: Sequence[float],
    out: Any = None,
    num_tensors: int = 0,
    **kwargs: Any,
) -> Any:
    """Return many weights in 16 bits, each after a step of LAMB on its float32 copy; otherwise as
    :func:`multi_lamb_update`."""
    numbers: dict[str, Any] = {"step_count": step_count, "learning_rates": lrs, "wds": wds}
    numbers |= {"num_tensors": num_tensors or len(weights), "out": out, **kwargs}
    inputs = _groups(weights, grads, mean, var, weights32)
    return _internal._multi_mp_lamb_update(*inputs, **numbers)
