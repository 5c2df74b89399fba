"""Operators with kernels for sparse storage, as functions of NDArrays."""

from .register import populate

__all__ = populate(globals(), "sparse")
