"""A network bound to one or several devices."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import ndarray as nd
from .. import optimizer as opt
from ..base import MXNetError
from ..checkpoint import load_checkpoint
from ..context import Context, cpu
from ..initializer import InitDesc, Uniform
from ..ndarray import NDArray
from .executing_module import ExecutingModule
from .stores import Store, choose_store

Parameters = dict[str, NDArray]


class Module(ExecutingModule):
    """A network with its parameters and optimizer, on one device or on several.

    Several devices share out each batch; their gradients are summed.

    Parameters
    ----------
    symbol : Symbol
        The network, usually ending in a loss such as `SoftmaxOutput`.
    data_names, label_names : list of str, default ('data',) and ('softmax_label',)
        The arguments that are data and labels; all others are parameters.
    logger : logging.Logger or module, default logging
        Where lines of the log go.
    context : Context or list of Context, default cpu(0)
        The devices.
    work_load_list : list of float, optional
        How much of a batch each device gets, in proportion; by default equally much.
    fixed_param_names : list of str, optional
        Parameters that training leaves as they are.
    state_names : list of str, optional
        Arguments that are states, set by `set_states`.
    group2ctxs : optional
        Accepted and without effect: a network lies on one device.
    compression_params : dict, optional
        Passed to the key-value store's `set_gradient_compression`.

    Raises
    ------
    ValueError
        If one of the names (of labels: only warned of) is no argument of the network.

    Examples
    --------
    >>> network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=2, name="fc")
    >>> module = mx.mod.Module(mx.sym.SoftmaxOutput(network, name="softmax"))
    >>> data = mx.io.NDArrayIter(np.eye(4), np.array([0, 0, 1, 1]), batch_size=2)
    >>> module.fit(data, num_epoch=50, optimizer_params={"learning_rate": 1.0})
    >>> module.score(data, "acc")
    [('accuracy', 1.0)]
    """

    def __init__(
        self,
        symbol: Any,
        data_names: Sequence[str] | None = ("data",),
        label_names: Sequence[str] | None = ("softmax_label",),
        logger: Any = logging,
        context: Context | Sequence[Context] = cpu(),
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            symbol,
            data_names,
            label_names,
            logger,
            context,
            work_load_list,
            fixed_param_names,
            state_names,
            group2ctxs,
        )
        self._compression_params = compression_params
        self._arg_params: Parameters = {}
        self._aux_params: Parameters = {}
        self._params_dirty = False
        self._store = Store(None, None, False)
        self._optimizer: opt.Optimizer | None = None
        self._preload_opt_states: str | None = None

    # Files.

    @staticmethod
    def load(prefix: str, epoch: int, load_optimizer_states: bool = False, **kwargs: Any) -> Module:
        """Return a module of the network and parameters that `save_checkpoint` wrote.

        Parameters
        ----------
        prefix : str
            How the files' names begin.
        epoch : int
            Number of the epoch.
        load_optimizer_states : bool, default False
            Whether the optimizer will go on with the states that were saved.
        **kwargs
            As for `Module`.
        """
        symbol, arg_params, aux_params = load_checkpoint(prefix, epoch)
        module = Module(symbol, **kwargs)
        module._arg_params, module._aux_params = arg_params, aux_params
        module.params_initialized = True
        if load_optimizer_states:
            module._preload_opt_states = f"{prefix}-{epoch:04d}.states"
        return module

    def save_checkpoint(
        self,
        prefix: str,
        epoch: int,
        save_optimizer_states: bool = False,
        remove_amp_cast: bool = True,
    ) -> None:
        """Write the network, its parameters and maybe the optimizer's states to files.

        Parameters
        ----------
        prefix : str
            How the files' names begin: ``prefix-symbol.json``, ``prefix-0001.params`` and
            ``prefix-0001.states``.
        epoch : int
            Number of the epoch.
        save_optimizer_states : bool, default False
            Whether the optimizer's states are written.
        remove_amp_cast : bool, default True
            Whether casts that mixed precision put in are taken out.
        """
        self._symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
        name = f"{prefix}-{epoch:04d}.params"
        self.save_params(name)
        logging.info('Saved checkpoint to "%s"', name)
        if save_optimizer_states:
            name = f"{prefix}-{epoch:04d}.states"
            self.save_optimizer_states(name)
            logging.info('Saved optimizer state to "%s"', name)

    def save_optimizer_states(self, fname: str) -> None:
        """Write the optimizer's states to a file."""
        self._require_optimizer("save_optimizer_states")
        Path(fname).write_bytes(self._store.optimizing_updater().get_states())

    def load_optimizer_states(self, fname: str) -> None:
        """Read the optimizer's states from a file."""
        self._require_optimizer("load_optimizer_states")
        self._store.optimizing_updater().set_states(Path(fname).read_bytes())

    # Parameters.

    def get_params(self) -> tuple[Parameters, Parameters]:
        """Return the parameters and the auxiliary states by name, on the CPU.

        With several devices they are the means over the devices.
        """
        self._require_params("get_params")
        if self._params_dirty:
            self._exec_group.get_params(self._arg_params, self._aux_params)
            self._params_dirty = False
        return self._arg_params, self._aux_params

    def init_params(
        self,
        initializer: Any = Uniform(0.01),  # noqa: B008
        arg_params: Mapping[str, NDArray] | None = None,
        aux_params: Mapping[str, NDArray] | None = None,
        allow_missing: bool = False,
        force_init: bool = False,
        allow_extra: bool = False,
    ) -> None:
        """Give the parameters and auxiliary states their first values.

        Parameters
        ----------
        initializer : Initializer or None, default Uniform(0.01)
            Fills what is not given.
        arg_params, aux_params : dict of str to NDArray, optional
            Values by name.
        allow_missing : bool, default False
            Whether these may lack some; else, if they are given at all, they must be complete.
        force_init : bool, default False
            Whether values that the module has already are replaced.
        allow_extra : bool, default False
            Has no effect: values without a parameter are passed over, as in MXNet.

        Raises
        ------
        RuntimeError
            If a value is missing.
        MXNetError
            If the module is not bound, or a value has another shape than the parameter.
        """
        if self.params_initialized and not force_init:
            warnings.warn(
                "init_params does nothing: the module has parameters already; force_init=True "
                "replaces them.",
                stacklevel=2,
            )
            return
        self._require_bind("init_params")
        attributes = self._symbol.attr_dict()
        for own, given in ((self._arg_params, arg_params), (self._aux_params, aux_params)):
            for name in sorted(own):
                if given is not None and name in given:
                    if given[name] is not own[name]:
                        _copy(name, given[name], own[name])
                    continue
                if given is not None and not allow_missing:
                    raise RuntimeError(f"Parameter {name} is missing from the values given.")
                if initializer is not None:
                    initializer(InitDesc(name, attributes.get(name)), own[name])
        self.params_initialized = True
        self._params_dirty = False
        self._exec_group.set_params(self._arg_params, self._aux_params)

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
            Whether values without a parameter are passed over under `allow_missing`; without it
            they always are, as in MXNet.

        Raises
        ------
        RuntimeError
            If a value is missing.
        ValueError
            If there is a value too many.
        """
        if not allow_missing:
            self.init_params(None, arg_params, aux_params, False, force_init, allow_extra)
            return
        if self.params_initialized and not force_init:
            warnings.warn(
                "set_params does nothing: the module has parameters already and force_init is "
                "False.",
                stacklevel=2,
            )
            return
        self._require_bind("set_params")
        self._exec_group.set_params(arg_params, aux_params, allow_extra=allow_extra)
        self._params_dirty = True
        self.params_initialized = True

    def _share_or_make_params(self, shared_module: Module | None) -> None:
        group = self._exec_group
        if shared_module is not None:
            self._arg_params = shared_module._arg_params
            self._aux_params = shared_module._aux_params
            self.params_initialized = True
            if shared_module.optimizer_initialized:
                self.borrow_optimizer(shared_module)
        elif self.params_initialized:
            group.set_params(self._arg_params, self._aux_params)
        else:
            self._arg_params = _zeros_like(self._param_names, group.param_arrays)
            self._aux_params = _zeros_like(self._aux_names, group.aux_arrays)

    # The optimizer.

    def init_optimizer(
        self,
        kvstore: Any = "local",
        optimizer: Any = "sgd",
        optimizer_params: Any = (("learning_rate", 0.01),),
        force_init: bool = False,
    ) -> None:
        """Choose how parameters follow their gradients.

        Parameters
        ----------
        kvstore : str, KVStore or None, default 'local'
            Where the devices' gradients meet; with one device a name has no effect.
        optimizer : str or Optimizer, default 'sgd'
            The rule. One that is made from its name gets ``rescale_grad=1 / batch_size`` unless
            `optimizer_params` says otherwise.
        optimizer_params : dict or pairs, default (('learning_rate', 0.01),)
            Arguments of an optimizer given by name.
        force_init : bool, default False
            Whether an optimizer that the module has already is replaced.
        """
        self._require_params("init_optimizer")
        if self.optimizer_initialized and not force_init:
            self.logger.warning("optimizer already initialized, ignoring...")
            return
        self.get_params()
        store, updates = choose_store(kvstore, len(self._context), self._arg_params)
        self._optimizer = self._make_optimizer(optimizer, dict(optimizer_params), updates)
        self._store = Store(store, self._optimizer, updates)
        if store is not None and self._compression_params:
            store.set_gradient_compression(self._compression_params)
        self._store.add_params(self._param_names, self._exec_group.param_arrays, self._arg_params)
        self.optimizer_initialized = True
        saved, self._preload_opt_states = self._preload_opt_states, None
        if saved is not None:
            self.load_optimizer_states(saved)

    def _make_optimizer(
        self, optimizer: Any, params: dict[str, Any], updates_on_store: bool
    ) -> opt.Optimizer:
        rescale = 1.0 / self._exec_group.batch_size
        copies = 1 if updates_on_store else len(self._context)
        names = {
            i * copies + k: name for i, name in enumerate(self._param_names) for k in range(copies)
        }
        if isinstance(optimizer, str):
            params.setdefault("rescale_grad", rescale)
            return opt.create(optimizer, sym=self._symbol, param_idx2name=names, **params)
        if not isinstance(optimizer, opt.Optimizer):
            raise MXNetError(
                f"optimizer is {optimizer!r}, but must be the name of an optimizer or one itself."
            )
        if optimizer.rescale_grad != rescale:
            warnings.warn(
                f"The optimizer's rescale_grad is {optimizer.rescale_grad}; the mean over a batch "
                f"would need {rescale}.",
                stacklevel=3,
            )
        if not optimizer.idx2name:
            optimizer.idx2name = names
        return optimizer

    def borrow_optimizer(self, shared_module: Module) -> None:
        """Use another module's optimizer, with its states."""
        shared_module._require_optimizer("borrow_optimizer")
        self._optimizer = shared_module._optimizer
        self._store = shared_module._store
        self.optimizer_initialized = True

    def update(self) -> None:
        """Change the parameters by their gradients, which are summed over the devices."""
        self._require_params("update")
        self._require_optimizer("update")
        self._params_dirty = True
        group = self._exec_group
        self._store.update(self._param_names, group.param_arrays, group.grad_arrays)

    def _require_optimizer(self, what: str) -> None:
        if not self.optimizer_initialized:
            raise MXNetError(f"{what} needs an optimizer: call init_optimizer first.")

    @property
    def _kvstore(self) -> Any:
        return self._store.kvstore

    @property
    def _updater(self) -> opt.Updater | None:
        return self._store.updater

    @property
    def _update_on_kvstore(self) -> bool:
        return self._store.updates


def _zeros_like(names: Sequence[str], arrays: Sequence[Sequence[NDArray]]) -> Parameters:
    return {
        name: nd.zeros(copies[0].shape, cpu(), dtype=copies[0].dtype)
        for name, copies in zip(names, arrays, strict=True)
    }


def _copy(name: str, source: NDArray, target: NDArray) -> None:
    if source.shape != target.shape:
        raise MXNetError(
            f"Parameter {name} has shape {target.shape}, but the value given has {source.shape}."
        )
    source.astype(target.dtype, copy=False).copyto(target)
