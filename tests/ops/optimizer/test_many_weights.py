"""What rows can not state: updates of many weights, skipped steps, and updates of row-wise states.

The reference updates many weights only into `out`, and AdaGrad only from row-sparse gradients.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

import mxnet.ops  # noqa: F401  registers the operators
from mxnet.base import MXNetError
from mxnet.ops import registry

SHAPES = ((3, 2), (4,))


def call(name: str, *arrays: torch.Tensor, **attrs: Any) -> Any:
    """Run an operator's function with parsed attributes."""
    operator = registry.get(name)
    return operator.function(*arrays, **operator.parse(attrs))


def arrays_of(names: str, seed: int = 1) -> list[list[torch.Tensor]]:
    """Return each weight's arrays; `weight32` makes weight and gradient 16 bits wide."""
    generator = torch.Generator().manual_seed(seed)
    groups = []
    for shape in SHAPES:
        named = {name: torch.randn(shape, generator=generator) for name in names.split()}
        if "var" in named:
            named["var"].abs_()
        if "weight32" in named:
            named["weight"], named["grad"] = named["weight32"].half(), named["grad"].half()
        groups.append(list(named.values()))
    return groups


def copies(groups: list[list[torch.Tensor]]) -> list[list[torch.Tensor]]:
    """Return the same arrays in memory of their own."""
    return [[array.clone() for array in group] for group in groups]


SGD = [
    ("sgd_update", "weight grad", {}),
    ("sgd_mom_update", "weight grad mom", {"momentum": 0.9}),
    ("mp_sgd_update", "weight grad weight32", {}),
    ("mp_sgd_mom_update", "weight grad mom weight32", {"momentum": 0.9}),
]
RATES = {"lrs": (0.1, 0.2), "wds": (0.3, 0.4)}
COMMON = {"rescale_grad": 0.5, "clip_gradient": 0.6}


@pytest.mark.parametrize(("single", "names", "attrs"), SGD, ids=[row[0] for row in SGD])
@pytest.mark.parametrize("preloaded", [False, True])
def test_many_are_updated_as_each_alone(
    single: str, names: str, attrs: dict, preloaded: bool
) -> None:
    groups = arrays_of(names)
    alone = copies(groups)
    expected = [
        call(single, *group, lr=lr, wd=wd, **attrs, **COMMON)
        for group, lr, wd in zip(alone, RATES["lrs"], RATES["wds"], strict=True)
    ]
    flat = [array for group in groups for array in group]
    if preloaded:
        rates = [torch.tensor(RATES["lrs"]), torch.tensor(RATES["wds"])]
        name = f"preloaded_multi_{single}"
        results = call(name, *flat, *rates, num_weights=2, **attrs, **COMMON)
    else:
        results = call(f"multi_{single}", *flat, num_weights=2, **RATES, **attrs, **COMMON)
    torch.testing.assert_close(list(results), expected)
    torch.testing.assert_close(groups, alone)  # the states


ADAMW = {"beta1": 0.7, "epsilon": 0.01, "clip_gradient": 0.6}


@pytest.mark.parametrize("mixed", ["", "mp_"])
def test_many_steps_of_adamw_are_those_of_each_alone(mixed: str) -> None:
    groups = arrays_of("weight grad mean var weight32" if mixed else "weight grad mean var")
    alone, etas, scale = copies(groups), (1.0, 0.5), torch.tensor([2.0])
    expected = [
        call(f"_{mixed}adamw_update", *group, scale, lr=lr, wd=wd, eta=eta, **ADAMW)
        for group, lr, wd, eta in zip(alone, RATES["lrs"], RATES["wds"], etas, strict=True)
    ]
    flat = [array for group in groups for array in group]
    results = call(
        f"_multi_{mixed}adamw_update", *flat, scale, num_weights=2, etas=etas, **RATES, **ADAMW
    )
    torch.testing.assert_close(list(results), expected)
    torch.testing.assert_close(groups, alone)


