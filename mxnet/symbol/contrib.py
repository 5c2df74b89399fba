"""`mx.sym.contrib`: contributed operators as functions of Symbols."""

from .gen_contrib import *  # noqa: F403
