"""What the checks of symbols share: reading their arguments, and buffers that receive gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..base import MXNetError
from ..context import Context
from ..ndarray import NDArray, array, zeros
from ..symbol import Symbol
from .mismatch import find_mismatch, to_numpy
from .tolerance import get_tols

_FLOATS = (np.float16, np.float32, np.float64)
_REQUESTS = ("write", "add", "null")
_STORAGE_TYPES = ("default", "row_sparse", "csr")


def check_dtype(dtype: Any, also: str | None = None) -> Any:
    """Return `dtype` as a NumPy scalar type, or `also` itself."""
    for kind in _FLOATS:
        if dtype is kind or (isinstance(dtype, np.dtype) and dtype == kind):
            return kind
    if also is not None and dtype == also:
        return also
    choices = "np.float16, np.float32, np.float64" + (f" or {also!r}" if also else "")
    raise AssertionError(f"dtype is {dtype!r}, but must be {choices}")


def independent_random() -> np.random.Generator:
    """Return a generator that follows from where NumPy's global one stands, which does not move."""
    _, key, position, _, _ = np.random.get_state()
    return np.random.default_rng([position, *key[:4]])


def to_array(value: Any, ctx: Context, dtype: Any) -> NDArray:
    """Return an NDArray as it is, on `ctx`; anything else as an NDArray of `dtype`.

    With the dtype ``'asnumpy'`` a NumPy array keeps its own.
    """
    if isinstance(value, NDArray):
        return value.as_in_context(ctx)
    if dtype == "asnumpy":
        dtype = np.asarray(value).dtype
    return array(value, ctx=ctx, dtype=dtype)


def by_name(names: Sequence[str], given: Any, what: str, extra: bool = True) -> dict[str, Any]:
    """Return a dict from names to values, from a dict or a list in the order of `names`.

    Parameters
    ----------
    names : sequence of str
    given : dict, list or tuple
    what : str
        The name of the argument, for messages.
    extra : bool, default True
        Whether a list may be longer than `names`.
    """
    if isinstance(given, Mapping):
        return dict(given)
    if not isinstance(given, list | tuple):
        raise AssertionError(
            f"{what} is a {type(given).__name__}, but must be a list, a tuple or a dict"
        )
    if len(given) > len(names) and not extra:
        raise ValueError(f"{what} has {len(given)} entries for {len(names)} names: {list(names)}.")
    return dict(zip(names, given, strict=False))


def parse_location(sym: Symbol, location: Any, ctx: Context, dtype: Any) -> dict[str, NDArray]:
    """Return the arguments of `sym` by name.

    Raises
    ------
    ValueError
        If one is missing, or a dict names one that `sym` does not have.
    """
    names = sym.list_arguments()
    given = by_name(names, location, "location")
    if isinstance(location, Mapping) and given.keys() != set(names):
        raise ValueError(
            "Symbol arguments and keys of the given location do not match: "
            f"symbol args {sorted(names)}, location.keys() {sorted(given)}."
        )
    for name in names:
        if name not in given:
            raise ValueError(
                f"location has {len(given)} entries, but argument {name!r} is missing."
            )
    return {name: to_array(given[name], ctx, dtype) for name in names}


def parse_aux_states(sym: Symbol, aux_states: Any, ctx: Context, dtype: Any) -> dict[str, NDArray]:
    """Return copies of the auxiliary states of `sym` by name.

    Raises
    ------
    ValueError
        If they are not exactly those of `sym`.
    """
    names = sym.list_auxiliary_states()
    given = {} if aux_states is None else by_name(names, aux_states, "aux_states", extra=False)
    if given.keys() != set(names):
        raise ValueError(
            f"aux_states must be those of the symbol, {sorted(names)}, but are {sorted(given)}."
        )
    return {
        name: given[name].copyto(ctx)
        if isinstance(given[name], NDArray)
        else to_array(given[name], ctx, dtype)
        for name in names
    }


def parse_requests(names: Sequence[str], wanted: Iterable[str], grad_req: Any) -> dict[str, str]:
    """Return 'write', 'add' or 'null' for each wanted argument.

    Raises
    ------
    KeyError
        If a list or a dict leaves a wanted argument open.
    ValueError
        For another request.
    """
    if isinstance(grad_req, str):
        found: dict[str, Any] = dict.fromkeys(wanted, grad_req)
    elif isinstance(grad_req, Mapping | list | tuple):
        given = by_name(names, grad_req, "grad_req")
        missing = [name for name in wanted if name not in given]
        if missing:
            raise KeyError(f"grad_req says nothing of {', '.join(missing)}")
        found = {name: given[name] for name in wanted}
    else:
        raise ValueError(f"grad_req is {grad_req!r}, but must be a string, a list or a dict.")
    for name, request in found.items():
        if request not in _REQUESTS:
            raise ValueError(
                f"grad_req of {name} is {request!r}, but must be 'write', 'add' or 'null'."
            )
    return found


