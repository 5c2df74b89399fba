"""`mx.sym._internal`: operators whose names begin with an underscore, as functions of Symbols."""

from .frontend import populate

__all__ = populate(globals(), "_internal")
