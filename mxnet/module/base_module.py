"""What every module offers: the loops of training, scoring and predicting."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from .. import metric as metrics
from .. import ndarray as nd
from ..base import MXNetError
from ..checkpoint import load_params_file, save_params
from ..initializer import Uniform
from ..io import DataBatch, DataIter, NDArrayIter
from ..model import BatchEndParam
from ..ndarray import NDArray

Callbacks = Callable[[Any], None] | Sequence[Callable[..., None]] | None


class BaseModule:
    """Base of the modules: a network with parameters and an optimizer, bound to devices.

    A module is bound (`bind`), gets parameters (`init_params`) and an optimizer
    (`init_optimizer`), and then goes through `forward`, `backward` and `update` for each batch.
    `fit` does all of that.

    Parameters
    ----------
    logger : logging.Logger or module, default logging
        Where lines of the log go.
    """

    def __init__(self, logger: Any = logging) -> None:
        self.logger = logger
        self.binded = self.params_initialized = self.optimizer_initialized = False
        self.for_training = self.inputs_need_grad = False
        self._symbol: Any = None

    # The loops.

    def forward_backward(self, data_batch: DataBatch) -> None:
        """Compute outputs and gradients of a batch."""
        self.forward(data_batch, is_train=True)
        self.backward()

    def score(
        self,
        eval_data: DataIter,
        eval_metric: Any,
        num_batch: int | None = None,
        batch_end_callback: Callbacks = None,
        score_end_callback: Callbacks = None,
        reset: bool = True,
        epoch: int = 0,
        sparse_row_id_fn: Any = None,
    ) -> list[tuple[str, float]]:
        """Return metrics of the predictions for a data set.

        Samples that only fill up the last batch count too.

        Parameters
        ----------
        eval_data : DataIter
            Data with labels.
        eval_metric : EvalMetric or what `mx.metric.create` takes
            What to measure.
        num_batch : int, optional
            Batches to measure; all by default.
        batch_end_callback, score_end_callback : callable or list, optional
            Called with a `BatchEndParam` after each batch, and at the end.
        reset : bool, default True
            Whether `eval_data` is reset first.
        epoch : int, default 0
            What callbacks are told.
        sparse_row_id_fn : callable, optional
            Passed to `prepare`.

        Returns
        -------
        list of (str, float)
            Names and values.
        """
        self._require_params("score")
        eval_metric = metrics.create(eval_metric)
        eval_metric.reset()
        actual_num_batch = 0
        for nbatch, eval_batch in self._computed(eval_data, num_batch, reset, sparse_row_id_fn):
            self._show_labels(eval_metric, eval_batch)
            _call(batch_end_callback, BatchEndParam(epoch, nbatch, eval_metric, locals()))
            actual_num_batch += 1
        _call(score_end_callback, BatchEndParam(epoch, actual_num_batch, eval_metric, locals()))
        return eval_metric.get_name_value()

    def iter_predict(
        self,
        eval_data: DataIter,
        num_batch: int | None = None,
        reset: bool = True,
        sparse_row_id_fn: Any = None,
    ) -> Iterator[tuple[list[NDArray], int, DataBatch]]:
        """Yield the outputs for each batch, its number and the batch.

        Outputs for samples that only fill up the last batch are left out.

        Parameters
        ----------
        eval_data : DataIter
            Data.
        num_batch : int, optional
            Batches to predict; all by default.
        reset : bool, default True
            Whether `eval_data` is reset first.
        sparse_row_id_fn : callable, optional
            Passed to `prepare`.
        """
        self._require_params("iter_predict")
        for nbatch, eval_batch in self._computed(eval_data, num_batch, reset, sparse_row_id_fn):
            pad = eval_batch.pad or 0
            outputs = [out[0 : out.shape[0] - pad] for out in self.get_outputs()]
            yield outputs, nbatch, eval_batch

    def _computed(
        self, eval_data: DataIter, num_batch: int | None, reset: bool, sparse_row_id_fn: Any
    ) -> Iterator[tuple[int, Any]]:
        """Yield number and batch after the forward of each."""
        if reset:
            eval_data.reset()
        for nbatch, batch in enumerate(islice(eval_data, num_batch)):
            self.prepare(batch, sparse_row_id_fn=sparse_row_id_fn)
            self.forward(batch, is_train=False)
            yield nbatch, batch

    def predict(
        self,
        eval_data: Any,
        num_batch: int | None = None,
        merge_batches: bool = True,
        reset: bool = True,
        always_output_list: bool = False,
        sparse_row_id_fn: Any = None,
    ) -> Any:
        """Return the outputs for a data set.

        Parameters
        ----------
        eval_data : DataIter, NDArray or numpy.ndarray
            Data; an array is one batch.
        num_batch : int, optional
            Batches to predict; all by default.
        merge_batches : bool, default True
            Whether the batches' outputs are put together; else a list of lists of outputs, one
            for each batch, is returned.
        reset : bool, default True
            Whether `eval_data` is reset first.
        always_output_list : bool, default False
            Whether a single output comes as a list, too.
        sparse_row_id_fn : callable, optional
            Passed to `prepare`.

        Returns
        -------
        NDArray, list of NDArray or list of lists of NDArray

        Raises
        ------
        MXNetError
            If batches differ in their number of outputs, so that they can not be merged.
        """
        self._require_params("predict")
        if not isinstance(eval_data, DataIter) and hasattr(eval_data, "shape"):
            eval_data = NDArrayIter(eval_data, batch_size=eval_data.shape[0])
        batches = [
            [out.copy() for out in outputs]
            for outputs, _, _ in self.iter_predict(eval_data, num_batch, reset, sparse_row_id_fn)
        ]
        if not batches or not merge_batches:
            return batches
        counts = sorted({len(outputs) for outputs in batches})
        if len(counts) > 1:
            raise MXNetError(
                f"Batches have {counts} outputs and can not be merged, as with buckets; pass "
                "merge_batches=False."
            )
        merged = [nd.concat(*parts, dim=0) for parts in zip(*batches, strict=True)]
        return merged[0] if len(merged) == 1 and not always_output_list else merged

    def fit(
        self,
        train_data: DataIter,
        eval_data: DataIter | None = None,
        eval_metric: Any = "acc",
        epoch_end_callback: Callbacks = None,
        batch_end_callback: Callbacks = None,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        eval_end_callback: Callbacks = None,
        eval_batch_end_callback: Callbacks = None,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_rebind: bool = False,
        force_init: bool = False,
        begin_epoch: int = 0,
        num_epoch: int | None = None,
        validation_metric: Any = None,
        monitor: Any = None,
        sparse_row_id_fn: Any = None,
    ) -> None:
        """Train: bind, initialize, and go through the data epoch after epoch.

        Parameters
        ----------
        train_data : DataIter
            Training data.
        eval_data : DataIter, optional
            Data to measure after every epoch.
        eval_metric : default 'acc'
            What to measure, in any form that `mx.metric.create` takes.
        epoch_end_callback : callable or list, optional
            Called as ``callback(epoch, symbol, arg_params, aux_params)`` after each epoch.
        batch_end_callback : callable or list, optional
            Called with a `BatchEndParam` after each batch.
        kvstore, optimizer, optimizer_params
            As for `init_optimizer`.
        eval_end_callback, eval_batch_end_callback : callable or list, optional
            Called with a `BatchEndParam` after the evaluation, and after each batch of it.
        initializer, arg_params, aux_params, allow_missing, force_init
            As for `init_params`.
        force_rebind : bool, default False
            Whether a module that is bound already is bound anew.
        begin_epoch : int, default 0
            Number of the first epoch; not 0 when training goes on.
        num_epoch : int
            Number of the epoch to stop before.
        validation_metric : optional
            What to measure on `eval_data`; by default `eval_metric`.
        monitor : Monitor, optional
            Watches the executors.
        sparse_row_id_fn : callable, optional
            Passed to `prepare`.

        Raises
        ------
        MXNetError
            If `num_epoch` is not given.
        """
        if num_epoch is None:
            raise MXNetError("fit needs num_epoch, the number of the epoch to stop before.")
        self.bind(
            data_shapes=train_data.provide_data,
            label_shapes=train_data.provide_label,
            for_training=True,
            force_rebind=force_rebind,
        )
        if monitor is not None:
            self.install_monitor(monitor)
        self.init_params(initializer, arg_params, aux_params, allow_missing, force_init)
        self.init_optimizer(kvstore, optimizer, optimizer_params)
        eval_metric = metrics.create(eval_metric)
        validation_metric = eval_metric if validation_metric is None else validation_metric
        for epoch in range(begin_epoch, num_epoch):
            self._fit_epoch(
                epoch, train_data, eval_metric, batch_end_callback, monitor, sparse_row_id_fn
            )
            arg_params, aux_params = self.get_params()
            self.set_params(arg_params, aux_params)
            _call(epoch_end_callback, epoch, self.symbol, arg_params, aux_params)
            if eval_data is not None:
                results = self.score(
                    eval_data,
                    validation_metric,
                    score_end_callback=eval_end_callback,
                    batch_end_callback=eval_batch_end_callback,
                    epoch=epoch,
                )
                self._log_metrics(epoch, "Validation", results)
            train_data.reset()

    def _fit_epoch(
        self,
        epoch: int,
        train_data: DataIter,
        eval_metric: metrics.EvalMetric,
        batch_end_callback: Callbacks,
        monitor: Any,
        sparse_row_id_fn: Any,
    ) -> None:
        began = time.time()
        eval_metric.reset()
        batches = iter(train_data)
        data_batch = next(batches, None)
        nbatch, results = 0, eval_metric.get_global_name_value()
        while data_batch is not None:
            self._fit_batch(data_batch, eval_metric, monitor)
            upcoming = next(batches, None)
            if upcoming is not None:
                self.prepare(upcoming, sparse_row_id_fn=sparse_row_id_fn)
            else:
                results = eval_metric.get_global_name_value()
            if monitor is not None:
                monitor.toc_print()
            _call(batch_end_callback, BatchEndParam(epoch, nbatch, eval_metric, locals()))
            data_batch = upcoming
            nbatch += 1
        self._log_metrics(epoch, "Train", results)
        self.logger.info("Epoch[%d] Time cost=%.3f", epoch, time.time() - began)

    def _fit_batch(self, data_batch: Any, eval_metric: metrics.EvalMetric, monitor: Any) -> None:
        if monitor:
            monitor.tic()
        self.forward_backward(data_batch)
        self.update()
        self._show_labels(eval_metric, data_batch)

    def _log_metrics(self, epoch: int, kind: str, results: Sequence[tuple[str, float]]) -> None:
        for name, value in results:
            self.logger.info("Epoch[%d] %s-%s=%f", epoch, kind, name, value)

    def _show_labels(self, eval_metric: metrics.EvalMetric, data_batch: Any) -> None:
        if isinstance(data_batch, list):
            labels = [batch.label for batch in data_batch]
            self.update_metric(eval_metric, labels, pre_sliced=True)
        else:
            self.update_metric(eval_metric, data_batch.label)

    def _require_params(self, what: str) -> None:
        if not self.binded or not self.params_initialized:
            raise MXNetError(f"{what} needs a module that is bound and has parameters.")

    # What a module has.

    @property
    def symbol(self) -> Any:
        """The network."""
        return self._symbol

    @property
    def data_names(self) -> list[str]:
        """The names of the data."""
        raise NotImplementedError(f"{type(self).__name__} does not define data_names.")

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        raise NotImplementedError(f"{type(self).__name__} does not define output_names.")

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the data that the module is bound for."""
        raise NotImplementedError(f"{type(self).__name__} does not define data_shapes.")

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels that the module is bound for."""
        raise NotImplementedError(f"{type(self).__name__} does not define label_shapes.")

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs."""
        raise NotImplementedError(f"{type(self).__name__} does not define output_shapes.")

    # Parameters.

    def get_params(self) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
        """Return the parameters and the auxiliary states by name."""
        raise NotImplementedError(f"{type(self).__name__} does not define get_params.")

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters their first values."""
        raise NotImplementedError(f"{type(self).__name__} does not define init_params.")

    def set_params(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray],
        allow_missing: bool = False,
        force_init: bool = True,
        allow_extra: bool = False,
    ) -> None:
        """Set the parameters and auxiliary states by name.

        Parameters
        ----------
        arg_params, aux_params : dict of str to NDArray
            The values.
        allow_missing : bool, default False
            Whether parameters that are not given keep their values.
        force_init : bool, default True
            Whether parameters that have values already are set.
        allow_extra : bool, default False
            Whether values without a parameter are passed over.
        """
        self.init_params(None, arg_params, aux_params, allow_missing, force_init, allow_extra)

    def save_params(self, fname: str) -> None:
        """Write parameters and auxiliary states to a file."""
        save_params(fname, *self.get_params())

    def load_params(self, fname: str) -> None:
        """Set parameters and auxiliary states from a file that `save_params` wrote."""
        self.set_params(*load_params_file(fname))

    # States, monitors, batches.

    def get_states(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the states of a module that has any: none here."""
        self._require_params("get_states")
        if merge_multi_context:
            raise MXNetError("States of several devices can not be merged: pass False.")
        return []

    def set_states(self, states: Any = None, value: float | None = None) -> None:
        """Set the states of a module that has any."""
        self._require_params("set_states")
        if states or value:
            raise MXNetError(f"{type(self).__name__} has no states to set.")

    def install_monitor(self, mon: Any) -> None:
        """Have a monitor watch the executors."""
        raise NotImplementedError(f"{type(self).__name__} does not define install_monitor.")

    def prepare(self, data_batch: DataBatch, sparse_row_id_fn: Any = None) -> None:
        """Get ready for a batch before it is computed: nothing to do here."""

    def forward(self, data_batch: DataBatch, is_train: bool | None = None) -> None:
        """Compute the outputs for a batch."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward.")

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients after a forward with ``is_train=True``."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward.")

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward."""
        raise NotImplementedError(f"{type(self).__name__} does not define get_outputs.")

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data."""
        raise NotImplementedError(f"{type(self).__name__} does not define get_input_grads.")

    def update(self) -> None:
        """Change the parameters by their gradients."""
        raise NotImplementedError(f"{type(self).__name__} does not define update.")

    def update_metric(
        self, eval_metric: metrics.EvalMetric, labels: Any, pre_sliced: bool = False
    ) -> None:
        """Show a metric the labels and the outputs of the last forward."""
        raise NotImplementedError(f"{type(self).__name__} does not define update_metric.")

    # Getting ready.

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
        """Make the arrays for inputs of the given shapes."""
        raise NotImplementedError(f"{type(self).__name__} does not define bind.")

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Choose how parameters follow their gradients."""
        raise NotImplementedError(f"{type(self).__name__} does not define init_optimizer.")


def _call(callbacks: Callbacks, *arguments: Any) -> None:
    """Call one callback, or each of a list."""
    if callbacks is None:
        return
    several: Any = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
    for callback in several:
        callback(*arguments)
