"""Rows for indices in other forms."""

from tests.ops.rows import Row, integers, normal, uniform, values

NUMBERS = ("float16", "float32", "float64", "int32", "int64", "int8", "uint8")
GARBAGE = "the reference reads memory that is not the array's"
FLAT_ALONE = "the reference reads a matrix as if it were its first axis"

ONE_HOT = [
    Row("one_hot", [integers(0, 3, 4)], {"depth": 3}, dtypes=NUMBERS),
    *[Row("one_hot", [values([0, 2, 1])], {"depth": 3, "dtype": t}) for t in NUMBERS],
    *[
        Row(
            "one_hot", [values([0, 1])], {"depth": 2, "dtype": t, "on_value": 2.7, "off_value": 1.5}
        )
        for t in NUMBERS
    ],
    Row("one_hot", [values([0, 1])], {"depth": 2, "dtype": "int32", "off_value": -1.5}),
    Row("one_hot", [values([-1, 3, 1, 0.7, 1.9])], {"depth": 3}),
    Row("one_hot", [integers(0, 2, 2, 3)], {"depth": 2}),
    Row("one_hot", [values([0, 1])], {"depth": 0}),
    Row("one_hot", [uniform(0, 1, 0)], {"depth": 2}),
    Row("one_hot", [values([0, 1])], {"depth": -1}, raises=True),
    Row("one_hot", [values([0, 1])], {"depth": 2, "dtype": "bool"}, raises=True),
    Row("one_hot", [values([0, 1])], {}, raises=True),
]

RAVEL = [
    Row("_ravel_multi_index", [values([[3, 6, 6], [4, 5, 1]])], {"shape": (7, 6)}, dtypes=NUMBERS),
    Row("ravel_multi_index", [values([[3, 6], [4, 5]])], {"shape": (-1, 6)}),
    Row("ravel_multi_index", [values([[9], [9]])], {"shape": (7, 6)}),
    Row("ravel_multi_index", [values([[-1], [-2]])], {"shape": (7, 6)}),
    Row("ravel_multi_index", [integers(0, 2, 3, 5)], {"shape": (2, 3, 4)}),
    Row("ravel_multi_index", [values([[3], [4], [5]])], {"shape": (7, 6)}, raises=True),
    Row("ravel_multi_index", [values([3, 4])], {"shape": (7, 6)}, raises=True),
    Row("ravel_multi_index", [values([[3, 4]])], {}, raises=True),
    Row("_unravel_index", [values([22, 41, 37])], {"shape": (7, 6)}, dtypes=NUMBERS),
    Row("unravel_index", [values([22, 41])], {"shape": (-1, 6)}),
    Row("unravel_index", [values([22, 99, -1, 3.7])], {"shape": (7, 6)}, numeric=False),
    Row("unravel_index", [integers(0, 24, 5)], {"shape": (2, 3, 4)}),
    Row("unravel_index", [values([[22, 41]])], {"shape": (7, 3, 2)}, differs=FLAT_ALONE),
    Row("unravel_index", [values([22])], {}, raises=True),
]

ROWS = [
    *ONE_HOT,
    *RAVEL,
    Row("_onehot_encode", [values([0, 2]), normal(2, 3)], gradient=False),
    Row("_onehot_encode", [values([0, 5, -1]), normal(3, 3)], gradient=False),
    Row("_onehot_encode", [values([[0, 1]]), normal(2, 3)], raises=True),
    Row("_onehot_encode", [values([0, 1, 1]), normal(2, 3)], raises=True),
    Row("shape_array", [integers(0, 2, 2, 3)], dtypes=NUMBERS),
    Row("shape_array", [(4,)]),
    Row("shape_array", [(2, 3), (2, 3)], raises=True),
    Row("size_array", [integers(0, 2, 2, 3)], dtypes=NUMBERS),
    Row("size_array", [(2, 3), (2, 3)], raises=True),
    *[
        Row("_contrib_index_array", [(2, 3)], {"axes": axes})
        for axes in (None, (1,), (1, 0), (-1,), ())
    ],
    Row("_contrib_index_array", [(2, 2, 2)], {"axes": (0, 2)}, dtypes=("float16", "float64")),
    Row("_contrib_index_array", [(2, 3)], {"axes": (2,)}, raises=True, differs=GARBAGE),
    Row("_contrib_arange_like", [(2, 3)], dtypes=("float16", "float32", "float64")),
    *[Row("_contrib_arange_like", [(2, 3)], {"axis": axis}) for axis in (0, 1, -1, "None")],
    Row("_contrib_arange_like", [(2, 3)], {"axis": 1, "start": 1, "step": 0.5}),
    *[Row("_contrib_arange_like", [(2, 3)], {"repeat": n}) for n in (2, 3, 4)],
    Row("_contrib_arange_like", [(2, 3)], {"repeat": 2, "axis": -1}),
    Row("_contrib_arange_like", [integers(0, 2, 2, 3)], dtypes=("int32", "uint8")),
    Row("_contrib_arange_like", [(2, 3)], {"axis": 2}, raises=True),
]
ROWS += [
    Row(
        "_onehot_encode",
        [values([0, 2]), (2, 4)],
        dtypes=("float16", "float64"),
        gradient=False,
        differs="the reference has this operator in float32 alone",
    ),
    Row("_onehot_encode", [values([1, 1]), (2, 2)]),
    Row("_unravel_index", [values([0, 41, 0])], {"shape": (7, 6)}),
    Row("size_array", [normal(0, 2)]),
    Row("shape_array", [normal(0, 2)]),
    Row("_contrib_arange_like", [(4,)], {"start": -1}),
    Row("_contrib_arange_like", [normal(2, 0)]),
]
