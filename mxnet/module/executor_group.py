"""One executor per device, each with its share of a batch."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from .. import ndarray as nd
from ..base import MXNetError
from ..context import Context
from ..executor import Executor
from ..io import DataBatch, DataDesc
from ..metric import EvalMetric
from ..ndarray import NDArray

# One array per device, as (its share of the batch, array).
Shares = list[tuple[slice, NDArray]]


class DataParallelExecutorGroup:
    """Executors of one network on several devices, which share out each batch among them.

    Parameters
    ----------
    symbol : Symbol
        The network.
    contexts : list of Context
        The devices.
    workload : list of float
        How much of a batch each device gets, in proportion.
    data_shapes, label_shapes : list of DataDesc
        The inputs; `label_shapes` may be None.
    param_names : list of str
        The arguments that are parameters.
    for_training : bool
        Whether gradients are computed.
    inputs_need_grad : bool
        Whether the data get gradients too.
    shared_group : DataParallelExecutorGroup, optional
        A group whose parameters are used.
    logger : logging.Logger or module, default logging
        Where warnings go.
    fixed_param_names : list of str, optional
        Parameters that get no gradient.
    grad_req : str, list or dict, default 'write'
        How gradients are written.
    state_names : list of str, optional
        Arguments that are states, set by hand.
    group2ctxs : optional
        Accepted and without effect: a network lies on one device.
    """

    def __init__(
        self,
        symbol: Any,
        contexts: Sequence[Context],
        workload: Sequence[float],
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc] | None,
        param_names: Sequence[str],
        for_training: bool,
        inputs_need_grad: bool,
        shared_group: DataParallelExecutorGroup | None = None,
        logger: Any = logging,
        fixed_param_names: Sequence[str] | None = None,
        grad_req: Any = "write",
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
    ) -> None:
        self.symbol = symbol
        self.contexts = list(contexts)
        self.workload = list(workload)
        self.param_names = list(param_names)
        self.arg_names = symbol.list_arguments()
        self.aux_names = symbol.list_auxiliary_states()
        self.for_training = for_training
        self.inputs_need_grad = inputs_need_grad
        self.logger = logger
        self.fixed_param_names = list(fixed_param_names or ())
        self.state_names = list(state_names or ())
        self.shared_group = shared_group
        self.num_outputs = len(symbol.list_outputs())
        self.execs: list[Executor] = []
        data_names = [desc.name for desc in data_shapes]
        self.grad_req = self._gradient_requests(grad_req, data_names)
        self.output_layouts = [
            DataDesc.get_batch_axis(output.attr("__layout__")) for output in symbol
        ]
        self.bind_exec(data_shapes, label_shapes, shared_group)

    def _gradient_requests(self, grad_req: Any, data_names: Sequence[str]) -> dict[str, str]:
        requests = dict.fromkeys(self.arg_names, "null")
        if not self.for_training:
            return requests
        trained = [name for name in self.param_names if name not in self.fixed_param_names]
        if self.inputs_need_grad:
            trained += data_names
        if isinstance(grad_req, str):
            requests.update(dict.fromkeys(trained, grad_req))
        elif isinstance(grad_req, Mapping):
            requests.update(dict.fromkeys(trained, "write"))
            requests.update(grad_req)
        elif isinstance(grad_req, list | tuple) and len(grad_req) == len(self.arg_names):
            requests.update(zip(self.arg_names, grad_req, strict=True))
        else:
            raise MXNetError(
                f"grad_req is {grad_req!r}, but must be 'write', 'add' or 'null', a dictionary of "
                f"argument names to these, or a list with one for each of {self.arg_names}."
            )
        return requests

    def decide_slices(self, data_shapes: Sequence[DataDesc]) -> list[int]:
        """Share a batch out among the devices and return the batch axes of the inputs.

        Raises
        ------
        ValueError
            If a device would get nothing.
        MXNetError
            If the inputs differ in their batch size.
        """
        axes = [DataDesc.get_batch_axis(desc.layout) for desc in data_shapes]
        sizes = {
            desc.name: desc.shape[axis]
            for desc, axis in zip(data_shapes, axes, strict=True)
            if axis != -1
        }
        if len(set(sizes.values())) > 1:
            raise MXNetError(f"The inputs differ in their batch size: {sizes}.")
        if sizes:
            self.batch_size = next(iter(sizes.values()))
            self.slices = _share_out(self.batch_size, self.workload)
        return axes

    def bind_exec(
        self,
        data_shapes: Sequence[DataDesc],
        label_shapes: Sequence[DataDesc] | None,
        shared_group: DataParallelExecutorGroup | None = None,
        reshape: bool = False,
    ) -> None:
        """Make the executors, or with `reshape` fit them to other shapes."""
        self.data_layouts = self.decide_slices(data_shapes)
        self.label_layouts = self.decide_slices(label_shapes) if label_shapes else []
        for i, context in enumerate(self.contexts):
            shapes = {
                desc.name: self._shape_on_device(desc, axis, i)
                for descs, axes in (
                    (data_shapes, self.data_layouts),
                    (label_shapes or [], self.label_layouts),
                )
                for desc, axis in zip(descs, axes, strict=True)
            }
            if reshape:
                self.execs[i] = self._reshaped(self.execs[i], shapes)
                continue
            types = {desc.name: desc.dtype for desc in [*data_shapes, *(label_shapes or [])]}
            self.execs.append(
                self.symbol.simple_bind(
                    ctx=context,
                    grad_req=self.grad_req,
                    type_dict=types,
                    shared_arg_names=self.param_names,
                    shared_exec=shared_group.execs[i] if shared_group else None,
                    **shapes,
                )
            )
        self.data_shapes = list(data_shapes)
        self.label_shapes = list(label_shapes) if label_shapes else label_shapes
        self.data_names = [desc.name for desc in data_shapes]
        self.label_names = [desc.name for desc in label_shapes or ()]
        self._collect_arrays()

    def _reshaped(self, executor: Executor, shapes: dict[str, tuple[int, ...]]) -> Executor:
        """Return an executor for other inputs, refusing those that fit other parameters."""
        fresh = executor.reshape(partial_shaping=True, allow_up_sizing=True, **shapes)
        before, after = executor.arg_dict, fresh.arg_dict
        for name in self.param_names:
            if before[name].shape != after[name].shape:
                raise MXNetError(
                    f"Inputs of shapes {shapes} need {name} of shape {after[name].shape}, but it "
                    f"has shape {before[name].shape}."
                )
        return fresh

    def _shape_on_device(self, desc: DataDesc, axis: int, device: int) -> tuple[int, ...]:
        shape = list(desc.shape)
        if axis != -1:
            share = self.slices[device]
            shape[axis] = share.stop - share.start
        return tuple(shape)

    def _collect_arrays(self) -> None:
        """Gather the executors' arrays by kind."""
        arguments = [executor.arg_dict for executor in self.execs]
        gradients = [executor.grad_dict for executor in self.execs]
        self.data_arrays = [self._shares(arguments, name) for name in self.data_names]
        self.label_arrays = [
            self._shares(arguments, name) for name in self.label_names if name in arguments[0]
        ]
        self.state_arrays = [[args[name] for args in arguments] for name in self.state_names]
        self.param_arrays = [
            [args[name] for args in arguments]
            for name in self.param_names
            if name in self.arg_names
        ]
        self.grad_arrays = [
            [grads[name] for grads in gradients]
            for name in self.param_names
            if name in self.arg_names and self.for_training
        ]
        self.input_grad_arrays = [
            [grads[name] for grads in gradients]
            for name in self.data_names
            if self.inputs_need_grad
        ]
        self.aux_arrays = [
            [executor.aux_dict[name] for executor in self.execs] for name in self.aux_names
        ]

    def _shares(self, arguments: Sequence[Mapping[str, NDArray]], name: str) -> Shares:
        return [(self.slices[i], args[name]) for i, args in enumerate(arguments)]

    def reshape(
        self, data_shapes: Sequence[DataDesc], label_shapes: Sequence[DataDesc] | None
    ) -> None:
        """Fit the executors to other shapes of the inputs; parameters stay."""
        same = _described(data_shapes) == _described(self.data_shapes)
        if same and _described(label_shapes) == _described(self.label_shapes):
            return
        self.bind_exec(data_shapes, label_shapes, reshape=True)

    def set_params(
        self,
        arg_params: Mapping[str, NDArray],
        aux_params: Mapping[str, NDArray] | None,
        allow_extra: bool = False,
    ) -> None:
        """Copy parameters and auxiliary states to every device.

        Raises
        ------
        ValueError
            If a name is unknown and `allow_extra` is False.
        """
        for executor in self.execs:
            executor.copy_params_from(arg_params, aux_params, allow_extra_params=allow_extra)

    def get_params(
        self, arg_params: Mapping[str, NDArray], aux_params: Mapping[str, NDArray]
    ) -> None:
        """Copy the means over the devices of parameters and states into the arrays given."""
        for names, groups, targets in (
            (self.param_names, self.param_arrays, arg_params),
            (self.aux_names, self.aux_arrays, aux_params),
        ):
            for name, arrays in zip(names, groups, strict=True):
                target = targets[name]
                mean = arrays[0].as_in_context(target.context)
                for array in arrays[1:]:
                    mean = mean + array.as_in_context(target.context)
                if len(arrays) > 1:
                    mean = mean / len(arrays)
                mean.astype(target.dtype, copy=False).copyto(target)

    def forward(
        self, data_batch: DataBatch | list[DataBatch], is_train: bool | None = None
    ) -> None:
        """Load a batch and compute the outputs.

        Parameters
        ----------
        data_batch : DataBatch or list of DataBatch
            Data and, if the network has any, labels; a list has a batch for each device.
        is_train : bool, optional
            Whether backward may follow; by default `for_training`.
        """
        is_whole = not isinstance(data_batch, list | tuple)
        batches: Any = [data_batch] * len(self.contexts) if is_whole else data_batch
        if len(batches) != len(self.contexts):
            raise MXNetError(f"There are {len(batches)} batches, but {len(self.contexts)} devices.")
        for i, batch in enumerate(batches):
            self._load(i, batch.data, self.data_arrays, self.data_layouts, is_whole)
            if self.label_arrays and batch.label:
                self._load(i, batch.label, self.label_arrays, self.label_layouts, is_whole)
        is_train = self.for_training if is_train is None else is_train
        for executor in self.execs:
            executor.forward(is_train=is_train)

    def _load(
        self,
        device: int,
        sources: Sequence[NDArray],
        targets: Sequence[Shares],
        axes: Sequence[int],
        is_whole: bool,
    ) -> None:
        """Copy arrays, or a device's share of them, into its executor's arrays."""
        if len(sources) != len(targets):
            raise MXNetError(
                f"The batch has {len(sources)} arrays, but the module was bound with "
                f"{len(targets)}."
            )
        for source, shares, axis in zip(sources, targets, axes, strict=True):
            share, target = shares[device]
            part = self._part(source, axis, share) if is_whole else source
            part.astype(target.dtype, copy=False).copyto(target)

    def _part(self, source: NDArray, axis: int, share: slice) -> NDArray:
        if axis == -1 or len(self.contexts) == 1:
            return source
        return nd.slice_axis(source, axis=axis, begin=share.start, end=share.stop)

    def get_output_shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return names and shapes of the outputs for a whole batch."""
        shapes = []
        for i, name in enumerate(self.symbol.list_outputs()):
            shape, axis = list(self.execs[0].outputs[i].shape), self.output_layouts[i]
            if axis >= 0 and len(shape) > axis and len(self.execs) > 1:
                shape[axis] = sum(executor.outputs[i].shape[axis] for executor in self.execs)
            shapes.append((name, tuple(shape)))
        return shapes

    def get_outputs(
        self, merge_multi_context: bool = True, begin: int = 0, end: int | None = None
    ) -> list[Any]:
        """Return the outputs of the last forward.

        Parameters
        ----------
        merge_multi_context : bool, default True
            Whether the devices' shares are put together; else each output is a list of them.
        begin, end : int, default 0 and None
            Which outputs.
        """
        chosen = range(self.num_outputs)[begin:end]
        outputs = [[executor.outputs[i] for executor in self.execs] for i in chosen]
        return self._merged(outputs, [self.output_layouts[i] for i in chosen], merge_multi_context)

    def get_input_grads(self, merge_multi_context: bool = True) -> list[Any]:
        """Return the gradients of the data; the group must have `inputs_need_grad`."""
        if not self.inputs_need_grad:
            raise MXNetError("There are no gradients of inputs: bind with inputs_need_grad=True.")
        return self._merged(self.input_grad_arrays, self.data_layouts, merge_multi_context)

    def get_states(self, merge_multi_context: bool = True) -> list[list[NDArray]]:
        """Return the states of each device; they can not be merged."""
        if merge_multi_context:
            raise MXNetError("States of several devices can not be merged: pass False.")
        return self.state_arrays

    def set_states(
        self, states: Sequence[Sequence[NDArray]] | None = None, value: float | None = None
    ) -> None:
        """Set all states to arrays for each device, or to one number."""
        if (states is None) == (value is None):
            raise MXNetError("set_states takes either states or value.")
        for i, arrays in enumerate(self.state_arrays):
            given = [value] * len(arrays) if states is None else states[i]
            if not isinstance(given, list | tuple):
                raise MXNetError(
                    f"The value of state {self.state_names[i]} must be a list of arrays, one for "
                    "each device."
                )
            for array, one in zip(arrays, given, strict=True):
                array[:] = one

    def _merged(
        self, groups: Sequence[Sequence[Any]], axes: Sequence[int], merge: bool
    ) -> list[Any]:
        if not merge:
            return [list(arrays) for arrays in groups]
        return [_joined(arrays, axis) for arrays, axis in zip(groups, axes, strict=True)]

    def backward(self, out_grads: Any = None) -> None:
        """Compute the gradients after a forward with ``is_train=True``.

        Parameters
        ----------
        out_grads : NDArray or list of NDArray, optional
            Gradients of the outputs; not needed where the outputs are losses.
        """
        if not self.for_training:
            raise MXNetError("There are no gradients: bind with for_training=True.")
        out_grads = [out_grads] if isinstance(out_grads, NDArray) else out_grads or []
        for i, executor in enumerate(self.execs):
            heads = []
            for grad, axis in zip(out_grads, self.output_layouts, strict=False):
                head = self._part(grad, axis, self.slices[i])
                heads.append(head.as_in_context(self.contexts[i]))
            executor.backward(out_grads=heads or None)

    def update_metric(self, eval_metric: EvalMetric, labels: Any, pre_sliced: bool) -> None:
        """Show a metric the labels and the outputs of the last forward.

        Parameters
        ----------
        eval_metric : EvalMetric
            The metric.
        labels : list of NDArray, or list of lists of them with `pre_sliced`
            The labels of the batch.
        pre_sliced : bool
            Whether the labels are shared out among the devices already.
        """
        for i, executor in enumerate(self.execs):
            own = (
                labels[i]
                if pre_sliced
                else [
                    self._part(label, axis, self.slices[i])
                    for label, axis in zip(labels or [], self._label_axes(labels), strict=True)
                ]
            )
            named = dict(zip(self.label_names, own, strict=False))
            eval_metric.update_dict(named, executor.output_dict)

    def _label_axes(self, labels: Any) -> Sequence[int]:
        return self.label_layouts or [0] * len(labels or [])

    def install_monitor(self, mon: Any) -> None:
        """Have a monitor watch every executor."""
        for executor in self.execs:
            mon.install(executor)


def _share_out(batch_size: int, workload: Sequence[float]) -> list[slice]:
    """Return each device's part of a batch, in proportion to its workload."""
    sizes = [round(batch_size * work / sum(workload)) for work in workload]
    slices, begin = [], 0
    for i, size in enumerate(sizes):
        end = batch_size if i == len(sizes) - 1 else min(batch_size, begin + size)
        if begin >= end:
            raise ValueError(
                f"A batch of {batch_size} samples leaves nothing for one of {len(workload)} "
                "devices."
            )
        slices.append(slice(begin, end))
        begin = end
    return slices


def _described(descs: Sequence[DataDesc] | None) -> list[tuple[Any, ...]]:
    return [(desc.name, tuple(desc.shape)) for desc in descs or ()]


def _joined(arrays: Sequence[NDArray], axis: int) -> NDArray:
    """Return the devices' shares as one array on the first device."""
    if len(arrays) == 1 or axis < 0:
        return arrays[0]
    context = arrays[0].context
    return nd.concat(*[array.as_in_context(context) for array in arrays], dim=axis)
