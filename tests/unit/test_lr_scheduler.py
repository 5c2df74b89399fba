"""Learning rates over the updates, as MXNet gives them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

import mxnet as mx

S = mx.lr_scheduler


def rates(scheduler: Any, updates: Any = range(14)) -> list[float]:
    return [round(scheduler(update), 5) for update in updates]


def test_factor_reduces_after_every_step() -> None:
    scheduler = S.FactorScheduler(3, 0.5, base_lr=1.0)
    assert rates(scheduler, range(1, 9)) == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_factor_makes_up_for_updates_it_did_not_see() -> None:
    assert S.FactorScheduler(3, 0.5, base_lr=1.0)(10) == 0.125


def test_factor_does_not_fall_below_its_stop() -> None:
    scheduler = S.FactorScheduler(2, 0.1, stop_factor_lr=0.05, base_lr=1.0)
    assert rates(scheduler, range(2, 8)) == [1.0, 0.1, 0.1, 0.05, 0.05, 0.05]


def test_several_factors_reduce_behind_each_step() -> None:
    scheduler = S.MultiFactorScheduler([3, 5, 9], 0.5, base_lr=1.0)
    assert rates(scheduler, range(3, 12)) == [1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125]


def test_poly_falls_to_its_final_rate() -> None:
    scheduler = S.PolyScheduler(10, 1.0, 2, 0.1)
    assert rates(scheduler, (0, 1, 5, 9, 10, 11)) == [1.0, 0.829, 0.325, 0.109, 0.1, 0.1]


def test_cosine_falls_to_its_final_rate() -> None:
    scheduler = S.CosineScheduler(10, 1.0, 0.1)
    assert rates(scheduler, (0, 2, 5, 8, 10, 12)) == [1.0, 0.91406, 0.55, 0.18594, 0.1, 0.1]


def test_a_linear_warm_up_climbs_to_the_base() -> None:
    scheduler = S.PolyScheduler(10, 1.0, 2, 0.1, warmup_steps=3, warmup_begin_lr=0.3)
    assert rates(scheduler, range(5)) == [0.3, 0.53333, 0.76667, 1.0, 0.76122]


def test_a_constant_warm_up_stays() -> None:
    scheduler = S.FactorScheduler(
        3, 0.5, base_lr=1.0, warmup_steps=4, warmup_begin_lr=0.2, warmup_mode="constant"
    )
    assert rates(scheduler, range(6)) == [0.2, 0.2, 0.2, 0.2, 0.5, 0.5]


def test_a_warm_up_may_last_to_the_end() -> None:
    assert S.PolyScheduler(4, 1.0, warmup_steps=4)(4) == 0.0


def test_a_new_base_rate_is_reduced_from_then_on() -> None:
    scheduler = S.FactorScheduler(2, 0.5, base_lr=1.0)
    scheduler(5)
    scheduler.base_lr = 3.0
    assert rates(scheduler, (5, 6, 7)) == [3.0, 3.0, 1.5]


def test_changes_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    rates(S.FactorScheduler(2, 0.1, stop_factor_lr=0.05, base_lr=1.0), range(1, 6))
    assert caplog.messages == [
        "Update[3]: Change learning rate to 1.00000e-01",
        "Update[5]: now learning rate arrived at 5.00000e-02, will not change in the future",
    ]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: S.FactorScheduler(0), ValueError, "step is 0"),
        (lambda: S.FactorScheduler(2, 1.5), ValueError, "factor is 1.5"),
        (lambda: S.MultiFactorScheduler([]), mx.MXNetError, "at least one"),
        (lambda: S.MultiFactorScheduler([3, 2]), ValueError, "must increase"),
        (lambda: S.MultiFactorScheduler([0]), ValueError, "1 or more"),
        (lambda: S.PolyScheduler(0), ValueError, "max_update is 0"),
        (lambda: S.CosineScheduler(1.5), mx.MXNetError, "max_update is 1.5"),
        (lambda: S.LRScheduler(0.1, -1), ValueError, "warmup_steps is -1"),
        (lambda: S.LRScheduler(0.1, 1.5), mx.MXNetError, "warmup_steps is 1.5"),
        (lambda: S.LRScheduler(0.1, 1, 0.2), ValueError, "warmup_begin_lr is 0.2"),
        (lambda: S.LRScheduler(0.1, 1, 0.0, "q"), ValueError, "warmup_mode is 'q'"),
        (lambda: S.LRScheduler()(1), NotImplementedError, "LRScheduler does not define"),
        (lambda: S.LRScheduler(1.0, 3).get_warmup_lr(3), mx.MXNetError, "not part of the warm-up"),
    ],
)
def test_wrong_schedules_are_refused(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()
