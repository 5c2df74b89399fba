"""`mx.nd.image`: operators on images as NDArrays."""

from .register import populate

__all__ = populate(globals(), "image")
