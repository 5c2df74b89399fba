"""Updates of many weights in one call, and setting many arrays to 0.

The arrays of the first weight come first, then those of the second, and so on:
``multi_sgd_mom_update(weight0, grad0, mom0, weight1, grad1, mom1, ...)``. Each weight is updated as
by the operator for one weight; with ``out=[weight0, weight1, ...]`` the weights are written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from ...base import MXNetError
from ..attributes import Floats, Shape
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import require_count, same_shapes, same_types
from .adam import adamw_step
from .lamb import lamb_direction, lamb_move
from .momentum import momentum_step
from .rules import check, in_full_precision
from .sgd import sgd_step

Tensors = tuple[torch.Tensor, ...]


def _count(attrs: Attrs) -> int:
    return attrs["num_tensors"] if "num_tensors" in attrs else attrs["num_weights"]


def _require_arrays(data: Sequence[Any], size: int, count: int, extra: int) -> None:
    """Refuse another number of arrays than `size` for each weight and `extra` after all."""
    if len(data) != size * count + extra:
        after = f" and {extra} after all of them" if extra else ""
        raise MXNetError(
            f"there are {len(data)} arrays, but {count} weights need {size} each{after}"
        )


def _groups(
    data: Sequence[torch.Tensor], names: str, count: int, extra: int = 0
) -> list[tuple[torch.Tensor, ...]]:
    """Return each weight's arrays, checked; `names` are theirs, `extra` more come after all."""
    labels = names.split()
    size = len(labels)
    _require_arrays(data, size, count, extra)
    groups = [tuple(data[i * size : (i + 1) * size]) for i in range(count)]
    for group in groups:
        check(group[0], **dict(zip(labels[1:], group[1:], strict=True)))
    return groups


def _check_lengths(count: int, **numbers: Sequence[Any] | torch.Tensor) -> None:
    """Refuse learning rates and the like that are not one for each weight."""
    for name, values in numbers.items():
        if len(values) != count:
            raise MXNetError(f"{name} holds {len(values)} numbers, but there are {count} weights")


def _grouped(size: int, float32: Sequence[int] = (), extra: int = 0) -> dict[str, Any]:
    """Return the shape and dtype rules of `size` arrays for each weight, and `extra` after all.

    All weights have one dtype. `float32` are the positions in a group that are float32; the extra
    arrays are float32 too.
    """

    def shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
        _require_arrays(inputs, size, _count(attrs), extra)
        known, results = list(inputs), list(outputs)
        for i in range(_count(attrs)):
            part = slice(i * size, (i + 1) * size)
            known[part], results[i : i + 1] = same_shapes(known[part], results[i : i + 1], attrs)
        return known, results

    def types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
        _require_arrays(inputs, size, _count(attrs), extra)
        known, arrays = list(inputs), range(size * _count(attrs))
        full = [j for j in range(len(inputs)) if j not in arrays or j % size in float32]
        low = [j for j in arrays if j % size not in float32]
        filled, results = same_types([known[j] for j in low], outputs, attrs)
        wide, _ = same_types([torch.float32, *(known[j] for j in full)], [], attrs)
        for j, dtype in zip([*low, *full], [*filled, *wide[1:]], strict=True):
            known[j] = dtype
        return known, results

    return {"shapes": shapes, "types": types}


many = partial(operator, mutates=("data",), outputs=_count, count_attribute=None)


def _plain_step(step: Callable[..., torch.Tensor], group: Tensors, *rest: Any) -> torch.Tensor:
    return step(*group, *rest)


def _mixed_step(step: Callable[..., torch.Tensor], group: Tensors, *rest: Any) -> torch.Tensor:
    """Return the new weight, computed on its float32 copy, which a float32 weight does not need."""
    weight, grad, *states, weight32 = group
    if weight.dtype == weight32.dtype:
        return step(weight, grad, *states, *rest)
    return in_full_precision(step, weight32, grad, *states, *rest)


def _update_each(
    step: Callable[..., torch.Tensor],
    groups: list[Tensors],
    lrs: Sequence[Any] | torch.Tensor,
    wds: Sequence[Any] | torch.Tensor,
    momentum: tuple[float, ...],
    rest: tuple[float, float],
    mixed: bool,
) -> Tensors:
    """Return every new weight; the last array of a mixed group is the weight in float32."""
    _check_lengths(len(groups), lrs=lrs, wds=wds)
    results = []
    for group, lr, wd in zip(groups, lrs, wds, strict=True):
        run = _mixed_step if mixed else _plain_step
        results.append(run(step, group, lr, *momentum, wd, *rest))
    return tuple(results)


