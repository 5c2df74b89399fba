"""Modules in a row: the outputs of one are the data of the next."""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping
from typing import Any

from ..base import MXNetError
from ..initializer import Uniform
from ..io import DataBatch, DataDesc
from ..metric import EvalMetric
from ..ndarray import NDArray
from .base_module import BaseModule


class SequentialModule(BaseModule):
    """Modules in a row: the outputs of one are the data of the next.

    Parameters
    ----------
    logger : logging.Logger or module, default logging
        Where lines of the log go.

    Examples
    --------
    >>> body = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="body")
    >>> head = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="head")
    >>> module = mx.mod.SequentialModule()
    >>> module = module.add(mx.mod.Module(body, label_names=[]))
    >>> module = module.add(
    ...     mx.mod.Module(mx.sym.SoftmaxOutput(head, name="softmax")),
    ...     take_labels=True, auto_wiring=True)
    >>> module.bind([("data", (8, 3))], [("softmax_label", (8,))])
    >>> module.output_shapes
    [('softmax_output', (8, 2))]
    """

    META_TAKE_LABELS = "take_labels"
    META_AUTO_WIRING = "auto_wiring"

    def __init__(self, logger: Any = logging) -> None:
        super().__init__(logger)
        self._modules: list[BaseModule] = []
        self._metas: list[dict[str, Any]] = []
        self._label_shapes: Any = None

    def add(self, module: BaseModule, **kwargs: Any) -> SequentialModule:
        """Put a module at the end of the row.

        Parameters
        ----------
        module : BaseModule
            The module.
        take_labels : bool, default False
            Whether it gets the labels.
        auto_wiring : bool, default False
            Whether the names of its data may differ from those of the outputs before it.

        Returns
        -------
        SequentialModule
            This one.
        """
        for name in kwargs:
            if name not in (self.META_TAKE_LABELS, self.META_AUTO_WIRING):
                raise MXNetError(f"add knows take_labels and auto_wiring, but not {name!r}.")
        self._modules.append(module)
        self._metas.append(kwargs)
        self.binded = self.params_initialized = self.optimizer_initialized = False
        return self

    def _bound(self, what: str) -> list[BaseModule]:
        if not self.binded:
            raise MXNetError(f"{what} needs a module that is bound: call bind first.")
        return self._modules

    @property
    def data_names(self) -> list[str]:
        """The names of the first module's data."""
        return self._modules[0].data_names if self._modules else []

    @property
    def output_names(self) -> list[str]:
        """The names of the last module's outputs."""
        return self._modules[-1].output_names if self._modules else []

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the first module's data."""
        return self._bound("data_shapes")[0].data_shapes

    @property
    def label_shapes(self) -> Any:
        """The labels as they were given to `bind`, None if no module takes any."""
        self._bound("label_shapes")
        return self._label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the last module's outputs."""
        return self._bound("output_shapes")[-1].output_shapes

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states of all modules by name."""
        self._require_params("get_params")
        arg_params: dict[str, NDArray] = {}
        aux_params: dict[str, NDArray] = {}
        for module in self._modules:
            arguments, states = module.get_params()
            arg_params.update(arguments)
            aux_params.update(states)
        return arg_params, aux_params

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters of all modules their first values; see `Module.init_params`.

        Raises
        ------
        MXNetError
            If two modules have a parameter of the same name.
        """
        if self.params_initialized and not force_init:
            return
        owners: dict[str, int] = {}
        for i, module in enumerate(self._bound("init_params")):
            module.init_params(
                initializer, arg_params, aux_params, allow_missing, force_init, allow_extra
            )
            for name in [name for params in module.get_params() for name in params]:
                if name in owners:
                    raise MXNetError(
                        f"Parameter {name} is in module {owners[name]} and again in module {i}."
                    )
                owners[name] = i
        self.params_initialized = True

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
        """Bind the modules one after another, each to the outputs of the one before.

        Parameters
        ----------
        data_shapes : list of DataDesc or of (str, tuple)
            Data of the first module.
        label_shapes : list of DataDesc or of (str, tuple), optional
            Labels, for the modules added with ``take_labels=True``.
        for_training, inputs_need_grad, force_rebind, grad_req
            As for `Module.bind`.
        shared_module : None
            Not supported.
        """
        if self.binded and not force_rebind:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if shared_module is not None:
            raise MXNetError("A SequentialModule can not share another module's parameters.")
        if not self._modules:
            raise MXNetError("A SequentialModule without modules can not be bound.")
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        shapes, takes_labels = data_shapes, False
        for i, (module, meta) in enumerate(zip(self._modules, self._metas, strict=True)):
            own_labels = label_shapes if meta.get(self.META_TAKE_LABELS) else None
            takes_labels |= own_labels is not None
            if meta.get(self.META_AUTO_WIRING):
                shapes = _renamed(module.data_names, shapes)
            module.bind(
                shapes,
                own_labels,
                for_training,
                inputs_need_grad or (for_training and i > 0),
                force_rebind,
                grad_req=grad_req,
            )
            shapes = module.output_shapes
        self._label_shapes = label_shapes if takes_labels else None
        self.binded = True

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Choose how the modules' parameters follow their gradients, each on its own."""
        self._require_params("init_optimizer")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        for module in self._modules:
            module.init_optimizer(kvstore, optimizer, optimizer_params, force_init)
        self.optimizer_initialized = True

    def forward(self, data_batch: DataBatch, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch, module after module."""
        self._require_params("forward")
        batch = copy.copy(data_batch)
        for i, module in enumerate(self._modules):
            module.forward(batch, is_train=is_train)
            if i == len(self._modules) - 1:
                return
            batch.data = module.get_outputs()
            if batch.provide_data:
                names = self._modules[i + 1].data_names
                batch.provide_data = _renamed(names, module.output_shapes)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients, from the last module to the first."""
        self._require_params("backward")
        for i, module in reversed(list(enumerate(self._modules))):
            module.backward(out_grads)
            if i:
                out_grads = module.get_input_grads()

    def update(self) -> None:
        """Change the parameters of all modules by their gradients."""
        for module in self._bound("update"):
            module.update()

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the last module's outputs of the last forward."""
        return self._bound("get_outputs")[-1].get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the first module's data."""
        return self._bound("get_input_grads")[0].get_input_grads(merge_multi_context)

    def update_metric(self, eval_metric: EvalMetric, labels: Any, pre_sliced: bool = False) -> None:
        """Show a metric the outputs of the modules that take labels, and the labels."""
        for module, meta in zip(self._bound("update_metric"), self._metas, strict=True):
            if meta.get(self.META_TAKE_LABELS):
                module.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Have a monitor watch the executors of all modules."""
        for module in self._bound("install_monitor"):
            module.install_monitor(mon)


def _renamed(names: list[str], shapes: Any) -> list[DataDesc]:
    if len(names) != len(shapes):
        raise MXNetError(
            f"{len(shapes)} outputs can not be wired to the data {', '.join(names)} of a module."
        )
    result = []
    for name, given in zip(names, shapes, strict=True):
        desc = given if isinstance(given, DataDesc) else DataDesc(*given)
        result.append(DataDesc(name, desc.shape, desc.dtype, desc.layout))
    return result
