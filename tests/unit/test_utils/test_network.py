"""check_network: it names the first wrong node, and leaves right ones alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import mxnet as mx
from mxnet.base import MXNetError
from mxnet.cli.examples import EXAMPLES
from mxnet.test_utils import check_network
from tests.unit.cli.operators import apply, half_of_the_gradient, registered, square

X = mx.sym.Variable("x")


def _only(found):
    assert len(found.nodes) == 1
    return found.nodes[0]


# Right networks pass.


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_bundled_examples_are_right(name):
    network, shapes = EXAMPLES[name]()
    found = check_network(network, shapes, samples=4)
    assert found.passed
    assert [node.status for node in found.nodes] == ["ok"] * len(found.nodes)
    assert found.nodes[-1].gradient == "loss"
    assert found.comparisons > 50


# Wrong ones are named.


def test_the_first_wrong_node_is_named():
    with registered(square, half_of_the_gradient) as wrong:
        net = mx.sym.FullyConnected(X, num_hidden=3, name="before")
        net = apply(wrong, "gate", net)
        net = apply(wrong, "second", mx.sym.tanh(net, name="between"))
        found = check_network(net, {"x": (2, 5)})
    assert not found.passed
    assert [node.name for node in found.failures] == ["gate", "second"]
    first = found.first_failure
    assert (first.name, first.operator, first.status) == ("gate", "test_square", "wrong")
    assert first.worst.analytic == pytest.approx(first.worst.numeric / 2, rel=1e-6)
    place = first.worst.place
    assert first.reasons[0].startswith(f"the gradient of {place} is ")


def test_the_position_of_a_single_wrong_element_is_found():
    def spoiled(backward):
        grad = 2 * backward.inputs[0] * backward.grads[0]
        grad[1, 2] += 100
        return (grad,)

    with registered(square, spoiled) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (40, 50)}, samples=1)
    assert _only(found).worst.position == (1, 2)


def test_a_missing_gradient_is_wrong():
    with registered(square, lambda backward: (None,)) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (2, 3)})
    assert "is 0, but finite differences give" in _only(found).reasons[0]


def test_a_gradient_of_another_shape_is_wrong():
    with registered(square, lambda backward: (backward.grads[0][0],)) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (2, 3)})
    assert _only(found).reasons == ["the gradient of data has shape (3,), not (2, 3)"]


def test_a_gradient_that_is_not_finite_is_wrong():
    with registered(square, lambda backward: (backward.grads[0] / 0,)) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (2, 3)})
    assert _only(found).reasons == ["the gradient of data is not finite"]


def test_a_backward_that_raises_is_wrong():
    def refuse(backward):
        raise NotImplementedError("no gradient yet\nand a stack trace")

    with registered(square, refuse) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (2, 3)})
    assert _only(found).reasons == ["backward raises: no gradient yet"]


def test_an_output_that_is_not_finite_is_wrong_and_what_follows_is_unchecked():
    net = mx.sym.exp(mx.sym.log(X, name="log"), name="exp")
    found = check_network(net, {}, {"x": mx.nd.array([1.0, -1.0])})
    log, after = found.nodes
    assert log.reasons == ["output[1] is nan (1 of 2 are not finite)"]
    assert [(d.place, str(d.double)) for d in log.deviations] == [("output[1]", "nan")]
    assert (after.status, after.unchecked) == ("unchecked", "its input data from log is not finite")
    assert found.first_failure is log


def test_a_drawn_input_outside_the_domain_is_hinted_at():
    found = check_network(mx.sym.log(X), {"x": (20,)})
    assert "x was drawn at random, so give values" in _only(found).reasons[0]


def test_parameters_that_are_not_finite_are_wrong():
    net = mx.sym.FullyConnected(X, num_hidden=2, no_bias=True, name="fc")
    weight = mx.nd.array([[1, 2, 3], [4, np.inf, 6]])
    found = check_network(net, {"x": (1, 3)}, {"fc_weight": weight})
    reason = "its input fc_weight is not finite: weight[1, 1] is inf (1 of 6 are not finite)"
    assert _only(found).reasons == [reason]


def test_too_little_precision_in_float32_is_wrong():
    def through_half(data):
        return data.half().to(data.dtype) if data.dtype == torch.float32 else data * 1

    with registered(through_half) as wrong:
        found = check_network(apply(wrong, "cast", X), {"x": (50,)})
    node = _only(found)
    assert node.forward_error > 1
    assert node.deviations[0].single != node.deviations[0].double
    assert "in float32, but" in node.reasons[0]


def test_too_little_precision_of_a_float32_gradient_is_wrong():
    def rough(backward):
        grad = 2 * backward.inputs[0] * backward.grads[0]
        return (grad.half().float() if grad.dtype == torch.float32 else grad,)

    with registered(square, rough) as wrong:
        node = _only(check_network(apply(wrong, "gate", X), {"x": (50,)}))
    assert node.forward_error < 1 < node.backward_error
    assert node.reasons[0].startswith("gradient of data[")


def test_an_ill_conditioned_node_is_not_blamed_for_float32():
    x = mx.nd.array([1e5, 2e5, 3e5])  # sin turns over thousands of times before
    assert check_network(mx.sym.sin(X), {}, {"x": x}).passed


# What is not an ordinary number.


def test_class_numbers_are_drawn_where_they_are_read():
    net = mx.sym.Embedding(X, input_dim=7, output_dim=3, name="embed")
    node = _only(check_network(net, {"x": (50,)}))
    assert node.passed
    assert {compared.input for compared in node.comparisons} == {"weight"}


def test_integer_inputs_have_nothing_to_differentiate():
    net = mx.sym.one_hot(X, depth=3)
    node = _only(check_network(net, {}, {"x": mx.nd.array([0, 2], dtype="int32")}))
    assert (node.gradient, node.status) == ("none", "ok")


def test_integers_stay_integers_where_the_operator_wants_them():
    index = mx.nd.array([1, 0], dtype="int32")
    net = mx.sym.batch_take(X, mx.sym.Variable("index"))
    assert check_network(net, {"x": (2, 3)}, {"index": index}).passed


def test_integer_labels_become_floats_where_the_network_wants_floats():
    label = mx.nd.array([0, 2], dtype="int64")
    net = mx.sym.SoftmaxOutput(X, mx.sym.Variable("label"))
    assert check_network(net, {"x": (2, 3)}, {"label": label}).passed


def test_a_cast_to_float16_does_not_spoil_the_comparison():
    net = mx.sym.exp(mx.sym.cast(X, dtype="float16", name="cast"), name="exp")
    assert check_network(net, {"x": (3, 4)}).passed


def test_an_operator_that_refuses_float64_is_checked_in_float32():
    def single_only(data):
        if data.dtype != torch.float32:
            raise MXNetError(f"data are {data.dtype}, but must be float32")
        return data.sin()

    with registered(single_only) as picky:
        found = check_network(mx.sym.cos(apply(picky, "sin", X), name="cos"), {"x": (3, 4)})
    assert found.passed
    sin, cos = found.nodes
    assert sin.notes == [
        "checked in float32, because float64 is refused: data are torch.float64, but must be "
        "float32"
    ]
    assert (sin.gradient, cos.notes) == ("checked", [])


def test_a_wrong_gradient_is_found_in_float32_too():
    def single_only(data):
        if data.dtype != torch.float32:
            raise MXNetError("float32 only")
        return data * data

    with registered(single_only, half_of_the_gradient) as wrong:
        found = check_network(apply(wrong, "gate", X), {"x": (3, 4)})
    assert found.first_failure.name == "gate"


def test_an_operator_that_runs_in_no_type_is_named():
    def never(data):
        raise MXNetError("data can never be right")

    with registered(never, shapes=lambda i, o, a: (i, i)) as operator:
        net = apply(operator, "hopeless", X)
        with pytest.raises(MXNetError, match="test_never hopeless: data can never be right"):
            check_network(net, {"x": (2,)})


def test_updates_write_copies():
    arrays = {name: mx.nd.ones((3,)) for name in ("weight", "grad", "mom")}
    inputs = {name: mx.sym.Variable(name) for name in arrays}
    net = mx.sym.sgd_mom_update(**inputs, lr=0.1, momentum=0.9)
    node = _only(check_network(net, {}, arrays))
    assert (node.gradient, arrays["mom"].asnumpy().tolist()) == ("own", [1, 1, 1])


# Structure.


def test_optional_inputs_may_be_absent():
    net = mx.sym.FullyConnected(X, num_hidden=3, no_bias=True, name="fc")
    node = _only(check_network(net, {"x": (2, 5)}))
    assert node.inputs == ["data", "weight"]
    assert node.passed


def test_an_input_used_twice_is_compared_twice():
    node = _only(check_network(X * X, {"x": (2, 3)}))
    assert {compared.input for compared in node.comparisons} == {"lhs", "rhs"}
    assert node.passed


def test_every_output_counts():
    def parts(data):
        return data.sin(), data.cos()

    def second_is_wrong(backward):
        (x,), (first, second) = backward.inputs, backward.grads
        return (first * x.cos() + second * x.sin(),)

    with registered(parts, second_is_wrong, outputs=2) as wrong:
        found = check_network(apply(wrong, "parts", X), {"x": (2, 3)})
    assert not found.passed
    assert found.nodes[0].shapes == [(2, 3), (2, 3)]


def test_batch_norm_is_checked_with_its_auxiliary_states():
    net = mx.sym.BatchNorm(X, fix_gamma=False, use_global_stats=True, name="bn")
    states = {"bn_moving_mean": mx.nd.array([1, 2]), "bn_moving_var": mx.nd.array([3, 4])}
    found = check_network(net, {"x": (4, 2)}, aux_params=states)
    assert found.passed
    assert {c.input for c in found.nodes[0].comparisons} == {"data", "gamma", "beta"}


def test_the_statistics_that_batch_norm_shows_pass_no_gradient_on():
    net = mx.sym.BatchNorm(X, fix_gamma=False, output_mean_var=True, name="bn")
    assert check_network(net, {"x": (4, 2)}).passed


def test_dropout_keeps_its_mask_between_runs():
    node = _only(check_network(mx.sym.Dropout(X, p=0.5), {"x": (20, 20)}))
    assert node.passed
    assert {round(c.analytic != 0) for c in node.comparisons} == {0, 1}


@pytest.mark.parametrize(
    ("net", "values"),
    [
        (mx.sym.relu(X), [[0.0, 0.0, -1.0, 1.0]]),
        (mx.sym.abs(X), [[0.0, 0.0, 2.0, 0.0]]),
        (mx.sym.clip(X, a_min=0, a_max=1), [[0.0, 1.0, 0.5, 2.0]]),
        (mx.sym.max(X, axis=1), [[1.0, 1.0, 1.0, 1.0]]),
        (mx.sym.sort(X, axis=1), [[1.0, 1.0, 1.0, 0.0]]),
        (mx.sym.floor(X), [[0.0, 1.0, -1.0, 0.5]]),
    ],
)
def test_kinks_and_ties_are_looked_at_beside(net, values):
    node = _only(check_network(net, {}, {"x": mx.nd.array(values)}))
    assert (node.passed, node.kinks > 0) == (True, True)
    assert node.comparisons


def test_a_wrong_gradient_at_nothing_but_kinks_is_found():
    def ramp(data):
        return data.clamp_min(0)

    with registered(ramp, lambda b: (b.grads[0] * 0.5,)) as wrong:
        found = check_network(apply(wrong, "ramp", X), {}, {"x": mx.nd.zeros((4, 4))})
    assert not found.passed


def test_shapes_that_other_nodes_decide_are_used():
    state = mx.sym.zeros(shape=(0, 3), name="state")
    assert check_network(mx.sym.elemwise_add(X, state), {"x": (2, 3)}).passed


def test_two_nodes_of_one_name_are_told_apart():
    with registered(square, half_of_the_gradient) as wrong:
        net = apply(wrong, "same", mx.sym.tanh(X, name="same"))
        found = check_network(net, {"x": (2, 3)})
    assert [node.status for node in found.nodes] == ["ok", "wrong"]


# Surroundings.


def test_random_streams_are_left_as_they_were():
    net = mx.sym.Dropout(mx.sym.FullyConnected(X, num_hidden=3), p=0.5)

    def draws():
        return mx.nd.random.uniform(shape=(3,)).asnumpy().tolist(), np.random.rand()

    mx.random.seed(5)
    np.random.seed(5)
    expected = draws()
    mx.random.seed(5)
    np.random.seed(5)
    check_network(net, {"x": (2, 5)})
    assert draws() == expected


def test_random_streams_are_left_alone_after_an_error_too():
    mx.random.seed(5)
    expected = mx.nd.random.uniform(shape=(3,)).asnumpy().tolist()
    mx.random.seed(5)
    bad_index = mx.sym.batch_take(mx.sym.Dropout(X, p=0.5), mx.sym.Variable("i"))
    with pytest.raises(MXNetError):
        check_network(bad_index, {"x": (2, 3), "i": (2,)}, {"i": mx.nd.array([0.5, 1.5])})
    assert mx.nd.random.uniform(shape=(3,)).asnumpy().tolist() == expected


def test_a_seed_gives_the_same_check_again():
    network, shapes = EXAMPLES["mlp"]()
    first, second = (check_network(network, shapes, samples=2, seed=3) for _ in range(2))
    assert first.nodes == second.nodes
    assert first.nodes != check_network(network, shapes, samples=2, seed=4).nodes


def test_values_that_were_given_are_used_and_left_alone():
    x = mx.nd.array([[1.0, 2.0]])
    found = check_network(mx.sym.square(X), {}, {"x": x})
    slopes = {abs(c.analytic / h) for c in found.nodes[0].comparisons[:1] for h in (1,)}
    assert slopes
    assert x.asnumpy().tolist() == [[1.0, 2.0]]
    assert found.drawn == []


def test_what_was_drawn_is_told():
    net = mx.sym.BatchNorm(X, name="bn")
    found = check_network(net, {"x": (4, 2)}, {"bn_gamma": mx.nd.ones((2,))})
    assert found.drawn == ["x", "bn_beta", "bn_moving_mean", "bn_moving_var"]


def test_sparse_values_are_taken_as_dense_ones():
    x = mx.nd.array([[0, 1.5], [0, 0]]).tostype("csr")
    assert check_network(mx.sym.square(X), {}, {"x": x}).passed


def test_progress_is_told_before_each_node():
    calls = []
    network, shapes = EXAMPLES["mlp"]()
    check_network(network, shapes, samples=1, progress=lambda *call: calls.append(call))
    assert calls[0] == (0, 6, "fc1")
    assert calls[-1] == (5, 6, "softmax")


# Bad input.


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"shapes": {"y": (2, 5)}}, "the network has no input 'y'"),
        ({"shapes": {"fc_wieght": (2, 5)}}, "no input 'fc_wieght'; did you mean fc_weight?"),
        ({"shapes": {}}, "the shapes given do not determine that of x, fc_weight"),
        (
            {"shapes": {"x": (2, 5)}, "arg_params": {"fc2_weight": mx.nd.zeros((3, 5))}},
            "the network has no argument 'fc2_weight'; did you mean fc_weight?",
        ),
        (
            {"shapes": {"x": (2, 5)}, "aux_params": {"mean": mx.nd.zeros((3,))}},
            "the network has no auxiliary state 'mean'; there are none.",
        ),
        (
            {"shapes": {"x": (2, 5)}, "arg_params": {"fc_weight": mx.nd.zeros((3, 4))}},
            "FullyConnected fc: weight has shape .3, 4., but .3, 5. follows from data .2, 5.",
        ),
        (
            {"shapes": {"x": (2, 5)}, "arg_params": {"x": mx.nd.zeros((2, 4))}},
            "x has shape .2, 4., but the shape given for it is .2, 5.",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    net = mx.sym.FullyConnected(X, num_hidden=3, name="fc")
    with pytest.raises(MXNetError, match=message):
        check_network(net, **call)


def test_a_network_without_operators_is_refused():
    with pytest.raises(MXNetError, match="the network has no operator"):
        check_network(X, {"x": (2,)})
