"""What every initializer shares: which of its methods a parameter's name calls for."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from .. import ndarray as nd
from .. import registry
from ..base import MXNetError
from ..ndarray import NDArray


class InitDesc(str):
    """A parameter's name together with its attributes in the graph.

    Parameters
    ----------
    name : str
        Name of the parameter.
    attrs : dict of str to str, optional
        Its attributes; ``__init__`` holds an initializer of its own, as `Initializer.dumps` or a
        registered name.
    global_init : Initializer, optional
        The initializer that parameters without one of their own get.

    Examples
    --------
    >>> desc = mx.init.InitDesc("fc_weight", {"__init__": "ones"})
    >>> desc.upper(), desc.attrs
    ('FC_WEIGHT', {'__init__': 'ones'})
    """

    attrs: Mapping[str, str]
    global_init: Initializer | None

    def __new__(
        cls,
        name: str,
        attrs: Mapping[str, str] | None = None,
        global_init: Initializer | None = None,
    ) -> InitDesc:
        desc = super().__new__(cls, name)
        desc.attrs = attrs or {}
        desc.global_init = global_init
        return desc


class Initializer:
    """Base of the initializers: called with a parameter's description, it fills the parameter.

    An ``__init__`` attribute in the description names an initializer that takes this one's place.
    Otherwise the end of the name decides: ``weight`` goes to `_init_weight`, which subclasses
    define; ``bias``, ``beta`` and ``min`` are 0, ``gamma`` and ``max`` are 1.

    Parameters
    ----------
    **kwargs
        The arguments that `dumps` writes.

    Examples
    --------
    >>> @mx.init.register
    ... class Sevens(mx.init.Initializer):
    ...     def _init_weight(self, name, arr):
    ...         arr[:] = 7
    >>> weight = mx.nd.empty((2,))
    >>> mx.init.create("sevens")(mx.init.InitDesc("fc_weight"), weight)
    >>> weight.asnumpy().tolist()
    [7.0, 7.0]
    """

    # The end of a name and the method that it calls for.
    _ENDINGS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("weight", "_init_weight"),
        ("bias", "_init_bias"),
        ("gamma", "_init_gamma"),
        ("beta", "_init_beta"),
        ("min", "_init_zero"),
        ("max", "_init_one"),
        ("weight_quantize", "_init_quantized_weight"),
        ("bias_quantize", "_init_quantized_bias"),
    )
    # Further ends that only plain strings know: their parameters came without attributes.
    _ENDINGS_OF_STRINGS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("moving_mean", "_init_zero"),
        ("moving_var", "_init_one"),
        ("moving_inv_var", "_init_zero"),
        ("moving_avg", "_init_zero"),
    )

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = kwargs
        self._verbose = False
        self._print_func: Callable[[NDArray], Any] | None = None

    def set_verbosity(
        self, verbose: bool = False, print_func: Callable[[NDArray], Any] | None = None
    ) -> Initializer:
        """Choose whether every initialized parameter is logged, and what is said of it.

        Parameters
        ----------
        verbose : bool, default False
            Whether to log.
        print_func : callable, optional
            Maps the array to what the log shows; by default the root of the mean square.

        Returns
        -------
        Initializer
            This one.
        """
        self._verbose = verbose
        self._print_func = print_func or _root_mean_square
        return self

    def dumps(self) -> str:
        """Return the JSON text ``[name, arguments]``, from which `create` makes an equal one."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.dumps() == other.dumps()  # type: ignore[attr-defined]

    __hash__ = object.__hash__

    def __call__(self, desc: InitDesc | str, arr: NDArray) -> None:
        """Fill `arr`, the parameter that `desc` describes.

        Raises
        ------
        ValueError
            If the end of the name says nothing and there is no ``__init__`` attribute.
        """
        if not isinstance(desc, str):
            raise TypeError(f"A parameter's name must be a string, but is {desc!r}.")
        if not isinstance(desc, InitDesc):
            self._init_by_string(desc, arr)
            return
        if desc.global_init is None:
            desc.global_init = self
        own = desc.attrs.get("__init__", "")
        if own:
            create(own)._init_weight(desc, arr)
            self._log(desc, own, arr)
        else:
            self._init_by_ending(desc, arr, self._ENDINGS)

    def _init_by_string(self, name: str, arr: NDArray) -> None:
        warnings.warn(
            "Initializing by a plain string is deprecated: pass mx.init.InitDesc(name).",
            DeprecationWarning,
            stacklevel=3,
        )
        if name.startswith("upsampling"):
            self._init_bilinear(name, arr)
        elif name.startswith("stn_loc") and name.endswith("weight"):
            self._init_zero(name, arr)
        elif name.startswith("stn_loc") and name.endswith("bias"):
            self._init_loc_bias(name, arr)
        else:
            self._init_by_ending(name, arr, self._ENDINGS + self._ENDINGS_OF_STRINGS)

    def _init_by_ending(self, name: str, arr: NDArray, endings: tuple) -> None:
        for ending, method in endings:
            if name.endswith(ending):
                getattr(self, method)(name, arr)
                self._log(name, ending, arr)
                return
        self._init_default(name, arr)

    def _log(self, name: str, rule: str, arr: NDArray) -> None:
        if self._verbose and self._print_func:
            logging.info("Initialized %s as %s: %s", name, rule, self._print_func(arr))

    def _init_weight(self, name: str, arr: NDArray) -> None:
        raise NotImplementedError(f"{type(self).__name__} does not define _init_weight.")

    def _init_bias(self, _: str, arr: NDArray) -> None:
        arr[:] = 0.0

    def _init_gamma(self, _: str, arr: NDArray) -> None:
        arr[:] = 1.0

    def _init_beta(self, _: str, arr: NDArray) -> None:
        arr[:] = 0.0

    def _init_zero(self, _: str, arr: NDArray) -> None:
        arr[:] = 0.0

    def _init_one(self, _: str, arr: NDArray) -> None:
        arr[:] = 1.0

    def _init_loc_bias(self, _: str, arr: NDArray) -> None:
        if arr.shape != (6,):
            raise MXNetError(
                f"The bias of a localization network has shape {arr.shape}, but must hold the 6 "
                "numbers of an affine transformation."
            )
        arr[:] = np.array([1, 0, 0, 0, 1, 0], dtype=np.float32)

    def _init_bilinear(self, _: str, arr: NDArray) -> None:
        arr[:] = bilinear_kernel(arr.shape)

    def _init_quantized_weight(self, _: str, arr: NDArray) -> None:
        arr[:] = nd.random.randint(-127, 127, shape=arr.shape, dtype="int32").astype("int8")

    def _init_quantized_bias(self, _: str, arr: NDArray) -> None:
        arr[:] = 0

    def _init_default(self, name: str, _: NDArray) -> None:
        raise ValueError(
            f"Nothing says how to initialize {name}: only names that end in weight, bias, gamma, "
            "beta, min or max have a rule; give the variable an initializer of its own with "
            "mx.sym.Variable(name, init=...)."
        )


register = registry.get_register_func(Initializer, "initializer")
alias = registry.get_alias_func(Initializer, "initializer")
create = registry.get_create_func(Initializer, "initializer")


def bilinear_kernel(shape: tuple[int, ...]) -> np.ndarray:
    """Return the kernel (.., .., height, width) with which a deconvolution interpolates.

    The width alone sets the scale, for both directions.
    """
    height, width = shape[2], shape[3]
    factor = np.ceil(width / 2.0)
    centre = (2 * factor - 1 - factor % 2) / (2.0 * factor)
    down = 1 - np.abs(np.arange(height) / factor - centre)
    along = 1 - np.abs(np.arange(width) / factor - centre)
    return np.broadcast_to(np.outer(down, along), shape).astype(np.float32)


def _root_mean_square(arr: NDArray) -> str:
    values = arr.asnumpy().astype(np.float64)
    return str(float(np.sqrt(np.mean(np.square(values)))))
