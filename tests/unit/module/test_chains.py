"""Modules in a row, and modules written in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mxnet as mx


def layer(name: str, width: int) -> Any:
    return mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=width, name=name)


def chain() -> mx.mod.SequentialModule:
    body = mx.sym.Activation(layer("fc1", 4), act_type="relu", name="act")
    head = mx.sym.SoftmaxOutput(layer("fc2", 2), name="softmax")
    module = mx.mod.SequentialModule()
    module.add(mx.mod.Module(body, label_names=[]))
    return module.add(mx.mod.Module(head), take_labels=True, auto_wiring=True)


def samples() -> mx.io.NDArrayIter:
    return mx.io.NDArrayIter(np.arange(24).reshape(8, 3) / 24.0, np.array([0, 1] * 4), 4)


def one_step(module: Any) -> None:
    module.bind([("data", (4, 3))], [("softmax_label", (4,))], inputs_need_grad=True)
    module.init_params(None, *first_params())
    module.init_optimizer(optimizer_params={"learning_rate": 0.1})
    module.forward_backward(samples().next())
    module.update()


def first_params() -> tuple[dict[str, Any], dict[str, Any]]:
    draw = np.random.RandomState(1).uniform
    shapes = {"fc1_weight": (4, 3), "fc1_bias": (4,), "fc2_weight": (2, 4), "fc2_bias": (2,)}
    return {name: mx.nd.array(draw(-1, 1, shape)) for name, shape in shapes.items()}, {}


def test_a_chain_trains_as_one_network() -> None:
    body = mx.sym.Activation(layer("fc1", 4), act_type="relu")
    scores = mx.sym.FullyConnected(body, num_hidden=2, name="fc2")
    whole, parts = mx.mod.Module(mx.sym.SoftmaxOutput(scores, name="softmax")), chain()
    for module in (whole, parts):
        one_step(module)
    for name, array in whole.get_params()[0].items():
        other = parts.get_params()[0][name].asnumpy()
        np.testing.assert_allclose(array.asnumpy(), other, rtol=1e-5)
    np.testing.assert_allclose(
        whole.get_input_grads()[0].asnumpy(), parts.get_input_grads()[0].asnumpy(), rtol=1e-4
    )


def test_a_chain_has_the_first_modules_data_and_the_lasts_outputs() -> None:
    module = chain()
    assert (module.data_names, module.output_names) == (["data"], ["softmax_output"])
    module.bind([("data", (4, 3))], [("softmax_label", (4,))])
    assert module.data_shapes == [("data", (4, 3))]
    assert module.label_shapes == [("softmax_label", (4,))]
    assert module.output_shapes == [("softmax_output", (4, 2))]


def test_a_chain_fits_scores_and_predicts() -> None:
    module = chain()
    module.fit(samples(), num_epoch=1, initializer=mx.init.One())
    assert module.score(samples(), "acc")[0][0] == "accuracy"
    assert module.predict(samples()).shape == (8, 2)


def test_names_of_parameters_must_differ() -> None:
    module = mx.mod.SequentialModule()
    module.add(mx.mod.Module(layer("fc", 3), label_names=[]))
    module.add(mx.mod.Module(layer("fc", 3), label_names=[]), auto_wiring=True)
    module.bind([("data", (4, 3))])
    with pytest.raises(mx.MXNetError, match="fc_weight is in module 0 and again in module 1"):
        module.init_params()


def test_a_chain_says_what_is_wrong() -> None:
    with pytest.raises(mx.MXNetError, match="without modules"):
        mx.mod.SequentialModule().bind([("data", (4, 3))])
    with pytest.raises(mx.MXNetError, match="not 'wiring'"):
        mx.mod.SequentialModule().add(mx.mod.Module(layer("fc", 3), label_names=[]), wiring=True)


def test_a_loss_in_python_ends_a_chain_as_mxnets_does() -> None:
    module = mx.mod.SequentialModule()
    module.add(mx.mod.Module(layer("fc2", 2), label_names=[]))
    module.add(
        mx.mod.PythonLossModule(grad_func=lambda scores, labels: scores - labels.one_hot(2)),
        take_labels=True,
        auto_wiring=True,
    )
    module.fit(samples(), num_epoch=1, initializer=mx.init.One())
    arg_params, _ = module.get_params()
    np.testing.assert_allclose(
        arg_params["fc2_weight"].asnumpy(),
        [[0.9863, 0.9855, 0.9847], [0.9875, 0.9867, 0.9860]],
        atol=6e-5,
    )
    np.testing.assert_allclose(arg_params["fc2_bias"].asnumpy(), [-0.0187, -0.0187], atol=6e-5)


def bound_loss(**options: Any) -> mx.mod.PythonLossModule:
    module = mx.mod.PythonLossModule(**options)
    module.bind([("data", (2, 2))], [("softmax_label", (2,))])
    module.init_params()
    batch = mx.io.DataBatch([mx.nd.ones((2, 2))], [mx.nd.array([0, 1])])
    module.forward(batch, is_train=True)
    return module


def test_a_loss_hands_scores_on_and_gives_their_gradient() -> None:
    module = bound_loss(grad_func=lambda scores, labels: scores.asnumpy() * 2)
    assert module.output_shapes == [("pyloss_output", (2, 2))]
    assert module.get_outputs()[0].asnumpy().tolist() == [[1, 1], [1, 1]]
    module.backward()
    assert module.get_input_grads()[0].asnumpy().tolist() == [[2, 2], [2, 2]]
    assert module.get_params() == ({}, {})


def test_a_loss_says_what_is_wrong() -> None:
    with pytest.raises(mx.MXNetError, match="takes no out_grads"):
        bound_loss().backward([mx.nd.ones((2, 2))])
    with pytest.raises(NotImplementedError, match="grad_func"):
        bound_loss().backward()
    with pytest.raises(mx.MXNetError, match="one input and one label"):
        mx.mod.PythonLossModule(data_names=("a", "b"))
    with pytest.raises(NotImplementedError, match="no executor"):
        bound_loss().install_monitor(None)


def test_a_python_module_must_say_its_shapes() -> None:
    with pytest.raises(NotImplementedError, match="_compute_output_shapes"):
        mx.mod.PythonModule(["data"], None, ["out"]).bind([("data", (2, 2))])
