"""Optimizer updates of `mx.sym.contrib`: the operators, with a number or a Symbol as scale."""

from __future__ import annotations

from typing import Any

from . import _internal
from .creation import full
from .symbol import Symbol


def adamw_update(
    weight: Symbol,
    grad: Symbol,
    mean: Symbol,
    var: Symbol,
    rescale_grad: Symbol | float,
    lr: float,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0,
    clip_gradient: float = -1,
    out: None = None,
    name: str | None = None,
    **kwargs: Any,
) -> Symbol:
    """Return the weight after a step of AdamW; see :func:`mxnet.nd.contrib.adamw_update`."""
    numbers: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    numbers |= {"lr": lr, "eta": eta, "clip_gradient": clip_gradient}
    numbers |= {"out": out, "name": name, **kwargs}
    inputs: Any = (weight, grad, mean, var, _scale(rescale_grad))
    return _internal._adamw_update(*inputs, **numbers)


def mp_adamw_update(
    weight: Symbol,
    grad: Symbol,
    mean: Symbol,
    var: Symbol,
    weight32: Symbol,
    rescale_grad: Symbol | float,
    lr: float,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    wd: float = 0,
    clip_gradient: float = -1,
    out: None = None,
    name: str | None = None,
    **kwargs: Any,
) -> Symbol:
    """Return a weight in 16 bits after a step of AdamW on its float32 copy `weight32`."""
    numbers: dict[str, Any] = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon, "wd": wd}
    numbers |= {"lr": lr, "eta": eta, "clip_gradient": clip_gradient}
    numbers |= {"out": out, "name": name, **kwargs}
    inputs: Any = (weight, grad, mean, var, weight32, _scale(rescale_grad))
    return _internal._mp_adamw_update(*inputs, **numbers)


def _scale(rescale_grad: Symbol | float) -> Symbol:
    if isinstance(rescale_grad, Symbol):
        return rescale_grad
    return full((1,), float(rescale_grad))
