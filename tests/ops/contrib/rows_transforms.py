"""Rows for Fourier transforms, count sketches and Hawkes processes.

The reference has Fourier transforms and count sketches on the GPU alone. Ours are held against
finite differences, and against their definitions in the documentation's examples.
"""

from tests.ops.rows import Row, integers, uniform, values

GPU = "the reference has it on the GPU alone"
FLOATS = ("float32", "float64")

PLACES = values([[0, 2, 1, 2, 0]])
SIGNS = values([[1, -1, 1, 1, -1]])

BATCH = {
    "lda": uniform(0.5, 1, 2, 3),
    "alpha": uniform(0.1, 0.6, 3),
    "beta": uniform(0.5, 1.5, 3),
    "state": uniform(0, 1, 2, 3),
    "lags": uniform(0.1, 1, 2, 5),
    "marks": integers(0, 3, 2, 5, dtype="int32"),
    "valid_length": values([5, 2]),
    "max_time": values([7, 4]),
}


def hawkes(dtypes=("float32",), **changed):
    return Row("contrib.hawkesll", {**BATCH, **changed}, dtypes=dtypes)


ROWS = [
    Row("contrib.fft", [(2, 5)], dtypes=FLOATS, differs=GPU),
    Row("contrib.fft", [(2, 1, 3, 4)], {"compute_size": 1}, differs=GPU),
    Row("contrib.ifft", [(2, 10)], dtypes=FLOATS, differs=GPU),
    Row("contrib.ifft", [(2, 1, 3, 8)], {"compute_size": 1}, differs=GPU),
    Row("contrib.ifft", [(2, 5)], raises=True),
    Row(
        "contrib.count_sketch", [(2, 5), PLACES, SIGNS], {"out_dim": 3}, dtypes=FLOATS, differs=GPU
    ),
    Row("contrib.count_sketch", [(2, 1, 3, 5), PLACES, SIGNS], {"out_dim": 4}, differs=GPU),
    Row("contrib.count_sketch", [(2, 5), (1, 4), SIGNS], {"out_dim": 3}, raises=True),
    Row("contrib.count_sketch", [(2, 5), PLACES, SIGNS], raises=True),
    hawkes(FLOATS),
    hawkes(valid_length=values([0, 5])),
    hawkes(max_time=values([0.5, 0.3])),
    hawkes(state=values([[0, 0, 0]] * 2), alpha=values([0, 0, 0])),
    hawkes(marks=values([[1, 1, 1, 1, 1], [0, 2, 2, 0, 1]], "int32")),
    Row("contrib.hawkesll", {**BATCH, "alpha": (2,)}, raises=True),
    Row("contrib.hawkesll", {**BATCH, "lags": (2, 3)}, raises=True),
    Row("contrib.hawkesll", {**BATCH, "valid_length": (1,)}, raises=True),
    Row("contrib.hawkesll", {**BATCH, "marks": (2, 5)}, raises=True),
]
ROWS += [
    Row("contrib.fft", [values([[0.0, 0.0, 1.0, 0.0]])], dtypes=("float16",), differs=GPU),
    Row("contrib.fft", [(2, 4)], {"compute_size": "much"}, raises=True),
    Row("contrib.ifft", [values([[0.0, 0.0, 1.0, 0.0]])], dtypes=("float16",), differs=GPU),
    Row(
        "contrib.count_sketch",
        [(2, 5), PLACES, SIGNS],
        {"out_dim": 3, "processing_batch_size": 1},
        dtypes=("float16",),
        differs=GPU,
    ),
]
ROWS += [
    hawkes(("float16",)),
    Row(
        "contrib.hawkesll",
        {
            "lda": uniform(0.5, 1, 1, 2),
            "alpha": uniform(0.1, 0.6, 2),
            "beta": uniform(0.5, 1.5, 2),
            "state": uniform(0, 1, 1, 2),
            "lags": uniform(0.1, 1, 1, 3),
            "marks": integers(0, 2, 1, 3, dtype="int32"),
            "valid_length": values([3]),
            "max_time": values([4]),
        },
    ),
]
