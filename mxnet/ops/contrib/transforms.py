"""Linear maps of the last axis: discrete Fourier transforms and count sketches."""

from __future__ import annotations

import torch

from ...base import MXNetError
from ..registry import operator
from ..rules import is_known, unify


def _require_pairs(shape: tuple[int, ...]) -> None:
    if not shape or shape[-1] % 2:
        raise MXNetError(
            f"data has shape {shape}, but its last dimension must be even: real and imaginary "
            "parts in turn"
        )


@operator("_contrib_fft")
def fft(data: torch.Tensor, *, compute_size: int = 128) -> torch.Tensor:
    """Transform the last axis to frequencies: ``sum_n x_n exp(-2 pi i k n / N)``.

    Parameters
    ----------
    data : NDArray or Symbol
        Real values, shape (..., N).
    compute_size : int, optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        Real and imaginary part of each frequency in turn, shape (..., 2 * N).

    Examples
    --------
    >>> mx.nd.contrib.fft(mx.nd.array([[1, 3]])).asnumpy().tolist()
    [[4.0, 0.0, -2.0, 0.0]]
    """
    work = torch.promote_types(data.dtype, torch.float32)
    return torch.view_as_real(torch.fft.fft(data.to(work))).flatten(-2).to(data.dtype)


@fft.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    return inputs, [(*shape[:-1], 2 * shape[-1])] if is_known(shape) else outputs


@operator("_contrib_ifft")
def ifft(data: torch.Tensor, *, compute_size: int = 128) -> torch.Tensor:
    """Transform frequencies back, and return the real part, not divided by N.

    Parameters
    ----------
    data : NDArray or Symbol
        Real and imaginary part of each frequency in turn, shape (..., 2 * N).
    compute_size : int, optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        ``sum_k Re(X_k exp(2 pi i k n / N))``, shape (..., N): N times the inverse of `fft`.

    Raises
    ------
    MXNetError
        If the last dimension is odd.

    Examples
    --------
    >>> mx.nd.contrib.ifft(mx.nd.array([[4, 0, -2, 0]])).asnumpy().tolist()
    [[2.0, 6.0]]
    """
    _require_pairs(tuple(data.shape))
    work = torch.promote_types(data.dtype, torch.float32)
    pairs = torch.view_as_complex(data.to(work).unflatten(-1, (-1, 2)).contiguous())
    return torch.fft.ifft(pairs, norm="forward").real.to(data.dtype)


@ifft.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    _require_pairs(shape)
    return inputs, [(*shape[:-1], shape[-1] // 2)]


@operator("_contrib_count_sketch", no_gradient=("h", "s"))
def count_sketch(
    data: torch.Tensor,
    h: torch.Tensor,
    s: torch.Tensor,
    *,
    out_dim: int,
    processing_batch_size: int = 32,
) -> torch.Tensor:
    """Project the last axis by a count sketch (Charikar et al., 2002): ``y[h_i] += s_i x_i``.

    Parameters
    ----------
    data : NDArray or Symbol
        Shape (..., N).
    h : NDArray or Symbol
        Where each element goes, whole numbers from 0 to out_dim - 1, shape (1, N).
    s : NDArray or Symbol
        The sign of each element, 1 or -1, shape (1, N).
    out_dim : int
        Length of the result's last axis.
    processing_batch_size : int, optional
        Accepted and ignored.

    Returns
    -------
    NDArray or Symbol
        Shape (..., out_dim). Only `data` has a gradient.

    Raises
    ------
    MXNetError
        If `h` or `s` does not have the length of the last axis, or `out_dim` is less than 1.

    Examples
    --------
    >>> data, h, s = mx.nd.array([[1, 2, 3]]), mx.nd.array([[1, 0, 1]]), mx.nd.array([[1, -1, 1]])
    >>> mx.nd.contrib.count_sketch(data, h, s, out_dim=2).asnumpy().tolist()
    [[-2.0, 4.0]]
    """
    _sketch_shape(tuple(data.shape), out_dim)
    for name, given in (("h", h), ("s", s)):
        if given.dim() != 2 or given.shape[1] != data.shape[-1]:
            raise MXNetError(
                f"{name} has shape {tuple(given.shape)}, but (1, {data.shape[-1]}) follows from "
                f"data {tuple(data.shape)}"
            )
    place = h[0].long().expand(data.shape)
    empty = data.new_zeros((*data.shape[:-1], out_dim))
    return empty.scatter_add(-1, place, data * s[0].detach())


def _sketch_shape(data: tuple[int, ...], out_dim: int) -> tuple[int, ...]:
    if not data or out_dim < 1:
        raise MXNetError(
            f"data has shape {data} and out_dim is {out_dim}, but both must be at least 1"
        )
    return (*data[:-1], out_dim)


@count_sketch.shape_rule
def _(inputs, outputs, attrs):
    data, h, s = inputs
    if not is_known(data):
        return inputs, outputs
    like = (-1, data[-1])
    return [data, unify(h, like), unify(s, like)], [_sketch_shape(data, attrs["out_dim"])]
