"""Functions that make symbols: variables, groups, files, and arithmetic as functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import dtype as dtypes
from ..base import MXNetError
from .arithmetic import HYPOT, MAXIMUM, MINIMUM, POWER
from .compose import user_attrs
from .graph import Node
from .graph_json import from_json
from .symbol import Symbol

_STORAGE_CODES = {"default": 0, "row_sparse": 1, "csr": 2}


def var(
    name: str,
    attr: dict[str, str] | None = None,
    shape: Any = None,
    lr_mult: float | None = None,
    wd_mult: float | None = None,
    dtype: Any = None,
    init: Any = None,
    stype: str | None = None,
    **kwargs: str,
) -> Symbol:
    """Return a variable: an argument that an array is bound to later.

    Parameters
    ----------
    name : str
        Its name.
    attr : dict of str to str, optional
        Attributes.
    shape : tuple of int, optional
        Its shape, 0 for an unknown length.
    lr_mult, wd_mult : float, optional
        Factors for learning rate and weight decay.
    dtype : dtype, optional
        Its element type.
    init : Initializer or str, optional
        How `Module.init_params` fills it.
    stype : {'default', 'csr', 'row_sparse'}, optional
        Its storage type.
    **kwargs : str
        More attributes, of the form ``__key__``.

    Examples
    --------
    >>> mx.sym.Variable("weight", shape=(3, 4), lr_mult=2).list_attr()["__shape__"]
    '(3, 4)'
    """
    if not isinstance(name, str):
        raise TypeError(f"Variable: the name is a {type(name).__name__}, but must be a string.")
    attrs = user_attrs(attr)
    known = {"shape": shape, "lr_mult": lr_mult, "wd_mult": wd_mult}
    attrs.update((f"__{key}__", str(value)) for key, value in known.items() if value is not None)
    if dtype is not None:
        attrs["__dtype__"] = str(dtypes.CODE_OF_TORCH[dtypes.torch_dtype(dtype)])
    if init is not None:
        attrs["__init__"] = init if isinstance(init, str) else init.dumps()
    if stype is not None:
        attrs["__storage_type__"] = str(_STORAGE_CODES[stype])
    for key, value in kwargs.items():
        if not (key.startswith("__") and key.endswith("__")):
            raise ValueError(f"Variable: attribute {key!r} must be of the form __key__.")
        attrs[key] = str(value)
    return Symbol([(Node(None, name, attrs, []), 0)])


Variable = var


def Group(symbols: Sequence[Symbol], create_fn: Callable[[Any], Symbol] = Symbol) -> Symbol:
    """Return one symbol with the outputs of several."""
    if not symbols or any(not isinstance(symbol, Symbol) for symbol in symbols):
        raise TypeError("Group: a list of Symbols is expected, with at least one in it.")
    return create_fn([output for symbol in symbols for output in symbol._outputs])


def load_json(json_str: str) -> Symbol:
    """Return the symbol that JSON text describes.

    Raises
    ------
    MXNetError
        If the text is damaged, or names an unknown operator.
    """
    if not isinstance(json_str, str):
        raise TypeError(
            f"load_json: the text is a {type(json_str).__name__}, but must be a string."
        )
    return Symbol(from_json(json_str))


def load(fname: str) -> Symbol:
    """Return the symbol saved in a file."""
    if not isinstance(fname, str):
        raise TypeError(f"load: the file name is a {type(fname).__name__}, but must be a string.")
    try:
        with open(fname, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise MXNetError(f"load: {fname} can not be read as a symbol: {error}.") from error
    return load_json(text)


def _binary(name: str, binary: Any, left: Any, right: Any, numbers: Any) -> Any:
    if isinstance(left, Symbol):
        result = binary(left, right)
    elif isinstance(right, Symbol):
        result = binary.swapped(right, left)
    elif isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return numbers(left, right)
    else:
        result = NotImplemented
    if result is NotImplemented:
        raise TypeError(
            f"{name}: operands are {type(left).__name__} and {type(right).__name__}, but must be "
            "Symbols or numbers."
        )
    return result


def power(base: Any, exp: Any) -> Any:
    """Return base to the power of exp; each a Symbol or a number."""
    return _binary("power", POWER, base, exp, lambda a, b: a**b)


pow = power


def maximum(left: Any, right: Any) -> Any:
    """Return the larger of both, element by element; each a Symbol or a number."""
    return _binary("maximum", MAXIMUM, left, right, max)


def minimum(left: Any, right: Any) -> Any:
    """Return the smaller of both, element by element; each a Symbol or a number."""
    return _binary("minimum", MINIMUM, left, right, min)


def hypot(left: Any, right: Any) -> Any:
    """Return the square root of left² + right²; each a Symbol or a number."""
    return _binary("hypot", HYPOT, left, right, np.hypot)
