"""What a row must fulfil under ours; every check returns sentences about what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from mxnet.ops import registry
from tests.golden.store import Facts
from tests.ops import harness
from tests.ops.harness import Arrays, Bound
from tests.ops.rows import Draw, Row, Values

STEP = 1e-5
"""Half the distance of the two points of a finite difference."""


@dataclass
class Run:
    """One row in one dtype under ours, with each way of running it done once."""

    mx: Any
    row: Row
    dtype: str

    @cached_property
    def inputs(self) -> Arrays:
        """The input arrays by name."""
        return harness.named_inputs(self.row, self.dtype)

    @cached_property
    def eager(self) -> tuple[list[np.ndarray], Arrays]:
        """Outputs of the eager call, and the inputs that it changed."""
        return harness.run_eager(self.mx, self.row, self.inputs)

    @cached_property
    def bound(self) -> Bound:
        """Outputs, gradients and states of an executor."""
        wanted = self.row.gradient and self.row.is_train
        return harness.run_bound(self.mx, self.row, self.inputs, "write" if wanted else "null")

    @cached_property
    def gradients(self) -> Arrays:
        """Gradients by argument: an executor's in training, autograd's in prediction."""
        if self.row.is_train:
            return self.bound.gradients
        return harness.run_recorded(self.mx, self.row, self.inputs)

    def compare(self, what: str, actual: Any, expected: np.ndarray) -> list[str]:
        """Return what is wrong with an array that should be `expected`."""
        if actual is None:
            return [f"{what} is missing"]
        if actual.shape != expected.shape:
            return [f"{what} has shape {actual.shape}, expected {expected.shape}"]
        if actual.dtype != expected.dtype:
            return [f"{what} is {actual.dtype}, expected {expected.dtype}"]
        rtol, atol = harness.tolerance(self.row, expected.dtype, *self._float_types())
        if expected.dtype.kind != "f":
            rtol, atol = self.row.rtol or 0.0, self.row.atol or 0.0
        if np.allclose(actual, expected, rtol, atol, equal_nan=True):
            return []
        return [f"{what}: {_worst(actual, expected)}"]

    def _float_types(self) -> list[np.dtype]:
        return [array.dtype for array in self.inputs.values() if array.dtype.kind == "f"]


def _worst(actual: np.ndarray, expected: np.ndarray) -> str:
    """Say where two arrays of one shape differ most, and both values there."""
    with np.errstate(all="ignore"):
        distance = np.abs(np.subtract(actual, expected, dtype=np.float64))
    distance[np.isnan(actual) & np.isnan(expected)] = 0
    distance[actual == expected] = 0
    distance[np.isnan(distance)] = np.inf
    place = np.unravel_index(np.argmax(distance), distance.shape)
    where = ", ".join(str(int(i)) for i in place)
    return f"at [{where}] {actual[place]} instead of {expected[place]}"


def problems(mx: Any, row: Row, dtype: str, golden: Facts | None) -> list[str]:
    """Return everything that is wrong with a row, as sentences."""
    if golden is None:
        return ["tests/golden has no results for this row: run `make golden`"]
    run = Run(mx, row, dtype)
    with harness.surroundings(mx, run.inputs):
        if row.raises:
            return check_raises(run, golden)
        if not row.differs and ("raised" in golden or "crashed" in golden):
            how = f"raises {golden['raised']}" if "raised" in golden else "crashes"
            return [f"the reference {how}: set raises=True, or say why ours differs"]
        found = check_eager(run, golden) + check_precision(run)
        if row.random:
            return found + check_inference(run, golden)
        found += check_strided(run) + check_inference(run, golden)
        if _is_bindable(run):
            found += check_bound(run, golden) + check_gradients(run, golden)
            if row.numeric and row.gradient and dtype == row.dtypes[-1]:
                found += check_numeric(Run(mx, row, "float64"))
    return found


def _is_bindable(run: Run) -> bool:
    """Whether an executor can run the row: not where the call writes its arguments."""
    return not run.row.out and not set(run.eager[1]) - set(
        harness.compose(run.mx, run.row, run.inputs).list_auxiliary_states()
    )


def check_eager(run: Run, golden: Facts) -> list[str]:
    """Outputs and changed inputs of the eager call are the reference's."""
    outputs, changed = run.eager
    if run.row.differs:
        return []
    if run.row.random:
        outputs, changed = [np.zeros_like(array) for array in outputs], {}
    actual = {f"out/{i}": array for i, array in enumerate(outputs)}
    actual.update({f"changed/{name}": array for name, array in changed.items()})
    expected = {n: value for n, value in golden.items() if n.startswith(("out/", "changed/"))}
    states = {f"changed/{name}" for name in _state_inputs(run)}
    found = [f"there must be no {n}" for n in actual if n not in expected and n not in states]
    for name, value in expected.items():
        found += run.compare(name, actual.get(name), value)
    return found


