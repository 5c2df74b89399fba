"""Cropping, flipping, resizing and framing images (height, width, channel)."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..attributes import Floats, PositiveInt, Shape
from ..registry import operator
from ..rules import is_known, same_shapes
from .resampling import kept_ratio_size, resize


def require_image(data: torch.Tensor, ranks: tuple[int, ...] = (3,)) -> None:
    """Refuse anything but an image (height, width, channel), or a batch where `ranks` has 4."""
    if data.dim() not in ranks:
        layout = "(height, width, channel)"
        layout += " or (batch, height, width, channel)" if 4 in ranks else ""
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must be {layout}")


def require_colours(data: torch.Tensor, ranks: tuple[int, ...] = (3,)) -> None:
    """Refuse anything but an image of 1 or 3 channels, or a batch where `ranks` has 4."""
    require_image(data, ranks)
    if data.shape[-1] not in (1, 3):
        raise MXNetError(f"data has shape {tuple(data.shape)}, but must have 1 or 3 channels")


@operator("_image_crop", aliases=("_npx__image_crop",))
def crop(data: torch.Tensor, *, x: int, y: int, width: int, height: int) -> torch.Tensor:
    """Cut a rectangle out of an image or out of each image of a batch.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel) or (batch, height, width, channel), 1 or 3 channels, any
        dtype.
    x, y : int
        Left and top edge of the rectangle, in pixels.
    width, height : int
        Its size in pixels.

    Returns
    -------
    NDArray or Symbol
        The rectangle, the dtype of `data`.

    Raises
    ------
    MXNetError
        If the rectangle is empty or not inside the image, or `data` has other channels.

    Examples
    --------
    >>> mx.nd.image.crop(mx.nd.arange(6).reshape((2, 3, 1)), 1, 0, 2, 1).asnumpy().tolist()
    [[[1.0], [2.0]]]
    """
    require_colours(data, (3, 4))
    for name, start, length, size in (
        ("width", x, width, data.shape[-2]),
        ("height", y, height, data.shape[-3]),
    ):
        if start < 0 or length < 1 or start + length > size:
            raise MXNetError(
                f"{name} is {length} from pixel {start} on, but must lie in the {size} pixels of "
                f"data {tuple(data.shape)}"
            )
    return data.narrow(-3, y, height).narrow(-2, x, width).clone()


def _flip(data: torch.Tensor, axis: int) -> torch.Tensor:
    require_colours(data)
    return data.flip(axis)


def _flip_by_chance(
    data: torch.Tensor, axis: int, generator: torch.Generator | None
) -> torch.Tensor:
    flipped = _flip(data, axis)
    chance = torch.empty((), device=data.device).uniform_(generator=generator)
    return torch.where(chance < 0.5, flipped, data)


@operator("_image_flip_left_right", aliases=("_npx__image_flip_left_right",), shapes=same_shapes)
def flip_left_right(data: torch.Tensor) -> torch.Tensor:
    """Mirror an image: left becomes right.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels, any dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.image.flip_left_right(mx.nd.arange(3).reshape((1, 3, 1))).asnumpy().tolist()
    [[[2.0], [1.0], [0.0]]]
    """
    return _flip(data, 1)


@operator("_image_flip_top_bottom", aliases=("_npx__image_flip_top_bottom",), shapes=same_shapes)
def flip_top_bottom(data: torch.Tensor) -> torch.Tensor:
    """Turn an image upside down without mirroring it: top becomes bottom.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels, any dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.image.flip_top_bottom(mx.nd.arange(3).reshape((3, 1, 1))).asnumpy().tolist()
    [[[2.0]], [[1.0]], [[0.0]]]
    """
    return _flip(data, 0)


@operator(
    "_image_random_flip_left_right",
    aliases=("_npx__image_random_flip_left_right",),
    shapes=same_shapes,
)
def random_flip_left_right(
    data: torch.Tensor, *, generator: torch.Generator | None
) -> torch.Tensor:
    """Mirror an image in one of two calls, at random.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels, any dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.image.random_flip_left_right(mx.nd.ones((1, 2, 1))).asnumpy().tolist()
    [[[1.0], [1.0]]]
    """
    return _flip_by_chance(data, 1, generator)


@operator(
    "_image_random_flip_top_bottom",
    aliases=("_npx__image_random_flip_top_bottom",),
    shapes=same_shapes,
)
def random_flip_top_bottom(
    data: torch.Tensor, *, generator: torch.Generator | None
) -> torch.Tensor:
    """Turn an image upside down in one of two calls, at random.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels, any dtype.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Examples
    --------
    >>> mx.nd.image.random_flip_top_bottom(mx.nd.ones((2, 1, 1))).asnumpy().tolist()
    [[[1.0]], [[1.0]]]
    """
    return _flip_by_chance(data, 0, generator)


@operator("_image_resize", aliases=("_npx__image_resize",))
def image_resize(
    data: torch.Tensor, *, size: Shape = (), keep_ratio: bool = False, interp: int = 1
) -> torch.Tensor:
    """Resize an image or each image of a batch.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel) or (batch, height, width, channel), uint8 or floating.
    size : int or tuple of int
        Width and height; one number stands for both.
    keep_ratio : bool, optional
        Whether one number is the shorter side instead, and the other side follows.
    interp : int, optional
        0 nearest, 1 bilinear, 2 bicubic over 4 x 4 pixels, 3 mean over the area, 4 Lanczos over
        8 x 8 pixels, 5 bilinear, bit-exact.

    Returns
    -------
    NDArray or Symbol
        The dtype of `data`; bytes are rounded as OpenCV rounds them.

    Raises
    ------
    MXNetError
        If `size` is not one or two positive numbers, or for another `interp` or dtype.

    Examples
    --------
    >>> data = mx.nd.arange(4).reshape((2, 2, 1))
    >>> mx.nd.image.resize(data, size=(1, 2)).asnumpy().tolist()
    [[[0.5]], [[2.5]]]
    """
    require_image(data, (3, 4))
    if len(size) not in (1, 2) or min(size) < 1:
        raise MXNetError(f"size is {size}, but must be one or two numbers of at least 1")
    if len(size) == 1 and keep_ratio:
        height, width = kept_ratio_size(data.shape[-3], data.shape[-2], size[0])
    else:
        width, height = size[0], size[-1]
    return resize(data, height, width, interp)


@operator("_cvimresize", aliases=("_npi_cvimresize",))
def cv_resize(
    src: torch.Tensor, *, w: PositiveInt, h: PositiveInt, interp: int = 1
) -> torch.Tensor:
    """Resize an image: `image.resize` with other argument names.

    Parameters
    ----------
    src : NDArray
        Shape (height, width, channel), uint8 or floating.
    w, h : int
        The new width and height.
    interp : int, optional
        As of `image.resize`.

    Returns
    -------
    NDArray
        Shape (h, w, channel), the dtype of `src`.

    Raises
    ------
    MXNetError
        If `src` is not an image, or for another `interp` or dtype.

    Examples
    --------
    >>> mx.nd._internal._cvimresize(mx.nd.arange(2).reshape((1, 2, 1)), 1, 1).asnumpy().tolist()
    [[[0.5]]]
    """
    require_image(src)
    return resize(src, h, w, interp)


@cv_resize.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    if len(shape) != 3:
        raise MXNetError(f"src has shape {shape}, but must be (height, width, channel)")
    return inputs, [(attrs["h"], attrs["w"], shape[2])]


BORDERS = ("constant", "replicate", "reflect", "wrap", "reflect_101")
"""The kinds of border by OpenCV's numbers."""


