"""Random NumPy arrays, and reference reductions and element-wise maps written with NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np


def default_dtype() -> type:
    """Return the element type that MXNet's operators use unless told otherwise.

    Examples
    --------
    >>> mx.test_utils.default_dtype().__name__
    'float32'
    """
    return np.float32


def random_arrays(*shapes: tuple[int, ...]) -> Any:
    """Return float32 arrays drawn from the standard normal distribution.

    Parameters
    ----------
    *shapes : tuple of int
        One shape per array.

    Returns
    -------
    numpy.ndarray or list of numpy.ndarray
        The array itself if there is one shape.

    Examples
    --------
    >>> [array.shape for array in mx.test_utils.random_arrays((2, 3), (4,))]
    [(2, 3), (4,)]
    """
    arrays: list[np.ndarray] = [
        np.array(np.random.randn(*shape), dtype=default_dtype()) for shape in shapes
    ]
    return arrays[0] if len(arrays) == 1 else arrays


def random_uniform_arrays(*shapes: tuple[int, ...], **kwargs: Any) -> list[np.ndarray]:
    """Return a list of arrays drawn evenly from an interval.

    Parameters
    ----------
    *shapes : tuple of int
        One shape per array.
    low, high : float, default 0 and 1
        The interval, without its upper end.
    dtype : str or numpy.dtype, default float32

    Examples
    --------
    >>> mx.test_utils.random_uniform_arrays((2,), low=5, high=6)[0].astype(int).tolist()
    [5, 5]
    """
    low, high = kwargs.pop("low", 0.0), kwargs.pop("high", 1.0)
    dtype = kwargs.pop("dtype", default_dtype())
    if kwargs:
        raise TypeError(f"random_uniform_arrays has no argument {', '.join(kwargs)}.")
    return [np.random.uniform(low, high, size=shape).astype(dtype) for shape in shapes]


def random_sample(population: Sequence[Any], k: int) -> list[Any]:
    """Return `k` different members of `population` in random order.

    Examples
    --------
    >>> sorted(mx.test_utils.random_sample([1, 2, 3], 3))
    [1, 2, 3]
    """
    if not 0 <= k <= len(population):
        raise AssertionError(f"k is {k}, but must be from 0 to {len(population)}")
    return [population[i] for i in np.random.permutation(len(population))[:k]]


def np_reduce(
    dat: np.ndarray,
    axis: int | Iterable[int] | None,
    keepdims: bool,
    numpy_reduce_func: Callable[..., Any],
) -> Any:
    """Reduce `dat` over several axes with a NumPy function that may know only one at a time.

    Parameters
    ----------
    dat : numpy.ndarray
    axis : int, iterable of int or None
        Axes to reduce, counted from the end where negative; None means all of them.
    keepdims : bool
        Whether reduced axes stay, with length 1.
    numpy_reduce_func : callable
        For example ``np.sum``; called as ``numpy_reduce_func(array, axis=one_axis)``.

    Examples
    --------
    >>> mx.test_utils.np_reduce(np.ones((2, 3)), (0, 1), True, np.sum).tolist()
    [[6.0]]
    """
    if axis is None:
        axes = set(range(dat.ndim))
    else:
        given = [axis] if isinstance(axis, int) else axis
        axes = {range(dat.ndim)[one] for one in given}
    result = dat
    for one in sorted(axes, reverse=True):
        result = numpy_reduce_func(result, axis=one)
    if keepdims:
        shape = [1 if i in axes else length for i, length in enumerate(dat.shape)]
        result = np.reshape(result, shape)
    return result


def collapse_sum_like(a: Any, shape: tuple[int, ...]) -> Any:
    """Sum `a` over the axes along which `shape` was broadcast to become the shape of `a`.

    This is the gradient of broadcasting.

    Parameters
    ----------
    a : numpy.ndarray or NDArray
    shape : tuple of int
        A shape that broadcasts to ``a.shape``.

    Examples
    --------
    >>> mx.test_utils.collapse_sum_like(np.ones((2, 3)), (1, 3)).tolist()
    [[2.0, 2.0, 2.0]]
    """
    extra = a.ndim - len(shape)
    fits = extra >= 0 and all(
        m in (1, n) for m, n in zip(shape, tuple(a.shape)[extra:], strict=True)
    )
    if not fits:
        raise AssertionError(f"shape {shape} does not broadcast to {tuple(a.shape)}")
    axes = [i for i in range(a.ndim) if i < extra or shape[i - extra] != a.shape[i]]
    summed = a.sum(axis=tuple(axes)) if axes else a
    return summed.reshape(shape)


def assign_each(the_input: Any, function: Callable[[Any], Any] | None) -> np.ndarray:
    """Return an array of ``function(element)`` for each element of `the_input`.

    Without a function the elements are copied.

    Examples
    --------
    >>> mx.test_utils.assign_each(np.array([[1, 2], [3, 4]]), lambda x: 10 * x).tolist()
    [[10, 20], [30, 40]]
    """
    return _map(function, np.asarray(the_input))


def assign_each2(
    input1: Any, input2: Any, function: Callable[[Any, Any], Any] | None
) -> np.ndarray:
    """Return an array of ``function(x, y)`` for each pair of elements of two equal shapes.

    Without a function the elements of the first array are copied.

    Examples
    --------
    >>> mx.test_utils.assign_each2(np.arange(3), np.arange(3), lambda x, y: x * y).tolist()
    [0, 1, 4]
    """
    first, second = np.asarray(input1), np.asarray(input2)
    if first.shape != second.shape:
        raise AssertionError(f"input1 has shape {first.shape}, but input2 has {second.shape}")
    return _map(function, first, second)


def _map(function: Callable[..., Any] | None, *arrays: np.ndarray) -> np.ndarray:
    first = arrays[0]
    if function is None or not first.size:
        return first.copy()
    values = [function(*elements) for elements in zip(*(a.ravel() for a in arrays), strict=True)]
    return np.array(values).reshape(first.shape)
