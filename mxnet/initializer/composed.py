"""Initializers that hand parameters on: to a file's arrays, or to other initializers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence

from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray

Fill = Callable[[str, NDArray], None]


class Load:
    """Copy parameters from a file or dictionary.

    Parameters
    ----------
    param : str or dict of str to NDArray
        Path of a ``.params`` file, or the arrays; a leading ``arg:`` or ``aux:`` is dropped.
    default_init : Initializer, optional
        What fills the parameters that `param` lacks.
    verbose : bool, default False
        Whether to log where each parameter came from.

    Raises
    ------
    MXNetError
        When called: if the shapes differ, or a parameter is nowhere to be found.

    Examples
    --------
    >>> load = mx.init.Load({"arg:fc_weight": mx.nd.array([5, 6])}, default_init=mx.init.One())
    >>> weight, other = mx.nd.zeros((2,)), mx.nd.zeros((1,))
    >>> load(mx.init.InitDesc("fc_weight"), weight); load(mx.init.InitDesc("b_weight"), other)
    >>> weight.asnumpy().tolist(), other.asnumpy().tolist()
    ([5.0, 6.0], [1.0])
    """

    def __init__(
        self,
        param: str | Mapping[str, NDArray],
        default_init: Fill | None = None,
        verbose: bool = False,
    ) -> None:
        if isinstance(param, str):
            param = nd.load(param)
        if not isinstance(param, Mapping):
            raise MXNetError(
                f"param holds a {type(param).__name__}, but must be a dictionary of names to "
                "arrays or the path of a file with one."
            )
        self.param = {re.sub("^(arg|aux):", "", name): array for name, array in param.items()}
        self.default_init = default_init
        self.verbose = verbose

    def __call__(self, name: str, arr: NDArray) -> None:
        if name in self.param:
            if self.param[name].shape != arr.shape:
                raise MXNetError(
                    f"Parameter {name} has shape {arr.shape}, but the loaded one has shape "
                    f"{self.param[name].shape}."
                )
            arr[:] = self.param[name]
            source = "loading"
        elif self.default_init is not None:
            self.default_init(name, arr)
            source = "default"
        else:
            raise MXNetError(
                f"Parameter {name} is not among the loaded ones, and there is no default_init."
            )
        if self.verbose:
            logging.info("Initialized %s by %s", name, source)


class Mixed:
    """Choose an initializer by the first pattern that matches a parameter's name.

    Parameters
    ----------
    patterns : list of str
        Regular expressions, matched from the start of the name.
    initializers : list of Initializer
        One for each pattern.

    Raises
    ------
    ValueError
        When called: if no pattern matches.

    Examples
    --------
    >>> mixed = mx.init.Mixed(["head_.*", ".*"], [mx.init.One(), mx.init.Zero()])
    >>> weight = mx.nd.zeros((1,))
    >>> mixed(mx.init.InitDesc("head_weight"), weight)
    >>> weight.asnumpy().tolist()
    [1.0]
    """

    def __init__(self, patterns: Sequence[str], initializers: Sequence[Fill]) -> None:
        if len(patterns) != len(initializers):
            raise MXNetError(
                f"There are {len(patterns)} patterns, but {len(initializers)} initializers."
            )
        pairs = zip(patterns, initializers, strict=True)
        self.map = [(re.compile(pattern), initializer) for pattern, initializer in pairs]

    def __call__(self, name: str, arr: NDArray) -> None:
        for pattern, initializer in self.map:
            if pattern.match(name):
                initializer(name, arr)
                return
        raise ValueError(
            f"Parameter {name} matches none of the patterns; add '.*' with a default initializer "
            "at the end."
        )
