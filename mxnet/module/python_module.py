"""Modules without a network: what they compute is written in Python."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from ..base import MXNetError
from ..initializer import Uniform
from ..io import DataBatch
from ..metric import EvalMetric
from ..ndarray import NDArray
from .base_module import BaseModule


class PythonModule(BaseModule):
    """Base of the modules that have no network and, unless a subclass says so, no parameters.

    A subclass defines `forward`, `backward`, `get_outputs`, `get_input_grads` and
    `_compute_output_shapes`.

    Parameters
    ----------
    data_names, label_names, output_names : list of str
        Names of the inputs and outputs; `label_names` may be None.
    logger : logging.Logger or module, default logging
        Where lines of the log go.
    """

    def __init__(
        self,
        data_names: Sequence[str],
        label_names: Sequence[str] | None,
        output_names: Sequence[str],
        logger: Any = logging,
    ) -> None:
        super().__init__(logger)
        self._data_names = list(data_names)
        self._label_names = list(label_names) if label_names is not None else None
        self._output_names = list(output_names)
        self._data_shapes: Any = None
        self._label_shapes: Any = None
        self._output_shapes: Any = None

    @property
    def data_names(self) -> list[str]:
        """The names of the data."""
        return self._data_names

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return self._output_names

    @property
    def data_shapes(self) -> Any:
        """The data that the module is bound for."""
        return self._data_shapes

    @property
    def label_shapes(self) -> Any:
        """The labels that the module is bound for, None without labels."""
        return self._label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs."""
        return self._output_shapes

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return two empty dictionaries: there are no parameters."""
        return {}, {}

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Count as initialized: there are no parameters."""
        self.params_initialized = True

    def update(self) -> None:
        """Do nothing: there are no parameters."""

    def update_metric(self, eval_metric: EvalMetric, labels: Any, pre_sliced: bool = False) -> None:
        """Show a metric the labels, if the module takes any, and the outputs."""
        if self._label_shapes is None:
            return
        if pre_sliced:
            raise RuntimeError("A PythonModule takes whole batches, not one for each device.")
        eval_metric.update(labels, self.get_outputs())

    def bind(
        self,
        data_shapes: Any,
        label_shapes: Any = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: BaseModule | None = None,
        grad_req: Any = "write",
    ) -> None:
        """Remember the shapes of the inputs and work out those of the outputs.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (str, tuple)
            The inputs.
        for_training : bool, default True
            Whether `backward` may be called.
        inputs_need_grad : bool, default False
            Whether the data get gradients.
        force_rebind : bool, default False
            Whether a module that is bound already is bound anew.
        shared_module, grad_req
            Have no effect.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if grad_req != "write":
            raise MXNetError(f"grad_req is {grad_req!r}, but a PythonModule only writes gradients.")
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self._data_shapes = data_shapes
        self._label_shapes = label_shapes
        self._output_shapes = self._compute_output_shapes()
        self.binded = True

    def _compute_output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        raise NotImplementedError(f"{type(self).__name__} does not define _compute_output_shapes.")

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Count as having an optimizer: there are no parameters."""
        self.optimizer_initialized = True


class PythonLossModule(PythonModule):
    """A loss at the end of a `SequentialModule`, given by its gradient.

    Parameters
    ----------
    name : str, default 'pyloss'
        Its name; the output is called ``name_output``.
    data_names, label_names : list of str, default ('data',) and ('softmax_label',)
        One name each.
    logger : logging.Logger or module, default logging
        Where lines of the log go.
    grad_func : callable, optional
        Maps scores and labels to the gradient of the loss with respect to the scores. A subclass
        may define `_backward_impl` instead.

    Examples
    --------
    >>> loss = mx.mod.PythonLossModule(grad_func=lambda scores, labels: scores - labels)
    >>> loss.bind([("data", (2,))], [("softmax_label", (2,))])
    >>> loss.init_params()
    >>> loss.forward(mx.io.DataBatch([mx.nd.array([3, 5])], [mx.nd.array([1, 1])]))
    >>> loss.backward()
    >>> loss.get_input_grads()[0].asnumpy().tolist()
    [2.0, 4.0]
    """

    def __init__(
        self,
        name: str = "pyloss",
        data_names: Sequence[str] = ("data",),
        label_names: Sequence[str] = ("softmax_label",),
        logger: Any = logging,
        grad_func: Callable[[NDArray, NDArray], Any] | None = None,
    ) -> None:
        if len(data_names) != 1 or len(label_names) != 1:
            raise MXNetError(
                f"A PythonLossModule has one input and one label, but data_names is "
                f"{list(data_names)} and label_names is {list(label_names)}."
            )
        super().__init__(data_names, label_names, [f"{name}_output"], logger)
        self._name = name
        self._grad_func = grad_func
        self._scores: Any = None
        self._labels: Any = None
        self._scores_grad: NDArray | None = None

    def _compute_output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(self._output_names[0], tuple(self._data_shapes[0][1]))]

    def forward(self, data_batch: DataBatch, is_train: bool | None = None) -> None:
        """Keep the scores and, for training, the labels of a batch."""
        self._scores = data_batch.data[0]
        if self.for_training if is_train is None else is_train:
            self._labels = data_batch.label[0] if data_batch.label else None

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the scores."""
        return [self._scores]

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradient of the scores; `out_grads` must be None."""
        if out_grads is not None:
            raise MXNetError("A loss takes no out_grads: nothing comes after it.")
        if not self.for_training:
            raise MXNetError("There are no gradients: bind with for_training=True.")
        self._backward_impl()

    def _backward_impl(self) -> None:
        if self._grad_func is None:
            raise NotImplementedError("A PythonLossModule needs a grad_func to go backward.")
        grad = self._grad_func(self._scores, self._labels)
        self._scores_grad = grad if isinstance(grad, NDArray) else nd.array(grad)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradient of the scores."""
        return [self._scores_grad]

    def install_monitor(self, mon: Any) -> None:
        """Refuse: there is no executor to watch."""
        raise NotImplementedError("A PythonLossModule has no executor to watch.")
