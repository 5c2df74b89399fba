"""Loops and conditions on symbols where ours does more than the reference, or says more."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError

foreach, while_loop, cond = (
    mx.sym.contrib.foreach,
    mx.sym.contrib.while_loop,
    mx.sym.contrib.cond,
)
x, s, w = (mx.sym.Variable(name) for name in "xsw")


def _recurrent(activate):
    def step(x, hidden):
        total = mx.sym.FullyConnected(x, num_hidden=3, name="i2h")
        following = activate(total + mx.sym.FullyConnected(hidden, num_hidden=3, name="h2h"))
        return following, following

    return mx.sym.Group(foreach(step, x, s))


def _counting(limit=4):
    """Return the outputs s² w and the last (i, s) of a loop while i < 3."""
    outputs, last = while_loop(
        lambda i, s: i < 3, lambda i, s: (s * s * w, [i + 1, s * 1.5 + i]), [x, s], limit
    )
    return mx.sym.Group([outputs, *last])


def _location(net, **shapes):
    return [np.random.normal(size=shape) * 0.5 for shape in net.infer_shape(**shapes)[0]]


@pytest.mark.parametrize("activate", [mx.sym.tanh, mx.sym.softsign])
def test_gradients_of_a_loop_are_derivatives(activate):
    net = _recurrent(activate)
    mx.test_utils.check_numeric_gradient(net, _location(net, x=(4, 2, 5), s=(2, 3)))


def test_gradients_through_random_numbers_are_derivatives():
    net = _recurrent(lambda x: mx.sym.Dropout(mx.sym.tanh(x), p=0.5))
    mx.test_utils.check_numeric_gradient(net, _location(net, x=(4, 2, 5), s=(2, 3)))


def test_gradients_of_while_loop_and_cond_are_derivatives():
    location = [np.array([0.5]), np.array([1.0]), np.array([2.0])]
    mx.test_utils.check_numeric_gradient(_counting(), location)
    net = cond(mx.sym.sum(x) < 0, lambda: x * s, lambda: mx.sym.sin(x) + s)
    for sign in (-1, 1):
        mx.test_utils.check_numeric_gradient(net, [sign * np.ones((2, 2)), np.ones((2, 2))])


def test_check_network_checks_a_loop_as_one_operator():
    found = mx.test_utils.check_network(_recurrent(mx.sym.tanh), {"x": (4, 2, 5), "s": (2, 3)})
    assert found.passed
    assert [node.operator for node in found.nodes] == ["_foreach"]


def test_check_network_knows_gradients_that_are_by_design_no_derivatives():
    net = _recurrent(lambda x: mx.sym.BlockGrad(x) * x)
    found = mx.test_utils.check_network(net, {"x": (4, 2, 5), "s": (2, 3)})
    assert found.nodes[0].gradient == "own"


def test_half_precision_runs_through_a_loop():
    net = _recurrent(mx.sym.tanh)
    types = dict.fromkeys(net.list_arguments(), "float16")
    executor = net.simple_bind(mx.cpu(), type_dict=types, x=(4, 2, 5), s=(2, 3))
    outputs = executor.forward(is_train=True)
    executor.backward([mx.nd.ones(out.shape, dtype="float16") for out in outputs])
    assert {a.dtype for a in (*outputs, *executor.grad_arrays)} == {np.float16}


def test_shapes_of_while_loop_follow():
    net = _counting(limit=7)
    assert net.infer_shape(x=(1,), s=(1,)) == ([(1,)] * 3, [(7, 1), (1,), (1,)], [])
    executor = net.simple_bind(mx.cpu(), x=(1,), s=(1,))
    assert executor.outputs[0].shape == (7, 1)


def test_rows_of_steps_not_made_are_zeros():
    values = {"x": mx.nd.array([2]), "s": mx.nd.array([3]), "w": mx.nd.array([1])}
    outputs = _counting().eval(**values)
    assert outputs[0].asnumpy().tolist() == [[9], [0], [0], [0]]
    values["x"] = mx.nd.array([5])
    outputs = _counting().eval(**values)
    assert [out.asnumpy().tolist() for out in outputs] == [[[0]] * 4, [5], [3]]


def test_a_variable_that_the_condition_alone_reads_has_a_zero_gradient():
    outputs, _ = while_loop(lambda i: i < w, lambda i: (i * i, i + 1), x, 3)
    executor = outputs.simple_bind(mx.cpu(), x=(1,), w=(1,))
    executor.forward(is_train=True, x=mx.nd.array([1]), w=mx.nd.array([3]))
    executor.backward(mx.nd.ones((3, 1)))
    gradients = {name: g.asscalar() for name, g in executor.grad_dict.items()}
    assert gradients == {"x": 6, "w": 0}


def test_shapes_and_types_of_cond_follow_where_both_branches_agree():
    net = cond(w, lambda: x * 2, lambda: x + s)
    assert net.infer_shape(w=(1,), x=(2,)) == ([(1,), (2,), (2,)], [(2,)], [])
    assert net.infer_type(w="int32", x="float64")[1] == [np.float64]
    unequal = cond(w, lambda: x * 2, lambda: mx.sym.concat(x, x, dim=0))
    assert unequal.infer_shape_partial(w=(1,), x=(2,))[1] == [()]
    found = [unequal.eval(w=mx.nd.array([flag]), x=mx.nd.ones((2,)))[0].shape for flag in (1, 0)]
    assert found == [(2,), (4,)]


def test_the_branch_that_did_not_run_gets_a_zero_gradient():
    net = cond(w, lambda: x * 2, lambda: s * 3)
    executor = net.simple_bind(mx.cpu(), w=(1,), x=(2,), s=(2,))
    for flag, gradients in ((1, [2, 0]), (0, [0, 3])):
        executor.forward(is_train=True, w=mx.nd.array([flag]))
        executor.backward(mx.nd.ones((2,)))
        assert [executor.grad_dict[name].asnumpy()[0] for name in "xs"] == gradients


def test_batch_norm_in_a_loop_updates_its_statistics():
    def body(x, s):
        return mx.sym.BatchNorm(x, momentum=0.5, fix_gamma=False, name="bn"), s + 1

    executor = mx.sym.Group(foreach(body, x, s)).simple_bind(mx.cpu(), x=(2, 4, 3), s=(1,))
    executor.arg_dict["bn_moving_var"][:] = 1
    data = np.random.normal(2, 3, size=(2, 4, 3))
    executor.forward(is_train=True, x=data)
    means = data.mean(axis=1)
    expected = 0.25 * means[0] + 0.5 * means[1]
    assert np.allclose(executor.arg_dict["bn_moving_mean"].asnumpy(), expected, atol=1e-5)
    before = executor.arg_dict["bn_moving_var"].asnumpy()
    executor.forward(is_train=False)
    assert (executor.arg_dict["bn_moving_var"].asnumpy() == before).all()


def test_eager_and_symbolic_loops_agree():
    def body(x, s):
        return x * s + s, (x + s) * 0.5

    data, start = mx.nd.random.normal(shape=(4, 2)), mx.nd.ones((2,))
    eager = mx.nd.contrib.foreach(body, data, start)
    bound = mx.sym.Group(foreach(body, x, s)).eval(x=data, s=start)
    for one, other in zip(eager, bound, strict=True):
        assert np.allclose(one.asnumpy(), other.asnumpy())


def test_nested_lists_keep_their_form():
    y = mx.sym.Variable("y")
    outputs, states = foreach(
        lambda x, s: ([x[0], [x[1][0] + s[1][0]]], [s[0] * 2, [s[1][0] + 1]]), [x, [w]], [s, [y]]
    )
    assert [type(outputs), type(outputs[1]), type(states[1])] == [list] * 3


def test_the_outputs_of_a_symbol_are_single_data():
    parts = mx.sym.split(x, num_outputs=2, axis=1)
    outputs, _ = foreach(lambda x, s: (x[0] + x[1], s + x[0]), parts, s)
    found = outputs.eval(x=mx.nd.array([[[1], [2]], [[3], [4]]]), s=mx.nd.zeros((1, 1)))
    assert found[0].asnumpy().ravel().tolist() == [3, 7]


def test_a_loop_survives_pickling():
    net = pickle.loads(pickle.dumps(_counting()))
    values = {"x": mx.nd.array([2]), "s": mx.nd.array([3]), "w": mx.nd.array([1])}
    assert net.eval(**values)[0].asnumpy().tolist() == [[9], [0], [0], [0]]


def test_graphs_of_one_process_have_names_of_their_own():
    def mark(net):
        node = json.loads(net.tojson())["nodes"][-1]
        return node["subgraphs"][0]["nodes"][0]["attrs"]["__subgraph_name__"]

    nets = [foreach(lambda x, s: (x + s, s * 1), x, s, name="unit")[0] for _ in range(2)]
    assert [mark(net) for net in nets] == ["unit0", "unit1"]


def test_errors_inside_a_loop_name_the_node_inside():
    net = mx.sym.Group(foreach(lambda x, s: (mx.sym.dot(x, s, name="product"), s * 1), x, s))
    executor = net.bind(mx.cpu(), {"x": mx.nd.ones((2, 3)), "s": mx.nd.ones((3,))})
    assert executor.forward()[0].shape == (2, 1)
    with pytest.raises(MXNetError, match=r"_foreach _foreach\d+: dot product: "):
        net.bind(mx.cpu(), {"x": mx.nd.ones((2, 3)), "s": mx.nd.ones((4,))}).forward()


def test_a_state_that_changes_its_shape_is_explained():
    net = mx.sym.Group(foreach(lambda x, s: (x, mx.sym.concat(s, s, x, dim=0)), x, s))
    with pytest.raises(MXNetError, match=r"_foreach _foreach\d+: "):
        net.infer_shape(x=(2, 1), s=(1,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: foreach(lambda x, s: (x, s), 1, s), "foreach: data is 1 of type int, but must"),
        (lambda: foreach(lambda x, s: (w, s), x, s), "foreach: body does not use x"),
        (lambda: foreach(lambda x, s: (x + s, [s]), x, s), "states of another form"),
        (lambda: foreach(lambda a, s: (a[0] + a[1], s), [x, x], s), "several inputs named x-0"),
        (lambda: while_loop(lambda i: i, lambda i: (i, i), x, "a"), "max_iterations is 'a'"),
        (lambda: while_loop(lambda i: 1, lambda i: (i, i), x, 2), "cond returns 1, but must"),
        (lambda: while_loop(lambda i: i, lambda i: ([], w), x, 2), "func does not use loop .* x"),
        (lambda: cond(x, lambda: [x, s], lambda: x), "the branches return 2 and 1 Symbols"),
    ],
)
def test_wrong_calls_are_explained(make, message):
    with pytest.raises((AssertionError, ValueError), match=message):
        make()


def test_a_condition_of_several_elements_is_explained():
    net = cond(x, lambda: s * 2, lambda: s)
    with pytest.raises(MXNetError, match=r"the condition has shape \(2,\), but must hold one elem"):
        net.eval(x=mx.nd.ones((2,)), s=mx.nd.ones((1,)))


def test_data_of_different_lengths_are_explained():
    net, _ = foreach(lambda x, s: (x[0] + x[1] + s, s * 1), [x, w], s)
    values = {"x": mx.nd.ones((2, 1)), "w": mx.nd.ones((3, 1)), "s": mx.nd.ones((1,))}
    with pytest.raises(MXNetError, match=r"shapes \(2,\) and \(3,\) differ"):
        net.eval(**values)


def test_the_bare_operators_send_to_the_functions():
    attrs = {"num_outputs": 1, "num_out_data": 1, "in_data_locs": (0,), "in_state_locs": ()}
    with pytest.raises(MXNetError, match=r"_foreach: its graphs are missing; use mx.sym.contrib"):
        mx.nd._internal._foreach(mx.nd.ones((2,)), remain_locs=(), **attrs)


def test_damaged_text_of_a_graph_inside_a_node_is_refused():
    document = json.loads(_counting().tojson())
    document["nodes"][-1]["subgraphs"][0] = {"no": "nodes"}
    with pytest.raises(MXNetError, match='has no list "nodes"'):
        mx.sym.load_json(json.dumps(document))
