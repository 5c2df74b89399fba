"""A million draws from each distribution: by numbers, by arrays of parameters, and like data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import Goal, benchmark
from benchmarks.inputs import array

DRAWS = 1_000_000
PARAMETERS, EACH = 1000, 1000
GOAL = Goal(speedup=1.1)


def draw(name: str, call: Callable[[Any], Any]) -> None:
    """Register a million draws; `call` gets `mx`."""

    def setup(mx: Any) -> Callable[[], None]:
        def run() -> None:
            call(mx)
            mx.nd.waitall()

        return run

    benchmark(name, GOAL)(setup)


ONE_DISTRIBUTION: dict[str, dict[str, Any]] = {
    "uniform": {"low": -1, "high": 2},
    "normal": {"loc": 1, "scale": 2},
    "exponential": {"scale": 2},
    "gamma": {"alpha": 2.5, "beta": 0.5},
    "poisson": {"lam": 4},
    "negative_binomial": {"k": 3, "p": 0.4},
    "generalized_negative_binomial": {"mu": 2, "alpha": 0.3},
    "randint": {"low": 0, "high": 1000},
}
for _name, _given in ONE_DISTRIBUTION.items():
    draw(
        _name,
        lambda mx, name=_name, given=_given: getattr(mx.nd.random, name)(**given, shape=(DRAWS,)),
    )
draw("gamma, alpha below 1", lambda mx: mx.nd.random.gamma(0.5, 2, shape=(DRAWS,)))
draw("poisson, large mean", lambda mx: mx.nd.random.poisson(60, shape=(DRAWS,)))
draw("uniform, float64", lambda mx: mx.nd.random.uniform(0, 1, (DRAWS,), dtype="float64"))
draw("normal, float16", lambda mx: mx.nd.random.normal(0, 1, (DRAWS,), dtype="float16"))
draw("shuffle of a vector", lambda mx: mx.nd.random.shuffle(array(mx, (DRAWS,))))
draw("shuffle of rows", lambda mx: mx.nd.random.shuffle(array(mx, (10_000, 100))))


def _parameter(mx: Any, name: str = "") -> Any:
    return array(mx, (PARAMETERS,), "positive", name)


for _name in ("exponential", "poisson"):
    draw(
        f"sample_{_name}",
        lambda mx, name=_name: getattr(mx.nd, f"sample_{name}")(_parameter(mx), shape=EACH),
    )
for _name in ("uniform", "normal", "gamma", "generalized_negative_binomial"):
    draw(
        f"sample_{_name}",
        lambda mx, name=_name: getattr(mx.nd, f"sample_{name}")(
            _parameter(mx), _parameter(mx, "b"), shape=EACH
        ),
    )
draw(
    "sample_negative_binomial",
    lambda mx: mx.nd.sample_negative_binomial(
        _parameter(mx).ceil(), array(mx, (PARAMETERS,), "inside"), shape=EACH
    ),
)
draw(
    "multinomial, 10 classes",
    lambda mx: mx.nd.random.multinomial(array(mx, (1, 10), "inside"), shape=DRAWS),
)
draw(
    "multinomial, rows of 10 classes",
    lambda mx: mx.nd.random.multinomial(array(mx, (PARAMETERS, 10), "inside"), shape=EACH),
)
draw(
    "multinomial, one draw a row",
    lambda mx: mx.nd.random.multinomial(array(mx, (100_000, 10), "inside")),
)
for _name in ("uniform", "normal", "exponential", "gamma", "poisson"):
    draw(
        f"{_name}_like",
        lambda mx, name=_name: getattr(mx.nd.random, f"{name}_like")(array(mx, (1000, 1000))),
    )
draw(
    "pdf_normal",
    lambda mx: mx.nd.random_pdf_normal(
        array(mx, (PARAMETERS, EACH)), _parameter(mx), _parameter(mx, "b")
    ),
)
draw(
    "Dropout in training",
    lambda mx: mx.nd.Dropout(array(mx, (1000, 1000)), p=0.5, mode="always"),
)
