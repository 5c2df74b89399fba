"""Attention over interleaved projections (Vaswani et al., Attention Is All You Need, 2017).

A projection is stored sequence first, (length, batch, heads * parts * size): for each head its
query, key and value stand side by side.
"""

from __future__ import annotations

import math

import torch

from ...base import MXNetError
from ..registry import operator
from ..rules import is_known


def _require_projection(shape: tuple[int, ...], name: str, heads: int, parts: int) -> None:
    """Refuse a shape whose last axis does not hold `parts` of equal size for each head."""
    if len(shape) != 3:
        raise MXNetError(f"{name} has shape {shape}, but must be (length, batch, projection)")
    if heads < 1 or shape[2] % (heads * parts):
        raise MXNetError(
            f"{name} has shape {shape}, whose last dimension must be a multiple of {parts} times "
            f"heads={heads}"
        )


def _require_attention(
    attention: tuple[int, ...], batch: int, heads: int, length: int, queries: int | None = None
) -> None:
    """Refuse attention that does not weigh `length` values for each head."""
    if queries is None and len(attention) == 3:
        queries = attention[1]
    if attention != (batch * heads, queries, length):
        raise MXNetError(
            f"attention has shape {attention}, but ({batch * heads}, {queries or 'queries'}, "
            f"{length}) follows from the projections and heads={heads}"
        )


