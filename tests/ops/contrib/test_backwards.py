"""Gradients as operators give what `backward` gives."""

import numpy as np
import pytest

import mxnet as mx

RANDOM = np.random.RandomState(3)
QUADRATIC = {"a": 2.0, "b": -1.0, "c": 4.0}
HAWKES = [
    *[RANDOM.uniform(0.1, 1, shape) for shape in ((2, 3), (3,), (3,), (2, 3), (2, 4))],
    RANDOM.randint(0, 3, (2, 4)).astype("int32"),
    np.array([4.0, 2.0]),
    np.array([7.0, 5.0]),
]
INDEX_COPY = [RANDOM.normal(size=(4, 2)), np.array([3, 1]), RANDOM.normal(size=(2, 2))]


@pytest.mark.parametrize(
    ("name", "inputs", "attrs"),
    [
        ("gradientmultiplier", [RANDOM.normal(size=(2, 3))], {"scalar": -0.5}),
        ("quadratic", [RANDOM.normal(size=(2, 3))], QUADRATIC),
        ("index_copy", INDEX_COPY, {}),
        ("hawkesll", HAWKES, {}),
    ],
)
def test_a_gradient_operator_gives_what_backward_gives(name, inputs, attrs):
    arrays = [mx.nd.array(x, dtype="int32" if x.dtype.kind == "i" else "float32") for x in inputs]
    variables = [array for array in arrays if array.dtype == np.float32]
    for array in variables:
        array.attach_grad()
    with mx.autograd.record():
        result = getattr(mx.nd.contrib, name)(*arrays, **attrs)
    outputs = result if isinstance(result, list) else [result]
    heads = [mx.nd.array(RANDOM.normal(size=output.shape)) for output in outputs]
    mx.autograd.backward(outputs, heads)
    given = heads if name == "gradientmultiplier" else [*heads, *arrays]
    found = getattr(mx.nd.contrib, f"backward_{name}")(*given, **attrs)
    found = found if isinstance(found, list) else [found]
    for array, grad in zip(arrays, found, strict=True):
        expected = np.zeros(array.shape) if array.grad is None else array.grad.asnumpy()
        np.testing.assert_allclose(grad.asnumpy(), expected, rtol=1e-5, atol=1e-6)
