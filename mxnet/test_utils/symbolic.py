"""Does a symbol compute what it should, forward and backward, for given values?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..context import Context
from ..ndarray import NDArray
from ..symbol import Symbol
from .binding import (
    Gradients,
    by_name,
    check_dtype,
    check_known,
    check_storage_types,
    fail_together,
    fit,
    parse_aux_states,
    parse_location,
    parse_requests,
    refuse_other_floats,
    to_array,
)
from .comparison import compare
from .mismatch import to_numpy
from .surroundings import default_context


def simple_forward(
    sym: Symbol, ctx: Context | None = None, is_train: bool = False, **inputs: Any
) -> Any:
    """Return the outputs of a symbol for inputs given by name, as NumPy arrays.

    Parameters
    ----------
    sym : Symbol
    ctx : Context, optional
        The device, default the current context.
    is_train : bool, default False
        Whether layers behave as in training.
    **inputs : array-like
        Every argument and auxiliary state by name; all become float32 but NDArrays.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        The output itself if there is one.

    Examples
    --------
    >>> x = mx.sym.var("x")
    >>> mx.test_utils.simple_forward(2 * x, x=[1, 2]).tolist()
    [2.0, 4.0]
    """
    context = ctx or default_context()
    states = {name: inputs.pop(name) for name in sym.list_auxiliary_states() if name in inputs}
    arguments = parse_location(sym, inputs, context, np.float32)
    aux = parse_aux_states(sym, states, context, np.float32)
    executor = sym.bind(context, args=arguments, aux_states=aux, grad_req="null")
    executor.forward(is_train=is_train)
    outputs = [output.asnumpy() for output in executor.outputs]
    return outputs[0] if len(outputs) == 1 else outputs


def check_symbolic_forward(
    sym: Symbol,
    location: Any,
    expected: Any,
    rtol: Any = None,
    atol: Any = None,
    aux_states: Any = None,
    ctx: Context | None = None,
    equal_nan: bool = False,
    dtype: Any = np.float32,
) -> list[NDArray]:
    """Raise an AssertionError unless a symbol's outputs have the expected values.

    It runs as in prediction, ``is_train=False``.

    Parameters
    ----------
    sym : Symbol
    location : list, tuple or dict of array-like
        The arguments, in the order of ``sym.list_arguments()`` or by name. NDArrays are bound as
        they are, anything else is converted to `dtype`.
    expected : list, tuple or dict of array-like
        The right outputs, in the order of ``sym.list_outputs()`` or by name; none may be missing.
    rtol, atol : number or dict, optional
        As in `assert_almost_equal`.
    aux_states : list, tuple or dict of array-like, optional
        The auxiliary states; they are copied.
    ctx : Context, optional
        The device, default the current context.
    equal_nan : bool, default False
        Whether a NaN equals a NaN.
    dtype : np.float16, np.float32, np.float64 or 'asnumpy', default np.float32
        With 'asnumpy' every NumPy array keeps its own type.

    Returns
    -------
    list of NDArray
        The outputs.

    Raises
    ------
    AssertionError
        If an output has another shape or wrong values; the message names all that are wrong.
    ValueError, KeyError
        If arguments, states or expected outputs do not fit the symbol.

    Examples
    --------
    >>> a, b = mx.sym.var("a"), mx.sym.var("b")
    >>> x = np.array([[1, 2], [3, 4]])
    >>> outputs = mx.test_utils.check_symbolic_forward(a * b, {"a": x, "b": x}, [x * x])
    >>> outputs[0].asnumpy().tolist()
    [[1.0, 4.0], [9.0, 16.0]]
    """
    dtype, context = check_dtype(dtype, also="asnumpy"), ctx or default_context()
    arguments = parse_location(sym, location, context, dtype)
    aux = parse_aux_states(sym, aux_states, context, dtype)
    names = sym.list_outputs()
    wanted = by_name(names, expected, "expected")
    for name in names:
        if name in wanted:
            continue
        if isinstance(expected, Mapping):
            raise KeyError(f"expected lacks output {name}")
        raise AssertionError(f"expected has {len(wanted)} arrays, but output {name} is missing")
    executor = sym.bind(context, args=arguments, aux_states=aux, grad_req="null")
    executor.forward(is_train=False)
    reports = []
    for name, output in zip(names, executor.outputs, strict=True):
        desired = fit(wanted[name], output.shape, f"The expected value of output {name}")
        found = compare(output, desired, rtol, atol, equal_nan)
        if found is not None:
            labels = (f"FORWARD_{name}", f"EXPECTED_{name}")
            reports.append((name, found.report(labels, swap=True)))
    fail_together(reports, "outputs")
    return executor.outputs


def check_symbolic_backward(
    sym: Symbol,
    location: Any,
    out_grads: Any,
    expected: Any,
    rtol: Any = None,
    atol: Any = None,
    aux_states: Any = None,
    grad_req: Any = "write",
    ctx: Context | None = None,
    grad_stypes: Mapping[str, str | None] | None = None,
    equal_nan: bool = False,
    dtype: Any = np.float32,
) -> dict[str, NDArray]:
    """Raise an AssertionError unless a symbol's gradients have the expected values.

    It runs as in training, ``is_train=True``.

    Parameters
    ----------
    sym : Symbol
    location : list, tuple or dict of array-like
        The arguments, in the order of ``sym.list_arguments()`` or by name. NDArrays are bound as
        they are, anything else is converted to `dtype`.
    out_grads : list, tuple or dict of array-like, or None
        The gradient of the loss with respect to each output, in the order of
        ``sym.list_outputs()`` or by name. None where every output is a loss.
    expected : list, tuple or dict of array-like
        The right gradients, in the order of ``sym.list_arguments()`` or by name. Arguments that are
        left out are not differentiated.
    rtol, atol : number or dict, optional
        As in `assert_almost_equal`.
    aux_states : list, tuple or dict of array-like, optional
        The auxiliary states; they are copied.
    grad_req : str, list, tuple or dict of {'write', 'add', 'null'}, default 'write'
        How gradients are written. Under 'add' a gradient starts with random numbers, to which the
        right one must be added; under 'null' it must keep them, whatever is expected.
    ctx : Context, optional
        The device, default the current context.
    grad_stypes : dict of str to {'default', 'row_sparse', 'csr', None}, optional
        The storage type of the returned gradients.
    equal_nan : bool, default False
        Whether a NaN equals a NaN.
    dtype : np.float16, np.float32, np.float64 or 'asnumpy', default np.float32
        With 'asnumpy' every NumPy array keeps its own type, and a gradient has the type of the
        expected one.

    Returns
    -------
    dict of str to NDArray
        The gradients of the arguments in `expected`; under 'add' and 'null' with the random
        numbers that they started with.

    Raises
    ------
    AssertionError
        If a gradient has another shape or wrong values; the message names all that are wrong.
    ValueError, KeyError
        If arguments, states, expected gradients or requests do not fit the symbol.
    MXNetError
        If a head gradient is missing or has a wrong shape, or an NDArray another type than `dtype`.

    Examples
    --------
    >>> a, b = mx.sym.var("a"), mx.sym.var("b")
    >>> x, y, head = np.array([1, 2]), np.array([3, 4]), np.array([10, 100])
    >>> grads = mx.test_utils.check_symbolic_backward(a * b, [x, y], [head], [y * head, x * head])
    >>> grads["a"].asnumpy().tolist()
    [30.0, 400.0]
    """
    dtype, context = check_dtype(dtype, also="asnumpy"), ctx or default_context()
    arguments = parse_location(sym, location, context, dtype)
    wanted = by_name(list(arguments), expected, "expected")
    check_known(list(arguments), wanted, "expected")
    requests = parse_requests(list(arguments), wanted, grad_req)
    stypes = check_storage_types(grad_stypes)
    right = {
        name: fit(value, arguments[name].shape, f"The expected gradient of argument {name}")
        for name, value in wanted.items()
        if requests[name] != "null"
    }
    gradients = _make_buffers(requests, arguments, wanted, dtype)
    executor = sym.bind(
        context,
        args=arguments,
        args_grad=gradients.buffers,
        aux_states=parse_aux_states(sym, aux_states, context, dtype),
        grad_req={name: requests.get(name, "null") for name in arguments},
    )
    executor.forward(is_train=True)
    executor.backward(_parse_heads(sym, out_grads, context, dtype))
    reports = []
    for name in wanted:
        text = gradients.compare(name, right.get(name), (rtol, atol), equal_nan, "EXPECTED")
        if text is not None:
            reports.append((name, text))
    fail_together(reports, "gradients")
    return {name: gradients.buffers[name].tostype(stypes.get(name, "default")) for name in wanted}


def _make_buffers(
    requests: dict[str, str], arguments: dict[str, NDArray], wanted: dict[str, Any], dtype: Any
) -> Gradients:
    if dtype == "asnumpy":
        kinds = {name: to_numpy(value).dtype for name, value in wanted.items()}
        dtypes = {n: k if k.kind == "f" else arguments[n].dtype for n, k in kinds.items()}
        return Gradients(requests, arguments, dtypes)
    refuse_other_floats(arguments, [n for n in wanted if requests[n] != "null"], dtype)
    return Gradients(requests, arguments, dict.fromkeys(wanted, dtype))


def _parse_heads(sym: Symbol, out_grads: Any, ctx: Context, dtype: Any) -> Any:
    """Return the head gradients in the order of the outputs, None for those not given."""
    if out_grads is None:
        return None
    names = sym.list_outputs()
    given = by_name(names, out_grads, "out_grads")
    missing = [name for name in names if name not in given]
    if missing and isinstance(out_grads, Mapping):
        raise KeyError(f"out_grads lacks output {', '.join(missing)}")
    heads = [given.get(name) for name in names]
    return [None if head is None else to_array(head, ctx, dtype) for head in heads]
