"""Runs a row: eager, bound and inferred, with gradients, under the reference or under ours.

Nothing here knows which of the two `mx` is, and only NumPy is imported: the recorder
(`tests/golden/record.py`) and the tests (`checks.py`) call the same functions.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.golden.store import FOLDER, Facts
from tests.ops.rows import Row

HERE = Path(__file__).parent
PREFIXES = ("contrib", "linalg", "image", "sparse")
Arrays = dict[str, np.ndarray]


def families() -> dict[str, list[Row]]:
    """Return the rows of every ``tests/ops/<area>/rows_<family>.py`` by ``<area>_<family>``."""
    found = {}
    for path in sorted(HERE.glob("*/rows_*.py")):
        area, family = path.parent.name, path.stem.removeprefix("rows_")
        module = importlib.import_module(f"tests.ops.{area}.{path.stem}")
        found[f"{area}_{family}"] = module.ROWS
    return found


def golden_path(family: str) -> Path:
    """Return where the reference's results for a family's rows are kept."""
    return FOLDER / "ops" / f"{family}.npz"


def front_end(namespace: Any, name: str) -> Any:
    """Return the operator's function under ``mx.nd`` or ``mx.sym`` (see Row.op)."""
    if "." in name:
        for part in name.split("."):
            namespace = getattr(namespace, part)
        return namespace
    for prefix in PREFIXES:
        if name.startswith(f"_{prefix}_"):
            return getattr(getattr(namespace, prefix), name.removeprefix(f"_{prefix}_"))
    return getattr(namespace._internal if name.startswith("_") else namespace, name)


def named_inputs(row: Row, dtype: str) -> Arrays:
    """Return the row's input arrays by name; those of a list are in0, in1, ..."""
    sample = row.sample(dtype)
    return sample if isinstance(sample, dict) else {f"in{i}": a for i, a in enumerate(sample)}


def call(function: Any, row: Row, inputs: dict[str, Any], **more: Any) -> Any:
    """Call an operator's function with inputs the way that the row states them."""
    if isinstance(row.inputs, dict):
        return function(**inputs, **row.attrs, **more)
    return function(*inputs.values(), **row.attrs, **more)


