"""Batch normalization's states, and its gradient in inference: an executor's rows have neither."""

import numpy as np
import pytest

import mxnet as mx

X = np.array([[1.0, 10.0], [3.0, 30.0]])


def states():
    """Return gamma, beta, moving mean and moving variance for two channels."""
    return [mx.nd.array(v) for v in ([2.0, 3.0], [0.5, -0.5], [1.0, 2.0], [4.0, 9.0])]


@pytest.mark.parametrize("op", ["BatchNorm", "BatchNorm_v1"])
def test_recorded_training_moves_the_statistics_towards_the_biased_ones_of_the_batch(op):
    gamma, beta, mean, var = states()
    with mx.autograd.record():
        statistics = {"moving_mean": mean, "moving_var": var}
        getattr(mx.nd, op)(mx.nd.array(X), gamma, beta, momentum=0.75, **statistics)
    np.testing.assert_allclose(mean.asnumpy(), [0.75 * 1 + 0.25 * 2, 0.75 * 2 + 0.25 * 20])
    np.testing.assert_allclose(var.asnumpy(), [0.75 * 4 + 0.25, 0.75 * 9 + 0.25 * 100], rtol=1e-5)


@pytest.mark.parametrize("scope", [mx.autograd.predict_mode, mx.autograd.train_mode])
def test_a_call_that_is_not_recorded_leaves_the_statistics(scope):
    gamma, beta, mean, var = states()
    with scope():
        mx.nd.BatchNorm(mx.nd.array(X), gamma, beta, mean, var)
    assert mean.asnumpy().tolist() == [1.0, 2.0]
    assert var.asnumpy().tolist() == [4.0, 9.0]


def test_global_statistics_stay_in_training():
    gamma, beta, mean, var = states()
    with mx.autograd.record():
        out = mx.nd.BatchNorm(
            mx.nd.array(X), gamma, beta, mean, var, use_global_stats=True, fix_gamma=False, eps=0
        )
    assert mean.asnumpy().tolist() == [1.0, 2.0]
    np.testing.assert_allclose(out.asnumpy(), (X - [1, 2]) / [2, 3] * [2, 3] + [0.5, -0.5])


def test_executor_moves_the_statistics_where_it_can_train():
    symbol = mx.sym.BatchNorm(mx.sym.Variable("x"), name="bn", momentum=0.5)
    for grad_req, expected in (("write", [1.0, 10.0]), ("null", [0.0, 0.0])):
        executor = symbol.simple_bind(mx.cpu(), x=(2, 2), grad_req=grad_req)
        executor.forward(is_train=True, x=mx.nd.array(X))
        if grad_req == "write":
            executor.backward([mx.nd.ones((2, 2))])
        assert executor.aux_dict["bn_moving_mean"].asnumpy().tolist() == expected


def test_gradient_in_inference_divides_by_the_moving_deviation():
    x, parameters = mx.nd.array(X), states()
    for array in (x, *parameters[:2]):
        array.attach_grad()
    with mx.autograd.record(train_mode=False):
        out = mx.nd.BatchNorm(x, *parameters, fix_gamma=False, eps=0)
    out.backward(mx.nd.array([[1, 1], [1, 2]]))
    np.testing.assert_allclose(x.grad.asnumpy(), [[1, 1], [1, 2]], rtol=1e-6)
    np.testing.assert_allclose(parameters[0].grad.asnumpy(), [1, (8 + 2 * 28) / 3], rtol=1e-6)
    assert parameters[1].grad.asnumpy().tolist() == [2.0, 3.0]
