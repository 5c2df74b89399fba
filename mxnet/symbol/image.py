"""`mx.sym.image`: operators on images, as functions of Symbols."""

from .frontend import populate

__all__ = populate(globals(), "image")