def as_list(value: Any) -> list[Any]:
    """Return the outputs of a call as a list, also where there is only one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def to_mx(mx: Any, array: np.ndarray) -> Any:
    """Return an NDArray of the same values and dtype."""
    return mx.nd.array(array, dtype=array.dtype)


def surroundings(mx: Any, inputs: Arrays) -> Any:
    """Return the scope that a row runs in: arrays without elements need np shape semantics."""
    empty = any(array.size == 0 for array in inputs.values())
    return mx.util.np_shape(True) if empty else contextlib.nullcontext()


def run_eager(
    mx: Any, row: Row, inputs: Arrays, make: Any = to_mx
) -> tuple[list[np.ndarray], Arrays]:
    """Return the outputs of ``mx.nd.<op>``, and those inputs that the call changed."""
    given = {name: make(mx, array) for name, array in inputs.items()}
    mode = mx.autograd.train_mode if row.is_train else mx.autograd.predict_mode
    targets = {"out": [given[name] for name in row.out]} if row.out else {}
    with mode():
        outputs = as_list(call(front_end(mx.nd, row.op), row, given, **targets))
        results = [output.asnumpy() for output in outputs]
    after = {name: array.asnumpy() for name, array in given.items()}
    return results, {n: a for n, a in after.items() if a.tobytes() != inputs[n].tobytes()}


def compose(mx: Any, row: Row, inputs: Arrays) -> Any:
    """Return the symbol ``mx.sym.<op>`` over one variable per input."""
    variables = {name: mx.sym.Variable(name) for name in inputs}
    return call(front_end(mx.sym, row.op), row, variables, name="node")


@dataclass
class Bound:
    """What an executor gave: outputs, gradients by argument, auxiliary states that changed."""

    outputs: list[np.ndarray]
    gradients: Arrays
    states: Arrays


def run_bound(
    mx: Any, row: Row, inputs: Arrays, grad_req: str = "write", start: float = 1.0
) -> Bound:
    """Bind the row's symbol and run it forward, and backward unless `grad_req` is 'null'.

    Gradients of float inputs start from `start`, which 'write' overwrites and 'add' keeps.
    """
    symbol = compose(mx, row, inputs)
    states = symbol.list_auxiliary_states()
    arguments = [name for name in symbol.list_arguments() if name in inputs]
    floats = [n for n in arguments if grad_req != "null" and inputs[n].dtype.kind == "f"]
    slots = {name: to_mx(mx, np.full_like(inputs[name], start)) for name in floats}
    executor = symbol.bind(
        mx.cpu(),
        args={name: to_mx(mx, inputs[name]) for name in arguments},
        args_grad=slots or None,
        grad_req={name: grad_req if name in slots else "null" for name in arguments},
        aux_states={name: to_mx(mx, inputs[name]) for name in states},
    )
    outputs = [array.asnumpy() for array in executor.forward(is_train=row.is_train)]
    if slots:
        executor.backward([to_mx(mx, head) for head in head_gradients(row, outputs)])
    gradients = {name: slot.asnumpy() for name, slot in slots.items()}
    after = {name: array.asnumpy() for name, array in executor.aux_dict.items()}
    changed = {n: a for n, a in after.items() if a.tobytes() != inputs[n].tobytes()}
    return Bound(outputs, gradients, changed)


def run_recorded(mx: Any, row: Row, inputs: Arrays) -> Arrays:
    """Return the gradients that `autograd.record` and `backward` give, from float outputs alone."""
    arguments = set(compose(mx, row, inputs).list_arguments())
    given = {name: to_mx(mx, array) for name, array in inputs.items()}
    wanted = [n for n, array in inputs.items() if array.dtype.kind == "f" and n in arguments]
    for name in wanted:
        given[name].attach_grad()
    with mx.autograd.record(train_mode=row.is_train):
        outputs = as_list(call(front_end(mx.nd, row.op), row, given))
    heads = head_gradients(row, [output.asnumpy() for output in outputs])
    pairs = [(o, h) for o, h in zip(outputs, heads, strict=True) if h.dtype.kind == "f"]
    if not pairs or not wanted:
        return {}
    head_arrays = [to_mx(mx, head) for _, head in pairs]
    mx.autograd.backward([out for out, _ in pairs], head_arrays, train_mode=row.is_train)
    return {name: given[name].grad.asnumpy() for name in wanted}


def head_gradients(row: Row, outputs: list[np.ndarray]) -> list[np.ndarray]:
    """Return random gradients of the outputs, the same for the same row everywhere."""
    random = np.random.RandomState(zlib.crc32(f"heads {row.key('')}".encode()))
    return [random.normal(size=array.shape).astype(array.dtype) for array in outputs]


def infer_from_first(mx: Any, row: Row, inputs: Arrays) -> str:
    """Return as JSON what follows from the first input's shape, then from its dtype, alone.

    Unknown shapes are [], unknown dimensions 0, unknown dtypes null.
    """
    symbol = compose(mx, row, inputs)
    first = symbol.list_arguments()[0]
    shapes = symbol.infer_shape_partial(**{first: inputs[first].shape})
    types = symbol.infer_type_partial(**{first: inputs[first].dtype})
    known = [[list(shape or ()) for shape in part or ()] for part in shapes]
    named = [[np.dtype(t).name if t is not None else None for t in part or ()] for part in types]
    return json.dumps({"shapes": known, "types": named})


def observe(mx: Any, row: Row, dtype: str) -> Facts:
    """Return everything about a row that a golden file keeps."""
    inputs = named_inputs(row, dtype)
    with surroundings(mx, inputs):
        if row.raises:
            return _observe_errors(mx, row, inputs)
        try:
            outputs, changed = run_eager(mx, row, inputs)
        except Exception as error:
            return {"raised": type(error).__name__}
        if row.random:
            facts: Facts = {f"out/{i}": np.zeros_like(a) for i, a in enumerate(outputs)}
            return {**facts, "random": "yes"}
        facts = {f"out/{i}": array for i, array in enumerate(outputs)}
        facts.update({f"changed/{name}": array for name, array in changed.items()})
        facts.update(_observe_inference(mx, row, inputs))
        facts.update(_observe_gradients(mx, row, inputs))
    return facts


def _observe_errors(mx: Any, row: Row, inputs: Arrays) -> Facts:
    """Whether the eager call raises, and whether composing, binding or running raises."""
    ways = {
        "raised": lambda: run_eager(mx, row, inputs),
        "symbol raised": lambda: run_bound(mx, row, inputs, "null"),
    }
    facts: Facts = {}
    for name, run in ways.items():
        try:
            run()
        except Exception as error:
            facts[name] = type(error).__name__
    return facts


def _observe_inference(mx: Any, row: Row, inputs: Arrays) -> Facts:
    if len(inputs) < 2:
        return {}
    try:
        return {"inferred": infer_from_first(mx, row, inputs)}
    except Exception as error:
        return {"inference raised": type(error).__name__}


def _observe_gradients(mx: Any, row: Row, inputs: Arrays) -> Facts:
    """Gradients, states, and for which arguments the reference ignores 'add'.

    Gradients start from zeros: where the reference writes none (labels, indices) they stay so.
    An executor's backward is for training; gradients in prediction come from `autograd`.
    """
    trained = row.gradient and row.is_train
    try:
        bound = run_bound(mx, row, inputs, "write" if trained else "null", start=0.0)
        gradients = bound.gradients
        if row.gradient and not row.is_train:
            gradients = run_recorded(mx, row, inputs)
        facts: Facts = {f"state/{name}": array for name, array in bound.states.items()}
        facts.update({f"grad/{name}": array for name, array in gradients.items()})
        if row.gradient and not gradients:
            facts["gradients"] = "none"
        if trained and (unlike := _not_added(row, bound, run_bound(mx, row, inputs, "add"))):
            facts["add ignored"] = unlike
        return facts
    except Exception as error:
        return {"gradient raised": type(error).__name__}


def _not_added(row: Row, written: Bound, added: Bound) -> str:
    """Return the arguments to whose ones 'add' did not add the gradient: a bug, not to follow."""
    names = []
    for name, gradient in written.gradients.items():
        rtol, atol = tolerance(row, gradient.dtype)
        if not np.allclose(1 + gradient, added.gradients[name], rtol, atol, equal_nan=True):
            names.append(name)
    return " ".join(names)


RTOL = {"float16": 1e-2, "float32": 1e-4, "float64": 1e-6}
ATOL = {"float16": 1e-2, "float32": 1e-5, "float64": 1e-8}


def tolerance(row: Row, *dtypes: Any) -> tuple[float, float]:
    """Return (rtol, atol): the row's own, else those of the coarsest of the dtypes."""
    names = [np.dtype(dtype).name for dtype in dtypes]
    rtol = max(RTOL.get(name, 0.0) for name in names)
    atol = max(ATOL.get(name, 0.0) for name in names)
    return (
        rtol if row.rtol is None else row.rtol,
        atol if row.atol is None else row.atol,
    )
