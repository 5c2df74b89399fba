"""Holding one node's float32 outputs and gradients against those in float64.

Both start from the same numbers, rounded to float32, so that only the node's own arithmetic counts.
Where they differ more than the tolerance, the numbers are moved by a rounding error: what differs
as much then is ill-conditioned, and no operator can know it better (Higham 2002, section 1.6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

from ...symbol.step import STEP_ERRORS
from .results import Deviation, NodeCheck
from .run import NodeRun, first_line, in_type

FORWARD_RTOL = 1e-4
"""Error of a float32 output against float64, relative to the output's root mean square."""

_ROUNDING = 2.0**-24
_AMPLIFIED = 8.0  # roundings that an operator may carry to its output
_CANCELLED = 2.0**-15  # error of a gradient that cancellation leaves, relative to what cancelled
_SHOWN = 8  # deviations kept per node
_TINY = 1e-30

Named = list[tuple[str, Any]]


class PrecisionCheck:
    """Compares float32 and float64 at one node.

    Parameters
    ----------
    run : NodeRun
    found : NodeCheck
        Where errors, deviations and reasons go.
    generator : torch.Generator
        The source of the rounding errors.
    """

    def __init__(self, run: NodeRun, found: NodeCheck, generator: torch.Generator) -> None:
        self._run, self._found, self._generator = run, found, generator
        single = [in_type(tensor, torch.float32) for tensor in run.inputs]
        self._inputs = [in_type(tensor, torch.float64) for tensor in single]

    def check_outputs(self) -> None:
        """Compare the visible outputs."""
        if self._run.step.is_random():
            return  # float32 and float64 draw different random numbers

        def outputs(inputs: Sequence[Any], kind: torch.dtype) -> Named:
            run = self._run
            return list(zip(run.output_names, run.outputs(inputs, kind), strict=False))

        self._found.forward_error = self._compare(outputs, "output")

    def check_gradients(self, heads: Sequence[Any], targets: Sequence[int]) -> None:
        """Compare the gradients of some inputs for given head gradients."""
        if self._run.step.is_random():
            return

        def gradients(inputs: Sequence[Any], kind: torch.dtype) -> Named:
            grads = self._run.gradients(inputs, heads, kind)
            names = self._run.input_names
            return [(f"gradient of {names[i]}", grads[i]) for i in targets]

        self._found.backward_error = self._compare(gradients, "gradient", self._usual(heads))

    def _usual(self, heads: Sequence[Any]) -> float:
        """Return the size of the terms that gradients sum, of which cancellation may leave less."""
        outputs = self._run.outputs(self._inputs, torch.float64)
        terms = [o * h for o, h in zip(outputs, heads, strict=True) if h is not None]
        peak = max((float(term.abs().max()) for term in terms if term.numel()), default=0.0)
        values = [x for x in self._inputs if x is not None and x.is_floating_point() and x.numel()]
        return peak / min(max(_size(value), 1e-3) for value in values)

    def _compare(
        self,
        compute: Callable[[Sequence[Any], torch.dtype], Named],
        what: str,
        usual: float = 0.0,
    ) -> float:
        """Return the largest error in tolerances, and say so if it is above 1.

        `usual` is the size of results that did not cancel.
        """
        try:
            low = compute(self._inputs, torch.float32)
        except STEP_ERRORS as refusal:
            text = first_line(refusal)
            self._found.reasons.append(f"in float32 the {what} raises: {text}")
            return 0.0
        high = compute(self._inputs, torch.float64)
        pairs = [
            (name, single.double(), double)
            for (name, single), (_, double) in zip(low, high, strict=True)
            if _comparable(single, double)
        ]
        floor = _CANCELLED * usual
        error = max((_error(single, double, floor) for _, single, double in pairs), default=0.0)
        if error > 1:
            spread = self._spread(compute, [double for _, _, double in pairs])
            errors = [
                _error(s, d, floor + _AMPLIFIED * w)
                for (_, s, d), w in zip(pairs, spread, strict=True)
            ]
            error = max(errors)
            if error > 1:
                self._blame(pairs, errors, error, what)
        return error

    def _spread(
        self, compute: Callable[[Sequence[Any], torch.dtype], Named], high: list[Any]
    ) -> list[float]:
        """Return how much each result changes when every input is moved by a rounding error."""
        widest = [0.0] * len(high)
        for _ in range(2):
            moved = [self._rounded(tensor) for tensor in self._inputs]
            fresh = [value for _, value in compute(moved, torch.float64)]
            kept = [value for value in fresh if _comparable(value, value)]
            for i, (old, new) in enumerate(zip(high, kept, strict=False)):
                if old.shape == new.shape and old.numel():
                    gap = float((new - old).abs().max())
                    widest[i] = max(widest[i], gap if np.isfinite(gap) else 0.0)
        return widest

    def _rounded(self, tensor: Any) -> Any:
        if tensor is None or not tensor.is_floating_point():
            return tensor
        signs = torch.rand(tensor.shape, generator=self._generator).to(tensor.device) - 0.5
        return tensor * (1 + _ROUNDING * signs.sign().double())

    def _blame(self, pairs: list[Any], errors: list[float], error: float, what: str) -> None:
        name, single, double = pairs[errors.index(error)]
        places = worst_places((single - double).abs())
        worst = [_deviation(name, place, single, double) for place in places]
        self._found.deviations += worst
        first = worst[0]
        self._found.reasons.append(
            f"{first.place} is {first.single:.9g} in float32, but {first.double:.9g} in float64 "
            f"({error:.3g} tolerances apart)"
        )


def _comparable(single: Any, double: Any) -> bool:
    return (
        single is not None
        and double is not None
        and double.is_floating_point()
        and single.shape == double.shape
        and bool(torch.isfinite(double).all())
    )


def _size(tensor: torch.Tensor) -> float:
    """Return the root mean square."""
    return float(tensor.square().mean().sqrt())


def _error(single: torch.Tensor, double: torch.Tensor, extra: float = 0.0) -> float:
    """Return the largest difference in units of the tolerance."""
    if not double.numel():
        return 0.0
    scale = _size(double)
    gap = (single - double).abs().nan_to_num(nan=float("inf")).max()
    return float(gap) / (FORWARD_RTOL * scale + extra + _TINY)


def _deviation(name: str, place: int, single: torch.Tensor, double: torch.Tensor) -> Deviation:
    position = tuple(int(i) for i in np.unravel_index(place, tuple(double.shape)))
    values = float(single.reshape(-1)[place]), float(double.reshape(-1)[place])
    return Deviation(name, position, *values)


def worst_places(size: torch.Tensor) -> list[int]:
    """Return the flat positions of the largest elements, NaN first, those that are 0 left out."""
    flat = size.reshape(-1).nan_to_num(nan=float("inf"))
    order = torch.argsort(flat, descending=True, stable=True)[:_SHOWN]
    return [int(place) for place in order if flat[place] > 0]


def not_finite(named: Iterable[tuple[str, Any]]) -> tuple[list[Deviation], str]:
    """Return the elements that are not finite, at most a few, and a sentence about them."""
    for name, value in named:
        if value is None or not value.is_floating_point():
            continue
        wrong = ~torch.isfinite(value)
        count = int(wrong.sum())
        if count:
            places = worst_places(wrong.double())
            found = [_deviation(name, place, value, value) for place in places]
            first = found[0]
            more = f" ({count} of {value.numel()} are not finite)" if value.numel() > 1 else ""
            return found, f"{first.place} is {first.double}{more}"
    return [], ""
