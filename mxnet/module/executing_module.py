"""Modules that run a network: binding it to devices, and computing with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base import MXNetError
from ..context import Context
from ..io import DataBatch, DataDesc
from ..metric import EvalMetric
from .base_module import BaseModule
from .executor_group import DataParallelExecutorGroup
from .inputs import check_names, describe_inputs, new_shapes


class ExecutingModule(BaseModule):
    """The part of `Module` that runs a network; parameters and optimizer are the subclass's.

    Parameters are those of `Module`.
    """

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] | None,
        label_names: Sequence[str] | None,
        logger: Any,
        context: Context | Sequence[Context],
        work_load_list: Sequence[float] | None,
        fixed_param_names: Sequence[str] | None,
        state_names: Sequence[str] | None,
        group2ctxs: Any,
    ) -> None:
        super().__init__(logger)
        self._symbol = symbol
        self._context = [context] if isinstance(context, Context) else list(context)
        self._work_load_list = list(work_load_list or [1] * len(self._context))
        if len(self._work_load_list) != len(self._context):
            raise MXNetError(
                f"work_load_list has {len(self._work_load_list)} entries, but there are "
                f"{len(self._context)} devices."
            )
        self._data_names = list(data_names or ())
        self._label_names = list(label_names or ())
        self._state_names = list(state_names or ())
        self._fixed_param_names = list(fixed_param_names or ())
        check_names(symbol, self._data_names, "data_names", raises=True)
        check_names(symbol, self._label_names, "label_names", raises=False)
        check_names(symbol, self._state_names, "state_names", raises=True)
        check_names(symbol, self._fixed_param_names, "fixed_param_names", raises=True)
        inputs = {*self._data_names, *self._label_names, *self._state_names}
        self._param_names = [name for name in symbol.list_arguments() if name not in inputs]
        self._aux_names = symbol.list_auxiliary_states()
        self._output_names = symbol.list_outputs()
        self._group2ctxs = group2ctxs
        self._reset_bind()

    def _reset_bind(self) -> None:
        self.binded = False
        self._exec_group: DataParallelExecutorGroup = None  # type: ignore[assignment]
        self._data_shapes: list[DataDesc] = []
        self._label_shapes: list[DataDesc] | None = None

    # What the module has.

    @property
    def data_names(self) -> list[str]:
        """The names of the data."""
        return self._data_names

    @property
    def label_names(self) -> list[str]:
        """The names of the labels."""
        return self._label_names

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        return self._output_names

    @property
    def data_shapes(self) -> list[DataDesc]:
        """Descriptions of the data that the module is bound for."""
        self._require_bind("data_shapes")
        return self._data_shapes

    @property
    def label_shapes(self) -> list[DataDesc] | None:
        """Descriptions of the labels that the module is bound for, None without labels."""
        self._require_bind("label_shapes")
        return self._label_shapes

    @property
    def output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Names and shapes of the outputs."""
        self._require_bind("output_shapes")
        return self._exec_group.get_output_shapes()

    def _require_bind(self, what: str) -> None:
        if not self.binded:
            raise MXNetError(f"{what} needs a module that is bound: call bind first.")

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
        """Make the arrays for inputs of the given shapes.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (str, tuple)
            The inputs, as a `DataIter` provides them; None where there are no labels.
        for_training : bool, default True
            Whether gradients are computed.
        inputs_need_grad : bool, default False
            Whether the data get gradients too.
        force_rebind : bool, default False
            Whether a module that is bound already is bound anew.
        shared_module : Module, optional
            A bound module whose parameters are used.
        grad_req : str, list or dict, default 'write'
            How gradients are written: ``'write'``, ``'add'`` or ``'null'``.

        Raises
        ------
        ValueError
            If the names of the data differ from the module's.
        """
        if force_rebind and self.binded:
            if self.params_initialized:
                self.get_params()
            self._reset_bind()
        if self.binded:
            self.logger.warning("Already bound, ignoring bind()")
            return
        if inputs_need_grad and not for_training:
            raise MXNetError("inputs_need_grad=True needs for_training=True.")
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self._data_shapes, self._label_shapes = describe_inputs(
            self._data_names, self._label_names, data_shapes, label_shapes
        )
        if shared_module is not None and not (
            isinstance(shared_module, ExecutingModule)
            and shared_module.binded
            and shared_module.params_initialized
        ):
            raise MXNetError("shared_module must be a Module that is bound and has parameters.")
        self._exec_group = DataParallelExecutorGroup(
            self._symbol,
            self._context,
            self._work_load_list,
            self._data_shapes,
            self._label_shapes,
            self._param_names,
            for_training,
            inputs_need_grad,
            shared_module._exec_group if shared_module else None,
            logger=self.logger,
            fixed_param_names=self._fixed_param_names,
            grad_req=grad_req,
            state_names=self._state_names,
            group2ctxs=self._group2ctxs,
        )
        self.binded = True
        self._share_or_make_params(shared_module)

    def _share_or_make_params(self, shared_module: Any) -> None:
        """Take over another module's parameters, or have arrays for them."""
        raise NotImplementedError(f"{type(self).__name__} does not define _share_or_make_params.")

    def reshape(self, data_shapes: Any, label_shapes: Any = None) -> None:
        """Fit the module to inputs of other shapes; parameters stay.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (str, tuple)
            The inputs; None where there are no labels.
        """
        self._require_bind("reshape")
        self._data_shapes, self._label_shapes = describe_inputs(
            self._data_names, self._label_names if label_shapes else [], data_shapes, label_shapes
        )
        self._exec_group.reshape(self._data_shapes, self._label_shapes)

    # Computing.

    def forward(
        self, data_batch: DataBatch | list[DataBatch], is_train: bool | None = None
    ) -> None:
        """Compute the outputs for a batch, fitting the module to its shapes.

        Parameters
        ----------
        data_batch : DataBatch or list of DataBatch
            The inputs; a list has a batch for each device.
        is_train : bool, optional
            Whether backward may follow; by default the module's `for_training`.
        """
        self._require_params("forward")
        shapes = new_shapes(data_batch, self._data_shapes, self._label_shapes, self._label_names)
        if shapes is not None:
            self.reshape(*shapes)
        self._exec_group.forward(data_batch, is_train)

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients after a forward with ``is_train=True``.

        Parameters
        ----------
        out_grads : NDArray or list of NDArray, optional
            Gradients of the outputs; not needed where the outputs are losses.
        """
        self._require_params("backward")
        self._exec_group.backward(out_grads)

    def get_outputs(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the outputs of the last forward.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Whether the devices' shares are put together; else each output is a list of them.
        """
        self._require_params("get_outputs")
        return self._exec_group.get_outputs(merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data, if bound with ``inputs_need_grad=True``."""
        self._require_params("get_input_grads")
        return self._exec_group.get_input_grads(merge_multi_context)

    def get_states(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the states of each device; they can not be merged."""
        self._require_params("get_states")
        return self._exec_group.get_states(merge_multi_context)

    def set_states(self, states: Any = None, value: float | None = None) -> None:
        """Set all states to arrays for each device, or to one number."""
        self._require_params("set_states")
        self._exec_group.set_states(states, value)

    def update_metric(self, eval_metric: EvalMetric, labels: Any, pre_sliced: bool = False) -> None:
        """Show a metric the labels and the outputs of the last forward.

        Parameters
        ----------
        eval_metric : EvalMetric
            The metric.
        labels : list of NDArray
            The labels of the batch; with `pre_sliced` such a list for each device.
        pre_sliced : bool, default False
            Whether the labels are shared out among the devices already.
        """
        self._exec_group.update_metric(eval_metric, labels, pre_sliced)

    def install_monitor(self, mon: Any) -> None:
        """Have a monitor watch the executors."""
        self._require_bind("install_monitor")
        self._exec_group.install_monitor(mon)

    def prepare(self, data_batch: DataBatch, sparse_row_id_fn: Any = None) -> None:
        """Get ready for a batch: fetch the rows of row_sparse parameters that it needs.

        Parameters
        ----------
        data_batch : DataBatch
            The batch to come.
        sparse_row_id_fn : callable, optional
            Maps a batch to a dictionary of parameters' names to numbers of rows. Every device
            has all rows of its parameters, so there is nothing to fetch.
        """
        self._require_bind("prepare")
