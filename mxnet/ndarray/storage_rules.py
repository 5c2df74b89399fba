"""How results are stored: which operators keep a sparse array sparse.

The numbers are those of the dense forms. What maps zeros to zeros runs on the stored values alone,
except while recording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..ops.registry import Attrs, Operator
from .eager import get_array_class, invoke
from .tape import STATE, keep_in_graph

if TYPE_CHECKING:
    from .ndarray import NDArray

Inputs = Sequence["NDArray | None"]

_KEEP_ZEROS = frozenset(
    {
        *("abs", "arcsin", "arcsinh", "arctan", "arctanh", "cbrt", "ceil", "degrees", "expm1"),
        *("fix", "floor", "log1p", "negative", "radians", "relu", "rint", "round", "sign", "sin"),
        *("sinh", "sqrt", "square", "tan", "tanh", "trunc", "_copy", "BlockGrad", "make_loss"),
        *("_contrib_round_ste", "_contrib_sign_ste", "_mul_scalar", "_div_scalar"),
        *("_scatter_plus_scalar", "_scatter_minus_scalar"),
    }
)
"""Operators of one array that are 0 at 0, or that look at the stored values only."""

_KEEP_ZEROS_FOR: dict[str, Callable[[Attrs], bool]] = {
    "_plus_scalar": lambda attrs: attrs["scalar"] == 0,
    "_minus_scalar": lambda attrs: attrs["scalar"] == 0,
    "_greater_scalar": lambda attrs: attrs["scalar"] >= 0,
    "_greater_equal_scalar": lambda attrs: attrs["scalar"] > 0,
    "_lesser_scalar": lambda attrs: attrs["scalar"] <= 0,
    "_lesser_equal_scalar": lambda attrs: attrs["scalar"] < 0,
    "_equal_scalar": lambda attrs: attrs["scalar"] != 0,
    "_not_equal_scalar": lambda attrs: attrs["scalar"] == 0,
    "clip": lambda attrs: attrs["a_min"] <= 0 <= attrs["a_max"],
}
"""Operators that are 0 at 0 for some attributes."""


def _of_sum(inputs: Inputs, attrs: Attrs) -> str:
    lhs, rhs = _stypes(inputs)
    return lhs if lhs == rhs else "default"


def _of_product(inputs: Inputs, attrs: Attrs) -> str:
    sparse = set(_stypes(inputs)) - {"default"}
    return sparse.pop() if len(sparse) == 1 else "default"


def _of_first(inputs: Inputs, attrs: Attrs) -> str:
    return _stypes(inputs)[0]


def _of_broadcast(inputs: Inputs, attrs: Attrs) -> str:
    return "csr" if _stypes(inputs) == ["csr", "default"] else "default"


def _of_many(inputs: Inputs, attrs: Attrs) -> str:
    return "row_sparse" if set(_stypes(inputs)) == {"row_sparse"} else "default"


def _of_joined(inputs: Inputs, attrs: Attrs) -> str:
    return "csr" if set(_stypes(inputs)) == {"csr"} and attrs["dim"] == 0 else "default"


def _of_dot(inputs: Inputs, attrs: Attrs) -> str:
    lhs, rhs = _stypes(inputs)
    if attrs["forward_stype"] is not None:
        return str(attrs["forward_stype"])
    is_matrix = len(inputs) == 2 and inputs[1] is not None and inputs[1].ndim == 2
    if lhs == "csr" and attrs["transpose_a"] and rhs != "csr" and is_matrix:
        return "row_sparse"
    return "csr" if (lhs, rhs) == ("default", "csr") else "default"


def _of_slice(inputs: Inputs, attrs: Attrs) -> str:
    steps = attrs["step"] or ()
    whole = all(step in (None, 1) for step in steps)
    return "csr" if _stypes(inputs) == ["csr"] and whole else "default"


def _of_take(inputs: Inputs, attrs: Attrs) -> str:
    rows = attrs["axis"] == 0 and attrs["mode"] != "raise"
    return "csr" if _stypes(inputs) == ["csr", "default"] and rows else "default"


def _of_rows(inputs: Inputs, attrs: Attrs) -> str:
    return "row_sparse" if _stypes(inputs)[0] == "row_sparse" else "default"


def _of_square_sum(inputs: Inputs, attrs: Attrs) -> str:
    along_rows = attrs["axis"] == (1,) and attrs["keepdims"] and not attrs["exclude"]
    return _of_rows(inputs, attrs) if along_rows else "default"


_RULES: dict[str, Callable[[Inputs, Attrs], str]] = {
    "elemwise_add": _of_sum,
    "elemwise_sub": _of_sum,
    "_hypot": _of_sum,
    "elemwise_mul": _of_product,
    "broadcast_mul": _of_broadcast,
    "broadcast_div": _of_broadcast,
    "add_n": _of_many,
    "Concat": _of_joined,
    "dot": _of_dot,
    "slice": _of_slice,
    "take": _of_take,
    "zeros_like": _of_first,
    "_identity_with_attr_like_rhs": _of_first,
    "_scatter_elemwise_div": _of_rows,
    "_square_sum": _of_square_sum,
}
"""The storage type of other operators' results; those without a rule give dense ones."""


def run_stored(operator: Operator, inputs: Inputs, attrs: Attrs, out: Any) -> Any:
    """Run an operator of which an input is stored sparsely.

    Parameters
    ----------
    operator, inputs, attrs, out
        As for :func:`mxnet.ndarray.eager.invoke`.

    Returns
    -------
    NDArray or list of NDArray
        The results, stored as MXNet stores them.
    """
    first: Any = inputs[0]
    keeps = _keeps_zeros(operator, attrs)
    if keeps and out is None and not STATE.recording:
        values = invoke(operator, [first.data], attrs)
        return type(first)(values._data, first._parts, first._shape, first._ctx)
    result = invoke(operator, [_as_dense(array) for array in inputs], attrs, out)
    for name in operator.mutates:
        for array in inputs if operator.variadic else [inputs[operator.inputs.index(name)]]:
            _restore(array)
    if out is not None:
        return result
    rule = _of_first if keeps else _RULES.get(operator.name)
    stype = "default" if rule is None else rule(inputs, attrs)
    return result if stype == "default" else result.tostype(stype)


def _keeps_zeros(operator: Operator, attrs: Attrs) -> bool:
    if operator.name in _KEEP_ZEROS:
        return True
    condition = _KEEP_ZEROS_FOR.get(operator.name)
    return condition is not None and condition(attrs)


def _stypes(inputs: Inputs) -> list[str]:
    return [array._stype for array in inputs if array is not None]


def _as_dense(array: Any) -> Any:
    """Return the dense form of an array, on the tape where the array is; they share memory."""
    if array is None or array._stype == "default":
        return array
    return keep_in_graph(get_array_class()(array._data, ctx=array._ctx), array)


def _restore(array: Any) -> None:
    """Store anew what an operator wrote into the dense form of an array."""
    if array is not None and array._stype != "default":
        array._store(array._data)
