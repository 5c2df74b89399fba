"""Key-value stores of one process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mxnet as mx

SHAPE = (2,)


def ones(value: float = 1.0, device: int = 0) -> mx.nd.NDArray:
    return mx.nd.full(SHAPE, value, mx.cpu(device))


def pulled(store: Any, key: Any) -> float:
    out = mx.nd.zeros(SHAPE)
    store.pull(key, out=out)
    assert out[0].asscalar() == out[1].asscalar()
    return float(out[0].asscalar())


@pytest.fixture(params=["local", "device"])
def store(request: pytest.FixtureRequest) -> Any:
    made = mx.kv.create(request.param)
    assert (made.type, made.rank, made.num_workers) == (request.param, 0, 1)
    return made


def test_a_value_is_copied_in_and_out(store: Any) -> None:
    value = ones(3)
    store.init("w", value)
    value[:] = 9
    assert pulled(store, "w") == 3


def test_a_push_replaces_the_value_by_the_sum_over_devices(store: Any) -> None:
    store.init(3, ones())
    store.push(3, [ones(2), ones(3, device=1)])
    assert pulled(store, 3) == 5


def test_pushed_arrays_stay_as_they_are(store: Any) -> None:
    store.init(3, ones())
    pushed = [ones(2), ones(3)]
    store.push(3, pushed)
    store.push(3, ones(7))
    assert [array[0].asscalar() for array in pushed] == [2, 3]


def test_a_pull_fills_every_device(store: Any) -> None:
    store.init(3, ones(4))
    outs = [ones(0), ones(0, device=1)]
    store.pull(3, out=outs)
    assert [array.asnumpy().tolist() for array in outs] == [[4, 4], [4, 4]]


def test_lists_of_keys_take_lists_of_values(store: Any) -> None:
    store.init(["a", "b"], [ones(1), ones(2)])
    store.push(["a", "b"], [[ones(4), ones(1)], [ones(1), ones(1)]])
    assert (pulled(store, "a"), pulled(store, "b")) == (5, 2)


def test_pushpull_goes_back_into_the_pushed_arrays_or_out(store: Any) -> None:
    store.init(3, ones())
    values, out = [ones(7), ones(1)], ones(0)
    store.pushpull(3, values)
    assert [array[0].asscalar() for array in values] == [8, 8]
    store.pushpull(3, ones(5), out=out)
    assert out[0].asscalar() == 5


def test_broadcast_is_init_and_pull(store: Any) -> None:
    out = [ones(0), ones(0)]
    store.broadcast("w", ones(6), out=out)
    assert [array[0].asscalar() for array in out] == [6, 6]


def test_an_updater_gets_key_sum_and_value(store: Any) -> None:
    seen = []

    def update(key: Any, pushed: mx.nd.NDArray, value: mx.nd.NDArray) -> None:
        seen.append(key)
        value += pushed * 2

    store.init(3, ones(10))
    store._set_updater(update)
    store.push(3, [ones(1), ones(2)])
    assert (pulled(store, 3), seen) == (16, [3])


def test_an_optimizer_updates_by_pushed_gradients(store: Any) -> None:
    assert store.is_capable("optimizer")
    store.init("w", ones())
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.5))
    store.push("w", [ones(1), ones(0.5)])
    assert pulled(store, "w") == 0.25


def test_optimizer_states_go_to_a_file_and_back(store: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "optimizer.states")

    def trained(other: Any) -> Any:
        other.init("w", ones())
        other.set_optimizer(mx.optimizer.SGD(learning_rate=0.5, momentum=0.5))
        return other

    trained(store).push("w", ones())
    store.save_optimizer_states(path, dump_optimizer=True)
    second = trained(mx.kv.create("local"))
    second.load_optimizer_states(path)
    second.push("w", ones())
    # the momentum of -0.5 is there: a second step is -0.25 - 0.5
    assert pulled(second, "w") == 0.25


def test_rows_can_be_pulled_alone(store: Any) -> None:
    rows = mx.nd.arange(8).reshape((4, 2))
    store.init("e", rows.tostype("row_sparse"))
    out = mx.nd.sparse.zeros("row_sparse", (4, 2))
    store.row_sparse_pull("e", out=out, row_ids=mx.nd.array([1, 3]))
    assert out.asnumpy().tolist() == [[0, 0], [2, 3], [0, 0], [6, 7]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.init(3, ones()), "Key 3 has a value already"),
        (lambda s: s.push(9, ones()), "Key 9 has no value yet"),
        (lambda s: s.pull(9, out=ones()), "Key 9 has no value yet"),
        (lambda s: s.push("a", ones()), "'a' is a str, but the store has keys like 3"),
        (lambda s: s.push(3, mx.nd.ones((3,))), r"has shape \(3,\), but the stored one has \(2,\)"),
        (lambda s: s.pull(3, out=mx.nd.ones((3,))), r"array for key 3 has shape \(3,\)"),
        (lambda s: s.pull(3), "needs the arrays"),
        (lambda s: s.push([3, 3], [ones()]), "2 keys, but 1 values"),
        (lambda s: s.push(3, [1.0]), "must be one or several NDArrays"),
        (lambda s: s.save_optimizer_states("x"), "no optimizer"),
        (lambda s: s.set_gradient_compression({"type": "2bit"}), "does not compress"),
    ],
)
def test_wrong_calls_say_what_is_wrong(store: Any, call: Any, message: str) -> None:
    store.init(3, ones())
    with pytest.raises(mx.MXNetError, match=message):
        call(store)


@pytest.mark.parametrize("name", ["dist_sync", "dist_async", "nccl", "horovod"])
def test_stores_across_processes_are_not_there_yet(name: str) -> None:
    with pytest.raises(mx.MXNetError, match="can not do yet"):
        mx.kv.create(name)


def test_unknown_stores_and_capabilities_are_refused() -> None:
    with pytest.raises(mx.MXNetError, match="There is no key-value store 'nope', only local"):
        mx.kv.create("nope")
    with pytest.raises(TypeError, match="3 is no string"):
        mx.kv.create(3)
    with pytest.raises(ValueError, match="capability 'speed'"):
        mx.kv.create("local").is_capable("speed")


def test_a_store_of_ones_own_can_be_registered() -> None:
    @mx.kv.KVStoreBase.register
    class Loud(mx.kv.KVStoreBase):
        pass

    made = mx.kv.create("loud")
    assert isinstance(made, Loud)
    with pytest.raises(NotImplementedError, match="Loud does not define pushpull"):
        made.pushpull("w", ones())


def test_the_test_store_sums_without_keeping() -> None:
    store, out = mx.kv.create("teststore"), ones(0)
    store.broadcast(3, ones(4), out=out)
    assert out[0].asscalar() == 4
    store.pushpull(3, [ones(1), ones(2)], out=out)
    assert out[0].asscalar() == 3
    assert not store.is_capable("optimizer")