def check_precision(run: Run) -> list[str]:
    """A dtype that the reference does not have gives what float32 gives, as closely as it can."""
    if not run.row.differs or run.row.random or run.dtype not in ("float16", "float64"):
        return []
    single = {
        name: array.astype("float32") if array.dtype == run.dtype else array
        for name, array in run.inputs.items()
    }
    outputs, _ = harness.run_eager(run.mx, run.row, single)
    rtol, atol = harness.tolerance(run.row, *{"float32", run.dtype})
    found = []
    for i, (actual, expected) in enumerate(zip(run.eager[0], outputs, strict=True)):
        if actual.shape != expected.shape:
            found.append(f"out/{i} has shape {actual.shape}, in float32 {expected.shape}")
        elif not np.allclose(actual, expected, rtol, atol, equal_nan=True):
            found.append(f"out/{i} against float32: {_worst(actual, expected)}")
    return found


def _state_inputs(run: Run) -> list[str]:
    """Return the inputs that are auxiliary states: ours update in forward, not in backward."""
    operator = _operator(run.row.op)
    if isinstance(run.row.inputs, dict):
        return [name for name in run.inputs if name in operator.aux]
    pairs = zip(run.inputs, operator.inputs, strict=False)
    return [name for name, parameter in pairs if parameter in operator.aux]


def check_strided(run: Run) -> list[str]:
    """Inputs that are not contiguous give the same, and are left as they were."""
    outputs, changed = harness.run_eager(run.mx, run.row, run.inputs, make=strided)
    found = []
    for i, (actual, expected) in enumerate(zip(outputs, run.eager[0], strict=True)):
        found += run.compare(f"out/{i} of inputs that are not contiguous", actual, expected)
    if set(changed) != set(run.eager[1]):
        found.append(f"inputs that are not contiguous: {sorted(changed)} changed")
    return found


def strided(mx: Any, array: np.ndarray) -> Any:
    """Return an NDArray with every second element of a larger tensor."""
    if array.ndim == 0 or array.size == 0:
        return harness.to_mx(mx, array)
    return mx.nd.NDArray(torch.from_numpy(np.repeat(array, 2, axis=-1))[..., ::2])


def check_inference(run: Run, golden: Facts) -> list[str]:
    """Inferred shapes and dtypes are those executed, and follow from as little as elsewhere."""
    symbol = harness.compose(run.mx, run.row, run.inputs)
    canonical = _operator(run.row.op)
    if canonical.dynamic_shape:
        return []
    names = [*symbol.list_arguments(), *symbol.list_auxiliary_states()]
    known = {name: run.inputs[name] for name in names if name in run.inputs}
    arguments = [name for name in symbol.list_arguments() if name in run.inputs]
    shapes = symbol.infer_shape(**{name: known[name].shape for name in arguments})[1]
    types = symbol.infer_type(**{name: known[name].dtype for name in arguments})[1]
    executed = run.eager[0]
    found = []
    if [tuple(shape) for shape in shapes or ()] != [array.shape for array in executed]:
        found.append(f"infer_shape gives {shapes}, executed {[a.shape for a in executed]}")
    if [np.dtype(t) for t in types or ()] != [array.dtype for array in executed]:
        found.append(f"infer_type gives {types}, executed {[a.dtype.name for a in executed]}")
    return found + _check_inferred_from_first(run, golden)


def _check_inferred_from_first(run: Run, golden: Facts) -> list[str]:
    """What the reference infers from the first input alone, ours infers too."""
    if run.row.differs or run.row.out or "inferred" not in golden:
        return []
    actual = json.loads(harness.infer_from_first(run.mx, run.row, run.inputs))
    expected = json.loads(str(golden["inferred"]))
    if not all(shape and 0 not in shape for shape in expected["shapes"][0]):
        expected["shapes"][1] = []  # the reference guesses outputs of inputs that it does not know
    return [
        f"{what} from the first input: {actual[what]}, expected {expected[what]}"
        for what in expected
        if not _contains(actual[what], expected[what])
    ]


def _contains(actual: Any, expected: Any) -> bool:
    """Whether all that is known in nested lists `expected` is so in `actual`, which may know more.

    Unknown are shapes [], dimensions 0 and dtypes null.
    """
    if not expected:
        return True
    if isinstance(expected, list):
        pairs = zip(actual, expected, strict=False)
        return len(actual) == len(expected) and all(_contains(a, e) for a, e in pairs)
    return bool(actual == expected)


def check_bound(run: Run, golden: Facts) -> list[str]:
    """An executor gives what the eager call gives, and the reference's auxiliary states."""
    found = []
    for i, (actual, expected) in enumerate(zip(run.bound.outputs, run.eager[0], strict=True)):
        found += run.compare(f"out/{i} of the executor", actual, expected)
    if not run.row.differs:
        expected_states = {n: v for n, v in golden.items() if n.startswith("state/")}
        for name, value in expected_states.items():
            found += run.compare(name, run.bound.states.get(name.removeprefix("state/")), value)
    return found


