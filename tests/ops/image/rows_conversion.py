"""Rows for the way from image files to tensors."""

from tests.ops.rows import Row, integers, values

FLOATS = ("float16", "float32", "float64")
DTYPES = ("uint8", "int32", *FLOATS)
# red, green and blue, half of them dark, as a PNG file of 2 x 3 pixels
PNG = values(
    list(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d000000194944415408d7636060f80f860ccc22464f451edc38c3a00c00404b06e75cbd22850000000049454e44ae426082"
        )
    ),
    "uint8",
)
STATISTICS = {"mean": (0.1, 0.2, 0.3), "std": (1, 2, 4)}

ROWS = [
    Row("image.to_tensor", [integers(0, 256, 2, 3, 3)], dtypes=DTYPES, gradient=False),
    Row("image.to_tensor", [integers(0, 256, 2, 4, 3, 1)], gradient=False),
    Row("image.to_tensor", [integers(0, 256, 2, 2, 3)], dtypes=("float64",), numeric=False),
    Row("image.to_tensor", [(3, 4)], raises=True),
    Row("image.to_tensor", [(1, 1, 2, 3, 3)], raises=True),
    Row("image.normalize", [(3, 2, 4)], STATISTICS, dtypes=FLOATS),
    Row("image.normalize", [(2, 3, 2, 4)], STATISTICS),
    Row("image.normalize", [(3, 2, 4)], {"mean": 0.5, "std": (1, 2, 3)}),
    Row("image.normalize", [(1, 2, 4)], {"mean": (0.5,), "std": 2}),
    Row(
        "image.normalize",
        [integers(5, 90, 3, 2, 2)],
        {"mean": 3, "std": 2},
        dtypes=("uint8", "int32"),
    ),
    Row("image.normalize", [(3, 2, 2)], {"mean": 0.5, "std": 0}, gradient=False),
    Row("image.normalize", [(3, 2, 2)], raises=True),
    Row("image.normalize", [(3, 2, 2)], {**STATISTICS, "mean": (1, 2)}, raises=True),
    Row("image.normalize", [(1, 2, 2)], STATISTICS, raises=True),
    Row("image.normalize", [(2, 2, 2)], {"mean": 1, "std": 1}, raises=True),
    Row("image.normalize", [(3, 2)], STATISTICS, raises=True),
    Row("_cvimdecode", [PNG], gradient=False),
    Row("_cvimdecode", [PNG], {"to_rgb": False}, gradient=False),
    Row("_cvimdecode", [PNG], {"flag": 0}, gradient=False),
    Row("_cvimdecode", [values([1, 2, 3], "uint8")], raises=True),
    Row("_cvimdecode", [PNG], {"flag": -1}, raises=True),
    Row("_cvimdecode", [(9,)], raises=True),
    Row("_cvimread", [], {"filename": "no-such-file.png"}, raises=True),
    Row("_cvimread", [], raises=True),
]
ROWS += [
    Row("image.to_tensor", [values([[[0], [255]], [[1], [2]]])], dtypes=("uint8",), gradient=False),
    Row(
        "image.normalize", [values([[[0.0, float("nan")]]])], {"mean": 0.5, "std": 2}, numeric=False
    ),
]
# one pixel of (10, 20, 30) in blue, green and red
DOT = values(
    list(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154081d639013e102000090003d66c72af10000000049454e44ae426082"
        )
    ),
    "uint8",
)
ROWS += [
    Row("_cvimdecode", [DOT], gradient=False),
    *[Row("_cvimdecode", [values([1, 2, 3], d)], raises=True) for d in ("float16", "float64")],
]
