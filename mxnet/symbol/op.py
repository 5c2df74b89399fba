"""`mx.sym.op`: every public operator, as functions of Symbols."""

from .register import populate

__all__ = populate(globals(), "op")