def check_gradients(run: Run, golden: Facts) -> list[str]:
    """Gradients are the reference's, 'add' adds them, and autograd.record gives the same."""
    if not run.row.gradient or "gradient raised" in golden:
        return []
    known = any(name.startswith("grad") for name in golden)
    if not run.row.differs and not known:
        return ["tests/golden has no gradients for this row: run `make golden`"]
    found = []
    for name, gradient in run.gradients.items():
        expected = golden.get(f"grad/{name}")
        if expected is not None and not run.row.differs:
            found += run.compare(f"gradient of {name}", gradient, np.asarray(expected))
    return found + (_check_ways(run) if run.row.is_train else [])


def _check_ways(run: Run) -> list[str]:
    """An executor's gradients with 'add', and those of autograd, are the executor's."""
    found = []
    added = harness.run_bound(run.mx, run.row, run.inputs, "add").gradients
    recorded = harness.run_recorded(run.mx, run.row, run.inputs)
    for name, gradient in run.gradients.items():
        total = (1 + gradient).astype(gradient.dtype)
        found += run.compare(f"gradient of {name} with grad_req add", added[name], total)
        if recorded:
            found += run.compare(f"autograd's gradient of {name}", recorded[name], gradient)
    return found


def check_numeric(run: Run) -> list[str]:
    """In float64 the gradient along a random direction is the finite difference."""
    outputs = [array for array in run.eager[0] if array.dtype.kind == "f"]
    moved = [name for name in run.gradients if _is_continuous(run, name)]
    if not moved or any(array.dtype != np.float64 for array in outputs):
        return []
    random = np.random.RandomState(0)
    direction = {name: random.normal(size=run.inputs[name].shape) for name in moved}
    slope = sum(float((run.gradients[name] * direction[name]).sum()) for name in moved)
    above, below = (_weighted_sum(run, direction, step) for step in (STEP, -STEP))
    difference = (above - below) / (2 * STEP)
    noise = 1e-6 * (1 + abs(above) + abs(slope))
    if abs(difference - slope) <= noise + 1e-5 * abs(slope) or np.isnan(difference):
        return []
    return [f"the gradient along a direction is {slope}, but the finite difference {difference}"]


def _is_continuous(run: Run, name: str) -> bool:
    """Whether an input may be moved a little: not where it holds whole numbers (indices)."""
    row = run.row
    specs = (
        row.inputs
        if isinstance(row.inputs, dict)
        else {f"in{i}": s for i, s in enumerate(row.inputs)}
    )
    spec = specs[name]
    if isinstance(spec, Values):
        array = run.inputs[name]
        return bool(np.isfinite(array).all() and (array != np.round(array)).any())
    return not (isinstance(spec, Draw) and spec.kind == "integers")


def _weighted_sum(run: Run, direction: Arrays, step: float) -> float:
    """Return the outputs' sum, weighted by the head gradients, a step along the direction."""
    moved = {n: a + step * direction[n] if n in direction else a for n, a in run.inputs.items()}
    outputs = harness.run_eager(run.mx, run.row, moved)[0]
    heads = harness.head_gradients(run.row, outputs)
    pairs = zip(outputs, heads, strict=True)
    return sum(float((out * head).sum()) for out, head in pairs if out.dtype.kind == "f")


def check_raises(run: Run, golden: Facts) -> list[str]:
    """A wrong call raises an MXNetError that names the operator, wherever the reference raises."""
    if not {"raised", "symbol raised", "crashed"} & set(golden) and not run.row.differs:
        return ["the reference raises nothing"]
    found = []
    if "raised" in golden or "crashed" in golden or run.row.differs:
        found += _check_error(run, "eager", golden.get("raised"), lambda: run.eager)
    if "symbol raised" in golden:
        found += _check_error(run, "bound", golden["symbol raised"], lambda: run.bound)
    return found


def _check_error(run: Run, way: str, theirs: Any, action: Any) -> list[str]:
    try:
        action()
    except run.mx.MXNetError as error:
        names = {run.row.op.rsplit(".", 1)[-1], _operator(run.row.op).name}
        if any(name in str(error) for name in names):
            return []
        return [f"the {way} call's error does not name {run.row.op}: {error}"]
    except TypeError as error:
        return [] if theirs == "TypeError" else [f"the {way} call raises TypeError: {error}"]
    return [f"the {way} call must raise"]


def _operator(name: str) -> registry.Operator:
    """Return the registered operator of a row's name."""
    if "." in name:
        prefix, tail = name.rsplit(".", 1)
        name = f"_{prefix}_{tail}"
    return registry.get(name)
