"""Seeds and threads: whose numbers are whose."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

import mxnet as mx
from mxnet.base import MXNetError


def draws(count: int = 4) -> list[float]:
    """Return some numbers of the CPU's generator."""
    return mx.nd.random.uniform(shape=(count,)).asnumpy().tolist()


def test_threads_share_one_stream_and_each_number_is_drawn_once():
    mx.random.seed(5)
    expected = sorted(number for _ in range(400) for number in draws())
    mx.random.seed(5)
    found: list[float] = []
    lock = threading.Lock()

    def work() -> None:
        for _ in range(100):
            numbers = draws()
            with lock:
                found.extend(numbers)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == expected


def test_a_seed_of_one_thread_is_that_of_all():
    thread = threading.Thread(target=mx.random.seed, args=(11,))
    thread.start()
    thread.join()
    first = draws()
    mx.random.seed(11)
    assert draws() == first


def test_torch_and_numpy_keep_their_own_numbers():
    import torch

    torch.manual_seed(3)
    np.random.seed(3)
    expected = torch.rand(3).tolist(), np.random.rand(3).tolist()
    torch.manual_seed(3)
    np.random.seed(3)
    mx.random.seed(1)
    draws()
    assert (torch.rand(3).tolist(), np.random.rand(3).tolist()) == expected
    mx.random.seed(1)
    first = draws()
    mx.random.seed(1)
    torch.rand(3)
    assert draws() == first


def test_an_unseeded_process_draws_the_same_each_time():
    program = "import mxnet as mx; print(mx.nd.random.uniform(shape=(3,)).asnumpy().tolist())"
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout


REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "a seed that is no integer": (
        lambda: mx.random.seed(1.5),
        ValueError,
        "seed: the seed is 1.5, but must be an integer.",
    ),
    "a context that is none": (
        lambda: mx.random.seed(1, ctx=3),
        MXNetError,
        "seed: ctx is 3, but must be a Context or 'all'.",
    ),
    "a number beside an array": (
        lambda: mx.nd.random.normal(0, mx.nd.ones((2,))),
        AssertionError,
        "normal: parameters must all be numbers or all NDArrays, but loc is a int, scale is a "
        "NDArray.",
    ),
    "a symbol beside a number": (
        lambda: mx.sym.random.normal(0, mx.sym.Variable("s")),
        AssertionError,
        "normal: parameters must all be numbers or all Symbols.",
    ),
    "a text": (
        lambda: mx.nd.random.poisson("3"),
        ValueError,
        "poisson: parameters must all be numbers or all NDArrays, but lam is a str.",
    ),
    "an unknown dtype": (
        lambda: mx.nd.random.uniform(dtype="float31"),
        TypeError,
        "uniform: dtype is 'float31', which NumPy does not know.",
    ),
    "an out of another shape": (
        lambda: mx.nd.random.uniform(shape=(3,), out=mx.nd.zeros((2,))),
        MXNetError,
        "uniform: out has shape (2,), but shape is (3,).",
    ),
    "arrays as bounds of whole numbers": (
        lambda: mx.nd.random.randint(mx.nd.zeros((2,)), mx.nd.ones((2,))),
        TypeError,
        "randint: low and high are NDArrays, but must be numbers.",
    ),
    "no whole number between the bounds": (
        lambda: mx.nd.random.randint(5, 5),
        MXNetError,
        "randint",
    ),
    "bounds beyond the dtype": (
        lambda: mx.nd.random.randint(0, 2**40),
        MXNetError,
        "randint",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_call(name):
    call, kind, message = REFUSED[name]
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)


def test_a_refused_draw_leaves_out_and_the_stream_alone():
    target = mx.nd.zeros((2,))
    mx.random.seed(8)
    expected = draws()
    mx.random.seed(8)
    with pytest.raises(MXNetError):
        mx.nd.random.uniform(shape=(3,), out=target)
    assert target.asnumpy().tolist() == [0.0, 0.0]
    assert draws() == expected