@pytest.mark.parametrize("mixed", ["", "mp_"])
def test_many_steps_of_lamb_are_both_phases_of_each_alone(mixed: str) -> None:
    groups = arrays_of("weight grad mean var weight32" if mixed else "weight grad mean var")
    alone, steps = copies(groups), (2, 3)
    expected = []
    for group, lr, wd, t in zip(alone, RATES["lrs"], RATES["wds"], steps, strict=True):
        direction = call(f"{mixed}lamb_update_phase1", *group, t=t, wd=wd, **COMMON)
        weight, full = group[0], group[4:]
        norms = weight.float().norm().reshape(1), direction.norm().reshape(1)
        arrays = (weight, direction, *norms, *full)
        expected.append(call(f"{mixed}lamb_update_phase2", *arrays, lr=lr))
    results = call(
        f"_multi_{mixed}lamb_update",
        *[array for group in groups for array in group],
        learning_rates=RATES["lrs"],
        wds=RATES["wds"],
        step_count=steps,
        num_tensors=2,
        **COMMON,
    )
    torch.testing.assert_close(list(results), expected)
    torch.testing.assert_close(groups, alone)


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), -float("inf"), 0.0])
@pytest.mark.parametrize("mixed", ["", "mp_"])
def test_adamw_skips_a_step_whose_scale_is_no_number(mixed: str, scale: float) -> None:
    group = arrays_of("weight grad mean var weight32" if mixed else "weight grad mean var")[0]
    group[1][0, 0] = float("inf")  # the overflow that a loss scaler reacts to
    before = [array.clone() for array in group]
    name = f"_{mixed}adamw_update"
    result = call(name, *group, torch.tensor([scale]), lr=0.1, eta=1.0, wd=0.3, clip_gradient=1)
    assert torch.equal(result, before[0])
    assert all(torch.equal(a, b) for a, b in zip(group, before, strict=True))


def test_mixed_lamb_moves_the_float32_weight() -> None:
    weight32, g = torch.tensor([1.0, -2, 3]), torch.tensor([0.5, 0.25, -1])
    numbers = torch.tensor([1.0]), torch.tensor([2.0])
    result = call("mp_lamb_update_phase2", weight32.half(), g, *numbers, weight32, lr=0.1)
    torch.testing.assert_close(weight32, torch.tensor([0.975, -2.0125, 3.05]))
    assert torch.equal(result, weight32.half())


WEIGHT = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
GRAD = [[0.5, -1.0], [0.0, 0.0], [2.0, 3.0]]
SCALED = {"lr": 0.1, "rescale_grad": 2, "clip_gradient": 1.5, "epsilon": 0.3}


def test_adagrad_gives_what_the_reference_gives_for_row_sparse_gradients() -> None:
    history = torch.tensor([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    weight, grad = torch.tensor(WEIGHT), torch.tensor(GRAD)
    result = call("_sparse_adagrad_update", weight, grad, history, **SCALED)
    expected = [[0.91548455, 2.0904534], [3.0, 4.0], [4.9141102, 5.9154844]]
    torch.testing.assert_close(result, torch.tensor(expected))
    states = [[1.1, 2.45], [0.3, 0.4], [2.75, 2.85]]
    torch.testing.assert_close(history, torch.tensor(states))


@pytest.mark.parametrize("shape", [(3,), (3, 1)], ids=str)
def test_group_adagrad_gives_what_the_reference_gives(shape: tuple[int, ...]) -> None:
    history = torch.tensor([0.1, 0.3, 0.5]).reshape(shape)
    weight, grad = torch.tensor(WEIGHT), torch.tensor(GRAD)
    result = call("_contrib_group_adagrad_update", weight, grad, history, **SCALED)
    expected = [[0.9297272, 2.1054091], [3.0, 4.0], [4.9141102, 5.9141102]]
    torch.testing.assert_close(result, torch.tensor(expected))
    torch.testing.assert_close(history, torch.tensor([1.725, 0.3, 2.75]).reshape(shape))


def test_reset_arrays_writes_zeros_whatever_the_dtype() -> None:
    arrays = [torch.ones(2), torch.ones(2, 3, dtype=torch.int32)]
    assert call("reset_arrays", *arrays, num_arrays=2) == ()
    assert not any(array.any() for array in arrays)


WRONG = [
    ("multi_sgd_update", 3, {"num_weights": 2, "lrs": (1, 1), "wds": (0, 0)}, "2 weights need 2"),
    ("multi_sgd_update", 4, {"num_weights": 2, "lrs": (1,), "wds": (0, 0)}, "lrs holds 1"),
    ("preloaded_multi_sgd_update", 5, {"num_weights": 2}, "and 2 after all of them"),
    ("_sparse_adagrad_update", 3, {"lr": 1, "wd": 0.1}, "wd is 0.1"),
    ("reset_arrays", 2, {"num_arrays": 3}, "num_arrays is 3"),
]


@pytest.mark.parametrize(("name", "count", "attrs", "message"), WRONG)
def test_wrong_calls_say_what_is_wrong(name: str, count: int, attrs: dict, message: str) -> None:
    with pytest.raises(MXNetError, match=message):
        call(name, *[torch.ones(2) for _ in range(count)], **attrs)


def test_arrays_of_another_shape_are_named() -> None:
    with pytest.raises(
        MXNetError, match=r"mom has shape \(3,\), but must have the weight's, \(2,\)"
    ):
        call("sgd_mom_update", torch.ones(2), torch.ones(2), torch.ones(3), lr=1)