def check_known(names: Sequence[str], given: Iterable[str], what: str) -> None:
    """Raise a KeyError if `given` holds a name that is not in `names`."""
    unknown = [name for name in given if name not in names]
    if unknown:
        raise KeyError(f"{what} names {', '.join(unknown)}, but there are {', '.join(names)}")


def fit(value: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    """Return `value` as a NumPy array of exactly `shape`.

    Only a number stands for an array of one element, since MXNet knows no arrays without axes.

    Raises
    ------
    AssertionError
        If the shapes differ.
    """
    found = to_numpy(value)
    if found.shape == shape:
        return found
    if not found.ndim and shape == (1,):
        return found.reshape(1)
    raise AssertionError(f"{what} has shape {found.shape}, but must have {shape}")


def fail_together(reports: Sequence[tuple[str, str]], what: str) -> None:
    """Raise one AssertionError with all reports, given as (name, text) pairs, if there are any."""
    if len(reports) == 1:
        raise AssertionError(reports[0][1])
    if reports:
        names = ", ".join(name for name, _ in reports)
        raise AssertionError(
            "\n\n".join([f"{len(reports)} {what} are wrong: {names}", *(t for _, t in reports)])
        )


class Gradients:
    """Buffers that receive gradients, and what they should hold afterwards.

    Under 'add' and 'null' they start with random numbers: an operator that overwrites them, or
    adds nothing, is found out.

    Parameters
    ----------
    requests : dict of str to str
        'write', 'add' or 'null' by argument name.
    location : dict of str to NDArray
        The arguments.
    dtypes : dict of str to dtype
        The element type of each buffer.
    """

    def __init__(
        self,
        requests: Mapping[str, str],
        location: Mapping[str, NDArray],
        dtypes: Mapping[str, Any],
    ) -> None:
        self.requests = requests
        self.starts: dict[str, np.ndarray] = {}
        self.buffers: dict[str, NDArray] = {}
        random = None
        for name in sorted(requests):
            argument, kind = location[name], dtypes[name]
            if requests[name] == "write":
                self.buffers[name] = zeros(argument.shape, argument.context, kind)
                continue
            random = random or independent_random()
            start = np.asarray(random.normal(size=argument.shape)).astype(kind)
            self.starts[name] = start
            self.buffers[name] = array(start, ctx=argument.context, dtype=kind)

    def compare(
        self,
        name: str,
        desired: Any,
        tolerance: tuple[Any, Any],
        equal_nan: bool,
        label: str,
        noise: float = 0.0,
    ) -> str | None:
        """Return what is wrong with the gradient of `name`, or None.

        Parameters
        ----------
        desired : numpy.ndarray
            The right gradient; not needed under 'null'.
        tolerance : (rtol, atol)
            As `assert_almost_equal` takes them.
        equal_nan : bool
            Whether a NaN equals a NaN.
        label : str
            What the message calls the desired gradient.
        noise : float
            The error of `desired` itself.
        """
        buffer = self.buffers[name].asnumpy()
        names = (f"BACKWARD_{name}", f"{label}_{name}")
        start = self.starts.get(name)
        if start is not None and self.requests[name] == "null":
            if np.array_equal(buffer, start):
                return None
            found = find_mismatch(buffer, start, 0.0, 0.0)
            text = "" if found is None else found.report((names[0], f"UNTOUCHED_{name}"), swap=True)
            return f"The gradient of {name} was written although grad_req is 'null'. {text}"
        rtol, atol = get_tols(buffer, desired, *tolerance)
        if start is not None:
            # What adding to the start rounded away is no fault of the operator.
            largest = np.maximum(np.abs(buffer, dtype=np.float64), np.abs(start, dtype=np.float64))
            atol = atol + float(np.finfo(buffer.dtype).eps) * largest
            buffer = buffer.astype(np.float64) - start
        found = find_mismatch(buffer, desired, rtol, atol + noise, equal_nan)
        return None if found is None else found.report(names, swap=True)


def check_storage_types(stypes: Mapping[str, str | None] | None) -> dict[str, str]:
    """Return the storage types that are not dense, by argument name."""
    found = {name: stype for name, stype in (stypes or {}).items() if stype is not None}
    for stype in found.values():
        if stype not in _STORAGE_TYPES:
            raise AssertionError(f"Unknown storage type: {stype}")
    return {name: stype for name, stype in found.items() if stype != "default"}


def refuse_other_floats(location: Mapping[str, NDArray], wanted: Iterable[str], dtype: Any) -> None:
    """Raise an MXNetError if an argument to differentiate has another float type than `dtype`."""
    for name in wanted:
        kind = location[name].dtype
        if kind in _FLOATS and kind is not dtype:
            raise MXNetError(
                f"location: argument {name} is an NDArray of {np.dtype(kind)}, but dtype is "
                f"{np.dtype(dtype)}; give dtype=np.{np.dtype(kind)}, or 'asnumpy' so that each "
                "array keeps its own."
            )
