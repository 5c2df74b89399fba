"""The element types of MXNet: their names, their NumPy and torch types, their codes in files.

bfloat16 has no NumPy type; as in the reference a structured type of one uint16 stands for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .base import MXNetError

bfloat16 = np.dtype([("bfloat16", np.uint16)])

# name, NumPy type, torch type, code in saved files and graphs
_TABLE = (
    ("float32", np.dtype(np.float32), torch.float32, 0),
    ("float64", np.dtype(np.float64), torch.float64, 1),
    ("float16", np.dtype(np.float16), torch.float16, 2),
    ("uint8", np.dtype(np.uint8), torch.uint8, 3),
    ("int32", np.dtype(np.int32), torch.int32, 4),
    ("int8", np.dtype(np.int8), torch.int8, 5),
    ("int64", np.dtype(np.int64), torch.int64, 6),
    ("bool", np.dtype(np.bool_), torch.bool, 7),
    ("bfloat16", bfloat16, torch.bfloat16, 12),
)

NAMES = tuple(row[0] for row in _TABLE)
CODE_OF_TORCH = {row[2]: row[3] for row in _TABLE}
TORCH_OF_CODE = {row[3]: row[2] for row in _TABLE}
NUMPY_OF_TORCH = {row[2]: row[1] for row in _TABLE}
NAME_OF_TORCH = {row[2]: row[0] for row in _TABLE}

# Every spelling that a user may write, among them NumPy's scalar types (`np.float32`).
_TORCH_OF: dict[Any, torch.dtype] = {}
for _name, _numpy, _torch, _code in _TABLE:
    _TORCH_OF.update({_name: _torch, _numpy: _torch, _torch: _torch})
    if _name != "bfloat16":
        _TORCH_OF[_numpy.type] = _torch
_TORCH_OF.update({float: torch.float64, int: torch.int64, bool: torch.bool, None: torch.float32})

# What `dtype` of an NDArray gives: NumPy's scalar type, as in the reference.
TYPE_OF_TORCH = {row[2]: row[1] if row[0] == "bfloat16" else row[1].type for row in _TABLE}


def torch_dtype(dtype: Any) -> torch.dtype:
    """Return the torch type for any spelling of an MXNet element type.

    Parameters
    ----------
    dtype : str, numpy.dtype, NumPy scalar type, torch.dtype or Python type
        For example ``'float32'``, ``np.float16`` or ``int``.

    Raises
    ------
    MXNetError
        If MXNet has no such element type.
    """
    try:
        return _TORCH_OF[dtype]
    except (KeyError, TypeError):
        pass
    try:
        return _TORCH_OF[np.dtype(dtype)]
    except (KeyError, TypeError):
        raise MXNetError(
            f"dtype {dtype!r} is not an element type of MXNet; there are {', '.join(NAMES)}."
        ) from None


def dtype_name(dtype: Any) -> str:
    """Return MXNet's name of an element type given in any spelling, for example ``'float32'``."""
    return NAME_OF_TORCH[torch_dtype(dtype)]
