"""Operators on the arrangement of arrays: shapes, slices, indices, creation and products."""

from . import (
    axes,
    copying,
    creation,
    diagonal,
    encoding,
    graphs,
    indexing,
    joining,
    padding,
    products,
    repeating,
    reshape,
    slicing,
    sparse,
    splitting,
    windows,
)
