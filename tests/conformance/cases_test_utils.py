"""`mx.test_utils`: what its checks accept, return and refuse."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of


def _sum(mx):
    return mx.sym.elemwise_add(mx.sym.Variable("lhs"), mx.sym.Variable("rhs"))


def _product(mx):
    return mx.sym.Variable("a") * mx.sym.Variable("b")


LEFT, RIGHT = np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 6], [7, 8]])


@case
def backward_returns_the_gradients(mx, random):
    ones = mx.nd.ones((2, 2))
    both = mx.test_utils.check_symbolic_backward(
        _sum(mx), [LEFT, RIGHT], [ones], [ones.asnumpy(), ones.asnumpy()]
    )
    return {"names": sorted(both), **both}


@case
def backward_accepts_dictionaries(mx, random):
    head = np.array([[1.0, 0], [2, -1]])
    net = _product(mx)
    name = net.list_outputs()[0]
    check = mx.test_utils.check_symbolic_backward
    result = check(net, {"a": LEFT, "b": RIGHT}, {name: head}, {"a": head * RIGHT})
    return {"names": sorted(result), "a": result["a"]}


@case
def backward_finds_errors(mx, random):
    check = mx.test_utils.check_symbolic_backward
    head, wrong = np.ones((2, 2)), RIGHT + np.array([[0, 0], [0.01, 0]])
    return {
        "value": error_of(lambda: check(_product(mx), [LEFT, RIGHT], [head], [wrong, LEFT])),
        "sign": error_of(lambda: check(_product(mx), [LEFT, RIGHT], [head], [-RIGHT, LEFT])),
        "within tolerance": error_of(
            lambda: check(_product(mx), [LEFT, RIGHT], [head], [wrong, LEFT], rtol=0.1)
        ),
        "second argument": error_of(
            lambda: check(_product(mx), [LEFT, RIGHT], [head], [RIGHT, LEFT + 1])
        ),
        "left out": error_of(lambda: check(_product(mx), [LEFT, RIGHT], [head], {"a": RIGHT})),
    }


@case
def backward_refuses_wrong_locations(mx, random):
    check = mx.test_utils.check_symbolic_backward
    head = np.ones((2, 2))
    net = _product(mx)
    return {
        "unknown key": error_of(lambda: check(net, {"a": LEFT, "c": RIGHT}, [head], [RIGHT])),
        "key missing": error_of(lambda: check(net, {"a": LEFT}, [head], [RIGHT])),
        "list too short": error_of(lambda: check(net, [LEFT], [head], [RIGHT])),
        "list too long": error_of(lambda: check(net, [LEFT, RIGHT, LEFT], [head], [RIGHT])),
        "double NDArray": error_of(
            lambda: check(net, [mx.nd.array(LEFT, dtype="float64"), RIGHT], [head], [RIGHT])
        ),
        "unknown expected": error_of(lambda: check(net, [LEFT, RIGHT], [head], {"c": RIGHT})),
        "unknown head": error_of(lambda: check(net, [LEFT, RIGHT], {"c": head}, [RIGHT])),
    }


@case
def backward_with_gradient_requests(mx, random):
    check = mx.test_utils.check_symbolic_backward
    head = np.ones((2, 2))
    net = _product(mx)
    float32 = [RIGHT.astype("float32"), LEFT.astype("float32")]
    return {
        "add": error_of(lambda: check(net, [LEFT, RIGHT], [head], float32, grad_req="add")),
        "null": error_of(lambda: check(net, [LEFT, RIGHT], [head], [LEFT, LEFT], grad_req="null")),
        "dictionary": error_of(
            lambda: check(net, [LEFT, RIGHT], [head], float32, grad_req={"a": "write", "b": "add"})
        ),
        "list": error_of(
            lambda: check(net, [LEFT, RIGHT], [head], float32, grad_req=["add", "write"])
        ),
    }


@case
def backward_in_other_dtypes(mx, random):
    check = mx.test_utils.check_symbolic_backward
    head = np.ones((2, 2))
    found = {}
    for dtype in (np.float16, np.float64):
        result = check(_product(mx), [LEFT, RIGHT], [head], [RIGHT, LEFT], dtype=dtype)
        found[np.dtype(dtype).name] = result["a"].shape
    return found


@case
def backward_of_losses_needs_no_heads(mx, random):
    check = mx.test_utils.check_symbolic_backward
    data, label = random.normal(size=(2, 3)), np.array([0, 2])
    exponential = np.exp(data - data.max(axis=1, keepdims=True))
    expected = exponential / exponential.sum(axis=1, keepdims=True)
    expected[[0, 1], [0, 2]] -= 1
    net = mx.sym.SoftmaxOutput(mx.sym.Variable("data"), name="softmax")
    result = check(net, [data, label], None, {"data": expected}, rtol=1e-4, atol=1e-5)
    return {
        "gradient": result["data"],
        "needed": error_of(lambda: check(_product(mx), [LEFT, RIGHT], None, [RIGHT])),
    }


@case
def backward_uses_auxiliary_states(mx, random):
    check = mx.test_utils.check_symbolic_backward
    net = mx.sym.BatchNorm(mx.sym.Variable("data"), name="norm", use_global_stats=True)
    location = [LEFT, np.ones(2), np.zeros(2)]
    states = [np.zeros(2), np.ones(2) * 4]
    head = np.ones((2, 2))
    expected = {"data": head / np.sqrt(4 + 1e-3), "norm_beta": np.array([2.0, 2])}
    return {
        "given": sorted(check(net, location, [head], expected, 1e-3, 1e-4, aux_states=states)),
        "missing": error_of(lambda: check(net, location, [head], expected, 1e-3, 1e-4)),
    }


@case
def forward_returns_the_outputs(mx, random):
    check = mx.test_utils.check_symbolic_forward
    outputs = check(_sum(mx), [LEFT, RIGHT], [LEFT + RIGHT])
    return {"count": len(outputs), "first": outputs[0]}


@case
def forward_finds_errors(mx, random):
    check = mx.test_utils.check_symbolic_forward
    net = _sum(mx)
    nan = np.array([[np.nan, 2], [3, 4]])
    return {
        "value": error_of(lambda: check(net, [LEFT, RIGHT], [LEFT])),
        "within tolerance": error_of(
            lambda: check(net, [LEFT, RIGHT], [LEFT + RIGHT + 0.01], atol=0.1)
        ),
        "nan": error_of(lambda: check(net, [nan, RIGHT], [nan + RIGHT])),
        "equal nan": error_of(lambda: check(net, [nan, RIGHT], [nan + RIGHT], equal_nan=True)),
        "by name": error_of(
            lambda: check(net, [LEFT, RIGHT], {net.list_outputs()[0]: LEFT + RIGHT})
        ),
    }


@case
def forward_predicts(mx, random):
    check = mx.test_utils.check_symbolic_forward
    net = mx.sym.Dropout(mx.sym.Variable("data"), p=0.5)
    return {"output": check(net, [LEFT], [LEFT])[0]}


@case
def numeric_gradients(mx, random):
    check = mx.test_utils.check_numeric_gradient
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="dense")
    location = {
        "data": random.normal(size=(2, 4)),
        "dense_weight": random.normal(size=(3, 4)),
        "dense_bias": random.normal(size=(3,)),
    }
    wide = {"numeric_eps": 1e-2, "rtol": 1e-2, "atol": 1e-2}
    return {
        "right": str(check(net, location, **wide)),
        "one": error_of(lambda: check(net, location, grad_nodes=["data"], **wide)),
        "double": error_of(lambda: check(net, location, dtype=np.float64, rtol=1e-3, atol=1e-3)),
        "wrong": error_of(lambda: check(_wrong_gradient(mx), [LEFT], **wide)),
        "unknown node": error_of(lambda: check(net, location, grad_nodes=["nothing"], **wide)),
    }


def _wrong_gradient(mx):
    """A function whose gradient is not its derivative."""
    x = mx.sym.Variable("x")
    return x * x + mx.sym.BlockGrad(x)


@case
def consistency(mx, random):
    contexts = [
        {"ctx": mx.cpu(), "a": (2, 3), "b": (2, 3), "type_dict": {"a": dtype, "b": dtype}}
        for dtype in (np.float64, np.float32)
    ]
    result = mx.test_utils.check_consistency(_product(mx), contexts)
    return {"names": sorted(result)}


@case
def almost_equal(mx, random):
    utils = mx.test_utils
    a = np.array([1.0, 2, 3], dtype="float32")
    close, far = a * (1 + 1e-6), a + 1
    return {
        "same": utils.same(a, a.copy()),
        "not same": utils.same(a, close * 2),
        "almost": utils.almost_equal(a, close, rtol=1e-4, atol=1e-4),
        "not almost": utils.almost_equal(a, far, rtol=1e-4, atol=1e-4),
        "assert": error_of(lambda: utils.assert_almost_equal(a, close)),
        "assert fails": error_of(lambda: utils.assert_almost_equal(a, far)),
        "NDArray": error_of(lambda: utils.assert_almost_equal(mx.nd.array(a), close)),
        "nan": error_of(lambda: utils.assert_almost_equal(a * np.nan, a * np.nan, equal_nan=True)),
        "nan counts": error_of(lambda: utils.assert_almost_equal(a * np.nan, a * np.nan)),
    }


@case
def small_helpers(mx, random):
    utils = mx.test_utils
    return {
        "shape": len(utils.rand_shape_2d()),
        "shape 3": len(utils.rand_shape_3d(2, 2, 2)),
        "shape n": len(utils.rand_shape_nd(5)),
        "array": utils.rand_ndarray((2, 3), "default").shape,
        "context": str(utils.default_context()),
        "dtype": utils.default_dtype(),
        "simple forward": utils.simple_forward(_sum(mx), lhs=LEFT, rhs=RIGHT),
        "arrays": [each.shape for each in utils.random_arrays((2, 3), (4,))],
    }
