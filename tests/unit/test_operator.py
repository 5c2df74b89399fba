"""Custom operators where ours says more than the reference: messages, checks, derivatives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError
from mxnet.ops.custom import MAKERS


class Tanh(mx.operator.CustomOp):
    """The hyperbolic tangent; `slope` 1 is its right derivative. Counts its runs."""

    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], mx.nd.tanh(in_data[0]))
        for state in aux:
            state[:] += 1

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        y = out_data[0]
        self.assign(in_grad[0], req[0], out_grad[0] * (1 - self.slope * y * y))


def _register(name, op=Tanh, attrs=("slope",), states=(), **methods):
    class Prop(mx.operator.CustomOpProp):
        def __init__(self, **given):
            unknown = set(given) - set(attrs)
            if unknown:
                raise TypeError(f"unexpected {sorted(unknown)}")
            super().__init__()
            self.slope = float(given.get("slope", 1))

        def list_auxiliary_states(self):
            return list(states)

        def infer_shape(self, in_shape):
            return in_shape, [in_shape[0]], [(1,)] * len(states)

        def create_operator(self, ctx, in_shapes, in_dtypes):
            return op(self.slope)

    for label, method in methods.items():
        setattr(Prop, label, method)
    mx.operator.register(name)(Prop)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    """Register the operators of these tests, and forget what a test registers."""
    before = dict(MAKERS)
    _register("unit_tanh")
    _register("unit_counting", states=("count",))
    yield
    MAKERS.clear()
    MAKERS.update(before)


def _network(kind, **attrs):
    x = mx.sym.FullyConnected(mx.sym.Variable("x"), num_hidden=4, name="fc1")
    y = mx.sym.Custom(x, op_type=kind, name="mine", **attrs)
    return mx.sym.FullyConnected(y, num_hidden=2, name="fc2")


def _location(net):
    shapes, _, _ = net.infer_shape(x=(3, 5))
    return [np.random.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("kind", ["unit_tanh", "unit_counting"])
def test_check_numeric_gradient_passes_a_right_backward(kind):
    net = _network(kind)
    states = [mx.nd.zeros((1,))] if kind == "unit_counting" else None
    mx.test_utils.check_numeric_gradient(net, _location(net), states)
    assert states is None or states[0].asscalar() == 0  # a copy was counted up, not this


def test_check_numeric_gradient_finds_a_wrong_backward():
    net = _network("unit_tanh", slope=2)
    with pytest.raises(AssertionError, match="NUMERICAL_x"):
        mx.test_utils.check_numeric_gradient(net, _location(net))


@pytest.mark.parametrize("kind", ["unit_tanh", "unit_counting"])
def test_check_network_passes_a_right_backward(kind):
    assert mx.test_utils.check_network(_network(kind), {"x": (3, 5)}).passed


def test_check_network_names_the_operator_whose_backward_is_wrong():
    found = mx.test_utils.check_network(_network("unit_tanh", slope=2), {"x": (3, 5)})
    wrong = [(node.name, node.operator) for node in found.nodes if not node.passed]
    assert wrong == [("mine", "Custom")]
    assert "finite differences" in found.nodes[1].reasons[0]


def test_check_network_does_not_hold_a_loss_against_differences():
    _register("unit_loss", declare_backward_dependency=lambda self, heads, inputs, outputs: inputs)
    found = mx.test_utils.check_network(_network("unit_loss", slope=5), {"x": (3, 5)})
    assert found.passed
    assert found.nodes[1].gradient == "own"


def test_running_a_plan_leaves_states_alone():
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="unit_counting", name="c")
    count = mx.nd.zeros((1,))
    net._plan().run({"x": mx.nd.ones((2,))._data, "c_count": count._data})
    assert count.asscalar() == 0


def test_a_second_derivative_is_refused_instead_of_taken_for_zero():
    x = mx.nd.array([1.0])
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="unit_tanh")
        [first] = mx.autograd.grad(y, x, create_graph=True, retain_graph=True)
        total = first * x
    assert first.asscalar() == pytest.approx(1 - np.tanh(1) ** 2, rel=1e-5)
    with pytest.raises(MXNetError, match="operator 'unit_tanh' can not be differentiated"):
        total.backward()


def test_what_a_users_forward_raises_is_quoted_and_chained():
    class Failing(Tanh):
        def forward(self, is_train, req, in_data, out_data, aux):
            raise KeyError("colour")

    _register("unit_failing", Failing)
    with pytest.raises(MXNetError) as caught:
        mx.nd.Custom(mx.nd.ones((2,)), op_type="unit_failing")
    assert str(caught.value) == (
        "Custom: forward of the custom operator 'unit_failing' raised KeyError: 'colour'"
    )
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="unit_failing", name="bad")
    with pytest.raises(MXNetError, match="Custom bad: forward of the custom operator"):
        net.eval(x=mx.nd.ones((2,)))


def test_what_a_users_backward_raises_is_quoted():
    class Failing(Tanh):
        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            return 1 / 0

    _register("unit_failing", Failing)
    x = mx.nd.ones((2,))
    x.attach_grad()
    with mx.autograd.record():
        y = mx.nd.Custom(x, op_type="unit_failing")
    with pytest.raises(MXNetError, match="backward of the .* raised ZeroDivisionError: division"):
        y.backward()


def test_an_attribute_that_the_class_does_not_take_is_named():
    with pytest.raises(MXNetError, match=r"__init__ of the .*'unit_tanh' raised TypeError: .*hue"):
        mx.sym.Custom(mx.sym.Variable("x"), op_type="unit_tanh", hue=3)


def test_attributes_of_the_graph_are_not_handed_on():
    with mx.AttrScope(ctx_group="first", __lr_mult__="2"):
        net = mx.sym.Custom(mx.sym.Variable("x"), op_type="unit_tanh", name="c")
    assert net.attr("ctx_group") == "first"
    assert mx.sym.load_json(net.tojson()).tojson() == net.tojson()


@pytest.mark.parametrize(
    ("infer_shape", "message"),
    [
        (lambda self, shapes: [shapes], "infer_shape .* returns 1 lists, but must return 2 or 3"),
        (lambda self, s: (s, s * 2), "returns 2 entries for its outputs, but there are 1"),
        (lambda self, s: ([(9,)], s), r"input data has shape \(2,\), but infer_shape .*\(9,\)"),
        (lambda self, s: (s, [[]]), "leave output output unknown"),
    ],
)
def test_a_wrong_infer_shape_is_explained(infer_shape, message):
    _register("unit_shapes", infer_shape=infer_shape)
    with pytest.raises(MXNetError, match=message):
        mx.nd.Custom(mx.nd.ones((2,)), op_type="unit_shapes")


def test_a_wrong_infer_type_is_explained():
    wrong = {"infer_type": lambda self, types: ([np.float64], types, [])}
    _register("unit_types", **wrong)
    with pytest.raises(MXNetError, match="input data is float32, but infer_type .* gives float64"):
        mx.nd.Custom(mx.nd.ones((2,)), op_type="unit_types")


def test_the_users_inference_is_not_asked_when_nothing_is_known():
    def fail(self, known):
        raise AssertionError(known)

    _register("unit_unknown", infer_shape=fail, infer_type=fail)
    net = mx.sym.Custom(mx.sym.Variable("x"), op_type="unit_unknown")
    assert net.infer_shape_partial() == ([()], [()], [])
    assert net.infer_type_partial() == ([None], [None], [])


def test_arrays_may_come_by_name():
    x, count = mx.nd.array([0.0]), mx.nd.zeros((1,))
    y = mx.nd.Custom(count=count, data=x, op_type="unit_counting")
    assert (y.asscalar(), count.asscalar()) == (0, 1)


def test_an_array_that_is_missing_is_named():
    x = mx.nd.ones((1,))
    with pytest.raises(MXNetError, match="Custom: input count is missing"):
        mx.nd.Custom(data=x, op_type="unit_counting")
    with pytest.raises(MXNetError, match="1 inputs came, but .* has 2: data, count"):
        mx.nd.Custom(x, op_type="unit_counting")


def test_an_unknown_input_of_a_symbol_is_named():
    with pytest.raises(MXNetError, match="there is no input 'wight'; inputs are data, count"):
        mx.sym.Custom(wight=mx.sym.Variable("x"), op_type="unit_counting")


def test_an_unknown_operator_lists_what_there_is():
    with pytest.raises(MXNetError, match="no custom operator 'tahn'; .*unit_tanh"):
        mx.nd.Custom(mx.nd.ones((1,)), op_type="tahn")


def test_registering_needs_a_name_and_a_class():
    with pytest.raises(MXNetError, match="the name is 3, but must be a string"):
        mx.operator.register(3)
    with pytest.raises(MXNetError, match="unit_thing is a Tanh, but must be a class"):
        mx.operator.register("unit_thing")(Tanh(1))


def test_a_users_gradient_may_itself_use_autograd():
    class Recording(Tanh):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.x = in_data[0].copy()
            self.x.attach_grad()
            with mx.autograd.record():
                self.y = mx.nd.tanh(self.x)
            self.assign(out_data[0], req[0], self.y)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            self.y.backward(out_grad[0])
            self.assign(in_grad[0], req[0], self.x.grad)

    _register("unit_recording", Recording)
    net = _network("unit_recording")
    mx.test_utils.check_numeric_gradient(net, _location(net))


def test_an_operator_without_inputs():
    class Three(Tanh):
        def forward(self, is_train, req, in_data, out_data, aux):
            self.assign(out_data[0], req[0], 3)

    _register(
        "unit_three",
        Three,
        list_arguments=lambda self: [],
        infer_shape=lambda self, shapes: ([], [(2,)], []),
        infer_type=lambda self, types: ([], [np.float16], []),
    )
    found = mx.nd.Custom(op_type="unit_three")
    assert (found.asnumpy().tolist(), found.dtype) == ([3, 3], np.float16)
    assert mx.sym.Custom(op_type="unit_three").infer_shape()[1] == [(2,)]


def test_python_ops_warn_that_they_are_old():
    with pytest.warns(UserWarning, match="NDArrayOp is deprecated"):
        mx.operator.NDArrayOp()
