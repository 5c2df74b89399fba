"""Changing the colours of images (height, width, channel), at random or as told.

Bytes hold 0 to 255: results are cut at that range, and fractions are dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ...base import MXNetError
from ..attributes import Floats
from ..registry import operator
from ..rules import same_shapes
from .geometry import require_colours

Generator = torch.Generator | None

LUMA = (0.299, 0.587, 0.114)
"""How much red, green and blue count for brightness (ITU-R BT.601)."""

# Principal components of the colours of ImageNet, each times its standard deviation
# (Krizhevsky et al., 2012).
LIGHTING = (
    (55.46 * -0.5675, 4.794 * 0.7192, 1.148 * 0.4009),
    (55.46 * -0.5808, 4.794 * -0.0045, 1.148 * -0.8140),
    (55.46 * -0.5836, 4.794 * -0.6948, 1.148 * 0.4203),
)

colour_operator = partial(operator, shapes=same_shapes)


def _require_factors(low: float, high: float) -> None:
    for name, factor in (("min_factor", low), ("max_factor", high)):
        if factor < 0:
            raise MXNetError(f"{name} is {factor}, but must not be negative")


def _draw(data: torch.Tensor, low: float, high: float, generator: Generator) -> torch.Tensor:
    """Return one number from low to high, in whichever order they are given."""
    point = torch.empty((), device=data.device).uniform_(generator=generator)
    return low + point * (high - low)


def _wide(data: torch.Tensor) -> torch.Tensor:
    return data.to(torch.promote_types(data.dtype, torch.float32))


def _narrow(result: torch.Tensor, data: torch.Tensor) -> torch.Tensor:
    """Return `result` in the dtype of `data`."""
    if data.dtype == torch.uint8:
        result = result.clamp(0, 255)
    return result.to(data.dtype)


def _grey(image: torch.Tensor) -> torch.Tensor:
    """Return the brightness of each pixel, one channel."""
    if image.shape[2] == 1:
        return image
    return (image * image.new_tensor(LUMA)).sum(dim=2, keepdim=True)


def _brightness(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    return image * factor


def _contrast(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    return image * factor + (1 - factor) * _grey(image).mean()


def _saturation(image: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    if image.shape[2] == 1:
        return image
    return image * factor + (1 - factor) * _grey(image)


def _hue(image: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
    """Turn the hue by a part of the circle, in the cylinder of hue, lightness and saturation."""
    if image.shape[2] == 1:
        return image
    colours = image / 255
    red, green, blue = colours.unbind(2)
    high, low = colours.amax(dim=2), colours.amin(dim=2)
    span, lightness = high - low, (high + low) / 2
    divided = torch.where(span > 0, span, 1)
    by_green = (blue - red) / divided + 2
    by_blue = (red - green) / divided + 4
    hue = torch.where(high == green, by_green, by_blue)
    hue = torch.where(high == red, (green - blue) / divided, hue) * 2
    chroma = torch.where(span > 0, span / 2, 0)
    angle = hue + 12 * turn

    def channel(offset: int) -> torch.Tensor:
        place = torch.remainder(offset + angle, 12)
        slope = torch.minimum(place - 3, 9 - place).clamp(-1, 1)
        return lightness - chroma * slope

    return torch.stack([channel(0), channel(8), channel(4)], dim=2) * 255


def _change(
    data: torch.Tensor,
    change: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    factor: torch.Tensor,
) -> torch.Tensor:
    """Apply `change` and return to the dtype of `data`."""
    return _narrow(change(_wide(data), factor), data)


def _random_change(
    data: torch.Tensor,
    change: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    low: float,
    high: float,
    generator: Generator,
) -> torch.Tensor:
    require_colours(data)
    _require_factors(low, high)
    return _change(data, change, _draw(data, low, high, generator))


@colour_operator("_image_random_brightness", aliases=("_npx__image_random_brightness",))
def random_brightness(
    data: torch.Tensor, *, min_factor: float, max_factor: float, generator: Generator
) -> torch.Tensor:
    """Multiply an image by a random factor.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels.
    min_factor, max_factor : float
        Bounds of the factor, at least 0.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image, or a bound is negative.

    Examples
    --------
    >>> mx.nd.image.random_brightness(mx.nd.ones((1, 1, 3)), 0.5, 0.5).asnumpy().tolist()
    [[[0.5, 0.5, 0.5]]]
    """
    return _random_change(data, _brightness, min_factor, max_factor, generator)


@colour_operator("_image_random_contrast", aliases=("_npx__image_random_contrast",))
def random_contrast(
    data: torch.Tensor, *, min_factor: float, max_factor: float, generator: Generator
) -> torch.Tensor:
    """Multiply an image's distance from its mean brightness by a random factor.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels.
    min_factor, max_factor : float
        Bounds of the factor, at least 0; 0 gives one shade of grey.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image, or a bound is negative.

    Examples
    --------
    >>> data = mx.nd.array([[[0]], [[2]]])
    >>> mx.nd.image.random_contrast(data, 2, 2).asnumpy().ravel().tolist()
    [-1.0, 3.0]
    """
    return _random_change(data, _contrast, min_factor, max_factor, generator)


@colour_operator("_image_random_saturation", aliases=("_npx__image_random_saturation",))
def random_saturation(
    data: torch.Tensor, *, min_factor: float, max_factor: float, generator: Generator
) -> torch.Tensor:
    """Multiply each pixel's distance from its shade of grey by a random factor.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels.
    min_factor, max_factor : float
        Bounds of the factor, at least 0; 0 gives shades of grey.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image, or a bound is negative.

    Examples
    --------
    >>> data = mx.nd.array([[[100, 0, 0]]])
    >>> mx.nd.image.random_saturation(data, 0, 0).asnumpy().round(2).ravel().tolist()
    [29.9, 29.9, 29.9]
    """
    return _random_change(data, _saturation, min_factor, max_factor, generator)


@colour_operator("_image_random_hue", aliases=("_npx__image_random_hue",))
def random_hue(
    data: torch.Tensor, *, min_factor: float, max_factor: float, generator: Generator
) -> torch.Tensor:
    """Turn an image's hues by a random part of the colour circle.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels; one channel stays as it is.
    min_factor, max_factor : float
        Bounds of the part, at least 0; 1 is the whole circle.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image, or a bound is negative.

    Examples
    --------
    >>> data = mx.nd.array([[[255, 0, 0]]])
    >>> mx.nd.image.random_hue(data, 0.5, 0.5).asnumpy().round().ravel().tolist()
    [0.0, 255.0, 255.0]
    """
    return _random_change(data, _hue, min_factor, max_factor, generator)


@colour_operator("_image_random_color_jitter", aliases=("_npx__image_random_color_jitter",))
def random_color_jitter(
    data: torch.Tensor,
    *,
    brightness: float,
    contrast: float,
    saturation: float,
    hue: float,
    generator: Generator,
) -> torch.Tensor:
    """Change brightness, contrast, saturation and hue at random, in random order.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels.
    brightness, contrast, saturation : float
        The factor is drawn from 1 - this to 1 + this; 0 or less leaves it out.
    hue : float
        The part of the colour circle is drawn from - this to this; 0 or less leaves it out.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image.

    Examples
    --------
    >>> data = mx.nd.ones((2, 2, 3))
    >>> mx.nd.image.random_color_jitter(data, 0.1, 0.1, 0.1, 0.1).shape
    (2, 2, 3)
    """
    require_colours(data)
    changes = (
        (_brightness, 1.0, brightness),
        (_contrast, 1.0, contrast),
        (_saturation, 1.0, saturation),
        (_hue, 0.0, hue),
    )
    order = [0, 1, 2, 3]
    if not data.is_meta:
        order = torch.randperm(4, device=data.device, generator=generator).tolist()
    result = data
    for index in order:
        change, middle, width = changes[index]
        if width > 0:
            factor = _draw(data, middle - width, middle + width, generator)
            result = _change(result, change, factor)
    return result.clone() if result is data else result


def _light(data: torch.Tensor, alpha: torch.Tensor) -> torch.Tensor:
    """Add principal components of colour; one channel stays as it is."""
    if data.shape[2] == 1:
        return data.clone()
    wide = _wide(data)
    return _narrow(wide + wide.new_tensor(LIGHTING) @ alpha.to(wide.dtype), data)


@colour_operator("_image_adjust_lighting", aliases=("_npx__image_adjust_lighting",))
def adjust_lighting(data: torch.Tensor, *, alpha: Floats) -> torch.Tensor:
    """Add the principal components of ImageNet's colours (Krizhevsky et al., 2012).

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels; one channel stays as it is.
    alpha : tuple of float
        How much of each component, in standard deviations.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image, or `alpha` is less than three numbers.

    Examples
    --------
    >>> data = mx.nd.zeros((1, 1, 3))
    >>> mx.nd.image.adjust_lighting(data, alpha=(1, 0, 0)).asnumpy().round(2).ravel().tolist()
    [-31.47, -32.21, -32.37]
    """
    require_colours(data)
    if len(alpha) < 3:
        raise MXNetError(f"alpha is {alpha}, but must be three numbers")
    return _light(data, torch.tensor(alpha[:3], device=data.device))


@colour_operator("_image_random_lighting", aliases=("_npx__image_random_lighting",))
def random_lighting(
    data: torch.Tensor, *, alpha_std: float = 0.05, generator: Generator
) -> torch.Tensor:
    """Add the principal components of ImageNet's colours, as much of each as chance says.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel), 1 or 3 channels; one channel stays as it is.
    alpha_std : float, optional
        Standard deviation of the amounts, which are normal.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` is not such an image.

    Examples
    --------
    >>> mx.nd.image.random_lighting(mx.nd.ones((2, 2, 3))).shape
    (2, 2, 3)
    """
    require_colours(data)
    normal = torch.empty(3, device=data.device).normal_(generator=generator)
    return _light(data, normal * alpha_std)
