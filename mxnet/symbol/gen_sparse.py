"""Operators with kernels for sparse storage, as functions of Symbols."""

from .register import populate

__all__ = populate(globals(), "sparse")
