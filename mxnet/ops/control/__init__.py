"""Operators that run graphs: loops and conditions."""

from . import cond, foreach, while_loop
