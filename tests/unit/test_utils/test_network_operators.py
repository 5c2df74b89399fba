"""check_network on every operator: no false alarms, no wrong gradient missed, and losses."""

from __future__ import annotations

import numpy as np
import pytest

import mxnet as mx
from mxnet.ops import registry
from mxnet.test_utils import check_network
from mxnet.test_utils.network.run import NodeRun
from tests.ops import harness
from tests.ops.rows import Row
from tests.unit.cli.operators import apply, registered, square

X = mx.sym.Variable("x")


def _only(found):
    assert len(found.nodes) == 1
    return found.nodes[0]


def _first_rows() -> dict[str, Row]:
    """Return for each operator the first row whose gradient is a derivative."""
    rows = [row for family in harness.families().values() for row in family]
    usable = [row for row in rows if row.numeric and row.gradient and not row.raises]
    return {row.op: row for row in reversed(usable) if _is_everyday(row)}


def _is_everyday(row: Row) -> bool:
    """Leave out infinite inputs, and ones at which the derivative or the loss is infinite."""
    arrays = harness.named_inputs(row, row.dtypes[-1]).values()
    floats = [array for array in arrays if array.dtype.kind == "f"]
    edges = ("softmax_cross_entropy", "_full", "image.normalize")
    return all(np.isfinite(array).all() for array in floats) and row.op not in edges


ROWS = _first_rows()


def _check_row(row: Row):
    inputs = harness.named_inputs(row, row.dtypes[-1])
    with harness.surroundings(mx, inputs):
        symbol = harness.compose(mx, row, inputs)
        arrays = {name: harness.to_mx(mx, array) for name, array in inputs.items()}
        arguments = {n: arrays[n] for n in symbol.list_arguments() if n in arrays}
        states = {n: arrays[n] for n in symbol.list_auxiliary_states() if n in arrays}
        return check_network(symbol, {}, arguments, states, samples=2)


@pytest.mark.parametrize("op", ROWS)
def test_no_operator_gives_a_false_alarm(op):
    found = _check_row(ROWS[op])
    assert [node.reasons for node in found.failures] == []


@pytest.mark.parametrize("op", ROWS)
def test_every_operator_is_caught_with_a_wrong_gradient(op, monkeypatch):
    right = NodeRun.gradients

    def one_element_wrong(self, *args):
        return [_without_largest(grad) for grad in right(self, *args)]

    monkeypatch.setattr(NodeRun, "gradients", one_element_wrong)
    found = _check_row(ROWS[op])
    for node in found.nodes:
        flat = all(compared.numeric == 0 for compared in node.comparisons)
        assert flat or node.status == "wrong"


def _without_largest(grad):
    """Return a gradient whose largest element is 0."""
    if grad is None or not grad.numel():
        return grad
    flat = grad.clone().reshape(-1)
    flat[flat.abs().argmax()] = 0
    return flat.reshape(grad.shape)


# Losses, and gradients of their own.


@pytest.mark.parametrize(
    ("op", "shapes", "attrs"),
    [
        ("SoftmaxOutput", {"data": (4, 5)}, {}),
        ("SoftmaxOutput", {"data": (4, 5)}, {"smooth_alpha": 0.1, "grad_scale": 3}),
        ("SoftmaxOutput", {"data": (4, 5), "label": (4, 5)}, {}),
        ("SoftmaxOutput", {"data": (2, 3, 4)}, {"multi_output": True, "normalization": "batch"}),
        ("SoftmaxOutput", {"data": (2, 3, 4)}, {"preserve_shape": True}),
        (
            "SoftmaxOutput",
            {"data": (6, 3)},
            {"use_ignore": True, "ignore_label": 1, "normalization": "valid"},
        ),
        ("LinearRegressionOutput", {"data": (4, 5)}, {"grad_scale": 2}),
        ("MAERegressionOutput", {"data": (4, 5)}, {}),
        ("LogisticRegressionOutput", {"data": (4, 1)}, {}),
        ("SVMOutput", {"data": (4, 5)}, {"margin": 0.5, "regularization_coefficient": 2}),
        ("SVMOutput", {"data": (4, 5)}, {"use_linear": True}),
        ("MakeLoss", {"data": (4, 5)}, {"grad_scale": 2, "normalization": "batch"}),
        ("MakeLoss", {"data": (4, 5)}, {"valid_thresh": 0.5, "normalization": "valid"}),
        ("make_loss", {"data": (4, 5)}, {}),
    ],
)
def test_a_loss_layer_is_held_against_the_loss_it_stands_for(op, shapes, attrs):
    inputs = {name: mx.sym.Variable(name) for name in registry.get(op).inputs}
    found = check_network(getattr(mx.sym, op)(**inputs, **attrs), shapes)
    node = _only(found)
    assert (node.gradient, node.reasons) == ("loss", [])
    assert any(compared.numeric != 0 for compared in node.comparisons)


def test_a_wrong_gradient_of_a_loss_layer_is_found():
    facts = {
        "gradient": lambda backward: (2 * backward.inputs[0],),  # that of x², not of x²/2
        "implied_loss": lambda inputs, outputs, attrs: 0.5 * inputs[0].square().sum(),
        "loss": True,
    }
    with registered(square, **facts) as wrong:
        found = check_network(apply(wrong, "loss", X), {"x": (2, 3)})
    assert (_only(found).gradient, found.passed) == ("loss", False)


def test_a_loss_without_an_implied_loss_is_not_compared():
    net = mx.sym.SoftmaxOutput(X, out_grad=True, name="softmax")
    node = _only(check_network(net, {"x": (4, 5)}))
    assert (node.gradient, node.comparisons, node.passed) == ("own", [], True)


@pytest.mark.parametrize(
    "op",
    [
        "BlockGrad",
        "IdentityAttachKLSparseReg",
        "_contrib_gradientmultiplier",
        "_contrib_round_ste",
        "_contrib_sign_ste",
        "_contrib_box_nms",
        "_contrib_MultiBoxTarget",
        "_contrib_Proposal",
        "_sample_normal",
        "SoftmaxOutput",
        "make_loss",
        "sgd_mom_update",
    ],
)
def test_operators_whose_gradient_is_by_design_no_derivative(op):
    assert registry.get(op).own_gradient


@pytest.mark.parametrize("op", ["Convolution", "BatchNorm", "relu", "clip", "softmax", "Dropout"])
def test_other_operators_have_no_gradient_of_their_own(op):
    assert not registry.get(op).own_gradient


def test_no_gradient_names_inputs_or_outputs_that_exist():
    for name in registry.names():
        operator = registry.get(name)
        outputs = operator.output_names if isinstance(operator.output_names, tuple) else ()
        assert operator.no_gradient <= {*operator.inputs, *outputs}, name


def test_a_straight_through_estimator_is_reported_as_its_own():
    node = _only(check_network(mx.sym.contrib.sign_ste(X), {"x": (5,)}))
    assert (node.gradient, node.status) == ("own", "ok")
