"""`mx.sym`: Symbol and every operator as a function of Symbols."""

from . import (
    _internal,
    contrib,
    gen__internal,
    gen_image,
    gen_linalg,
    gen_op,
    gen_sparse,
    image,
    linalg,
    op,
    random,
    register,
    sparse,
)
from .creation import arange, eye, full, histogram, linspace, ones, split_v2, zeros
from .fluent import Symbol
from .op import *
from .symbol import (
    Group,
    Variable,
    hypot,
    load,
    load_json,
    maximum,
    minimum,
    pow,
    power,
    var,
)
