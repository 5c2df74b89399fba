"""The operators of `mx.nd.image` under the path that the reference generates them at."""

from .image import *  # noqa: F403
