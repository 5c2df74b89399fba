"""Is the gradient of a symbol the derivative of its outputs? Central differences tell."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ..context import Context
from ..executor import Executor
from ..ndarray import NDArray, array
from ..ndarray.generators import generator_for
from ..symbol import Symbol
from .binding import (
    Gradients,
    check_dtype,
    check_known,
    check_storage_types,
    fail_together,
    independent_random,
    parse_aux_states,
    parse_location,
    parse_requests,
    refuse_other_floats,
    to_array,
)
from .mismatch import find_mismatch
from .objective import Objective
from .surroundings import default_context
from .tolerance import default_numeric_eps, get_tols

_FINER = (8, 64)  # where a difference disagrees, look again this much closer
_DOUBLE = float(np.finfo(np.float64).eps)


def numeric_grad(
    executor: Executor,
    location: Mapping[str, Any],
    aux_states: Mapping[str, Any] | None = None,
    eps: float = 1e-4,
    use_forward_train: bool = True,
    dtype: Any = np.float32,
) -> dict[str, np.ndarray]:
    """Return the gradient of the sum of an executor's outputs by central differences.

    Parameters
    ----------
    executor : Executor
        It is neither run nor changed.
    location : dict of str to array-like
        The values of arguments; others are as in the executor.
    aux_states : dict of str to array-like, optional
        The values of auxiliary states, default as in the executor.
    eps : float, default 1e-4
        The width of a difference, half of it to either side.
    use_forward_train : bool, default True
        Whether layers behave as in training.
    dtype : np.float16, np.float32 or np.float64, default np.float32
        The type of the values and the result.

    Returns
    -------
    dict of str to numpy.ndarray
        The gradient of every argument in `location` that holds floats.

    Examples
    --------
    >>> x = mx.sym.var("x")
    >>> executor = (x * x).bind(mx.cpu(), {"x": mx.nd.array([3])})
    >>> mx.test_utils.numeric_grad(executor, {"x": np.array([3])})["x"].round(4).tolist()
    [6.0]
    """
    kind, context = check_dtype(dtype), executor._ctx
    given = {**location, **(aux_states or {})}
    arrays = {**executor.arg_dict, **executor.aux_dict}
    check_known(list(arrays), given, "location")
    arrays |= {name: to_array(value, context, kind) for name, value in given.items()}
    values = {name: value._data for name, value in arrays.items()}
    objective = Objective(executor._plan, values, None, use_forward_train)
    grads = {}
    for name in location:
        if values[name].is_floating_point():
            right, left = objective.differences(name, eps / 2, np.arange(values[name].numel()))
            grads[name] = ((right + left) / 2).reshape(arrays[name].shape).astype(kind)
    return grads


def check_numeric_gradient(
    sym: Symbol,
    location: Any,
    aux_states: Any = None,
    numeric_eps: Any = None,
    rtol: Any = None,
    atol: Any = None,
    grad_nodes: Any = None,
    use_forward_train: bool = True,
    ctx: Context | None = None,
    grad_stype_dict: Mapping[str, str | None] | None = None,
    dtype: Any = np.float32,
) -> None:
    """Raise an AssertionError unless a symbol's gradients are the derivatives of its outputs.

    Each element of each argument is moved by half of `numeric_eps` to either side, all of them in
    one batch, and the difference of the outputs, weighted with random numbers from 0.1 to 1.1, is
    compared with what backward gives for these weights as head gradients. The values are those of
    `dtype`, the differences are computed in float64. Where both disagree, the difference is
    repeated up to 64 times closer; at a kink, such as that of relu at 0, every value between
    the slopes to both sides is right.

    Parameters
    ----------
    sym : Symbol
        Any number of outputs. Outputs that are losses get weight 1, as their backward assumes.
    location : list, tuple or dict of array-like
        The arguments, in the order of ``sym.list_arguments()`` or by name.
    aux_states : list, tuple or dict of array-like, optional
        The auxiliary states; they are copied.
    numeric_eps : float or dict, optional
        The width of a difference, or one by element type; default ``default_numeric_eps()``.
    rtol, atol : number or dict, optional
        As in `assert_almost_equal`; default those of `dtype`. The rounding error of the
        difference itself is added.
    grad_nodes : list, tuple or dict, optional
        The arguments to check, or their ``grad_req``; default all that hold floats.
    use_forward_train : bool, default True
        Whether layers behave as in training when differences are computed.
    ctx : Context, optional
        The device, default the current context.
    grad_stype_dict : dict of str to str, optional
        Storage types of gradients; checked, and without influence on their values.
    dtype : np.float16, np.float32 or np.float64, default np.float32
        The type that the arguments are converted to.

    Raises
    ------
    AssertionError
        If a gradient is wrong; the message names all that are.
    ValueError, KeyError
        If arguments, states or `grad_nodes` do not fit the symbol.

    Examples
    --------
    >>> a, b = mx.sym.var("a"), mx.sym.var("b")
    >>> mx.test_utils.check_numeric_gradient(mx.sym.dot(a, b), [np.ones((2, 3)), np.ones((3, 2))])
    """
    kind, context = check_dtype(dtype), ctx or default_context()
    half = _width(numeric_eps, kind) / 2
    arguments = parse_location(sym, location, context, kind)
    states = parse_aux_states(sym, aux_states, context, kind)
    requests = _parse_nodes(arguments, grad_nodes)
    check_storage_types(grad_stype_dict)
    refuse_other_floats(arguments, requests, kind)
    gradients = Gradients(requests, arguments, dict.fromkeys(requests, kind))
    values = {name: value._data for name, value in (arguments | states).items()}
    generator = generator_for(context.device)
    before = generator.get_state()
    executor = sym.bind(
        context,
        args=arguments,
        args_grad=gradients.buffers,
        aux_states={name: state.copy() for name, state in states.items()},
        grad_req={name: requests.get(name, "null") for name in arguments},
    )
    weights = _backward(sym, executor)
    after = generator.get_state()
    objective = Objective(executor._plan, values, weights, use_forward_train, before)
    reports = []
    for name in requests:
        text = _check_one(objective, gradients, name, half, (rtol, atol))
        if text is not None:
            reports.append((name, text + _hint(sym)))
    generator.set_state(after)
    fail_together(reports, "gradients")


def _width(numeric_eps: Any, kind: Any) -> float:
    table = default_numeric_eps()
    if isinstance(numeric_eps, Mapping):
        table |= {np.dtype(key): value for key, value in numeric_eps.items()}
    elif numeric_eps is not None:
        table = dict.fromkeys(table, numeric_eps)
    eps = table[np.dtype(kind)]
    if not eps > 0 or (kind is not np.float64 and eps < 1e-5):
        raise AssertionError(
            f"numeric_eps is {eps}, but must be positive, and at least 1e-5 for float16 and float32"
        )
    return eps


def _parse_nodes(arguments: Mapping[str, NDArray], grad_nodes: Any) -> dict[str, str]:
    """Return the request for each argument to check."""
    if grad_nodes is None:
        floats = [n for n, value in arguments.items() if value._data.is_floating_point()]
        return dict.fromkeys(floats, "write")
    if not isinstance(grad_nodes, Mapping | list | tuple):
        raise ValueError(
            f"grad_nodes is a {type(grad_nodes).__name__}, but must be a list, a tuple or a dict."
        )
    check_known(list(arguments), grad_nodes, "grad_nodes")
    wanted = grad_nodes if isinstance(grad_nodes, Mapping) else "write"
    return parse_requests(list(arguments), grad_nodes, wanted)


def _backward(sym: Symbol, executor: Executor) -> list[torch.Tensor]:
    """Run forward and backward, and return the weights of the outputs."""
    random = independent_random()
    outputs = executor.forward(is_train=True)
    weights: list[torch.Tensor] = []
    heads: list[NDArray | None] = []
    for (node, _), output in zip(sym._outputs, outputs, strict=True):
        if node.is_loss():
            weights.append(torch.ones_like(output._data))
            heads.append(None)
            continue
        drawn = random.uniform(0.1, 1.1, size=output.shape)
        # Rounded to the output's type first, so that both sides use the same numbers.
        head = array(drawn, ctx=output.context, dtype=output.dtype)
        weights.append(head._data)
        heads.append(head)
    executor.backward(heads)
    return weights


def _check_one(
    objective: Objective, gradients: Gradients, name: str, half: float, tolerance: tuple[Any, Any]
) -> str | None:
    """Return what is wrong with the gradient of one argument, or None."""
    buffer = gradients.buffers[name]
    if gradients.requests[name] == "null":
        return gradients.compare(name, None, tolerance, False, "NUMERICAL")
    right, left = objective.differences(name, half, np.arange(buffer.size))
    numeric = ((right + left) / 2).reshape(buffer.shape)
    noise = objective.noise / half
    if gradients.compare(name, numeric, tolerance, False, "NUMERICAL", noise) is None:
        return None
    actual = buffer.asnumpy().astype(np.float64)
    if name in gradients.starts:
        actual = actual - gradients.starts[name]
    limits = get_tols(buffer, buffer, *tolerance)
    refined = _look_closer(objective, name, (actual, numeric), half, limits)
    return gradients.compare(name, refined, tolerance, False, "NUMERICAL", noise)


def _look_closer(
    objective: Objective,
    name: str,
    pair: tuple[np.ndarray, np.ndarray],
    half: float,
    limits: tuple[float, float],
) -> np.ndarray:
    """Return the numeric gradient, mended where it disagrees with the actual one.

    A difference over a kink, or over a stretch where the function curves much, is no derivative.
    So what disagrees is looked at from closer; last, at a kink itself, the actual value counts as
    right if it lies between the slopes to both sides.
    """
    actual, numeric = (array.reshape(-1) for array in pair)
    mended = numeric.copy()
    rtol, atol = limits
    found = find_mismatch(actual, mended, rtol, atol + objective.noise / half)
    open_ = np.arange(0) if found is None else np.flatnonzero(found.wrong)
    finer = _FINER if objective.precision <= _DOUBLE else (1,)
    for closer in finer:
        right, left = objective.differences(name, half / closer, open_)
        slope, given = (right + left) / 2, actual[open_]
        limit = atol + rtol * np.abs(slope) + objective.noise * closer / half
        right_one = np.abs(given - slope) <= limit
        if closer == finer[-1]:
            between = (np.minimum(left, right) - limit <= given) & (
                given <= np.maximum(left, right) + limit
            )
            _tell_kinks(name, int((between & ~right_one).sum()), len(actual))
            right_one |= between
        mended[open_] = np.where(right_one, given, slope)
        open_ = open_[~right_one]
    return mended.reshape(pair[1].shape)


def _tell_kinks(name: str, count: int, total: int) -> None:
    if count:
        logging.info(
            "check_numeric_gradient: %d of %d elements of %s are at a kink; their gradients lie "
            "between the slopes to both sides",
            count,
            total,
            name,
        )


def _hint(sym: Symbol) -> str:
    """Return a note on operators whose backward is by design no derivative."""
    own = sorted(
        {
            node.op.name
            for node in sym._order()
            if node.op is not None and node.op.has_own_gradient(node.params)
        }
    )
    if not own:
        return ""
    return (
        f"\nNote: the backward of {', '.join(own)} is by design not the derivative of the output."
    )
