"""`mx.sym.linalg`: linear algebra, as functions of Symbols."""

from .frontend import populate

__all__ = populate(globals(), "linalg")
