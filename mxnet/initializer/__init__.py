"""Initial values of parameters, chosen by a parameter's name, its attributes or its file."""

from __future__ import annotations

from .base import InitDesc, Initializer, alias, create, register
from .composed import Load, Mixed
from .constant import Constant, One, Zero
from .random import MSRAPrelu, Normal, Orthogonal, Uniform, Xavier
from .structured import Bilinear, FusedRNN, LSTMBias

__all__ = [
    "Bilinear",
    "Constant",
    "FusedRNN",
    "InitDesc",
    "Initializer",
    "LSTMBias",
    "Load",
    "MSRAPrelu",
    "Mixed",
    "Normal",
    "One",
    "Orthogonal",
    "Uniform",
    "Xavier",
    "Zero",
    "alias",
    "create",
    "register",
]
