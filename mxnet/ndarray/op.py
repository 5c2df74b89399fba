"""`mx.nd.op`: every public operator as a function of NDArrays."""

from .frontend import populate

__all__ = populate(globals(), "op")
