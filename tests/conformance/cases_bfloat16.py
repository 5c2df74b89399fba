"""bfloat16 arrays, which NumPy sees as one uint16 each: bits, arithmetic, keys, printing."""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, outcome, raises

BFLOAT16 = np.dtype([("bfloat16", np.uint16)])


def _bits(x):
    return x.asnumpy().view(np.uint16)


def _array(mx, *numbers):
    return mx.nd.array(numbers).astype(BFLOAT16)


def _all(results):
    """Return the bits of each result, or the name of the exception that it raises."""
    return {
        name: outcome(lambda result=result: _bits(result())) for name, result in results.items()
    }


@case
def made_of_floats(mx, random):
    values = random.randint(-64, 64, size=64) / 64  # seven bits
    odd = [float("inf"), -float("inf"), 0.0, -0.0, 2.0**-130, 2.0**127]
    x = mx.nd.array(values).astype(BFLOAT16)
    return {
        "bits": _bits(x),
        "odd": _bits(_array(mx, *odd)),
        "back": x.astype("float32"),
        "to half": x.astype("float16"),
        "to double": x.astype("float64"),
        "to int": _array(mx, 1.5, -2.75, 300).astype("int32"),
        "dtype": x.dtype == BFLOAT16,
    }


@case(differs="numbers round to the nearest bfloat16; the reference cuts them")
def made_of_floats_of_more_bits(mx, random):
    return {"bits": _bits(_array(mx, 1.0 + 3 / 512, -1.0 - 3 / 512))}


@case
def made_by_functions(mx, random):
    nd = mx.nd
    return {
        **_all(
            {
                "zeros": lambda: nd.zeros((2,), dtype=BFLOAT16),
                "ones": lambda: nd.ones((2,), dtype=BFLOAT16),
                "full": lambda: nd.full((2,), 1.5, dtype=BFLOAT16),
                "like": lambda: nd.zeros_like(nd.ones((2,), dtype=BFLOAT16)),
                "copied": lambda: nd.array(_array(mx, 1, 2)),
            }
        ),
        "empty": nd.empty((3,), dtype=BFLOAT16).shape,
    }


@case
def arithmetic(mx, random):
    a, b = _array(mx, 1, -2.5, 3), _array(mx, 2, 0.5, -4)
    return _all(
        {
            "sum": lambda: a + b, "difference": lambda: a - b, "product": lambda: a * b,
            "quotient": lambda: a / b, "negative": lambda: -a, "absolute": lambda: abs(a),
            "plus number": lambda: a + 0.25, "times number": lambda: 3 * a, "less": lambda: a < b,
            "equal": lambda: a == a,
            "greater number": lambda: a > 1, "broadcast": lambda: a.reshape((3, 1)) + b,
            "maximum": lambda: mx.nd.maximum(a, b), "sum of all": lambda: a.sum(),
            "largest": lambda: a.max(), "square": lambda: a.square(), "relu": lambda: a.relu(),
        }
    )  # fmt: skip


@case
def arithmetic_in_place(mx, random):
    x = _array(mx, 1, 2, 3)
    kept = x
    x += 1
    x *= _array(mx, 2, 2, 0.5)
    x[0] = 9
    x[1:] = mx.nd.array([1.25, -1.5])
    return {"bits": _bits(x), "same": x is kept}


@case
def parts_and_shapes(mx, random):
    x = _array(mx, 1, 2, 3, 4, 5, 6).reshape((2, 3))
    return _all(
        {
            "row": lambda: x[1], "element": lambda: x[1, 2], "column": lambda: x[:, 1],
            "list": lambda: x[[1, 0]], "reversed": lambda: x[::-1],
            "reshaped": lambda: x.reshape((3, 2)), "flat": lambda: x.flatten(),
            "stacked": lambda: mx.nd.stack(x, x),
            "taken": lambda: x.take(mx.nd.array([1])), "sliced": lambda: x.slice((0, 1), (2, 3)),
            "copied": lambda: x.copy(), "clipped": lambda: x.clip(2, 4),
        }
    )  # fmt: skip


@case
def printed_and_refused(mx, random):
    x = _array(mx, 1, 2)
    return {
        "printed": repr(x),
        "mixed": raises(lambda: (x + mx.nd.ones((2,))).asnumpy()),
        "copied": x.copyto(mx.nd.zeros((2,))),
        "into": _bits(mx.nd.array([1, 2]).copyto(mx.nd.zeros((2,), dtype=BFLOAT16))),
    }
