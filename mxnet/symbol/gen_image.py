"""The operators of `mx.sym.image` under the path that the reference generates them at."""

from .image import *  # noqa: F403
