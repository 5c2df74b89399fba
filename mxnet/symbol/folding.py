"""Inference in fewer passes: a batch normalization becomes part of the convolution before it.

Jacob et al., Quantization and training of neural networks for efficient integer-arithmetic-only
inference, 2018, section 3.2. MXNet's own CPU build folds the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import torch

from ..ops.registry import Operator

if TYPE_CHECKING:
    from .step import Step

_CHANNELS_SECOND = (None, "NCW", "NCHW", "NCDHW")


def folded(steps: Sequence[Step], reads: Mapping[int, int], kept: Collection[int]) -> list[Step]:
    """Return steps that compute the same in inference, with fewer passes over images.

    Parameters
    ----------
    steps : sequence of Step
        The steps in their order.
    reads : mapping of int to int
        How many steps read a slot.
    kept : collection of int
        The slots of the outputs, which must be computed.
    """
    makers = {step.outputs.start: step for step in steps}
    replaced: dict[int, Step] = {}
    dropped: set[int] = set()

    def made_for_one(step: Step, name: str) -> Step | None:
        """Return the step that makes a step's first input, and nothing that others read."""
        maker = makers.get(step.inputs[0])
        if maker is None or maker.operator.name != name or reads[maker.outputs.start] != 1:
            return None
        return None if any(slot in kept for slot in maker.outputs) else maker

    for step in reversed(steps):  # a relu before the normalization that it takes along
        if id(step) in dropped:
            continue
        active = _is_relu(step)
        norm = made_for_one(step, "BatchNorm") if active else step
        if norm is None or norm.operator.name != "BatchNorm":
            continue
        statistics = norm.outputs[1:]
        if norm.attrs["axis"] != 1 or any(reads[slot] or slot in kept for slot in statistics):
            continue
        convolution = made_for_one(norm, "Convolution")
        if convolution is None or convolution.attrs["layout"] not in _CHANNELS_SECOND:
            continue
        replaced[id(step)] = _fold(convolution, norm, step, active)
        dropped |= {id(each) for each in (convolution, norm) if each is not step}
    return [replaced.get(id(step), step) for step in steps if id(step) not in dropped]


def _is_relu(step: Step) -> bool:
    name = step.operator.name
    return name == "relu" or (name == "Activation" and step.attrs["act_type"] == "relu")


def _fold(convolution: Step, norm: Step, last: Step, active: bool) -> Step:
    """Return the step that does the work of a convolution, its normalization, and a relu."""
    function = _function(convolution, norm, active)
    inputs = [*convolution.inputs, *norm.inputs[1:]]
    return last.replaced(Operator(convolution.operator.name, function), inputs)


def _function(convolution: Step, norm: Step, active: bool) -> Callable[..., torch.Tensor]:
    attrs = {**convolution.attrs, "no_bias": False}
    eps, fix_gamma = norm.attrs["eps"], norm.attrs["fix_gamma"]

    def compute(data: torch.Tensor, weight: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        gamma, beta, mean, var = others[-4:]
        scale = (var + eps).rsqrt_()
        if not fix_gamma:
            scale *= gamma
        centre = mean if len(others) == 4 else mean - others[0]
        shift = torch.addcmul(beta, centre, scale, value=-1)
        filters = weight * scale.view(-1, *[1] * (weight.dim() - 1))
        kind = weight.dtype  # of 16 bits where the normalization's are of 32
        out = convolution.operator.function(data, filters.to(kind), shift.to(kind), **attrs)
        return out.relu_() if active else out

    return compute
