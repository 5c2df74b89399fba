"""Convolution that reads its input at learnt places (Dai et al., Deformable Networks, 2017)."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F

from ...base import MXNetError
from ..attributes import NonNegativeInt, PositiveInt, Shape
from ..elementwise.activation import clamped
from ..registry import Attrs, operator
from ..rules import is_known, unify
from .sampling import pixel_rows, read_bilinear

Layout = Literal["NCDHW", "NCHW", "NCW"]


class Geometry:
    """Kernel, stride, dilation and padding of a two-dimensional convolution."""

    def __init__(self, attrs: Attrs) -> None:
        self.kernel = attrs["kernel"]
        self.stride = attrs["stride"] or (1, 1)
        self.dilate = attrs["dilate"] or (1, 1)
        self.pad = attrs["pad"] or (0, 0)
        for name in ("kernel", "stride", "dilate", "pad"):
            value = getattr(self, name)
            if len(value) != 2 or min(value) < (name != "pad"):
                raise MXNetError(f"{name} is {value}, but must be two sizes for data of NCHW")

    @property
    def taps(self) -> int:
        """How many places each output reads."""
        return self.kernel[0] * self.kernel[1]

    def output_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return height and width of the output for those of the data."""
        height, width = (
            (size[i] + 2 * self.pad[i] - self.dilate[i] * (self.kernel[i] - 1) - 1)
            // self.stride[i]
            + 1
            for i in (0, 1)
        )
        return height, width

    def places(self, axis: int, count: int, like: torch.Tensor) -> torch.Tensor:
        """Return the place that each tap of each output reads along an axis, (taps, count)."""
        begin = torch.arange(count, dtype=like.dtype, device=like.device) * self.stride[axis]
        tap = torch.arange(self.kernel[axis], dtype=like.dtype, device=like.device)
        return tap[:, None] * self.dilate[axis] - self.pad[axis] + begin


