"""Layers that make images larger: UpSampling and BilinearResize2D."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch.nn import functional

from ...base import MXNetError
from ..attributes import NonNegativeInt, PositiveInt
from ..registry import Attrs, DTypes, Shapes, operator
from ..rules import PartialShape, first_input_type, unify
from .rules import UNKNOWN, agree, require_floating


def _check_image(name: str, shape: PartialShape) -> None:
    if shape is not None and len(shape) != 4:
        raise MXNetError(
            f"{name} has shape {tuple(shape)}, but must have 4 dimensions (N, C, H, W)"
        )


@operator("UpSampling", count_attribute="num_args", inits={"weight": '["bilinear", {}]'})
def upsampling(
    *data: torch.Tensor,
    scale: PositiveInt,
    num_filter: int = 0,
    sample_type: Literal["bilinear", "nearest"],
    multi_input_mode: Literal["concat", "sum"] = "concat",
    workspace: NonNegativeInt = 512,
) -> torch.Tensor:
    """Return images enlarged by a whole factor.

    Parameters
    ----------
    data : NDArrays or Symbols
        For 'nearest' any number of images (N, C, H, W); the first grows by `scale`, the others to
        the same height and width. For 'bilinear' one image, and the weight of a deconvolution of
        shape (C, 1, k, k) with ``k = 2 * scale - scale % 2``.
    scale : int
        The factor, at least 1.
    num_filter : int
        Accepted for old programs; the channels are those of data.
    sample_type : {'nearest', 'bilinear'}
        Repeat each element, or deconvolve each channel with its learned filter, which the
        initializer Bilinear makes an interpolation.
    multi_input_mode : {'concat', 'sum'}, default 'concat'
        What becomes of several enlarged images: joined along the channels, or added.
    workspace
        Accepted for old programs.

    Returns
    -------
    NDArray or Symbol
        Shape (N, C, scale * H, scale * W); channels of all images together with 'concat'.

    Raises
    ------
    MXNetError
        If an image does not have 4 axes, or does not fit into the result a whole number of times.

    Examples
    --------
    >>> x = mx.nd.array([[[[1, 2]]]])
    >>> mx.nd.UpSampling(x, scale=2, sample_type="nearest").asnumpy().tolist()
    [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]
    """
    attrs = {"scale": scale, "sample_type": sample_type, "multi_input_mode": multi_input_mode}
    shapes = [tuple(image.shape) for image in data]
    _up_shapes(shapes, [None], attrs)
    require_floating(data[0])
    if sample_type == "bilinear":
        pad = (_kernel(scale) - scale + 1) // 2
        return functional.conv_transpose2d(
            data[0], data[1], stride=scale, padding=pad, groups=shapes[0][1]
        )
    height = shapes[0][2] * scale
    larger = [_repeat(image, height // shape[2]) for image, shape in zip(data, shapes, strict=True)]
    if len(larger) == 1:
        return larger[0]
    return torch.cat(larger, 1) if multi_input_mode == "concat" else sum(larger[1:], larger[0])


def _kernel(scale: int) -> int:
    return 2 * scale - scale % 2


def _repeat(image: torch.Tensor, factor: int) -> torch.Tensor:
    height, width = image.shape[2:]
    return functional.interpolate(image, (height * factor, width * factor), mode="nearest")


@upsampling.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...] | None:
    return ("data", "weight") if attrs["sample_type"] == "bilinear" else None


def _times(size: int, factor: int) -> int:
    return UNKNOWN if size == UNKNOWN else size * factor


@upsampling.shape_rule
def _up_shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    first, scale = inputs[0], attrs["scale"]
    _check_image("data", first)
    if attrs["sample_type"] == "bilinear" and len(inputs) != 2:
        raise MXNetError(f"there are {len(inputs)} inputs, but bilinear needs data and weight")
    if first is None:
        return inputs, outputs
    height, width = _times(first[2], scale), _times(first[3], scale)
    if attrs["sample_type"] == "bilinear":
        wanted = (first[1], 1, _kernel(scale), _kernel(scale))
        weight = agree("weight", inputs[1], wanted, first, attrs, "scale")
        return [first, weight], [(first[0], first[1], height, width)]
    channels = first[1]
    for image in inputs[1:]:
        channels = _add_image(image, channels, (height, width), attrs)
    return inputs, [(first[0], channels, height, width)]


def _add_image(image: PartialShape, channels: int, target: tuple[int, int], attrs: Attrs) -> int:
    """Return the channels of the result with one more image, which must fit into `target`."""
    _check_image("data", image)
    if image is None or UNKNOWN in (*image[1:], channels, *target):
        return UNKNOWN
    height, width = target
    if not image[2] or height % image[2] or width != image[3] * (height // image[2]):
        raise MXNetError(
            f"data has shape {image}, which does not fill height {height} and width {width} a "
            "whole number of times"
        )
    if attrs["multi_input_mode"] == "concat":
        return channels + image[1]
    if image[1] != channels:
        raise MXNetError(f"data has {image[1]} channels, but to be added it must have {channels}")
    return channels


def _odd_scale(size: int, scale: float) -> int:
    return int(size * scale) if size % 2 == 0 else int((size - 1) * scale) + 1


_ROUNDED = {
    "to_even_down": lambda size: size - size % 2,
    "to_even_up": lambda size: size + size % 2,
    "to_odd_down": lambda size: size - 1 + size % 2,
    "to_odd_up": lambda size: size + 1 - size % 2,
}


def _resized(data: tuple[int, ...], like: PartialShape, attrs: Attrs) -> tuple[int, int]:
    """Return height and width of the result."""
    mode, scales = attrs["mode"], (attrs["scale_height"], attrs["scale_width"])
    if mode == "like":
        return (UNKNOWN, UNKNOWN) if like is None else (like[2], like[3])
    if mode == "size" and scales == (None, None):
        return attrs["height"], attrs["width"]
    if UNKNOWN in data[2:]:
        return UNKNOWN, UNKNOWN
    if mode in _ROUNDED:
        return _ROUNDED[mode](data[2]), _ROUNDED[mode](data[3])
    if None in scales:
        raise MXNetError(f"scale_height and scale_width are {scales}, but both are needed")
    if mode == "odd_scale":
        return _odd_scale(data[2], scales[0]), _odd_scale(data[3], scales[1])
    return int(data[2] * scales[0]), int(data[3] * scales[1])


def _guessed_type(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """`like` may have any dtype; unknown, it counts as the data's."""
    (data, *like), results = first_input_type(inputs, outputs, attrs)
    return [data, *(dtype or data for dtype in like)], results


