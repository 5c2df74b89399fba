"""`mx.nd`: NDArray and every operator as a function of NDArrays."""

# Families register their operators when imported, before the front ends are made from them.
from .. import ops
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
    utils,
)
from .fluent import NDArray
from .interchange import from_torch
from .ndarray import (
    add,
    arange,
    concatenate,
    divide,
    equal,
    eye,
    from_dlpack,
    from_numpy,
    full,
    get_indexing_dispatch_code,
    get_oshape_of_gather_nd_op,
    greater,
    greater_equal,
    histogram,
    imdecode,
    indexing_key_expand_implicit_axes,
    lesser,
    lesser_equal,
    linspace,
    logical_and,
    logical_or,
    logical_xor,
    modulo,
    moveaxis,
    multiply,
    not_equal,
    onehot_encode,
    ones,
    power,
    split_v2,
    subtract,
    to_dlpack_for_read,
    to_dlpack_for_write,
    true_divide,
    waitall,
)
from .op import *
from .sparse import CSRNDArray, RowSparseNDArray

# Functions of both arrays and numbers take the place of the operators of the same name.
from .ndarray import maximum, minimum  # isort: skip
from .utils import array, empty, load, load_frombuffer, save, zeros  # isort: skip
