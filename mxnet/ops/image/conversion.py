"""From images to what a network reads, and from files to images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ...base import MXNetError
from ..attributes import Floats, NonNegativeInt
from ..registry import operator
from ..rules import float32_output, same_shapes
from .geometry import require_image


@operator("_image_to_tensor", aliases=("_npx__image_to_tensor",), types=float32_output)
def to_tensor(data: torch.Tensor) -> torch.Tensor:
    """Convert an image of bytes to floats from 0 to 1, channels first.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (height, width, channel) or (batch, height, width, channel), values from 0 to 255.

    Returns
    -------
    NDArray or Symbol
        Shape (channel, height, width) or (batch, channel, height, width), float32.

    Raises
    ------
    MXNetError
        If `data` does not have 3 or 4 dimensions.

    Examples
    --------
    >>> data = mx.nd.array([[[0, 51, 255]]], dtype="uint8")
    >>> mx.nd.image.to_tensor(data).asnumpy().round(4).tolist()
    [[[0.0]], [[0.2]], [[1.0]]]
    """
    require_image(data, (3, 4))
    return (data.movedim(-1, -3).to(torch.float32) / 255).contiguous()


@to_tensor.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if shape is None:
        return inputs, outputs
    if len(shape) not in (3, 4):
        raise MXNetError(f"data has shape {shape}, but must have 3 or 4 dimensions")
    return inputs, [(*shape[:-3], shape[-1], shape[-3], shape[-2])]


@operator("_image_normalize", aliases=("_npx__image_normalize",), shapes=same_shapes)
def normalize(
    data: torch.Tensor,
    *,
    mean: Floats = (0.0, 0.0, 0.0, 0.0),
    std: Floats = (1.0, 1.0, 1.0, 1.0),
) -> torch.Tensor:
    """Subtract a mean from each channel and divide by a standard deviation.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (channel, height, width) or (batch, channel, height, width), 1 or 3 channels.
    mean, std : tuple of float
        One number for all channels, or one for each.

    Returns
    -------
    NDArray or Symbol
        Same shape and dtype as `data`.

    Raises
    ------
    MXNetError
        If `data` does not have 1 or 3 channels, or `mean` or `std` not as many numbers.

    Examples
    --------
    >>> data = mx.nd.array([[[4.0]], [[6.0]], [[8.0]]])
    >>> mx.nd.image.normalize(data, mean=(1, 2, 3), std=(2,)).asnumpy().ravel().tolist()
    [1.5, 2.0, 2.5]
    """
    if data.dim() not in (3, 4) or data.shape[-3] not in (1, 3):
        raise MXNetError(
            f"data has shape {tuple(data.shape)}, but must be (channel, height, width) or (batch, "
            "channel, height, width) with 1 or 3 channels"
        )
    channels = data.shape[-3]
    for name, given in (("mean", mean), ("std", std)):
        if len(given) not in (1, channels):
            raise MXNetError(f"{name} is {given}, but must be 1 or {channels} numbers")
    work = torch.promote_types(data.dtype, torch.float32)
    offset, scale = (
        torch.tensor(given, dtype=work, device=data.device)[:, None, None] for given in (mean, std)
    )
    return ((data - offset) / scale).to(data.dtype)


def _cv2() -> Any:
    """Return OpenCV, an extra dependency."""
    try:
        import cv2
    except ImportError:
        raise MXNetError(
            "decoding images needs OpenCV: pip install opencv-python-headless (or "
            "mxnet-torch[image])"
        ) from None
    return cv2


def _decode(content: np.ndarray, flag: int, to_rgb: bool, source: str) -> torch.Tensor:
    """Return the image (height, width, channel) that a file's bytes hold."""
    cv2 = _cv2()
    mode = cv2.IMREAD_COLOR if flag else cv2.IMREAD_GRAYSCALE
    image = cv2.imdecode(content, mode) if content.size else None
    if image is None:
        raise MXNetError(f"{source} holds no image that OpenCV can decode")
    if image.ndim == 2:
        return torch.from_numpy(image)[:, :, None]
    if to_rgb:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    return torch.from_numpy(image)


@operator("_cvimdecode", aliases=("_npi_cvimdecode",), dynamic_shape=True)
def cv_decode(buf: torch.Tensor, *, flag: NonNegativeInt = 1, to_rgb: bool = True) -> torch.Tensor:
    """Decode an image file that is in memory. Needs OpenCV.

    Parameters
    ----------
    buf : NDArray
        The file's bytes, uint8.
    flag : int, optional
        0 for shades of grey, else colour.
    to_rgb : bool, optional
        Whether channels are red, green, blue; else blue, green, red.

    Returns
    -------
    NDArray
        Shape (height, width, 3), or (height, width, 1) for grey, uint8.

    Raises
    ------
    MXNetError
        If the bytes are no image, or OpenCV is not installed.

    Examples
    --------
    >>> file = b"P5 2 1 255\\n" + bytes([7, 9])  # a portable grey map of two pixels
    >>> buf = mx.nd.array(list(file), dtype="uint8")
    >>> mx.nd._internal._cvimdecode(buf, flag=0).asnumpy().tolist()
    [[[7], [9]]]
    """
    if buf.dtype != torch.uint8:
        raise MXNetError(f"buf is {buf.dtype}, but must be uint8")
    content = buf.detach().cpu().contiguous().reshape(-1).numpy()
    return _decode(content, flag, to_rgb, f"buf, of {content.size} bytes,").to(buf.device)


def _read_type(inputs: list, outputs: list, attrs: Any) -> tuple[list, list]:
    return inputs, [torch.uint8]


@operator("_cvimread", aliases=("_npi_cvimread",), dynamic_shape=True, types=_read_type)
def cv_read(*, filename: str, flag: NonNegativeInt = 1, to_rgb: bool = True) -> torch.Tensor:
    """Read and decode an image file. Needs OpenCV.

    Parameters
    ----------
    filename : str
        Path of the file.
    flag : int, optional
        0 for shades of grey, else colour.
    to_rgb : bool, optional
        Whether channels are red, green, blue; else blue, green, red.

    Returns
    -------
    NDArray
        Shape (height, width, 3), or (height, width, 1) for grey, uint8.

    Raises
    ------
    MXNetError
        If there is no such file, it is no image, or OpenCV is not installed.

    Examples
    --------
    >>> mx.nd._internal._cvimread(filename="no.jpg")
    Traceback (most recent call last):
    mxnet.base.MXNetError: _cvimread: filename 'no.jpg' can not be read: No such file or directory
    """
    try:
        content = np.frombuffer(Path(filename).read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise MXNetError(f"filename {filename!r} can not be read: {error.strerror}") from None
    return _decode(content, flag, to_rgb, f"filename {filename!r}")
