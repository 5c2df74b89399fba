"""Rows for conversions of dtypes and storage types."""

from tests.ops.elementwise.siblings import FLOATS, NAN
from tests.ops.rows import Row, integers, normal, values

TYPES = ("float16", "float32", "float64", "int32", "uint8", "int8", "int64", "bool")
NARROW = "the reference's CPU build can not convert these: unknown type for MKLDNN"
SOME = values([0.0, 1.0, 2.7, -2.7, 100.0, 0.3])

ROWS = [
    *[
        Row("Cast", [SOME], {"dtype": to}, FLOATS, to in FLOATS, numeric=False)
        for to in TYPES
        if to != "uint8"
    ],
    Row("Cast", [values([0.0, 1.7, 200.4])], {"dtype": "uint8"}, FLOATS, gradient=False),
    *[
        Row(
            "Cast", [values([0, 1, 200])], {"dtype": to}, ("int32", "uint8", "bool"), gradient=False
        )
        for to in TYPES
    ],
    Row("cast", [(2, 3)], {"dtype": "float64"}),
    Row("Cast", [values([70000.0, NAN])], {"dtype": "float16"}, numeric=False),
    Row("Cast", [(2, 3)], {"dtype": "complex64"}, raises=True),
    Row("Cast", [(2, 3)], raises=True),
    *[
        Row("amp_cast", [(2, 3)], {"dtype": to}, ("float16", "float32"), numeric=False)
        for to in ("float16", "float32")
    ],
    Row("amp_cast", [(2, 3)], {"dtype": "float16"}, ("float64",), numeric=False, differs=NARROW),
    Row("amp_cast", [(2, 3)], {"dtype": "float64"}, numeric=False, differs=NARROW),
    Row("amp_cast", [integers(0, 9, 4)], {"dtype": "float16"}, ("int32", "uint8"), gradient=False),
    Row("amp_cast", [(2, 3)], {"dtype": "bool"}, raises=True),
    *[
        Row(
            "amp_multicast",
            [normal(2, 3, dtype="float16"), normal(2, 3), normal(3, dtype="float64")],
            {"num_outputs": 3, "cast_narrow": narrow},
            numeric=False,
            differs=NARROW,
        )
        for narrow in (False, True)
    ],
    *[
        Row(
            "amp_multicast",
            [normal(2, 3, dtype="float16"), (4,)],
            {"num_outputs": 2, "cast_narrow": narrow},
            numeric=False,
            differs=NARROW,
        )
        for narrow in (False, True)
    ],
    Row("amp_multicast", [(2,), (3,)], {"num_outputs": 2}),
    Row("amp_multicast", [(2,), (3,)], {"num_outputs": 2}, ("float16",), differs=NARROW),
    Row(
        "amp_multicast",
        [normal(2, dtype="float16"), integers(0, 9, 2, dtype="int32")],
        {"num_outputs": 2},
        gradient=False,
        differs=NARROW,
    ),
    Row("amp_multicast", [(2,), (3,)], raises=True),
    Row("cast_storage", [(2, 3)], {"stype": "default"}, dtypes=FLOATS),
    Row("cast_storage", [(2, 3)], {"stype": "dense"}, raises=True),
]
ROWS += [
    *[
        Row("amp_cast", [(2, 3)], {"dtype": to}, numeric=False, gradient=False, differs=NARROW)
        for to in ("int32", "int8", "uint8")
    ],
    Row("amp_cast", [(2, 3)], {"dtype": "int64"}, differs=NARROW, gradient=False),
    Row("amp_cast", [values([NAN, 0.0, -0.0])], {"dtype": "float16"}, numeric=False),
    Row("amp_multicast", [values([NAN, 0.0]), (3,)], {"num_outputs": 2}, numeric=False),
    Row("cast_storage", [values([[0.0, 0.0], [0.0, NAN]])], {"stype": "default"}, numeric=False),
    *[Row("cast_storage", [(2, 3)], {"stype": to}, FLOATS) for to in ("csr", "row_sparse")],
    *[
        Row("cast_storage", [values([[0.0, 1.5], [0.0, 0.0], [NAN, 2.0]])], {"stype": to})
        for to in ("csr", "row_sparse")
    ],
    Row("cast_storage", [(2, 3, 2)], {"stype": "row_sparse"}),
    Row("cast_storage", [(2, 3, 2)], {"stype": "csr"}, raises=True),
]
ROWS += [
    Row("amp_multicast", [(2,), (3,)], {"num_outputs": count}, raises=True) for count in (1, 3)
]