def _split(projection: torch.Tensor, heads: int, parts: int) -> list[torch.Tensor]:
    """Return the parts of a projection, each (batch * heads, length, size)."""
    length, batch, width = projection.shape
    split = projection.reshape(length, batch * heads, parts, width // (heads * parts))
    return [part.transpose(0, 1) for part in split.unbind(2)]


def _scores(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """Return the products of queries and keys, over the square root of their size."""
    return (queries / math.sqrt(queries.shape[2])) @ keys.transpose(1, 2)


def _weigh(attention: torch.Tensor, values: torch.Tensor, heads: int) -> torch.Tensor:
    """Return the weighted values, sequence first, heads side by side."""
    result = (attention @ values).transpose(0, 1)
    length, rows, size = result.shape
    return result.reshape(length, rows // heads, heads * size)


@operator("_contrib_interleaved_matmul_selfatt_qk")
def selfattention_scores(queries_keys_values: torch.Tensor, *, heads: int) -> torch.Tensor:
    """Multiply queries and keys of self-attention, scaled by one over the root of their size.

    Parameters
    ----------
    queries_keys_values : NDArray or Symbol
        Query, key and value of each head side by side, shape (length, batch, heads * 3 * size).
    heads : int
        Number of heads.

    Returns
    -------
    NDArray or Symbol
        Scores before softmax, shape (batch * heads, length, length).

    Raises
    ------
    MXNetError
        If the last dimension is no multiple of three times `heads`.

    Examples
    --------
    >>> projection = mx.nd.array([[[1, 2, 0]], [[3, 4, 0]]])
    >>> mx.nd.contrib.interleaved_matmul_selfatt_qk(projection, heads=1).asnumpy().tolist()
    [[[2.0, 4.0], [6.0, 12.0]]]
    """
    _require_projection(tuple(queries_keys_values.shape), "queries_keys_values", heads, 3)
    queries, keys, _ = _split(queries_keys_values, heads, 3)
    return _scores(queries, keys)


@selfattention_scores.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    _require_projection(shape, "queries_keys_values", attrs["heads"], 3)
    return inputs, [(shape[1] * attrs["heads"], shape[0], shape[0])]


@operator("_contrib_interleaved_matmul_selfatt_valatt")
def selfattention_values(
    queries_keys_values: torch.Tensor, attention: torch.Tensor, *, heads: int
) -> torch.Tensor:
    """Average the values of self-attention with given weights.

    Parameters
    ----------
    queries_keys_values : NDArray or Symbol
        Query, key and value of each head side by side, shape (length, batch, heads * 3 * size).
    attention : NDArray or Symbol
        Weights, shape (batch * heads, length, length).
    heads : int
        Number of heads.

    Returns
    -------
    NDArray or Symbol
        Shape (length, batch, heads * size).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> projection = mx.nd.array([[[1, 2, 10]], [[3, 4, 20]]])
    >>> attention = mx.nd.array([[[1, 0], [0.5, 0.5]]])
    >>> mx.nd.contrib.interleaved_matmul_selfatt_valatt(
    ...     projection, attention, heads=1
    ... ).asnumpy().tolist()
    [[[10.0]], [[15.0]]]
    """
    shape = tuple(queries_keys_values.shape)
    _require_projection(shape, "queries_keys_values", heads, 3)
    _require_attention(tuple(attention.shape), shape[1], heads, shape[0], shape[0])
    return _weigh(attention, _split(queries_keys_values, heads, 3)[2], heads)


@selfattention_values.shape_rule
def _(inputs, outputs, attrs):
    shape = inputs[0]
    if not is_known(shape):
        return inputs, outputs
    _require_projection(shape, "queries_keys_values", attrs["heads"], 3)
    rows = shape[1] * attrs["heads"]
    return [shape, inputs[1] or (rows, shape[0], shape[0])], [(*shape[:2], shape[2] // 3)]


@operator("_contrib_interleaved_matmul_encdec_qk")
def encoder_decoder_scores(
    queries: torch.Tensor, keys_values: torch.Tensor, *, heads: int
) -> torch.Tensor:
    """Multiply a decoder's queries with an encoder's keys, over the root of their size.

    Parameters
    ----------
    queries : NDArray or Symbol
        Shape (query length, batch, heads * size).
    keys_values : NDArray or Symbol
        Key and value of each head side by side, shape (key length, batch, heads * 2 * size).
    heads : int
        Number of heads.

    Returns
    -------
    NDArray or Symbol
        Scores before softmax, shape (batch * heads, query length, key length).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> queries, keys_values = mx.nd.array([[[2]]]), mx.nd.array([[[3, 0]], [[4, 0]]])
    >>> mx.nd.contrib.interleaved_matmul_encdec_qk(queries, keys_values, heads=1).asnumpy().tolist()
    [[[6.0, 8.0]]]
    """
    _require_projection(tuple(queries.shape), "queries", heads, 1)
    _require_projection(tuple(keys_values.shape), "keys_values", heads, 2)
    length, batch, width = queries.shape
    if keys_values.shape[1:] != (batch, 2 * width):
        raise MXNetError(
            f"keys_values has shape {tuple(keys_values.shape)}, but (length, {batch}, {2 * width}) "
            f"follows from queries {(length, batch, width)}"
        )
    return _scores(_split(queries, heads, 1)[0], _split(keys_values, heads, 2)[0])


@encoder_decoder_scores.shape_rule
def _(inputs, outputs, attrs):
    queries, keys_values = inputs
    if not (is_known(queries) and is_known(keys_values)):
        return inputs, outputs
    _require_projection(queries, "queries", attrs["heads"], 1)
    _require_projection(keys_values, "keys_values", attrs["heads"], 2)
    return inputs, [(queries[1] * attrs["heads"], queries[0], keys_values[0])]


@operator("_contrib_interleaved_matmul_encdec_valatt")
def encoder_decoder_values(
    keys_values: torch.Tensor, attention: torch.Tensor, *, heads: int
) -> torch.Tensor:
    """Average an encoder's values with given weights.

    Parameters
    ----------
    keys_values : NDArray or Symbol
        Key and value of each head side by side, shape (key length, batch, heads * 2 * size).
    attention : NDArray or Symbol
        Weights, shape (batch * heads, query length, key length).
    heads : int
        Number of heads.

    Returns
    -------
    NDArray or Symbol
        Shape (query length, batch, heads * size).

    Raises
    ------
    MXNetError
        If the shapes do not fit together.

    Examples
    --------
    >>> keys_values, attention = mx.nd.array([[[0, 3]], [[0, 5]]]), mx.nd.array([[[0.5, 0.5]]])
    >>> mx.nd.contrib.interleaved_matmul_encdec_valatt(
    ...     keys_values, attention, heads=1
    ... ).asnumpy().tolist()
    [[[4.0]]]
    """
    shape = tuple(keys_values.shape)
    _require_projection(shape, "keys_values", heads, 2)
    _require_attention(tuple(attention.shape), shape[1], heads, shape[0])
    return _weigh(attention, _split(keys_values, heads, 2)[1], heads)


@encoder_decoder_values.shape_rule
def _(inputs, outputs, attrs):
    keys_values, attention = inputs
    if not (is_known(keys_values) and is_known(attention)):
        return inputs, outputs
    _require_projection(keys_values, "keys_values", attrs["heads"], 2)
    _require_attention(attention, keys_values[1], attrs["heads"], keys_values[0])
    return inputs, [(attention[1], keys_values[1], keys_values[2] // 2)]
