"""`mx.sym.image`: operators on images, as functions of Symbols."""

from .register import populate

__all__ = populate(globals(), "image")
