"""`mx.sym._internal`: operators whose names begin with an underscore, as functions of Symbols."""

from .register import populate

__all__ = populate(globals(), "_internal")
