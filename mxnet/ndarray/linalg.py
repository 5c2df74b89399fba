"""`mx.nd.linalg`: linear algebra on NDArrays."""

from .frontend import populate

__all__ = populate(globals(), "linalg")