@operator("_contrib_BilinearResize2D", no_gradient=("like",), types=_guessed_type)
def bilinear_resize_2d(
    data: torch.Tensor,
    like: torch.Tensor | None = None,
    *,
    height: PositiveInt = 1,
    width: PositiveInt = 1,
    scale_height: float | None = None,
    scale_width: float | None = None,
    mode: Literal[
        "like", "odd_scale", "size", "to_even_down", "to_even_up", "to_odd_down", "to_odd_up"
    ] = "size",
    align_corners: bool = True,
) -> torch.Tensor:
    """Return images of another size by bilinear interpolation.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (N, C, H, W), floating dtype.
    like : NDArray or Symbol, optional
        With mode 'like': an image whose height and width the result gets; no gradient.
    height, width : int, default 1
        The result's size in mode 'size' without scales.
    scale_height, scale_width : float, optional
        Factors, both or none, for the modes 'size' and 'odd_scale'.
    mode : str, default 'size'
        'size': as given, or scaled and rounded down. 'odd_scale': scaled, odd sizes as
        ``(n - 1) * scale + 1``. 'like': as `like`. 'to_even_down', 'to_even_up', 'to_odd_down',
        'to_odd_up': the size of data, one less or more where it is not even (odd).
    align_corners : bool, default True
        Whether the corner elements keep their values; otherwise the corners of their areas align.

    Returns
    -------
    NDArray or Symbol
        Shape (N, C, height, width).

    Raises
    ------
    MXNetError
        If data do not have 4 axes, or one scale is given without the other.

    Examples
    --------
    >>> x = mx.nd.array([[[[0, 2]]]])
    >>> mx.nd.contrib.BilinearResize2D(x, height=1, width=3).asnumpy().tolist()
    [[[[0.0, 1.0, 2.0]]]]
    """
    attrs: dict[str, Any] = {"height": height, "width": width, "mode": mode}
    attrs |= {"scale_height": scale_height, "scale_width": scale_width}
    _check_image("data", data.shape)
    _check_image("like", None if like is None else like.shape)
    require_floating(data)
    if (like is not None) != (mode == "like"):
        given = "missing" if like is None else "given"
        raise MXNetError(f"like is {given}, but mode is {mode!r}")
    size = _resized(tuple(data.shape), None if like is None else tuple(like.shape), attrs)
    if 0 in size:
        return data.new_zeros((*data.shape[:2], *size))
    for axis, length in zip((2, 3), size, strict=True):
        if length == 1:  # the first element, as with aligned corners, not the middle
            data = data.narrow(axis, 0, 1)
    return torch.ops.aten.upsample_bilinear2d(data, size, align_corners)


@bilinear_resize_2d.inputs_rule
def _(attrs: Attrs) -> tuple[str, ...]:
    return ("data", "like") if attrs["mode"] == "like" else ("data",)


@bilinear_resize_2d.shape_rule
def _(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, like = inputs[0], inputs[1] if len(inputs) > 1 else None
    _check_image("data", data)
    _check_image("like", like)
    if data is None:
        return inputs, outputs
    out = (*data[:2], *_resized(data, like, attrs))
    return inputs, [out if outputs[0] is None else unify(outputs[0], out)]
