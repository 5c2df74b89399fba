"""Where a module's parameters are updated: on each device, or in a key-value store."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from .. import kvstore as kv
from .. import optimizer as opt
from ..base import MXNetError
from ..ndarray import NDArray

# A larger parameter is updated on the devices: copying it there and back would cost more.
_LARGEST_ON_STORE = 16 * 1024 * 1024


def choose_store(
    kvstore: Any, num_device: int, arg_params: Mapping[str, NDArray]
) -> tuple[Any, bool]:
    """Return the key-value store to use, if any, and whether it updates the parameters.

    Parameters
    ----------
    kvstore : str, KVStoreBase or None
        What the user asked for; a name has no effect with one device.
    num_device : int
        Number of devices.
    arg_params : dict of str to NDArray
        The parameters.
    """
    if kvstore is None:
        return None, False
    updates = bool(int(os.getenv("MXNET_UPDATE_ON_KVSTORE", "1")))
    if isinstance(kvstore, kv.KVStoreBase):
        return kvstore, updates and kvstore.is_capable(kv.KVStoreBase.OPTIMIZER)
    if not isinstance(kvstore, str):
        raise MXNetError(f"kvstore is {kvstore!r}, but must be a name, a KVStore or None.")
    if num_device == 1 and "dist" not in kvstore:
        return None, False
    store = kv.create(kvstore)
    if kvstore == "local":
        largest = max((array.size for array in arg_params.values()), default=0)
        updates = updates and largest <= _LARGEST_ON_STORE
    return store, updates and store.is_capable(kv.KVStoreBase.OPTIMIZER)


class Store:
    """A key-value store (or none), and the updater of the devices' parameters (or none).

    Parameters
    ----------
    kvstore : KVStoreBase or None
        Where the devices' gradients are summed.
    optimizer : Optimizer or None
        The rule.
    updates : bool
        Whether the store updates the parameters; else every device does.
    """

    def __init__(self, kvstore: Any, optimizer: opt.Optimizer | None, updates: bool) -> None:
        self.kvstore = kvstore
        self.updates = updates
        self.indices: dict[str, int] = {}  # modules that share this may order parameters otherwise
        self.updater: opt.Updater | None = None
        if optimizer is None:
            return
        if updates:
            kvstore.set_optimizer(optimizer)
        else:
            self.updater = opt.get_updater(optimizer)

    def optimizing_updater(self) -> opt.Updater:
        """Return the updater that has the optimizer's states."""
        updater = self.kvstore._updater if self.updates else self.updater
        if updater is None:
            raise MXNetError("There is no optimizer whose states could be saved or loaded.")
        return updater

    def add_params(
        self,
        names: Sequence[str],
        param_arrays: Sequence[Sequence[NDArray]],
        arg_params: Mapping[str, NDArray],
    ) -> None:
        """Number the parameters; put them into the store, if there is one, and on the devices."""
        self.indices = {name: i for i, name in enumerate(names)}
        if self.kvstore is None:
            return
        for name, arrays in zip(names, param_arrays, strict=True):
            self.kvstore.broadcast(name, arg_params[name], out=list(arrays))

    def update(
        self,
        names: Sequence[str],
        param_arrays: Sequence[Sequence[NDArray]],
        grad_arrays: Sequence[Sequence[NDArray | None]],
    ) -> None:
        """Update parameters by their gradients; those without a gradient stay."""
        trained = [
            (name, list(weights), list(grads))
            for name, weights, grads in zip(names, param_arrays, grad_arrays, strict=True)
            if grads[0] is not None
        ]
        if self.updates:
            for name, weights, grads in trained:
                self.kvstore.pushpull(name, grads, out=weights)
            return
        if self.kvstore is not None:
            for name, _, grads in trained:
                self.kvstore.pushpull(name, grads)
        if self.updater is None:
            raise MXNetError("There is no optimizer to update the parameters.")
        copies = len(param_arrays[0]) if param_arrays else 0
        indices = [self.indices.setdefault(name, len(self.indices)) for name, _, _ in trained]
        for k in range(copies):
            self.updater(
                [i * copies + k for i in indices],
                [grads[k] for _, _, grads in trained],
                [weights[k] for _, weights, _ in trained],
            )