def _infer(inputs: list, attrs: Attrs, optional: tuple[str, ...]) -> tuple[list, list]:
    """Return all shapes that follow from the data's, or refuse what contradicts them."""
    geometry = Geometry(attrs)
    data = inputs[0]
    filters, groups, parts = (
        attrs[name] for name in ("num_filter", "num_group", "num_deformable_group")
    )
    if filters < 1 or groups < 1 or parts < 1:
        raise MXNetError(
            f"num_filter, num_group and num_deformable_group are {filters}, {groups} and {parts}, "
            "but must be at least 1"
        )
    if attrs["layout"] not in (None, "NCHW"):
        raise MXNetError(f"layout is {attrs['layout']}, but only NCHW has two sizes to displace")
    if not is_known(data):
        return inputs, [None]
    if len(data) != 4:
        raise MXNetError(f"data has shape {data}, but must have 4 dimensions (NCHW)")
    for name, count in (("num_group", groups), ("num_deformable_group", parts)):
        if data[1] % count:
            raise MXNetError(f"data has {data[1]} channels, which {name}={count} must divide")
    if filters % groups:
        raise MXNetError(f"num_filter is {filters}, which num_group={groups} must divide")
    size = geometry.output_size(data[2:])
    if min(size) < 1:
        raise MXNetError(f"kernel={geometry.kernel} does not fit into data {data}")
    follows = {
        "offset": (data[0], 2 * parts * geometry.taps, *size),
        "mask": (data[0], parts * geometry.taps, *size),
        "weight": (filters, data[1] // groups, *geometry.kernel),
        "bias": (filters,),
    }
    found = [data]
    for name, given in zip(optional, inputs[1:], strict=True):
        try:
            found.append(unify(given, follows[name]))
        except MXNetError:
            raise MXNetError(
                f"{name} has shape {given}, but {follows[name]} follows from data {data}"
            ) from None
    return found, [(data[0], filters, *size)]


def _convolve(
    data: torch.Tensor,
    offset: torch.Tensor,
    mask: torch.Tensor | None,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    attrs: Attrs,
) -> torch.Tensor:
    """Read `data` at its displaced places and multiply with `weight`."""
    if attrs["no_bias"] == (bias is not None):
        state = "given" if bias is not None else "missing"
        raise MXNetError(f"bias is {state}, but no_bias={attrs['no_bias']}")
    names = ("offset", *(("mask",) if mask is not None else ()), "weight")
    names += ("bias",) if bias is not None else ()
    given = [tuple(x.shape) for x in (data, offset, mask, weight, bias) if x is not None]
    _infer(given, attrs, names)
    geometry, parts = Geometry(attrs), attrs["num_deformable_group"]
    batch, channels = data.shape[:2]
    rows, columns = offset.shape[2:]
    work = torch.promote_types(data.dtype, torch.float32)
    shift = offset.to(work).reshape(batch * parts, *geometry.kernel, 2, rows, columns)
    y = geometry.places(0, rows, shift)[:, None, :, None] + shift[:, :, :, 0]
    x = geometry.places(1, columns, shift)[None, :, None, :] + shift[:, :, :, 1]
    maps = data.to(work).reshape(batch * parts, channels // parts, *data.shape[2:])
    read = _read_beyond if mask is not None else _read_within
    values = read(maps, y, x)
    if mask is not None:
        values = values * mask.to(work).reshape(y.shape)[..., None]
    taken = values.reshape(batch, parts, geometry.taps, rows * columns, -1)
    groups = attrs["num_group"]
    taken = taken.permute(0, 1, 4, 2, 3).reshape(batch, groups, -1, rows * columns)
    kernel = weight.to(work).reshape(groups, weight.shape[0] // groups, -1)
    result = (kernel @ taken).reshape(batch, -1, rows, columns)
    if bias is not None:
        result = result + bias.to(work)[:, None, None]
    return result.to(data.dtype)


def _image_index(y: torch.Tensor) -> torch.Tensor:
    return torch.arange(y.shape[0], device=y.device).reshape(-1, *[1] * (y.dim() - 1))


def _read_within(maps: torch.Tensor, y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Read zeros outside of [0, size); the last pixel reaches to the edge."""
    height, width = maps.shape[2:]
    seen = (y >= 0) & (x >= 0) & (y < height) & (x < width)
    values = read_bilinear(
        pixel_rows(maps),
        _image_index(y),
        clamped(y, 0, height - 1),
        clamped(x, 0, width - 1),
        (height, width),
    )
    return values.masked_fill(~seen[..., None], 0)


def _read_beyond(maps: torch.Tensor, y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Read zeros a pixel outside of the image and beyond, and interpolate towards them."""
    height, width = maps.shape[2:]
    seen = (y > -1) & (x > -1) & (y < height) & (x < width)
    padded = F.pad(maps, (1, 1, 1, 1))
    values = read_bilinear(
        pixel_rows(padded),
        _image_index(y),
        clamped(y + 1, 0, height + 1),
        clamped(x + 1, 0, width + 1),
        (height + 2, width + 2),
    )
    return values.masked_fill(~seen[..., None], 0)


@operator("_contrib_DeformableConvolution")
def deformable_convolution(
    data: torch.Tensor,
    offset: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: int,
    num_group: int = 1,
    num_deformable_group: int = 1,
    workspace: NonNegativeInt = 1024,
    no_bias: bool = False,
    layout: Layout | None = None,
) -> torch.Tensor:
    """Convolve `data`, each tap read at a displacement of its own (Dai et al., 2017).

    Places outside of the image read zeros; the places between are interpolated bilinearly. All
    inputs have gradients.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (batch, channel, height, width).
    offset : NDArray or Symbol
        Vertical and horizontal displacement in pixels of each tap at each output, shape
        (batch, num_deformable_group * kernel height * kernel width * 2, output height, output
        width).
    weight : NDArray or Symbol
        Shape (num_filter, channel / num_group, kernel height, kernel width).
    bias : NDArray or Symbol, optional
        Shape (num_filter,).
    kernel : tuple of int
        Height and width of the kernel.
    stride, dilate, pad : tuple of int, optional
        Of the convolution, default (1, 1), (1, 1) and (0, 0).
    num_filter : int
        Number of output channels.
    num_group : int, optional
        Groups of channels with a kernel of their own.
    num_deformable_group : int, optional
        Groups of channels with displacements of their own.
    workspace, layout : optional
        Accepted and ignored.
    no_bias : bool, optional
        Whether there is no `bias`.

    Returns
    -------
    NDArray or Symbol
        Shape (batch, num_filter, output height, output width).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> data, weight = mx.nd.arange(9).reshape((1, 1, 3, 3)), mx.nd.ones((1, 1, 1, 1))
    >>> offset = mx.nd.ones((1, 2, 3, 3)) * 0.5
    >>> mx.nd.contrib.DeformableConvolution(
    ...     data, offset, weight, kernel=(1, 1), num_filter=1, no_bias=True
    ... )[0, 0, 0].asnumpy().tolist()
    [2.0, 3.0, 3.5]
    """
    attrs = {
        "kernel": kernel,
        "stride": stride,
        "dilate": dilate,
        "pad": pad,
        "num_filter": num_filter,
        "num_group": num_group,
        "num_deformable_group": num_deformable_group,
        "no_bias": no_bias,
        "layout": layout,
    }
    return _convolve(data, offset, None, weight, bias, attrs)


@deformable_convolution.inputs_rule
def _(attrs):
    names = ("data", "offset", "weight")
    return names if attrs["no_bias"] else (*names, "bias")


@deformable_convolution.shape_rule
def _(inputs, outputs, attrs):
    return _infer(inputs, attrs, deformable_convolution.input_names(attrs)[1:])


@operator("_contrib_ModulatedDeformableConvolution")
def modulated_deformable_convolution(
    data: torch.Tensor,
    offset: torch.Tensor,
    mask: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    *,
    kernel: Shape,
    stride: Shape = (),
    dilate: Shape = (),
    pad: Shape = (),
    num_filter: PositiveInt,
    num_group: PositiveInt = 1,
    num_deformable_group: PositiveInt = 1,
    workspace: NonNegativeInt = 1024,
    no_bias: bool = False,
    im2col_step: NonNegativeInt = 64,
    layout: Layout | None = None,
) -> torch.Tensor:
    """Convolve `data`, each tap displaced and weighed (Zhu et al., Deformable ConvNets v2, 2019).

    As `DeformableConvolution`, except that a place up to a pixel outside of the image is
    interpolated with zeros. All inputs have gradients.

    Parameters
    ----------
    data, offset, weight, bias
        As of `DeformableConvolution`.
    mask : NDArray or Symbol
        What each tap at each output is multiplied by, shape (batch, num_deformable_group *
        kernel height * kernel width, output height, output width).
    kernel, stride, dilate, pad, num_filter, num_group, num_deformable_group, no_bias
        As of `DeformableConvolution`.
    workspace, im2col_step, layout : optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        Shape (batch, num_filter, output height, output width).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> data, weight = mx.nd.arange(9).reshape((1, 1, 3, 3)), mx.nd.ones((1, 1, 1, 1))
    >>> offset, mask = mx.nd.ones((1, 2, 3, 3)) * 0.5, mx.nd.ones((1, 1, 3, 3)) * 2
    >>> mx.nd.contrib.ModulatedDeformableConvolution(
    ...     data, offset, mask, weight, kernel=(1, 1), num_filter=1, no_bias=True
    ... )[0, 0, 0].asnumpy().tolist()
    [4.0, 6.0, 3.5]
    """
    attrs = {
        "kernel": kernel,
        "stride": stride,
        "dilate": dilate,
        "pad": pad,
        "num_filter": num_filter,
        "num_group": num_group,
        "num_deformable_group": num_deformable_group,
        "no_bias": no_bias,
        "layout": layout,
    }
    return _convolve(data, offset, mask, weight, bias, attrs)


@modulated_deformable_convolution.inputs_rule
def _(attrs):
    names = ("data", "offset", "mask", "weight")
    return names if attrs["no_bias"] else (*names, "bias")


@modulated_deformable_convolution.shape_rule
def _(inputs, outputs, attrs):
    return _infer(inputs, attrs, modulated_deformable_convolution.input_names(attrs)[1:])
