"""Do two optimizers make the same steps, and a Gluon block the same with and without hybridize?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import autograd
from ..ndarray import NDArray, array
from .comparison import assert_almost_equal, compare_ndarray_tuple
from .mismatch import to_numpy
from .sparse import rand_ndarray


def compare_optimizer(
    opt1: Any,
    opt2: Any,
    shape: Any,
    dtype: Any,
    w_stype: str = "default",
    g_stype: str = "default",
    rtol: float = 1e-4,
    atol: float = 1e-5,
    compare_states: bool = True,
    ntensors: int = 1,
) -> None:
    """Raise an AssertionError unless two optimizers make the same step from the same weights.

    Parameters
    ----------
    opt1, opt2 : Optimizer
    shape : tuple of int, or list of tuples
        The shape of the weight; a list of `ntensors` shapes where that is more than 1.
    dtype : str or numpy.dtype
        The type of weight and gradient.
    w_stype, g_stype : {'default', 'row_sparse', 'csr'}
        Storage types of weight and gradient.
    rtol, atol : float, default 1e-4 and 1e-5
    compare_states : bool, default True
        Whether the optimizers' states must be equal too, before and after.
    ntensors : int, default 1
        How many weights to update in one call.

    Examples
    --------
    >>> sgd = mx.optimizer.SGD
    >>> mx.test_utils.compare_optimizer(sgd(momentum=0.9), sgd(momentum=0.9), (2, 3), "float32")
    """
    shapes = [shape] if ntensors == 1 else shape
    if not isinstance(shapes, list) or len(shapes) != ntensors:
        raise AssertionError(f"shape is {shape}, but must be a list of {ntensors} shapes")
    weights = [_twins(one, w_stype, dtype) for one in shapes]
    gradients = [_twins(one, g_stype, dtype) for one in shapes]
    optimizers = (opt1, opt2)
    states = [
        [o.create_state_multi_precision(i, pair[k]) for i, pair in enumerate(weights)]
        for k, o in enumerate(optimizers)
    ]
    if compare_states:
        compare_ndarray_tuple(states[0], states[1], rtol=rtol, atol=atol)
    for k, optimizer in enumerate(optimizers):
        own = tuple(p[k] for p in weights), tuple(p[k] for p in gradients), states[k]
        if ntensors == 1:
            optimizer.update_multi_precision(0, own[0][0], own[1][0], own[2][0])
        else:
            optimizer.update_multi_precision(list(range(ntensors)), *own)
    if compare_states:
        compare_ndarray_tuple(states[0], states[1], rtol=rtol, atol=atol)
    for first, second in weights:
        assert_almost_equal(first, second, rtol=rtol, atol=atol)


def _twins(shape: tuple[int, ...], stype: str, dtype: Any) -> tuple[NDArray, NDArray]:
    """Return two equal random arrays."""
    if stype == "default":
        first: NDArray = array(np.random.uniform(size=shape), dtype=dtype)
    else:
        first = rand_ndarray(shape, stype, density=1, dtype=dtype)
    return first, first.copy()


def check_gluon_hybridize_consistency(
    net_builder: Callable[[], Any],
    data_l: Sequence[NDArray],
    numpy_func: Callable[..., Any] | None = None,
    test_grad: bool = True,
    rtol: float = 1e-4,
    atol: float = 1e-4,
) -> None:
    """Raise an AssertionError unless a block gives the same before and after `hybridize`.

    Parameters
    ----------
    net_builder : callable
        Returns a new block; its parameters are initialized, and equal for both runs.
    data_l : list of NDArray
        The inputs.
    numpy_func : callable, optional
        What the block computes, from NumPy arrays to a NumPy array.
    test_grad : bool, default True
        Whether the gradients of the inputs must be equal too.
    rtol, atol : float, default 1e-4
        Tolerance of outputs and gradients.
    """
    results: list[tuple[Any, list[Any]]] = []
    first_net = None
    for hybridize in (False, True):
        net = net_builder()
        net.initialize()
        if hybridize:
            net.hybridize()
        inputs = [data.copy() for data in data_l]
        for data in inputs:
            data.attach_grad()
        if first_net is not None:
            _copy_parameters(first_net, net, inputs)
        with autograd.record(train_mode=test_grad):
            output = net(*inputs)
        if test_grad:
            output.backward()
        gradients = [to_numpy(data.grad) for data in inputs] if test_grad else []
        results.append((output.asnumpy(), gradients))
        first_net = net
    (plain, plain_gradients), (hybrid, hybrid_gradients) = results
    if numpy_func is not None:
        right = numpy_func(*(data.asnumpy() for data in data_l))
        assert_almost_equal(plain, right, rtol, atol, ("output", "numpy"))
    assert_almost_equal(hybrid, plain, rtol, atol, ("hybridized", "plain"))
    for position, pair in enumerate(zip(hybrid_gradients, plain_gradients, strict=True)):
        names = (f"hybridized_grad{position}", f"plain_grad{position}")
        assert_almost_equal(pair[0], pair[1], rtol, atol, names)


def _copy_parameters(source: Any, target: Any, inputs: Sequence[NDArray]) -> None:
    """Give `target` the parameters of `source`, which has the same layers."""
    pairs = list(
        zip(source.collect_params().values(), target.collect_params().values(), strict=True)
    )
    if pairs:
        target(*inputs)  # settles shapes that wait for the first input
    for old, new in pairs:
        new.set_data(old.data())