@many("multi_sgd_update", **_grouped(2))
def multi_sgd_update(
    *data: torch.Tensor,
    lrs: Floats,
    wds: Floats,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after a step of :func:`sgd_update`.

    Parameters
    ----------
    *data : NDArray or Symbol
        Weight and gradient of the first weight, then of the second, and so on.
    lrs, wds : tuple of float
        Learning rate and weight decay of each weight.
    rescale_grad, clip_gradient : float
        As for :func:`sgd_update`.
    num_weights : int, default 1
        How many weights there are.

    Returns
    -------
    NDArray or Symbol, or a list of them
        The new weights.

    Examples
    --------
    >>> v, w, g = mx.nd.array([1]), mx.nd.array([2]), mx.nd.array([1])
    >>> out = mx.nd.multi_sgd_update(v, g, w, g, lrs=(1, 2), wds=(0, 0), num_weights=2, out=[v, w])
    >>> float(v), float(w)
    (0.0, 0.0)
    """
    groups = _groups(data, "weight grad", num_weights)
    return _update_each(sgd_step, groups, lrs, wds, (), (rescale_grad, clip_gradient), False)


@many("multi_sgd_mom_update", **_grouped(3))
def multi_sgd_mom_update(
    *data: torch.Tensor,
    lrs: Floats,
    wds: Floats,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`sgd_mom_update`; `data` is weight, grad, mom, ..."""
    groups = _groups(data, "weight grad mom", num_weights)
    rest = (rescale_grad, clip_gradient)
    return _update_each(momentum_step, groups, lrs, wds, (momentum,), rest, False)


@many("multi_mp_sgd_update", **_grouped(3, (2,)))
def multi_mp_sgd_update(
    *data: torch.Tensor,
    lrs: Floats,
    wds: Floats,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`mp_sgd_update`.

    `data` is weight, grad, weight32 of each weight.
    """
    groups = _groups(data, "weight grad weight32", num_weights)
    return _update_each(sgd_step, groups, lrs, wds, (), (rescale_grad, clip_gradient), True)


@many("multi_mp_sgd_mom_update", **_grouped(4, (2, 3)))
def multi_mp_sgd_mom_update(
    *data: torch.Tensor,
    lrs: Floats,
    wds: Floats,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`mp_sgd_mom_update`.

    `data` is weight, grad, mom, weight32 of each weight.
    """
    groups = _groups(data, "weight grad mom weight32", num_weights)
    rest = (rescale_grad, clip_gradient)
    return _update_each(momentum_step, groups, lrs, wds, (momentum,), rest, True)


@many("preloaded_multi_sgd_update", **_grouped(2, extra=2))
def preloaded_multi_sgd_update(
    *data: torch.Tensor,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`sgd_update` with rates that are arrays.

    After the last gradient `data` holds the learning rates and the weight decays, both float32 of
    shape (num_weights,), such as :func:`multi_lars` computes them.
    """
    groups = _groups(data, "weight grad", num_weights, 2)
    rest = (rescale_grad, clip_gradient)
    return _update_each(sgd_step, groups, data[-2], data[-1], (), rest, False)


@many("preloaded_multi_sgd_mom_update", **_grouped(3, extra=2))
def preloaded_multi_sgd_mom_update(
    *data: torch.Tensor,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`sgd_mom_update` with rates that are arrays.

    `data` is weight, grad, mom of each weight, then all learning rates and all weight decays.
    """
    groups = _groups(data, "weight grad mom", num_weights, 2)
    rest = (rescale_grad, clip_gradient)
    return _update_each(momentum_step, groups, data[-2], data[-1], (momentum,), rest, False)


@many("preloaded_multi_mp_sgd_update", **_grouped(3, (2,), 2))
def preloaded_multi_mp_sgd_update(
    *data: torch.Tensor,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`mp_sgd_update` with rates that are arrays.

    `data` is weight, grad, weight32 of each weight, then all learning rates and all weight decays.
    """
    groups = _groups(data, "weight grad weight32", num_weights, 2)
    rest = (rescale_grad, clip_gradient)
    return _update_each(sgd_step, groups, data[-2], data[-1], (), rest, True)


@many("preloaded_multi_mp_sgd_mom_update", **_grouped(4, (2, 3), 2))
def preloaded_multi_mp_sgd_mom_update(
    *data: torch.Tensor,
    momentum: float = 0.0,
    rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`mp_sgd_mom_update` with rates that are arrays.

    `data` is weight, grad, mom, weight32 of each weight, then all learning rates and all decays.
    """
    groups = _groups(data, "weight grad mom weight32", num_weights, 2)
    rest = (rescale_grad, clip_gradient)
    return _update_each(momentum_step, groups, data[-2], data[-1], (momentum,), rest, True)


@many("_multi_adamw_update", **_grouped(4, extra=1))
def multi_adamw_update(
    *data: torch.Tensor,
    lrs: Floats,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wds: Floats,
    etas: Floats,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after a step of AdamW.

    `data` is weight, grad, mean, var of each weight, then `rescale_grad` once, one float32 number:
    where it is NaN, infinite or 0 nothing changes. `lrs`, `wds` and `etas` hold one number for each
    weight.
    """
    groups = _groups(data, "weight grad mean var", num_weights, 1)
    _check_lengths(num_weights, lrs=lrs, wds=wds, etas=etas)
    results = []
    for group, lr, wd, eta in zip(groups, lrs, wds, etas, strict=True):
        weight, grad, mean, var = group
        rest = (data[-1], lr, eta, beta1, beta2, epsilon, wd, clip_gradient)
        results.append(adamw_step(weight, grad, mean, var, *rest))
    return tuple(results)


@many("_multi_mp_adamw_update", **_grouped(5, (2, 3, 4), 1))
def multi_mp_adamw_update(
    *data: torch.Tensor,
    lrs: Floats,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wds: Floats,
    etas: Floats,
    clip_gradient: float = -1.0,
    num_weights: int = 1,
) -> Tensors:
    """Return many weights, each after a step of AdamW on its float32 copy.

    `data` is weight, grad, mean, var, weight32 of each weight, then `rescale_grad` once.
    """
    groups = _groups(data, "weight grad mean var weight32", num_weights, 1)
    _check_lengths(num_weights, lrs=lrs, wds=wds, etas=etas)
    results = []
    for group, lr, wd, eta in zip(groups, lrs, wds, etas, strict=True):
        rest = (data[-1], lr, eta, beta1, beta2, epsilon, wd, clip_gradient)
        results.append(_mixed_step(adamw_step, group, *rest))
    return tuple(results)


def _lamb_step(
    weight: torch.Tensor,
    grad: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    measured: torch.Tensor,
    lr: float,
    bounds: tuple[float, float],
    phase1: tuple[Any, ...],
) -> torch.Tensor:
    """Return the weight after both phases of LAMB; `measured` is the weight whose norm counts."""
    direction = lamb_direction(weight, grad, mean, var, *phase1)
    norms = measured.float().norm(), direction.float().norm()
    return lamb_move(weight, direction, *norms, lr, *bounds)


@many("_multi_lamb_update", **_grouped(4))
def multi_lamb_update(
    *data: torch.Tensor,
    learning_rates: Floats,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-6,
    wds: Floats,
    rescale_grad: float = 1.0,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    clip_gradient: float = -1.0,
    bias_correction: bool = True,
    step_count: Shape,
    num_tensors: int = 1,
) -> Tensors:
    """Return many weights, each after both phases of LAMB with the norms computed here.

    `data` is weight, grad, mean, var of each weight. `learning_rates`, `wds` and `step_count` (the
    number of the step, from 1) hold one number for each weight.
    """
    groups = _groups(data, "weight grad mean var", num_tensors)
    _check_lengths(num_tensors, learning_rates=learning_rates, wds=wds, step_count=step_count)
    results = []
    for group, lr, wd, t in zip(groups, learning_rates, wds, step_count, strict=True):
        weight, grad, mean, var = group
        phase1 = (t, beta1, beta2, epsilon, bias_correction, wd, rescale_grad, clip_gradient)
        bounds = (lower_bound, upper_bound)
        results.append(_lamb_step(weight, grad, mean, var, weight, lr, bounds, phase1))
    return tuple(results)


@many("_multi_mp_lamb_update", **_grouped(5, (2, 3, 4)))
def multi_mp_lamb_update(
    *data: torch.Tensor,
    learning_rates: Floats,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-6,
    wds: Floats,
    rescale_grad: float = 1.0,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
    clip_gradient: float = -1.0,
    bias_correction: bool = True,
    step_count: Shape,
    num_tensors: int = 1,
) -> Tensors:
    """Return many weights, each after :func:`multi_lamb_update` on its float32 copy.

    The norm is that of the weight itself. `data` is weight, grad, mean, var, weight32 of each.
    """
    groups = _groups(data, "weight grad mean var weight32", num_tensors)
    _check_lengths(num_tensors, learning_rates=learning_rates, wds=wds, step_count=step_count)
    results = []
    for group, lr, wd, t in zip(groups, learning_rates, wds, step_count, strict=True):
        phase1 = (t, beta1, beta2, epsilon, bias_correction, wd, rescale_grad, clip_gradient)
        rest = (group[0], lr, (lower_bound, upper_bound), phase1)
        results.append(_mixed_step(_lamb_step, group, *rest))
    return tuple(results)


@operator("reset_arrays", mutates=("data",), outputs=0, count_attribute=None)
def reset_arrays(*data: torch.Tensor, num_arrays: int) -> tuple[()]:
    """Set every array to 0; there is no output.

    Parameters
    ----------
    *data : NDArray
        Arrays of any shape and dtype.
    num_arrays : int
        How many there are.

    Examples
    --------
    >>> x, y = mx.nd.ones(2), mx.nd.ones(1)
    >>> mx.nd.reset_arrays(x, y, num_arrays=2)
    []
    >>> x.asnumpy().tolist(), y.asnumpy().tolist()
    ([0.0, 0.0], [0.0])
    """
    require_count(data, num_arrays)
    for array in data:
        array.zero_()
    return ()


@reset_arrays.shape_rule
def _(inputs, outputs, attrs):
    return inputs, []


@reset_arrays.type_rule
def _(inputs, outputs, attrs):
    return inputs, []
