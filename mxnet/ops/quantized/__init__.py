"""Operators on numbers in eight bits, with the ranges that they stand for."""

from . import elementwise, layers, products, rnn, shaping
