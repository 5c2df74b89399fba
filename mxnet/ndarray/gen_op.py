"""The operators of `mx.nd.op` under the path that the reference generates them at."""

from .op import *  # noqa: F403
