"""Embeddings: rows of a table, chosen by index."""

from __future__ import annotations

from typing import Any

import torch

from ...base import MXNetError
from ...dtype import torch_dtype
from ..attributes import DType, PositiveInt
from ..registry import Attrs, Backward, DTypes, Shapes, operator
from .rules import agree, first_of

Element = DType["bfloat16", "float16", "float32", "float64", "int32", "int64", "int8", "uint8"]


def _indices(data: torch.Tensor, rows: int) -> torch.Tensor:
    """Return whole numbers from 0 to `rows` - 1: the part before the point, cut to that range."""
    return data.to(torch.int64).clamp(0, rows - 1)


def _shapes(inputs: Shapes, outputs: Shapes, attrs: Attrs) -> tuple[Shapes, Shapes]:
    data, out = inputs[0], outputs[0]
    table = (attrs["input_dim"], attrs["output_dim"])
    weight = agree("weight", inputs[1], table, data, attrs, "input_dim", "output_dim")
    if data is None and out is not None:
        data = out[:-1]
    if data is None:
        return [data, weight], outputs
    result = agree("the output", out, (*data, table[1]), data, attrs, "output_dim")
    return [result[:-1], weight], [result]


def _types(inputs: DTypes, outputs: DTypes, attrs: Attrs) -> tuple[DTypes, DTypes]:
    """The indices may have any dtype; weight and output have one."""
    known = first_of([inputs[1], outputs[0]])
    if known is None and inputs[0] is not None:
        known = torch_dtype(attrs["dtype"])
    return [inputs[0], known], [known]


def _look_up(data: torch.Tensor, weight: torch.Tensor, rows: int, width: int) -> torch.Tensor:
    if weight.shape != (rows, width):
        raise MXNetError(
            f"weight has shape {tuple(weight.shape)}, but must be {(rows, width)} as input_dim is "
            f"{rows} and output_dim {width}"
        )
    return torch.embedding(weight, _indices(data, rows))


def _gradient(b: Backward) -> tuple[Any, Any]:
    data, weight = b.inputs
    if not b.needs[1]:
        return (None, None)
    indices, grad = _indices(data, weight.shape[0]), b.grads[0]
    if weight.device.type != "cpu":  # where index_add_ adds in any order
        kernel = torch.ops.aten.embedding_dense_backward
        return (None, kernel(grad.contiguous(), indices, weight.shape[0], -1, False))
    table = b.memory_for(1)
    table = torch.zeros_like(weight) if table is None else table.zero_()
    return (None, table.index_add_(0, indices.flatten(), grad.reshape(-1, weight.shape[1])))


@operator(
    "Embedding", aliases=("_sparse_Embedding",), shapes=_shapes, types=_types, no_gradient=("data",)
)
def embedding(
    data: torch.Tensor,
    weight: torch.Tensor,
    *,
    input_dim: PositiveInt,
    output_dim: PositiveInt,
    dtype: Element = "float32",
    sparse_grad: bool = False,
) -> torch.Tensor:
    """Return the rows of a table that indices name.

    Parameters
    ----------
    data : NDArray or Symbol
        Indices, any shape and dtype; what follows the point is dropped, negative ones name row 0,
        and those of at least `input_dim` the last row.
    weight : NDArray or Symbol
        The table, shape (input_dim, output_dim).
    input_dim : int
        Rows of the table.
    output_dim : int
        Elements of a row.
    dtype : str, default 'float32'
        What dtype `weight` has where nothing else says so.
    sparse_grad : bool, default False
        Accepted for old programs; the gradient is dense.

    Returns
    -------
    NDArray or Symbol
        The shape of `data` with output_dim added, and the dtype of `weight`. No gradient flows to
        `data`.

    Raises
    ------
    MXNetError
        If `weight` has another shape.

    Examples
    --------
    >>> table = mx.nd.array([[0, 1], [2, 3], [4, 5]])
    >>> mx.nd.Embedding(mx.nd.array([2, 0]), table, input_dim=3, output_dim=2).asnumpy().tolist()
    [[4.0, 5.0], [0.0, 1.0]]
    """
    return _look_up(data, weight, input_dim, output_dim)


embedding.fast_gradient(_gradient)


@operator("_contrib_SparseEmbedding", shapes=_shapes, types=_types, no_gradient=("data",))
def sparse_embedding(
    data: torch.Tensor,
    weight: torch.Tensor,
    *,
    input_dim: PositiveInt,
    output_dim: PositiveInt,
    dtype: Element = "float32",
    sparse_grad: bool = False,
) -> torch.Tensor:
    """Return the same as `Embedding`, under the name that old programs use for large tables.

    Examples
    --------
    >>> table = mx.nd.array([[0, 1], [2, 3]])
    >>> rows = mx.nd.contrib.SparseEmbedding(mx.nd.array([1]), table, input_dim=2, output_dim=2)
    >>> rows.asnumpy().tolist()
    [[2.0, 3.0]]
    """
    return _look_up(data, weight, input_dim, output_dim)


sparse_embedding.fast_gradient(_gradient)
