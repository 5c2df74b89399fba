"""What random layers draw: rows compare only their shapes."""

import numpy as np
import pytest

import mxnet as mx


def drop(x, **attrs):
    """Return dropout's output in training mode."""
    with mx.autograd.train_mode():
        return mx.nd.Dropout(x, **attrs).asnumpy()


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_drops_the_fraction_p_and_scales_the_rest(p, dtype):
    out = drop(mx.nd.ones((100, 200), dtype=dtype), p=p)
    assert abs((out == 0).mean() - p) < 0.02
    np.testing.assert_allclose(out[out != 0], 1 / (1 - p), rtol=2e-3)


def test_everything_is_dropped_at_p_1():
    assert drop(mx.nd.ones((3, 4)), p=1).tolist() == [[0.0] * 4] * 3


def test_elements_along_axes_share_one_decision():
    out = drop(mx.nd.ones((50, 30)), p=0.5, axes=(1,))
    assert (out == out[:, :1]).all()
    assert 0 < (out[:, 0] == 0).mean() < 1


def test_gradient_goes_where_elements_stayed():
    x = mx.nd.ones((20, 20))
    x.attach_grad()
    with mx.autograd.record():
        out = mx.nd.Dropout(x, p=0.3)
    out.backward()
    np.testing.assert_array_equal(x.grad.asnumpy(), out.asnumpy())


def test_executor_drops_in_backward_what_it_dropped_in_forward():
    symbol = mx.sym.Dropout(mx.sym.Variable("x"), p=0.3)
    grad = mx.nd.zeros((20, 20))
    executor = symbol.bind(mx.cpu(), {"x": mx.nd.ones((20, 20))}, args_grad={"x": grad})
    out = executor.forward(is_train=True)[0].asnumpy()
    executor.backward([mx.nd.ones((20, 20))])
    np.testing.assert_array_equal(grad.asnumpy(), out)


def test_seed_repeats_the_mask():
    x = mx.nd.ones((10, 10))
    masks = []
    for _ in range(2):
        mx.random.seed(3)
        masks.append(drop(x, p=0.5))
    np.testing.assert_array_equal(*masks)


def test_rrelu_draws_slopes_between_the_bounds_in_training():
    x = -mx.nd.ones((50, 50))
    with mx.autograd.train_mode():
        out, slopes = mx.nd.LeakyReLU(x, act_type="rrelu", lower_bound=0.2, upper_bound=0.6)
    slopes = slopes.asnumpy()
    assert 0.2 <= slopes.min() < 0.25
    assert 0.55 < slopes.max() <= 0.6
    np.testing.assert_array_equal(out.asnumpy(), -slopes)


def test_rrelu_takes_the_mean_slope_in_inference():
    out, _ = mx.nd.LeakyReLU(mx.nd.array([-1, 2]), act_type="rrelu", lower_bound=0, upper_bound=1)
    assert out.asnumpy().tolist() == [-0.5, 2.0]
