"""The operators of `mx.sym._internal` under the path that the reference generates them at."""

from ._internal import *  # noqa: F403
