"""Initializers for parameters with an inner structure: kernels that interpolate, packed RNNs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..base import MXNetError
from ..ndarray import NDArray
from .base import InitDesc, Initializer, bilinear_kernel, create, register

_GATES = {
    "rnn_relu": ("",),
    "rnn_tanh": ("",),
    "lstm": ("_i", "_f", "_c", "_o"),
    "gru": ("_r", "_z", "_o"),
}


@register
class Bilinear(Initializer):
    """Make a deconvolution's kernel (.., .., height, width) interpolate bilinearly.

    Examples
    --------
    >>> weight = mx.nd.zeros((1, 1, 4, 4))
    >>> mx.init.Bilinear()(mx.init.InitDesc("up_weight"), weight)
    >>> weight[0, 0, 1].asnumpy().tolist()
    [0.1875, 0.5625, 0.5625, 0.1875]
    """

    def __init__(self) -> None:
        super().__init__()

    def _init_weight(self, _: str, arr: NDArray) -> None:
        arr[:] = bilinear_kernel(arr.shape)


@register
class LSTMBias(Initializer):
    """Fill an LSTM's bias with 0, but the forget gate's quarter, the second, with a constant.

    Give it to the variable itself: ``mx.sym.Variable("i2h_bias", init=mx.init.LSTMBias())``.

    Parameters
    ----------
    forget_bias : float, default 1.0
        Bias of the forget gate; above 0 a fresh cell remembers (Jozefowicz et al., 2015).

    Examples
    --------
    >>> bias = mx.nd.zeros((4,))
    >>> own = {"__init__": mx.init.LSTMBias(2.0).dumps()}
    >>> mx.init.Zero()(mx.init.InitDesc("i2h_bias", own), bias)
    >>> bias.asnumpy().tolist()
    [0.0, 2.0, 0.0, 0.0]
    """

    def __init__(self, forget_bias: float = 1.0) -> None:
        super().__init__(forget_bias=forget_bias)
        self.forget_bias = forget_bias

    def _init_weight(self, _: str, arr: NDArray) -> None:
        hidden = arr.shape[0] // 4
        arr[:] = 0.0
        arr[hidden : 2 * hidden] = self.forget_bias


@register
class FusedRNN(Initializer):
    """Initialize the packed parameters of the RNN operator, weight by weight and bias by bias.

    Each gate's weight matrix goes to `init` on its own. An LSTM's forget biases are set to
    `forget_bias`.

    Parameters
    ----------
    init : Initializer, str or None
        Initializer of the parts (as such, by name or as its JSON text); None for the one that
        the whole network gets.
    num_hidden : int
        Size of a layer's state.
    num_layers : int
        Number of layers.
    mode : str
        ``'rnn_relu'``, ``'rnn_tanh'``, ``'lstm'`` or ``'gru'``.
    bidirectional : bool, default False
        Whether each layer also runs backwards.
    forget_bias : float, default 1.0
        Bias of an LSTM's forget gate.

    Examples
    --------
    >>> packed = mx.nd.zeros((12,))  # of one input and one state: 6 weights and 6 biases
    >>> init = mx.init.FusedRNN("ones", num_hidden=1, num_layers=1, mode="gru")
    >>> own = {"__init__": init.dumps()}
    >>> mx.init.Zero()(mx.init.InitDesc("rnn_parameters", own), packed)
    >>> packed.asnumpy().astype(int).tolist()
    [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    """

    def __init__(
        self,
        init: Initializer | str | None,
        num_hidden: int,
        num_layers: int,
        mode: str,
        bidirectional: bool = False,
        forget_bias: float = 1.0,
    ) -> None:
        if mode not in _GATES:
            raise MXNetError(f"mode is {mode!r}, but must be one of {', '.join(_GATES)}.")
        init = None if init is None else create(init)
        super().__init__(
            init=None if init is None else init.dumps(),
            num_hidden=num_hidden,
            num_layers=num_layers,
            mode=mode,
            bidirectional=bidirectional,
            forget_bias=forget_bias,
        )
        self._init, self._mode, self._forget_bias = init, mode, forget_bias
        self._num_hidden, self._num_layers = num_hidden, num_layers
        self._bidirectional = bidirectional

    def _init_weight(self, desc: str, arr: NDArray) -> None:
        init = self._init if self._init is not None else getattr(desc, "global_init", None)
        if init is None:
            raise MXNetError(
                f"FusedRNN has no initializer for the parts of {desc}: pass one as init, or a "
                "description with a global_init."
            )
        begin = 0
        for name, shape in self._parts(arr.size):
            part = arr[begin : begin + int(np.prod(shape))].reshape(shape)
            init(InitDesc(name, global_init=init), part)
            if name.endswith("_f_bias"):
                part[:] = self._forget_bias
            arr[begin : begin + part.size] = part.reshape((-1,))
            begin += part.size

    def _parts(self, size: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield name and shape of every gate's matrices, then of every gate's biases."""
        hidden, directions = self._num_hidden, "lr"[: 1 + self._bidirectional]
        gates, inner = _GATES[self._mode], len(directions) * self._num_hidden
        rows = len(directions) * len(gates) * hidden
        later_layers = (self._num_layers - 1) * (inner + hidden + 2)
        inputs, rest = divmod(size, rows)
        inputs -= later_layers + hidden + 2
        if rest or inputs < 1:
            raise MXNetError(
                f"The packed parameters have {size} elements, which fits no input size of a "
                f"{self._mode} with num_hidden={hidden} and num_layers={self._num_layers}."
            )
        for kind in ("weight", "bias"):
            for layer in range(self._num_layers):
                columns = {"i2h": inner if layer else inputs, "h2h": hidden}
                for direction in directions:
                    for step in ("i2h", "h2h"):
                        shape = (hidden, columns[step]) if kind == "weight" else (hidden,)
                        for gate in gates:
                            yield f"{direction}{layer}_{step}{gate}_{kind}", shape
