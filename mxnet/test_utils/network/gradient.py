"""Holding the gradient of one node against finite differences.

The derivative along a direction d is approached by central differences

    (f(x + h d) - f(x - h d)) / 2h,  error O(h²) + O(u / h)  (Nocedal & Wright 2006, section 8.1)

where f is the sum of the outputs, weighted by random head gradients, or the loss that a loss layer
stands for. Single elements of an input are moved, and many of them at once. Where the difference
disagrees, it is taken again closer to the point; at a kink it is taken beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ...symbol.step import STEP_ERRORS
from .results import Comparison, NodeCheck
from .run import NodeRun, first_line, in_type


@dataclass(frozen=True)
class _Limits:
    """What finite differences in one type can tell."""

    rtol: float  # relative error that passes
    step: float  # length of a step, relative to the input's scale: about (3u)^(1/3)
    closer: tuple[int, ...]  # how many times closer to look where a difference disagrees
    roundings: float  # how many roundings an output may carry


_LIMITS = {
    torch.float64: _Limits(1e-5, 1e-5, (1, 8, 64), 256.0),
    torch.float32: _Limits(5e-3, 4e-3, (1, 4), 16.0),
}
GRADIENT_RTOL = _LIMITS[torch.float64].rtol
"""Relative error of a float64 gradient against central differences that passes."""

_BESIDE = 1e-3  # how far beside a kink to look, relative to the input's scale
_MOVED = 256  # elements that move at once along a direction: few, so that few meet a kink
_VAGUE = 1e-2  # relative uncertainty of a shorter step's difference above which it says nothing
_BENT = 0.1  # share of a disagreement that a bend must have to explain it
_TINY = 1e-12


@dataclass
class _Point:
    """A point where f is known: the node's inputs, the terms of f, and the gradients."""

    inputs: list[Any]
    terms: list[torch.Tensor]
    grads: list[Any]
    size: float  # of the terms with their weights, signs left out


@dataclass
class _Move:
    """One element, or a direction, to move an input along, and by which steps, longest first.

    Along many elements some may always meet a kink: with `skip_kinks` that says nothing.
    """

    position: tuple[int, ...] | None
    delta: torch.Tensor
    steps: list[float]
    skip_kinks: bool = False


@dataclass
class _Slopes:
    """The central difference, the analytic slope, and two sizes that tell what they are worth.

    `bend` sums, over all terms of f, how far the slopes ahead and back are apart; `noise` is how
    much of the difference may be rounding.
    """

    central: float
    analytic: float
    bend: float
    noise: float


