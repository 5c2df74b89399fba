"""`mx.sym.linalg`: linear algebra, as functions of Symbols."""

from .register import populate

__all__ = populate(globals(), "linalg")
