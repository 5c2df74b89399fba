"""`mx.nd.linalg`: linear algebra on NDArrays."""

from .register import populate

__all__ = populate(globals(), "linalg")