class GradientCheck:
    """Compares the gradients of one node.

    Parameters
    ----------
    run : NodeRun
    found : NodeCheck
        Where comparisons and reasons go.
    generator : torch.Generator
        The source of head gradients, elements and directions.
    samples : int
        How many elements of each input are moved.
    kind : torch.dtype
        float64, or float32 where the operator takes nothing else.
    """

    def __init__(
        self,
        run: NodeRun,
        found: NodeCheck,
        generator: torch.Generator,
        samples: int,
        kind: torch.dtype,
    ) -> None:
        self._run, self._found = run, found
        self._generator, self._samples, self._kind = generator, samples, kind
        self._limits = _LIMITS[kind]
        self._rounding = self._limits.roundings * torch.finfo(kind).eps
        self._is_loss = False
        self._weights: list[torch.Tensor] = []

    def check(self) -> list[Any] | None:
        """Compare every gradient, and return the head gradients, None if there is nothing to do."""
        run, found = self._run, self._found
        targets = differentiable(run)
        outputs = run.outputs(run.inputs, self._kind)
        heads = self._draw_heads(outputs)
        found.gradient = "none"
        if not targets or not any(head is not None for head in heads):
            return None
        loss = run.loss(run.inputs, outputs)
        if run.operator.has_own_gradient(run.step.attrs) and loss is None:
            found.gradient = "own"
            return None
        found.gradient = "checked" if loss is None else "loss"
        self._is_loss = loss is not None
        if self._is_loss:
            self._weights = [torch.ones((), dtype=self._kind, device=outputs[0].device)]
        else:
            self._weights = [head for head in heads if head is not None]
        try:
            point = self._at(run.inputs, heads)
        except STEP_ERRORS as error:
            found.reasons.append(f"backward raises: {first_line(error)}")
            return None
        for index in targets:
            self._check_input(index, point, heads)
        worst = found.worst
        if worst is not None and worst.error > 1:
            found.reasons.append(
                f"the gradient of {worst.place} is {worst.analytic:.9g}, but finite differences "
                f"give {worst.numeric:.9g} ({worst.error:.3g} tolerances apart)"
            )
        return heads

    def _draw_heads(self, outputs: Sequence[Any]) -> list[Any]:
        """Return a random gradient for each visible output that passes one on."""
        run = self._run
        silent = run.operator.no_gradient
        heads: list[Any] = [None] * len(outputs)
        for number, (output, name) in enumerate(zip(outputs, run.output_names, strict=False)):
            if output is not None and output.is_floating_point() and name not in silent:
                # Rounded to float32, so that both types use the same numbers.
                drawn = torch.randn(output.shape, generator=self._generator)
                heads[number] = drawn.to(output.device).to(self._kind)
        return heads

    def _terms(self, inputs: Sequence[Any]) -> list[torch.Tensor]:
        """Return what f sums: the outputs that have a head gradient, or the loss."""
        outputs = self._run.outputs(inputs, self._kind)
        if self._is_loss:
            loss = self._run.loss([in_type(x, self._kind) for x in inputs], outputs)
            return [] if loss is None else [loss]
        names = self._run.output_names
        silent = self._run.operator.no_gradient
        return [
            output
            for output, name in zip(outputs, names, strict=False)
            if output is not None and output.is_floating_point() and name not in silent
        ]

    def _at(self, inputs: list[Any], heads: list[Any]) -> _Point:
        typed = [in_type(tensor, self._kind) for tensor in inputs]
        grads = self._run.gradients(typed, heads, self._kind)
        terms = self._terms(typed)
        pairs = zip(terms, self._weights, strict=True)
        size = sum(float((term * weight).abs().sum()) for term, weight in pairs)
        return _Point(typed, terms, grads, size)

    # One input.

    def _check_input(self, index: int, point: _Point, heads: list[Any]) -> None:
        found, label = self._found, self._run.input_names[index]
        value = point.inputs[index]
        grad = point.grads[index]
        if grad is None:
            grad = point.grads[index] = torch.zeros_like(value)
        if tuple(grad.shape) != tuple(value.shape):
            found.reasons.append(
                f"the gradient of {label} has shape {tuple(grad.shape)}, not {tuple(value.shape)}"
            )
            return
        if not bool(torch.isfinite(grad).all()):
            found.reasons.append(f"the gradient of {label} is not finite")
            return
        beside: _Point | None = None
        for move in self._moves(value, grad):
            compared, at_kink = self._compare(index, point, move)
            if at_kink and move.skip_kinks:
                continue
            if at_kink:
                found.kinks += 1
                beside = beside or self._beside(index, point, heads)
                if beside is None:
                    continue
                compared, at_kink = self._compare(index, beside, move)
            if compared is not None and not at_kink:
                found.comparisons.append(compared)

    def _beside(self, index: int, point: _Point, heads: list[Any]) -> _Point | None:
        """Return a point beside `point`, where ties are broken; None where f has no value there."""
        value = point.inputs[index]
        moved = list(point.inputs)
        drawn = self._normal(value.shape).to(value.device)
        moved[index] = value + _BESIDE * _scale(value) * drawn
        try:
            found = self._at(moved, heads)
        except STEP_ERRORS:
            return None
        grad = found.grads[index]
        if grad is None:
            grad = found.grads[index] = torch.zeros_like(value)
        tensors = [grad, *found.terms]
        return found if all(bool(torch.isfinite(t).all()) for t in tensors) else None

    def _moves(self, value: torch.Tensor, grad: torch.Tensor) -> Iterator[_Move]:
        """Yield sampled elements, then directions along many elements, then along all."""
        count, scale = value.numel(), _scale(value)
        flat, step, closer = value.reshape(-1), self._limits.step, self._limits.closer
        largest = int(grad.abs().reshape(-1).argmax())
        drawn = torch.randperm(count, generator=self._generator)
        for place in _unique([largest, *drawn[: self._samples].tolist()])[: self._samples]:
            delta = torch.zeros_like(flat)
            delta[place] = 1.0
            own = abs(float(flat[place]))
            steps = {step * max(own, scale) / times for times in closer} | {step * scale}
            if own:
                steps.add(step * own)
            position = tuple(int(i) for i in np.unravel_index(place, tuple(value.shape)))
            yield _Move(position, delta.reshape(value.shape), sorted(steps, reverse=True))
        steps_along = [step / times for times in closer]
        few = torch.randperm(count, generator=self._generator)[:_MOVED].to(value.device)
        for size in (torch.full_like(flat, scale), flat.abs()):
            delta = torch.zeros_like(flat)
            delta[few] = self._normal(few.shape).to(value.device) * size[few]
            yield _Move(None, delta.reshape(value.shape), steps_along)
        if count > _MOVED:
            delta = self._normal(flat.shape).to(value.device) * scale
            yield _Move(None, delta.reshape(value.shape), steps_along, skip_kinks=True)

    def _normal(self, shape: Any) -> torch.Tensor:
        return torch.randn(shape, generator=self._generator, dtype=self._kind)

    # One move.

    def _compare(self, index: int, point: _Point, move: _Move) -> tuple[Comparison | None, bool]:
        """Return the comparison along one direction, and whether it lies at a kink."""
        largest = float(point.grads[index].abs().max() * move.delta.abs().max())
        floor = self._rounding * point.size / _scale(point.inputs[index])
        floor *= float(move.delta.abs().max())
        best: Comparison | None = None
        last: _Slopes | None = None
        for step in move.steps:
            slopes = self._slopes(index, point, move.delta, step)
            if slopes is None:
                continue
            size = max(abs(slopes.analytic), abs(slopes.central), largest)
            curved = abs(slopes.central - last.central) / 32 if last else 0.0  # Richardson
            if step < move.steps[0] and max(slopes.noise, curved) > _VAGUE * size:
                continue
            tolerance = self._limits.rtol * size + slopes.noise + curved + floor + _TINY
            error = abs(slopes.analytic - slopes.central) / tolerance
            label = self._run.input_names[index]
            compared = Comparison(label, move.position, slopes.analytic, slopes.central, error)
            if error <= 1:  # at a kink, a mean of both sides' slopes may be right by chance
                return compared, slopes.bend > _BENT * size + slopes.noise
            if best is None or error < best.error:
                best = compared
            last = slopes
        if last is None:
            return None, True  # on the edge of the domain
        apart = abs(last.central - last.analytic)
        return best, last.bend > _BENT * apart

    def _slopes(
        self, index: int, point: _Point, delta: torch.Tensor, step: float
    ) -> _Slopes | None:
        """Return the differences to both sides, None where f has no value."""
        value, ends, sides = point.inputs[index], [], []
        for sign in (1.0, -1.0):
            moved = list(point.inputs)
            moved[index] = value + sign * step * delta
            ends.append(moved[index])
            try:
                sides.append(self._terms(moved))
            except STEP_ERRORS:
                return None
        central = bend = noise = 0.0
        for middle, ahead, back, weight in zip(point.terms, *sides, self._weights, strict=True):
            if not middle.shape == ahead.shape == back.shape:
                return None
            size = weight.abs()
            up, down = ahead - middle, middle - back
            central += float(((up + down) * weight).sum())
            bend += float(((up - down).abs() * size).sum())
            moves = (up != 0) | (down != 0)
            sizes = (ahead.abs() + middle.abs() + back.abs()) * size
            noise += self._rounding * float((sizes * moves).sum())
        if not math.isfinite(central):
            return None
        analytic = float((point.grads[index] * (ends[0] - ends[1])).sum()) / (2 * step)
        return _Slopes(central / (2 * step), analytic, bend / step, noise / step)


def differentiable(run: NodeRun) -> list[int]:
    """Return which inputs have a gradient to compare."""
    skipped = {*run.operator.state_names(run.step.attrs), *run.operator.no_gradient}
    return [
        index
        for index, (label, value) in enumerate(zip(run.input_names, run.inputs, strict=False))
        if value is not None
        and value.is_floating_point()
        and value.numel()
        and label not in skipped
    ]


def _scale(value: torch.Tensor) -> float:
    """Return the size of an input's typical element, 1e-3 if it is smaller."""
    return max(float(value.abs().mean()), 1e-3)


def _unique(items: Sequence[int]) -> list[int]:
    return list(dict.fromkeys(items))
