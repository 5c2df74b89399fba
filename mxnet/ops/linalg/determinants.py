"""Inverses and determinants of square matrices."""

from __future__ import annotations

import torch

from ..registry import Backward, operator
from .rules import one_number_each, square_matrices, square_side


@operator("_linalg_inverse", aliases=("linalg_inverse",), shapes=square_matrices)
def inverse(A: torch.Tensor) -> torch.Tensor:
    """Return the inverses of square matrices.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, float32 or float64.

    Returns
    -------
    NDArray or Symbol
        Shape of `A`.

    Raises
    ------
    MXNetError
        If a matrix is singular.

    Examples
    --------
    >>> mx.nd.linalg.inverse(mx.nd.array([[2, 0], [0, 4]])).asnumpy().tolist()
    [[0.5, 0.0], [0.0, 0.25]]
    """
    square_side("A", A.shape)
    return torch.linalg.inv(A)


def _numbers(found: torch.Tensor) -> torch.Tensor:
    """Return one number for each matrix, in shape (1,) for a single one."""
    return found.reshape(1) if found.dim() == 0 else found


def _scaled_inverse(A: torch.Tensor, scale: torch.Tensor, regular: torch.Tensor) -> torch.Tensor:
    """Return the transposed inverses times `scale`, zeros where a matrix is not regular."""
    batch = A.shape[:-2]
    regular = regular.reshape(*batch, 1, 1)
    unit = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    inverses = torch.linalg.inv(torch.where(regular, A, unit)).mT
    return torch.where(regular, inverses * scale.reshape(*batch, 1, 1), torch.zeros_like(A))


@operator("_linalg_det", aliases=("linalg_det",), shapes=one_number_each, output_names=("output0",))
def det(A: torch.Tensor) -> torch.Tensor:
    """Return the determinants of square matrices.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, float32 or float64.

    Returns
    -------
    NDArray or Symbol
        The leading dimensions of `A`; shape ``(1,)`` for a single matrix. The gradient of a
        singular matrix is zero.

    Examples
    --------
    >>> mx.nd.linalg.det(mx.nd.array([[2, 0], [0, 4]])).asnumpy().tolist()
    [8.0]
    """
    square_side("A", A.shape)
    return _numbers(torch.linalg.det(A))


@det.gradient
def _(b: Backward):
    value = b.outputs[0]
    return (_scaled_inverse(b.inputs[0], b.grads[0] * value, value != 0),)


@operator("_linalg_slogdet", aliases=("linalg_slogdet",), outputs=2, shapes=one_number_each)
def slogdet(A: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the signs of the determinants of square matrices, and the logarithms of their sizes.

    Parameters
    ----------
    A : NDArray or Symbol
        Matrices ``(..., n, n)``, float32 or float64.

    Returns
    -------
    sign, logarithm : NDArray or Symbol
        The leading dimensions of `A`; shape ``(1,)`` for a single matrix. For a singular matrix
        they are 0 and minus infinity, and the gradient is zero.

    Examples
    --------
    >>> sign, logarithm = mx.nd.linalg.slogdet(mx.nd.array([[0, 1], [1, 0]]))
    >>> sign.asnumpy().tolist(), logarithm.asnumpy().tolist()
    ([-1.0], [0.0])
    """
    square_side("A", A.shape)
    sign, logarithm = torch.linalg.slogdet(A)
    return _numbers(sign), _numbers(logarithm)


@slogdet.gradient
def _(b: Backward):
    return (_scaled_inverse(b.inputs[0], b.grads[1], b.outputs[0] != 0),)
