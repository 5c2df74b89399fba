"""One network in several lengths: a module for each, which share parameters and optimizer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from .. import symbol as sym
from ..base import MXNetError
from ..checkpoint import load_params
from ..context import Context, cpu
from ..initializer import Uniform
from ..io import DataBatch
from ..metric import EvalMetric
from ..ndarray import NDArray
from .base_module import BaseModule
from .module import Module


class BucketingModule(BaseModule):
    """A network whose shape depends on the batch, such as sequences of several lengths.

    Each batch has a `bucket_key`; the first batch of a key makes a `Module` of the network that
    `sym_gen` gives for it. All of them share the default bucket's parameters.

    Parameters
    ----------
    sym_gen : callable
        Maps a key to (network, names of the data, names of the labels).
    default_bucket_key : object
        The key of the network that is bound first, usually the longest.
    logger : logging.Logger or module, default logging
        Where lines of the log go.
    context, work_load_list, fixed_param_names, state_names, group2ctxs, compression_params
        As for `Module`.

    Raises
    ------
    MXNetError
        If there is no default key.

    Examples
    --------
    >>> def sym_gen(length):
    ...     steps = mx.sym.sum(mx.sym.Variable("data"), axis=1, keepdims=True)
    ...     network = mx.sym.FullyConnected(steps, num_hidden=2, name="fc")
    ...     return mx.sym.SoftmaxOutput(network, name="softmax"), ["data"], ["softmax_label"]
    >>> module = mx.mod.BucketingModule(sym_gen, default_bucket_key=10)
    >>> module.bind([("data", (4, 10))], [("softmax_label", (4,))])
    >>> module.init_params()
    >>> batch = mx.io.DataBatch(
    ...     [mx.nd.ones((4, 7))], [mx.nd.zeros((4,))], bucket_key=7,
    ...     provide_data=[("data", (4, 7))], provide_label=[("softmax_label", (4,))])
    >>> module.forward(batch)
    >>> module.get_outputs()[0].shape
    (4, 2)
    """

    def __init__(
        self,
        sym_gen: Callable[[Any], tuple[Any, Sequence[str], Sequence[str]]],
        default_bucket_key: Any = None,
        logger: Any = logging,
        context: Context | Sequence[Context] = cpu(),
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(logger)
        if default_bucket_key is None:
            raise MXNetError("A BucketingModule needs a default_bucket_key.")
        self._sym_gen = sym_gen
        self._default_bucket_key = default_bucket_key
        self._options = {
            "logger": logger,
            "context": context,
            "work_load_list": work_load_list,
            "fixed_param_names": fixed_param_names,
            "state_names": state_names,
            "group2ctxs": group2ctxs,
            "compression_params": compression_params,
        }
        self._default_module = self._make_module(default_bucket_key)  # refuses wrong names now
        self._grad_req: Any = "write"
        self._monitor: Any = None
        self._loaded: tuple[Mapping[str, NDArray], Mapping[str, NDArray]] | None = None
        self._reset_bind()

    def _make_module(self, bucket_key: Any) -> Module:
        symbol, data_names, label_names = self._sym_gen(bucket_key)
        return Module(symbol, data_names, label_names, **self._options)

    def _reset_bind(self) -> None:
        self.binded = False
        self._buckets: dict[Any, Module] = {}
        self._curr_module: Module = None  # type: ignore[assignment]
        self._curr_bucket_key: Any = None

    # Files.

    def save_checkpoint(self, prefix: str, epoch: int, remove_amp_cast: bool = False) -> None:
        """Write every bucket's network, the keys and the parameters to files.

        Parameters
        ----------
        prefix : str
            How the files' names begin: ``prefix-KEY-symbol.json``, ``prefix.buckets`` and
            ``prefix-0001.params``.
        epoch : int
            Number of the epoch.
        remove_amp_cast : bool, default False
            Whether casts that mixed precision put in are taken out.

        Raises
        ------
        MXNetError
            If keys are no integers, which the file of keys needs.
        """
        self._require_params("save_checkpoint")
        if not all(isinstance(key, int) for key in self._buckets):
            raise MXNetError(f"Only integer keys can be saved, but there are {self._buckets}.")
        for key, module in self._buckets.items():
            module.symbol.save(f"{prefix}-{key}-symbol.json", remove_amp_cast=remove_amp_cast)
        nd.save(f"{prefix}.buckets", nd.array(list(self._buckets), dtype="int32"))
        self.save_params(f"{prefix}-{epoch:04d}.params")

    @staticmethod
    def load(
        prefix: str,
        epoch: int,
        sym_gen: Any = None,
        default_bucket_key: Any = None,
        **kwargs: Any,
    ) -> BucketingModule:
        """Return a module of the networks and parameters that `save_checkpoint` wrote.

        Parameters
        ----------
        prefix : str
            How the files' names begin.
        epoch : int
            Number of the epoch.
        sym_gen, default_bucket_key, **kwargs
            As for `BucketingModule`.
        """
        keys = [int(key) for key in nd.load(f"{prefix}.buckets")[0].asnumpy()]
        symbols = {key: sym.load(f"{prefix}-{key}-symbol.json") for key in keys}
        return BucketingModule.load_dict(
            symbols, sym_gen, default_bucket_key, *load_params(prefix, epoch), **kwargs
        )

    @staticmethod
    def load_dict(
        sym_dict: Mapping[Any, Any] | None = None,
        sym_gen: Any = None,
        default_bucket_key: Any = None,
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        **kwargs: Any,
    ) -> BucketingModule:
        """Return a module with the given networks and parameters.

        Parameters
        ----------
        sym_dict : dict of object to Symbol, optional
            Networks by key, which are used instead of `sym_gen`'s.
        sym_gen : callable
            As for `BucketingModule`; its names of data and labels are used in any case.
        default_bucket_key : object
            As for `BucketingModule`.
        arg_params, aux_params : dict of str to NDArray
            Parameters and auxiliary states.
        **kwargs
            As for `BucketingModule`.
        """
        known = dict(sym_dict or {})

        def known_or_made(key: Any) -> tuple[Any, Sequence[str], Sequence[str]]:
            symbol, data_names, label_names = sym_gen(key)
            return known.get(key, symbol), data_names, label_names

        module = BucketingModule(known_or_made, default_bucket_key, **kwargs)
        module._loaded = (arg_params or {}, aux_params or {})
        module.params_initialized = True
        return module

    # What the module has.

    def _current(self, what: str) -> Module:
        if not self.binded:
            raise MXNetError(f"{what} needs a module that is bound: call bind first.")
        return self._curr_module

    @property
    def symbol(self) -> Any:
        """The network of the current bucket."""
        return self._current("symbol").symbol

    @property
    def data_names(self) -> list[str]:
        """The names of the data."""
        return (self._curr_module or self._default_module).data_names

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return (self._curr_module or self._default_module).output_names

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the current bucket's data."""
        return self._current("data_shapes").data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the current bucket's labels."""
        return self._current("label_shapes").label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the current bucket's outputs."""
        return self._current("output_shapes").output_shapes

    # Parameters.

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name, on the CPU."""
        self._require_params("get_params")
        default = self._buckets[self._default_bucket_key]
        default._params_dirty |= any(module._params_dirty for module in self._buckets.values())
        return default.get_params()

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters their first values; see `Module.init_params`."""
        if self.params_initialized and not force_init:
            return
        self._current("init_params")
        default = self._buckets[self._default_bucket_key]
        default.init_params(
            initializer, arg_params, aux_params, allow_missing, force_init, allow_extra
        )
        self.params_initialized = True

    def set_params(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray],
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Set the parameters and auxiliary states by name; see `Module.set_params`."""
        self._current("set_params")
        default = self._buckets[self._default_bucket_key]
        default.set_params(arg_params, aux_params, allow_missing, force_init, allow_extra)
        self.params_initialized = True

    def get_states(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the states of each device; they can not be merged."""
        return self._current("get_states").get_states(merge_multi_context)

    def set_states(self, states: Any = None, value: float | None = None) -> None:
        """Set all states to arrays for each device, or to one number."""
        self._current("set_states").set_states(states, value)

    # Binding.

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
        """Bind the default bucket to the given shapes; others follow with their first batch.

        Parameters
        ----------
        data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind, grad_req
            As for `Module.bind`.
        shared_module : None
            Not supported.
        """
        if shared_module is not None:
            raise MXNetError("A BucketingModule can not share another module's parameters.")
        values: tuple[Any, Any] | None = None
        if force_rebind and self.binded:
            values = self.get_params() if self.params_initialized else None
            self._reset_bind()
        if self.binded:
            self.logger.warning("Already bound, ignoring bind()")
            return
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self._grad_req = grad_req
        module = self._make_module(self._default_bucket_key)
        module.bind(data_shapes, label_shapes, for_training, inputs_need_grad, grad_req=grad_req)
        self._curr_module, self._curr_bucket_key = module, self._default_bucket_key
        self._buckets[self._default_bucket_key] = module
        self.binded = True
        values, self._loaded = values or self._loaded, None
        if values is not None:
            self.set_params(*values)

    def switch_bucket(self, bucket_key: Any, data_shapes: Any, label_shapes: Any = None) -> None:
        """Make a bucket the current one, binding it if this is its first time.

        Parameters
        ----------
        bucket_key : object
            The bucket.
        data_shapes, label_shapes : list of DataDesc or of (str, tuple)
            Its inputs, used when it is bound.
        """
        self._current("switch_bucket")
        default = self._buckets[self._default_bucket_key]
        if bucket_key not in self._buckets:
            module = self._make_module(bucket_key)
            module.bind(
                data_shapes,
                label_shapes,
                self.for_training,
                self.inputs_need_grad,
                shared_module=default,
                grad_req=self._grad_req,
            )
            if self._monitor is not None:
                module.install_monitor(self._monitor)
            self._buckets[bucket_key] = module
        self._curr_module, self._curr_bucket_key = self._buckets[bucket_key], bucket_key
        if default.optimizer_initialized and not self._curr_module.optimizer_initialized:
            self._curr_module.borrow_optimizer(default)

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Choose how parameters follow their gradients; see `Module.init_optimizer`."""
        self._require_params("init_optimizer")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        default = self._buckets[self._default_bucket_key]
        default.init_optimizer(kvstore, optimizer, optimizer_params, force_init=True)
        for module in self._buckets.values():
            if module is not default:
                module.borrow_optimizer(default)
        self.optimizer_initialized = True

    # Computing.

    def prepare(self, data_batch: DataBatch, sparse_row_id_fn: Any = None) -> None:
        """Bind the bucket of a batch to come, without leaving the current one."""
        self._require_params("prepare")
        current = self._curr_bucket_key
        self._switch_for(data_batch)
        self._curr_module.prepare(data_batch, sparse_row_id_fn=sparse_row_id_fn)
        self._curr_module, self._curr_bucket_key = self._buckets[current], current

    def _switch_for(self, data_batch: DataBatch) -> None:
        self.switch_bucket(data_batch.bucket_key, data_batch.provide_data, data_batch.provide_label)

    def forward(self, data_batch: DataBatch, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch in the bucket of its `bucket_key`."""
        self._require_params("forward")
        self._switch_for(data_batch)
        self._curr_module.forward(data_batch, is_train=is_train)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients after a forward with ``is_train=True``."""
        self._current("backward").backward(out_grads)

    def update(self) -> None:
        """Change the parameters by their gradients."""
        self._current("update").update()

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward."""
        return self._current("get_outputs").get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data, if bound with ``inputs_need_grad=True``."""
        return self._current("get_input_grads").get_input_grads(merge_multi_context)

    def update_metric(self, eval_metric: EvalMetric, labels: Any, pre_sliced: bool = False) -> None:
        """Show a metric the labels and the outputs of the last forward."""
        self._current("update_metric").update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Have a monitor watch every bucket's executors, those to come too."""
        self._current("install_monitor")
        self._monitor = mon
        for module in self._buckets.values():
            module.install_monitor(mon)
