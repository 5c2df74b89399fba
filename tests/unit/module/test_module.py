"""A module step by step: names, binding, parameters, optimizer, computing, files."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mxnet as mx

from .networks import bound, first_params, network, samples

LOSS = mx.io.DataBatch([mx.nd.ones((8, 5))], [mx.nd.zeros((8,))])


def trained() -> mx.mod.Module:
    module = bound()
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    return module


def step(module: Any, batch: mx.io.DataBatch | None = None) -> None:
    module.forward_backward(batch or samples().next())
    module.update()


def total(module: Any, name: str = "fc2_weight") -> float:
    return float(np.abs(module.get_params()[0][name].asnumpy()).sum())


# Names.


def test_all_arguments_but_data_and_labels_are_parameters() -> None:
    module = mx.mod.Module(network())
    assert (module.data_names, module.label_names) == (["data"], ["softmax_label"])
    assert module.output_names == ["softmax_output"]
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    module.init_params()
    arg_params, aux_params = module.get_params()
    assert sorted(arg_params) == sorted(first_params()[0])
    assert sorted(aux_params) == ["bn_moving_mean", "bn_moving_var"]


@pytest.mark.parametrize("what", ["data_names", "state_names", "fixed_param_names"])
def test_names_that_the_network_lacks_are_refused(what: str) -> None:
    with pytest.raises(ValueError, match=rf"{what}=\['x'\].* look like inputs are data, softmax_l"):
        mx.mod.Module(network(), **{what: ["x"]})


def test_labels_that_the_network_lacks_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="label_names"):
        mx.mod.Module(network(), label_names=["x"])


# Binding.


def test_shapes_are_known_after_binding() -> None:
    module = bound()
    assert module.data_shapes == [("data", (8, 5))]
    assert module.label_shapes == [("softmax_label", (8,))]
    assert module.output_shapes == [("softmax_output", (8, 3))]


def test_the_names_of_the_data_must_be_the_modules() -> None:
    with pytest.raises(ValueError, match="data_shapes are of x, but the module's data_names are d"):
        mx.mod.Module(network()).bind([("x", (8, 5))])


def test_binding_again_changes_nothing_unless_forced(caplog: pytest.LogCaptureFixture) -> None:
    module = bound()
    before = total(module)
    module.bind([("data", (2, 5))], [("softmax_label", (2,))])
    assert caplog.messages == ["Already bound, ignoring bind()"]
    module.bind([("data", (2, 5))], [("softmax_label", (2,))], force_rebind=True)
    assert module.output_shapes == [("softmax_output", (2, 3))]
    assert total(module) == before


def test_a_forced_binding_keeps_what_training_reached() -> None:
    module = trained()
    step(module)
    reached = total(module)
    module.bind([("data", (2, 5))], [("softmax_label", (2,))], force_rebind=True)
    assert total(module) == reached


def test_inputs_get_gradients_on_demand() -> None:
    module = mx.mod.Module(network())
    module.bind([("data", (8, 5))], [("softmax_label", (8,))], inputs_need_grad=True)
    module.init_params(None, *first_params())
    module.forward_backward(samples().next())
    (grad,) = module.get_input_grads()
    assert grad.shape == (8, 5)
    assert np.abs(grad.asnumpy()).sum() > 0


def test_gradients_are_added_up_on_demand() -> None:
    module = mx.mod.Module(network())
    module.bind([("data", (8, 5))], [("softmax_label", (8,))], grad_req={"fc2_bias": "add"})
    module.init_params(None, *first_params())
    grads = module._exec_group.execs[0].grad_dict
    module.forward_backward(LOSS)
    once = {name: grads[name].asnumpy() for name in ("fc2_bias", "fc2_weight")}
    module.forward_backward(LOSS)
    np.testing.assert_allclose(grads["fc2_bias"].asnumpy(), 2 * once["fc2_bias"], rtol=1e-5)
    np.testing.assert_allclose(grads["fc2_weight"].asnumpy(), once["fc2_weight"], rtol=1e-5)


def test_a_module_for_inference_has_no_gradients() -> None:
    module = mx.mod.Module(network())
    with pytest.warns(UserWarning, match="label_shapes are of nothing"):
        module.bind([("data", (8, 5))], for_training=False)
    module.init_params(None, *first_params())
    module.forward(mx.io.DataBatch([mx.nd.ones((8, 5))]))
    assert module.get_outputs()[0].shape == (8, 3)
    with pytest.raises(mx.MXNetError, match="for_training=True"):
        module.backward()


def test_a_dtype_of_the_inputs_becomes_the_parameters() -> None:
    module = mx.mod.Module(network())
    descs = (
        mx.io.DataDesc("data", (8, 5), "float64"),
        mx.io.DataDesc("softmax_label", (8,), "float64"),
    )
    module.bind([descs[0]], [descs[1]])
    module.init_params()
    assert module.get_params()[0]["fc1_weight"].dtype is np.float64
    module.forward(LOSS)
    assert module.get_outputs()[0].dtype is np.float64


@pytest.mark.parametrize("what", ["data_shapes", "output_shapes"])
def test_nothing_is_known_before_binding(what: str) -> None:
    with pytest.raises(mx.MXNetError, match="call bind first"):
        getattr(mx.mod.Module(network()), what)


# Shapes that change.


def test_another_batch_size_is_taken_in_passing() -> None:
    module = trained()
    for size in (3, 8, 12):
        batch = mx.io.DataBatch([mx.nd.ones((size, 5))], [mx.nd.zeros((size,))])
        step(module, batch)
        assert module.get_outputs()[0].shape == (size, 3)
        assert module.data_shapes == [("data", (size, 5))]


def test_a_network_that_needs_other_parameters_is_refused() -> None:
    module = trained()
    with pytest.raises(mx.MXNetError, match=r"need fc1_weight of shape \(4, 6\)"):
        module.forward(mx.io.DataBatch([mx.nd.ones((8, 6))], [mx.nd.zeros((8,))]))


def test_a_module_is_reshaped_by_hand() -> None:
    module = bound()
    module.reshape([("data", (2, 5))], [("softmax_label", (2,))])
    assert module.output_shapes == [("softmax_output", (2, 3))]


def test_training_goes_on_after_a_prediction_without_labels() -> None:
    module, other = trained(), trained()
    assert module.predict(np.ones((20, 5))).shape == (20, 3)
    step(module)
    step(other)
    assert total(module) == total(other)


# Parameters.


def test_parameters_come_from_the_initializer_or_from_the_user() -> None:
    module = mx.mod.Module(network())
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    given = {"fc1_weight": mx.nd.full((4, 5), 2.0)}
    module.init_params(mx.init.One(), given, allow_missing=True)
    arg_params, aux_params = module.get_params()
    assert arg_params["fc1_weight"].asnumpy().max() == 2
    assert arg_params["fc2_weight"].asnumpy().min() == 1
    assert arg_params["fc2_bias"].asnumpy().max() == 0
    assert aux_params["bn_moving_var"].asnumpy().min() == 1


def test_missing_and_misshapen_values_are_refused() -> None:
    module = mx.mod.Module(network())
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    with pytest.raises(RuntimeError, match="Parameter bn_beta is missing"):
        module.init_params(arg_params={"fc1_weight": mx.nd.ones((4, 5))})
    with pytest.raises(mx.MXNetError, match=r"fc1_weight has shape \(4, 5\), but the value"):
        module.init_params(arg_params={"fc1_weight": mx.nd.ones((5, 4))}, allow_missing=True)


def test_parameters_are_set_once_unless_forced() -> None:
    module, (arg_params, aux_params) = bound(), first_params()
    doubled = {name: 2 * array for name, array in arg_params.items()}
    before = total(module)
    with pytest.warns(UserWarning, match="init_params does nothing"):
        module.init_params(None, doubled, aux_params)
    with pytest.warns(UserWarning, match="set_params does nothing"):
        module.set_params(doubled, aux_params, allow_missing=True, force_init=False)
    assert total(module) == before
    module.set_params(doubled, aux_params)
    assert total(module) == pytest.approx(2 * before)


def test_some_parameters_can_be_set_alone() -> None:
    module = bound()
    before = total(module)
    module.set_params({"fc1_weight": mx.nd.ones((4, 5))}, {}, allow_missing=True)
    assert total(module, "fc1_weight") == 20
    assert total(module) == before
    with pytest.raises(ValueError, match="zzz"):
        module.set_params({"zzz": mx.nd.ones((1,))}, {}, allow_missing=True)
    module.set_params({"zzz": mx.nd.ones((1,))}, {}, allow_missing=True, allow_extra=True)


def test_an_initializer_of_the_variables_own_is_used() -> None:
    weight = mx.sym.Variable("fc_weight", init=mx.init.Constant(4))
    layer = mx.sym.FullyConnected(mx.sym.Variable("data"), weight, num_hidden=2, name="fc")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(layer, name="softmax"))
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    module.init_params(mx.init.Zero())
    assert module.get_params()[0]["fc_weight"].asnumpy().min() == 4


# The optimizer.


def test_gradients_are_divided_by_the_batch_size() -> None:
    module = trained()
    assert module._optimizer.rescale_grad == 1 / 8
    assert module._optimizer.idx2name == dict(enumerate(module._param_names))
    assert module._optimizer.wd_mult == {"fc1_bias": 0.0, "bn_beta": 0.0, "fc2_bias": 0.0}


def test_an_optimizer_of_the_users_keeps_its_scale_with_a_warning() -> None:
    module = bound()
    with pytest.warns(
        UserWarning, match=r"rescale_grad is 1.0; the mean over a batch would need 0"
    ):
        module.init_optimizer(optimizer=mx.optimizer.SGD(learning_rate=0.3))
    assert module._optimizer.idx2name[0] == "fc1_weight"


def test_the_optimizer_is_chosen_once_unless_forced(caplog: pytest.LogCaptureFixture) -> None:
    module = trained()
    module.init_optimizer(optimizer="adam")
    assert caplog.messages == ["optimizer already initialized, ignoring..."]
    assert isinstance(module._optimizer, mx.optimizer.SGD)
    module.init_optimizer(optimizer="adam", force_init=True)
    assert isinstance(module._optimizer, mx.optimizer.Adam)


def test_wrong_optimizers_and_stores_are_refused() -> None:
    module = bound()
    with pytest.raises(ValueError, match="'nope'"):
        module.init_optimizer(optimizer="nope")
    with pytest.raises(mx.MXNetError, match="optimizer is 3"):
        module.init_optimizer(optimizer=3)
    with pytest.raises(mx.MXNetError, match="kvstore is 3"):
        module.init_optimizer(kvstore=3)
    with pytest.raises(mx.MXNetError, match="can not do yet"):
        module.init_optimizer(kvstore="dist_sync")


def test_one_device_needs_no_store() -> None:
    module = trained()
    assert (module._kvstore, module._update_on_kvstore) == (None, False)


def test_updating_needs_an_optimizer() -> None:
    module = bound()
    module.forward_backward(LOSS)
    with pytest.raises(mx.MXNetError, match="call init_optimizer first"):
        module.update()


# Several devices.


def two_devices(**options: Any) -> mx.mod.Module:
    return bound(context=[mx.cpu(0), mx.cpu(1)], **options)


def test_devices_share_out_a_batch() -> None:
    module = two_devices(work_load_list=[3, 1])
    assert module._exec_group.slices == [slice(0, 6), slice(6, 8)]
    module.forward(samples().next())
    assert module.get_outputs()[0].shape == (8, 3)
    parts = module.get_outputs(merge_multi_context=False)
    assert [part.shape for part in parts[0]] == [(6, 3), (2, 3)]


def test_a_share_goes_to_every_device() -> None:
    module = mx.mod.Module(network(), context=[mx.cpu(i) for i in range(3)])
    with pytest.raises(ValueError, match="A batch of 2 samples leaves nothing for one of 3"):
        module.bind([("data", (2, 5))], [("softmax_label", (2,))])


def test_a_network_without_normalization_trains_the_same_on_any_number_of_devices() -> None:
    def after_three_steps(devices: int) -> np.ndarray:
        layer = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=3, name="fc")
        module = mx.mod.Module(
            mx.sym.SoftmaxOutput(layer, name="softmax"),
            context=[mx.cpu(i) for i in range(devices)],
        )
        module.bind([("data", (8, 5))], [("softmax_label", (8,))])
        module.init_params(mx.init.One())
        module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.5})
        for _ in range(3):
            step(module)
        return module.get_params()[0]["fc_weight"].asnumpy()

    np.testing.assert_allclose(after_three_steps(1), after_three_steps(2), rtol=1e-5)
    np.testing.assert_allclose(after_three_steps(1), after_three_steps(3), rtol=1e-5)


def test_each_device_may_get_a_batch_of_its_own() -> None:
    module, whole = two_devices(), samples().next()
    halves = [
        mx.io.DataBatch([whole.data[0][part]], [whole.label[0][part]])
        for part in (slice(0, 4), slice(4, 8))
    ]
    module.forward(whole)
    wanted, accuracy = module.get_outputs()[0].asnumpy(), mx.metric.Accuracy()
    module.forward(halves)
    module.update_metric(accuracy, [half.label for half in halves], pre_sliced=True)
    np.testing.assert_array_equal(module.get_outputs()[0].asnumpy(), wanted)
    assert accuracy.num_inst == 8


def test_the_store_updates_what_two_devices_share() -> None:
    module = two_devices()
    module.init_optimizer()
    assert (module._kvstore.type, module._update_on_kvstore) == ("local", True)
    step(module)
    first, second = module._exec_group.param_arrays[0]
    assert (first.context, second.context) == (mx.cpu(0), mx.cpu(1))
    np.testing.assert_array_equal(first.asnumpy(), second.asnumpy())


# Scoring and predicting.


def test_a_score_counts_padded_samples_as_mxnet_does() -> None:
    module, accuracy = bound(), mx.metric.Accuracy()
    module.score(samples(), accuracy)
    assert accuracy.num_inst == 24
    module.score(samples(), accuracy, num_batch=1)
    assert accuracy.num_inst == 8


def test_a_prediction_leaves_padding_out() -> None:
    module = bound()
    assert module.predict(samples()).shape == (22, 3)
    assert module.predict(samples(), num_batch=2).shape == (16, 3)
    assert [out.shape for out in module.predict(samples(), always_output_list=True)] == [(22, 3)]
    batches = module.predict(samples(), merge_batches=False)
    assert [outputs[0].shape for outputs in batches] == [(8, 3), (8, 3), (6, 3)]


def test_predictions_come_batch_by_batch() -> None:
    seen = [
        (outputs[0].shape, nbatch, batch.pad)
        for outputs, nbatch, batch in bound().iter_predict(samples())
    ]
    assert seen == [((8, 3), 0, 0), ((8, 3), 1, 0), ((6, 3), 2, 2)]


def test_an_array_is_one_batch() -> None:
    module, data = bound(), np.random.rand(20, 5)
    together = module.predict(data).asnumpy()
    for i in (0, 13):
        alone = module.predict(mx.nd.array(data[i : i + 1])).asnumpy()
        np.testing.assert_allclose(together[i : i + 1], alone, rtol=1e-5)


def test_predicting_needs_parameters() -> None:
    with pytest.raises(mx.MXNetError, match="predict needs a module that is bound and has param"):
        mx.mod.Module(network()).predict(samples())


# States, monitors, sharing.


def test_states_are_set_to_numbers_or_arrays() -> None:
    layer = mx.sym.Variable("data") + mx.sym.Variable("state")
    module = mx.mod.Module(layer, label_names=None, state_names=["state"])
    module.bind([("data", (2, 3))], for_training=False)
    module.init_params()
    module.set_states(value=2)
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 3))]))
    assert module.get_outputs()[0].asnumpy().tolist() == [[3] * 3] * 2
    module.set_states(states=[[mx.nd.full((2, 3), 5.0)]])
    assert module.get_states(False)[0][0].asnumpy().max() == 5
    with pytest.raises(mx.MXNetError, match="either states or value"):
        module.set_states()
    with pytest.raises(mx.MXNetError, match="can not be merged"):
        module.get_states()


def test_a_module_can_share_parameters_and_optimizer() -> None:
    module = trained()
    other = mx.mod.Module(network())
    other.bind([("data", (2, 5))], [("softmax_label", (2,))], shared_module=module)
    assert other.params_initialized
    assert other.optimizer_initialized
    assert other._updater is module._updater
    step(other, mx.io.DataBatch([mx.nd.ones((2, 5))], [mx.nd.zeros((2,))]))
    module._params_dirty = True
    assert total(module) == total(other) != total(bound())


def test_only_a_finished_module_can_be_shared() -> None:
    with pytest.raises(mx.MXNetError, match="shared_module"):
        mx.mod.Module(network()).bind(
            [("data", (2, 5))], [("softmax_label", (2,))], shared_module=mx.mod.Module(network())
        )


# Files.


def test_files_have_mxnets_names(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    module, prefix = trained(), str(tmp_path / "net")
    step(module)
    module.save_checkpoint(prefix, 7, save_optimizer_states=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net-0007.params", "net-0007.states", "net-symbol.json",
    ]  # fmt: skip
    assert caplog.messages == [
        f'Saved checkpoint to "{prefix}-0007.params"',
        f'Saved optimizer state to "{prefix}-0007.states"',
    ]
    assert "aux:bn_moving_mean" in mx.nd.load(f"{prefix}-0007.params")


def test_a_loaded_module_goes_on_exactly(tmp_path: Path) -> None:
    module, prefix = trained(), str(tmp_path / "net")
    step(module)
    module.save_checkpoint(prefix, 1, save_optimizer_states=True)
    other = mx.mod.Module.load(prefix, 1, load_optimizer_states=True)
    other.bind([("data", (8, 5))], [("softmax_label", (8,))])
    other.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    for either in (module, other):
        step(either)
    for name, array in module.get_params()[0].items():
        np.testing.assert_array_equal(array.asnumpy(), other.get_params()[0][name].asnumpy())


def test_states_of_a_store_are_saved_too(tmp_path: Path) -> None:
    module, path = two_devices(), str(tmp_path / "optimizer.states")
    module.init_optimizer(optimizer_params={"momentum": 0.9})
    step(module)
    module.save_optimizer_states(path)
    other = two_devices()
    other.init_optimizer(optimizer_params={"momentum": 0.9})
    other.load_optimizer_states(path)
    saved, loaded = (m._kvstore._updater.states for m in (module, other))
    assert sorted(saved) == sorted(loaded)


def test_parameters_alone_go_to_a_file_and_back(tmp_path: Path) -> None:
    module, path = bound(), str(tmp_path / "net.params")
    module.save_params(path)
    other = mx.mod.Module(network())
    other.bind([("data", (8, 5))], [("softmax_label", (8,))])
    other.load_params(path)
    assert total(other) == total(module)
