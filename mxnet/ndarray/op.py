"""`mx.nd.op`: every public operator as a function of NDArrays."""

from .register import populate

__all__ = populate(globals(), "op")
