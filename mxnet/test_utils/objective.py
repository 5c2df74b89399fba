"""A symbol as one number, evaluated for many perturbed copies of one argument at once."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import torch

from ..ndarray.generators import generator_for
from ..symbol.plan import Plan

_BATCH_ELEMENTS = 1 << 21  # of an argument and the outputs together, in one batch
_LOST_BITS = 4.0  # roundings that a sum may carry, in units of the last place


class Objective:
    """The sum of a plan's outputs times fixed weights, as a function of one argument.

    It is computed in float64 where the operators allow it, so that a small difference of two
    values means something. Random operators draw the same numbers at every evaluation.

    Parameters
    ----------
    plan : Plan
    values : mapping of str to torch.Tensor
        Every argument and auxiliary state.
    weights : sequence of torch.Tensor, optional
        One for each output, of its shape; default all ones.
    is_train : bool
        Whether layers behave as in training.
    state : torch.Tensor, optional
        The state of the random generator that every evaluation starts from.
    """

    def __init__(
        self,
        plan: Plan,
        values: Mapping[str, torch.Tensor],
        weights: Sequence[torch.Tensor] | None,
        is_train: bool,
        state: torch.Tensor | None = None,
    ) -> None:
        self._plan, self._is_train = plan, is_train
        self._weights = None if weights is None else [weight.double() for weight in weights]
        self._generator = generator_for(next(iter(values.values())).device)
        self._state = self._generator.get_state() if state is None else state
        operators = [step.operator for step in plan.steps if step.operator is not None]
        self._random = any(step.is_random() for step in plan.steps)
        # A custom operator may leave torch, an output of unknown shape can not be stacked.
        self._batched = not self._random and not any(
            operator.name == "Custom" or operator.dynamic_shape for operator in operators
        )
        with torch.no_grad():
            outputs = self._start(values)
        terms = self._terms(outputs)
        self.value = float(sum(term.sum() for term in terms))
        self.precision = self._find_precision(outputs)
        self.noise = _LOST_BITS * self.precision * float(sum(term.abs().sum() for term in terms))
        self._output_size = sum(output.numel() for output in outputs)

    def _start(self, values: Mapping[str, torch.Tensor]) -> list[torch.Tensor]:
        """Choose float64 if the operators take it, and return the outputs."""
        self.values = {
            name: tensor.double() if tensor.is_floating_point() and not self._random else tensor
            for name, tensor in values.items()
        }
        try:
            return self._run(self.values)
        except (RuntimeError, AssertionError):  # an operator that takes no float64, as a custom one
            self.values = dict(values)
            return self._run(self.values)

    def _find_precision(self, outputs: Sequence[torch.Tensor]) -> float:
        """Return the relative rounding error of the least precise float type on the way."""
        kinds = [tensor.dtype for tensor in (*self.values.values(), *outputs)]
        chosen = (step.attrs.get("dtype") for step in self._plan.steps)
        named = [getattr(torch, kind, None) for kind in chosen if isinstance(kind, str)]
        kinds += [kind for kind in named if isinstance(kind, torch.dtype)]
        return max(torch.finfo(kind).eps for kind in kinds if kind.is_floating_point)

    def _run(self, values: Mapping[str, torch.Tensor]) -> list[torch.Tensor]:
        if self._random:
            self._generator.set_state(self._state)
        return self._plan.run(values, self._is_train)

    def _terms(self, outputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        if self._weights is None:
            return [output.double() for output in outputs]
        return [o.double() * w for o, w in zip(outputs, self._weights, strict=True)]

    def differences(
        self, name: str, half: float, elements: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the slopes to the right and to the left of some elements of an argument.

        Parameters
        ----------
        name : str
            The argument.
        half : float
            How far to go to either side.
        elements : numpy.ndarray of int
            Positions in the flattened argument.

        Returns
        -------
        right, left : numpy.ndarray
            ``(f(x + half) - f(x)) / half`` and ``(f(x) - f(x - half)) / half``.
        """
        base = self.values[name]
        size = max(1, _BATCH_ELEMENTS // (2 * (base.numel() + self._output_size) + 1))
        parts = [
            self._slopes(name, half, elements[start : start + size])
            for start in range(0, len(elements), size)
        ]
        if not parts:
            return np.zeros(0), np.zeros(0)
        right, left = torch.cat(parts, dim=1).cpu().numpy()
        return right, left

    def _slopes(self, name: str, half: float, elements: np.ndarray) -> torch.Tensor:
        base = self.values[name]
        flat, count = base.reshape(-1), len(elements)
        places = torch.from_numpy(elements).to(base.device)
        rows = torch.arange(count, device=base.device)
        # One row more than the perturbed ones: the point itself, which tells whether vmap is right.
        copies = flat.repeat(2 * count + 1, 1)
        copies[rows, places] += half
        copies[rows + count, places] -= half
        found = self._evaluate(name, copies.reshape(-1, *base.shape))
        centre = found[-1]
        # What really was added, after rounding.
        steps = (copies[rows, places] - flat[places]).double()
        back = (flat[places] - copies[rows + count, places]).double()
        return torch.stack([(found[:count] - centre) / steps, (centre - found[count:-1]) / back])

    def _evaluate(self, name: str, batch: torch.Tensor) -> torch.Tensor:
        """Return the objective for each row of `batch`, whose last row is the point itself."""

        def weighted(one: torch.Tensor) -> torch.Tensor:
            terms = self._terms(self._run({**self.values, name: one}))
            return torch.stack([term.sum() for term in terms]).sum()

        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # vmap says where it loops itself
            if self._batched:
                try:
                    found = torch.func.vmap(weighted)(batch)
                except (RuntimeError, TypeError, ValueError, NotImplementedError):
                    self._batched = False  # whatever is really wrong, the loop below will raise
                else:
                    if not abs(float(found[-1]) - self.value) > 16 * self.noise:
                        return found
                    self._batched = False
            return torch.stack([weighted(one) for one in batch])
