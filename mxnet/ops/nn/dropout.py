"""Dropout, which drops random elements while training."""

from __future__ import annotations

from typing import Literal

import torch

from ...base import MXNetError
from ..attributes import Fraction, Shape
from ..random import uniforms
from ..registry import Attrs, Backward, Shapes, operator
from ..rules import PartialShape, unify
from .rules import require_floating


def _drops(attrs: Attrs) -> bool:
    """Whether a call with these attributes drops anything."""
    return attrs["p"] > 0 and (attrs["is_train"] or attrs["mode"] == "always")


def _mask_shape(shape: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of the mask: size 1 along the axes that share one decision."""
    for axis in axes:
        if not 0 <= axis < len(shape):
            raise MXNetError(
                f"axes is {axes}, but must hold axes from 0 to {len(shape) - 1} of data {shape}"
            )
    return tuple([1 if i in axes else size for i, size in enumerate(shape)])


@operator("Dropout", outputs=2, visible_outputs=1, output_names=("output", "mask"))
def dropout(
    data: torch.Tensor,
    *,
    p: Fraction = 0.5,
    mode: Literal["always", "training"] = "training",
    axes: Shape = (),
    cudnn_off: bool | None = False,
    is_train: bool,
    generator: torch.Generator | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return data with random elements set to 0 and the others divided by ``1 - p``.

    Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, 2014.

    Parameters
    ----------
    data : NDArray or Symbol
        Any shape, floating dtype.
    p : float, default 0.5
        The probability that an element is dropped, from 0 to 1.
    mode : {'training', 'always'}, default 'training'
        Whether to drop only while training, or also in inference.
    axes : tuple of int, default ()
        Axes along which all elements share one decision.
    cudnn_off
        Accepted for old programs.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`; `data` itself where nothing is dropped.

    Raises
    ------
    MXNetError
        If `p` is not a probability, `data` holds whole numbers, or an axis does not exist.

    Examples
    --------
    >>> mx.nd.Dropout(mx.nd.ones((3,)), p=0.5).asnumpy().tolist()
    [1.0, 1.0, 1.0]
    >>> out = mx.nd.Dropout(mx.nd.ones((100,)), p=0.5, mode="always")
    >>> sorted(set(out.asnumpy().tolist()))
    [0.0, 2.0]
    """
    require_floating(data)
    shape = _mask_shape(tuple(data.shape), axes)
    if not (p > 0 and (is_train or mode == "always")):
        return data, data.new_ones(()).expand(shape)
    mask = _draw_mask(data, shape, 1 - p, generator)
    return data * mask, mask


def _draw_mask(
    data: torch.Tensor, shape: tuple[int, ...], keep: float, generator: torch.Generator | None
) -> torch.Tensor:
    """Return 0 for what is dropped, 1 / keep for what stays."""
    if keep == 0:
        return data.new_zeros(shape)
    wide = torch.promote_types(data.dtype, torch.float32)
    # Four times as fast on CPUs as torch's bernoulli_.
    mask = uniforms.fill(data.new_empty(shape, dtype=wide), generator)
    return mask.lt_(keep).div_(keep).to(data.dtype)


@dropout.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    shape: PartialShape = inputs[0] if outputs[0] is None else unify(inputs[0], outputs[0])
    if shape is None:
        return inputs, outputs
    return [shape], [shape, _mask_shape(shape, attrs["axes"]) if attrs["axes"] else shape]


@dropout.fast_gradient
def _(b: Backward):
    return (b.grads[0] * b.outputs[1] if _drops(b.attrs) else b.grads[0],)
