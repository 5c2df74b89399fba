"""`mx.nd.image`: operators on images as NDArrays."""

from .frontend import populate

__all__ = populate(globals(), "image")
