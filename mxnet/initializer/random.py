"""Initializers that draw from a distribution."""

from __future__ import annotations

import numpy as np

from .. import ndarray as nd
from ..ndarray import NDArray
from .base import Initializer, register


@register
class Uniform(Initializer):
    """Draw weights evenly from [-scale, scale).

    Parameters
    ----------
    scale : float, default 0.07
        The bound on both sides.

    Examples
    --------
    >>> weight = mx.nd.zeros((1000,))
    >>> mx.init.Uniform(0.5)(mx.init.InitDesc("fc_weight"), weight)
    >>> bool(0.4 < weight.max().asscalar() < 0.5)
    True
    """

    def __init__(self, scale: float = 0.07) -> None:
        super().__init__(scale=scale)
        self.scale = scale

    def _init_weight(self, _: str, arr: NDArray) -> None:
        nd.random.uniform(-self.scale, self.scale, out=arr)


@register
class Normal(Initializer):
    """Draw weights from the normal distribution around 0.

    Parameters
    ----------
    sigma : float, default 0.01
        The standard deviation.

    Examples
    --------
    >>> weight = mx.nd.zeros((10000,))
    >>> mx.init.Normal(2)(mx.init.InitDesc("fc_weight"), weight)
    >>> bool(1.9 < weight.asnumpy().std() < 2.1)
    True
    """

    def __init__(self, sigma: float = 0.01) -> None:
        super().__init__(sigma=sigma)
        self.sigma = sigma

    def _init_weight(self, _: str, arr: NDArray) -> None:
        nd.random.normal(0, self.sigma, out=arr)


@register
class Orthogonal(Initializer):
    """Make weights an orthogonal matrix (Saxe, McClelland and Ganguli, 2013).

    The axes after the first count as one. Whichever of rows and columns are fewer become
    orthogonal to each other, each of length `scale`.

    Parameters
    ----------
    scale : float, default 1.414
        Length of the orthogonal vectors.
    rand_type : str, default 'uniform'
        Distribution of the matrix that is made orthogonal: ``'uniform'`` or ``'normal'``.

    Examples
    --------
    >>> weight = mx.nd.zeros((2, 3))
    >>> mx.init.Orthogonal(scale=2)(mx.init.InitDesc("fc_weight"), weight)
    >>> rows = weight.asnumpy()
    >>> bool(np.allclose(rows @ rows.T, [[4, 0], [0, 4]], atol=1e-5))
    True
    """

    def __init__(self, scale: float = 1.414, rand_type: str = "uniform") -> None:
        super().__init__(scale=scale, rand_type=rand_type)
        self.scale = scale
        self.rand_type = rand_type

    def _init_weight(self, _: str, arr: NDArray) -> None:
        shape = (arr.shape[0], int(np.prod(arr.shape[1:])))
        if self.rand_type == "uniform":
            drawn = nd.random.uniform(-1.0, 1.0, shape=shape)
        elif self.rand_type == "normal":
            drawn = nd.random.normal(0.0, 1.0, shape=shape)
        else:
            raise ValueError(f"rand_type is {self.rand_type!r}, but must be 'uniform' or 'normal'.")
        left, _lengths, right = np.linalg.svd(drawn.asnumpy(), full_matrices=False)
        orthogonal = left if left.shape == shape else right
        arr[:] = (self.scale * orthogonal).reshape(arr.shape)


@register
class Xavier(Initializer):
    """Draw weights at a scale that keeps the size of activations (Glorot and Bengio, 2010).

    With `fan` the number of inputs of an output unit (``'in'``), of outputs of an input unit
    (``'out'``) or their mean (``'avg'``), the scale is ``sqrt(magnitude / fan)``: the bound of a
    uniform distribution or the standard deviation of a normal one. Axes after the second (a
    convolution's kernel) count in both fans.

    Parameters
    ----------
    rnd_type : str, default 'uniform'
        ``'uniform'`` or ``'gaussian'``.
    factor_type : str, default 'avg'
        ``'avg'``, ``'in'`` or ``'out'``.
    magnitude : float, default 3
        Numerator of the scale.

    Raises
    ------
    ValueError
        When called: for an unknown type, or a weight with fewer than 2 axes.

    Examples
    --------
    >>> weight = mx.nd.zeros((100, 200))
    >>> mx.init.Xavier()(mx.init.InitDesc("fc_weight"), weight)
    >>> bool(0.14 < weight.max().asscalar() < 0.1415)  # sqrt(3 / 150)
    True
    """

    def __init__(
        self, rnd_type: str = "uniform", factor_type: str = "avg", magnitude: float = 3
    ) -> None:
        super().__init__(rnd_type=rnd_type, factor_type=factor_type, magnitude=magnitude)
        self.rnd_type = rnd_type
        self.factor_type = factor_type
        self.magnitude = float(magnitude)

    def _init_weight(self, name: str, arr: NDArray) -> None:
        scale = float(np.sqrt(self.magnitude / self._fan(name, arr.shape)))
        if self.rnd_type == "uniform":
            nd.random.uniform(-scale, scale, out=arr)
        elif self.rnd_type == "gaussian":
            nd.random.normal(0, scale, out=arr)
        else:
            raise ValueError(f"rnd_type is {self.rnd_type!r}, but must be 'uniform' or 'gaussian'.")

    def _fan(self, name: str, shape: tuple[int, ...]) -> float:
        if len(shape) < 2:
            raise ValueError(
                f"{type(self).__name__} can not initialize {name}: its shape is {shape}, but "
                "there must be 2 axes or more."
            )
        kernel = float(np.prod(shape[2:]))
        fans = {"in": shape[1] * kernel, "out": shape[0] * kernel}
        fans["avg"] = (fans["in"] + fans["out"]) / 2
        if self.factor_type not in fans:
            raise ValueError(
                f"factor_type is {self.factor_type!r}, but must be 'avg', 'in' or 'out'."
            )
        return fans[self.factor_type]


@register
class MSRAPrelu(Xavier):
    """Draw weights for layers followed by a PReLU (He, Zhang, Ren and Sun, 2015).

    A normal distribution with the standard deviation ``sqrt(2 / (1 + slope ** 2) / fan)``.

    Parameters
    ----------
    factor_type : str, default 'avg'
        Which fan: ``'avg'``, ``'in'`` or ``'out'``.
    slope : float, default 0.25
        Slope of the PReLU for negative inputs; 0 for a ReLU.

    Examples
    --------
    >>> mx.init.MSRAPrelu(slope=0).magnitude
    2.0
    """

    def __init__(self, factor_type: str = "avg", slope: float = 0.25) -> None:
        super().__init__("gaussian", factor_type, 2.0 / (1 + slope**2))
        self._kwargs = {"factor_type": factor_type, "slope": slope}
