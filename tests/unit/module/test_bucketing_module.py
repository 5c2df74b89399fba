"""One network in several lengths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mxnet as mx


def sym_gen(length: int) -> tuple[Any, tuple[str, ...], tuple[str, ...]]:
    """Return a bag of words of any length."""
    words = mx.sym.Embedding(mx.sym.Variable("data"), input_dim=10, output_dim=4, name="emb")
    scores = mx.sym.FullyConnected(mx.sym.sum(words, axis=1), num_hidden=3, name="fc")
    network = mx.sym.SoftmaxOutput(scores, name="softmax")
    return network, ("data",), ("softmax_label",)


def batch(length: int) -> mx.io.DataBatch:
    return mx.io.DataBatch(
        [mx.nd.array(np.arange(4 * length).reshape(4, length) % 10)],
        [mx.nd.array(np.arange(4) % 3)],
        bucket_key=length,
        provide_data=[mx.io.DataDesc("data", (4, length))],
        provide_label=[mx.io.DataDesc("softmax_label", (4,))],
    )


class Sentences(mx.io.DataIter):
    """Batches of three lengths."""

    default_bucket_key = 5
    provide_data = [mx.io.DataDesc("data", (4, 5))]
    provide_label = [mx.io.DataDesc("softmax_label", (4,))]
    count = 0

    def reset(self) -> None:
        self.count = 0

    def next(self) -> mx.io.DataBatch:
        self.count += 1
        if self.count > 4:
            raise StopIteration
        return batch((5, 3, 2, 5)[self.count - 1])


def trained() -> mx.mod.BucketingModule:
    module = mx.mod.BucketingModule(sym_gen, default_bucket_key=5)
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    module.init_params(mx.init.One())
    module.init_optimizer(optimizer_params={"learning_rate": 0.1, "momentum": 0.9})
    for length in (5, 3, 3, 5, 2):
        module.forward_backward(batch(length))
        module.update()
    return module


def test_buckets_train_the_same_parameters_as_mxnets() -> None:
    module = trained()
    outputs = module.get_outputs()[0].asnumpy()
    np.testing.assert_allclose(outputs[1], [0.1681, 0.4149, 0.4170], atol=6e-5)
    arg_params, _ = module.get_params()
    bias = arg_params["fc_bias"].asnumpy()
    np.testing.assert_allclose(bias, [-0.0546, 0.0274, 0.0272], atol=6e-5)
    assert arg_params["emb_weight"].asnumpy()[0, 0] == pytest.approx(1.0088, abs=6e-5)


def test_the_current_bucket_is_the_last_batchs() -> None:
    module = trained()
    assert module.data_shapes == [("data", (4, 2))]
    accuracy = mx.metric.Accuracy()
    module.update_metric(accuracy, batch(2).label)
    assert accuracy.get()[1] == 0.25
    module.switch_bucket(7, [("data", (4, 7))], [("softmax_label", (4,))])
    assert module.data_shapes == [("data", (4, 7))]


def test_preparing_a_batch_binds_its_bucket_and_stays() -> None:
    module = trained()
    module.prepare(batch(9))
    assert module.data_shapes == [("data", (4, 2))]
    assert 9 in module._buckets


def test_fit_score_and_predict_go_through_the_buckets() -> None:
    module = mx.mod.BucketingModule(sym_gen, default_bucket_key=5)
    module.fit(Sentences(4), num_epoch=2, initializer=mx.init.One())
    ((name, value),) = module.score(Sentences(4), "acc")
    assert (name, 0 <= value <= 1) == ("accuracy", True)
    assert module.predict(Sentences(4)).shape == (16, 3)


def test_files_hold_every_bucket(tmp_path: Path) -> None:
    module, prefix = trained(), str(tmp_path / "net")
    module.save_checkpoint(prefix, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net-0003.params", "net-2-symbol.json", "net-3-symbol.json", "net-5-symbol.json",
        "net.buckets",
    ]  # fmt: skip
    loaded = mx.mod.BucketingModule.load(prefix, 3, sym_gen=sym_gen, default_bucket_key=5)
    loaded.bind([("data", (4, 5))], [("softmax_label", (4,))])
    for either in (module, loaded):
        either.forward(batch(3), is_train=False)
    np.testing.assert_array_equal(
        module.get_outputs()[0].asnumpy(), loaded.get_outputs()[0].asnumpy()
    )


def test_a_forced_binding_keeps_what_training_reached() -> None:
    module = trained()
    before = module.get_params()[0]["fc_bias"].asnumpy()
    module.bind([("data", (2, 5))], [("softmax_label", (2,))], force_rebind=True)
    np.testing.assert_array_equal(module.get_params()[0]["fc_bias"].asnumpy(), before)


def test_a_monitor_watches_buckets_to_come() -> None:
    module, monitor = trained(), mx.mon.Monitor(1, pattern="fc_output")
    module.install_monitor(monitor)
    monitor.tic()
    module.forward(batch(8), is_train=True)
    assert len(monitor.toc()) == 1


def test_what_is_missing_is_said() -> None:
    with pytest.raises(mx.MXNetError, match="default_bucket_key"):
        mx.mod.BucketingModule(sym_gen)
    module = mx.mod.BucketingModule(sym_gen, default_bucket_key=5)
    assert module.output_names == ["softmax_output"]
    with pytest.raises(mx.MXNetError, match="call bind first"):
        module.symbol  # noqa: B018
    with pytest.raises(mx.MXNetError, match="can not share"):
        module.bind([("data", (4, 5))], shared_module=module)