def _border_index(
    size: int, before: int, after: int, kind: str, device: torch.device
) -> torch.Tensor:
    """Return which pixel of an axis each pixel of the framed axis shows."""
    position = torch.arange(-before, size + after, device=device)
    if kind == "wrap":
        return position % size
    if kind == "reflect":
        position = position % (2 * size)
        return torch.where(position < size, position, 2 * size - 1 - position)
    if kind == "reflect_101" and size > 1:
        position = position % (2 * size - 2)
        return torch.where(position < size, position, 2 * size - 2 - position)
    return position.clamp(0, size - 1)


@operator("_cvcopyMakeBorder")
def copy_make_border(
    src: torch.Tensor,
    *,
    top: int,
    bot: int,
    left: int,
    right: int,
    type: int = 0,
    value: float = 0.0,
    values: Floats = (),
) -> torch.Tensor:
    """Put a frame around an image.

    Parameters
    ----------
    src : NDArray
        Shape (height, width, channel), any dtype.
    top, bot, left, right : int
        Width of the frame on each side, in pixels.
    type : int, optional
        What the frame shows: 0 one colour, 1 the outermost pixel, 2 the image mirrored at its
        edge, 3 the image again, 4 the image mirrored at its outermost pixel.
    value : float, optional
        The colour for type 0, the same in all channels.
    values : tuple of float, optional
        The colour by channel, which goes before `value`; 0 where it is too short.

    Returns
    -------
    NDArray
        Shape (height + top + bot, width + left + right, channel), the dtype of `src`.

    Raises
    ------
    MXNetError
        If `src` is not an image, a width is negative or `type` is not from 0 to 4.

    Examples
    --------
    >>> src = mx.nd.arange(2).reshape((1, 2, 1))
    >>> mx.nd._internal._cvcopyMakeBorder(
    ...     src, top=0, bot=0, left=1, right=2, type=1
    ... ).asnumpy().ravel().tolist()
    [0.0, 0.0, 1.0, 1.0, 1.0]
    """
    require_image(src)
    if min(top, bot, left, right) < 0:
        raise MXNetError(
            f"top, bot, left and right are {top}, {bot}, {left} and {right}, but must not be "
            "negative"
        )
    if not 0 <= type < len(BORDERS):
        raise MXNetError(f"type is {type}, but must be from 0 to {len(BORDERS) - 1}")
    kind = BORDERS[type]
    height, width, channels = src.shape
    rows = _border_index(height, top, bot, kind, src.device)
    columns = _border_index(width, left, right, kind, src.device)
    framed = src.index_select(0, rows).index_select(1, columns)
    if kind != "constant":
        return framed
    colour = (tuple(values) + (0.0,) * channels)[:channels] if values else (value,) * channels
    y = torch.arange(-top, height + bot, device=src.device)
    x = torch.arange(-left, width + right, device=src.device)
    inside = ((y >= 0) & (y < height))[:, None] & ((x >= 0) & (x < width))
    return torch.where(inside[..., None], framed, _in_range(colour, src))


def _in_range(colour: tuple[float, ...], like: torch.Tensor) -> torch.Tensor:
    """Return a colour in the dtype of `like`; whole numbers are rounded and cut at its range."""
    if like.is_floating_point():
        return like.new_tensor(colour)
    limits = torch.iinfo(like.dtype)
    return like.new_tensor([min(max(round(v), limits.min), limits.max) for v in colour])


@copy_make_border.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    if len(shape) != 3:
        raise MXNetError(f"src has shape {shape}, but must be (height, width, channel)")
    height, width, channels = shape
    framed = (height + attrs["top"] + attrs["bot"], width + attrs["left"] + attrs["right"])
    return inputs, [(*framed, channels)]
