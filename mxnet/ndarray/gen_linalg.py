"""The operators of `mx.nd.linalg` under the path that the reference generates them at."""

from .linalg import *  # noqa: F403
