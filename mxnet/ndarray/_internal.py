"""`mx.nd._internal`: operators whose names begin with an underscore, as functions of NDArrays."""

from .register import populate

__all__ = populate(globals(), "_internal")
