"""The function that a key-value store or a training loop calls: an optimizer with its states."""

from __future__ import annotations

import pickle
from typing import Any

from ..base import MXNetError
from ..context import Context
from ..ndarray import NDArray
from .base import Optimizer


class Updater:
    """An optimizer together with the states of the parameters that it has updated.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.

    Examples
    --------
    >>> updater = mx.optimizer.Updater(mx.optimizer.SGD(learning_rate=0.5))
    >>> weight = mx.nd.array([1, 2])
    >>> updater(0, mx.nd.array([1, 1]), weight)
    >>> weight.asnumpy().tolist()
    [0.5, 1.5]
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.states: dict[Any, Any] = {}
        self.states_synced: dict[Any, bool] = {}
        self.aggregate_updates = optimizer.aggregate_num > 0

    def __call__(self, index: Any, grad: Any, weight: Any) -> None:
        """Update one parameter, or the parameters of three lists, in place."""
        indices: list[Any]
        if isinstance(index, list | tuple):
            indices, grads, weights = list(index), list(grad), list(weight)
        else:
            indices, grads, weights = [index], [grad], [weight]
        if not indices:
            return
        self.optimizer._set_current_context(weights[0].context.device_id)
        for one, array in zip(indices, weights, strict=True):
            self._prepare_state(one, array)
        states = [self.states[one] for one in indices]
        update: Any = self.optimizer.update_multi_precision
        group = self.optimizer.aggregate_num if self.aggregate_updates else 0
        if len(indices) == 1 or not group:
            for arguments in zip(indices, weights, grads, states, strict=True):
                update(*arguments)
            return
        for begin in range(0, len(indices), group):
            part = slice(begin, begin + group)
            update(indices[part], weights[part], grads[part], states[part])

    def _prepare_state(self, index: Any, weight: NDArray) -> None:
        if index not in self.states:
            self.states[index] = self.optimizer.create_state_multi_precision(index, weight)
        elif not self.states_synced.get(index, False):
            self.states[index] = self.sync_state_context(self.states[index], weight.context)
        self.states_synced[index] = True

    def sync_state_context(self, state: Any, context: Context) -> Any:
        """Return a state with all its arrays on `context`."""
        if isinstance(state, NDArray):
            return state.as_in_context(context)
        if isinstance(state, tuple | list):
            return type(state)(self.sync_state_context(part, context) for part in state)
        return state

    def get_states(self, dump_optimizer: bool = False) -> bytes:
        """Return the states as a pickle.

        Parameters
        ----------
        dump_optimizer : bool, default False
            Whether the optimizer, with its counts of updates, comes along.

        Returns
        -------
        bytes
            A pickled dictionary of index to state, or a pair of it and the optimizer.
        """
        return pickle.dumps((self.states, self.optimizer) if dump_optimizer else self.states)

    def set_states(self, states: bytes) -> None:
        """Take the states, and the optimizer if there is one, from a pickle of `get_states`.

        Raises
        ------
        MXNetError
            If the pickle holds something else.
        """
        loaded = pickle.loads(states)
        if isinstance(loaded, tuple) and len(loaded) == 2:
            loaded, self.optimizer = loaded
        if not isinstance(loaded, dict):
            raise MXNetError(
                f"The pickled states are a {type(loaded).__name__}, but must be a dictionary of "
                "parameters to their states."
            )
        self.states = loaded
        self.states_synced = dict.fromkeys(loaded, False)


def get_updater(optimizer: Optimizer) -> Updater:
    """Return an `Updater` of the optimizer, with no states yet."""
    return Updater(optimizer)
