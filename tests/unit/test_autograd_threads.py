"""Several threads that record and differentiate at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mxnet as mx

autograd = mx.autograd
THREADS = 4


@pytest.fixture(autouse=True)
def _switch_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def together(work: Callable[[int], Any]) -> list[Any]:
    """Run `work(number)` in several threads that start at once, and return the results."""
    start = threading.Barrier(THREADS)
    results: list[Any] = [None] * THREADS

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_threads_with_variables_of_their_own():
    def work(number: int) -> list[float]:
        x = mx.nd.array([float(number), 1.0])
        x.attach_grad()
        for _ in range(50):
            with autograd.record(train_mode=number % 2 == 0):
                y = (x * x).sum() * number
            y.backward()
        return x.grad.asnumpy().tolist()

    assert together(work) == [[2.0 * n * n, 2.0 * n] for n in range(THREADS)]


def test_threads_that_share_constants_and_read_each_others_graphs():
    shared, x = mx.nd.array([2.0, 3.0]), mx.nd.array([1.0, 1.0])
    x.attach_grad()
    with autograd.record():
        trunk = mx.nd.exp(x) * shared

    def work(number: int) -> Any:
        with autograd.record():
            y = trunk * shared * number
        return autograd.grad(y, x, retain_graph=True)[0].asnumpy()

    for number, found in enumerate(together(work)):
        np.testing.assert_allclose(found, np.e * np.array([4.0, 9.0]) * number, rtol=1e-6)


def test_scopes_of_one_thread_are_not_those_of_another():
    def work(number: int) -> set[tuple[bool, bool]]:
        seen = set()
        scope = autograd.record() if number % 2 else autograd.predict_mode()
        for _ in range(200):
            with scope:
                seen.add((autograd.is_recording(), autograd.is_training()))
        return seen

    assert together(work) == [{(False, False)}, {(True, True)}] * (THREADS // 2)


def test_nothing_is_recorded_beside_a_thread_that_records():
    x = mx.nd.ones((2,))
    x.attach_grad()

    def work(number: int) -> bool:
        outcomes = set()
        for _ in range(100):
            if number % 2:
                with autograd.record():
                    y = x * 2
            else:
                y = x * 2
            outcomes.add(y._tape is not None)
        return outcomes == {bool(number % 2)}

    assert together(work) == [True] * THREADS


def test_one_scope_object_serves_several_threads():
    scope = autograd.record()

    def work(number: int) -> tuple[bool, bool]:
        for _ in range(200):
            with scope:
                inside = autograd.is_recording()
        return inside, autograd.is_recording()

    assert together(work) == [(True, False)] * THREADS
