"""`mx.sym.op`: every public operator, as functions of Symbols."""

from .frontend import populate

__all__ = populate(globals(), "op")
