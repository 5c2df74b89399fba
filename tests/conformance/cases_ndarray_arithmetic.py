"""Arithmetic and comparison of NDArrays: dtypes, numbers, broadcasting, in place, out, wrong calls.

Integer division by 0 is left out: the reference crashes.
"""

from __future__ import annotations

import operator

import numpy as np

from tests.conformance.case import case, error_of, outcome, raises

FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int8", "uint8", "int32", "int64")
SIGNS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "mod": operator.mod, "pow": operator.pow,
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
IN_PLACE = {
    "add": operator.iadd, "sub": operator.isub, "mul": operator.imul, "div": operator.itruediv,
    "mod": operator.imod,
}  # fmt: skip
FUNCTIONS = (
    "add", "subtract", "multiply", "divide", "true_divide", "modulo", "power", "maximum",
    "minimum", "equal", "not_equal", "greater", "greater_equal", "lesser", "lesser_equal",
    "logical_and", "logical_or", "logical_xor",
)  # fmt: skip


def _pair(mx, dtype):
    return mx.nd.array([[1, 7, 3]], dtype=dtype), mx.nd.array([[2], [3]], dtype=dtype)


def _of_arrays(mx, dtypes):
    found = {}
    for dtype in dtypes:
        a, b = _pair(mx, dtype)
        for name, sign in SIGNS.items():
            found[f"{dtype} {name}"] = outcome(lambda a=a, b=b, sign=sign: sign(a, b))
    return found


@case
def signs_between_float_arrays(mx, random):
    return _of_arrays(mx, FLOATS)


@case
def signs_between_integer_arrays(mx, random):
    return _of_arrays(mx, INTEGERS)


@case(differs="the reference refuses arrays of truth values in arithmetic")
def signs_between_boolean_arrays(mx, random):
    a = mx.nd.array([True, False, True]).astype("bool")
    b = mx.nd.array([True, True, False]).astype("bool")
    names = ("add", "sub", "mul", "eq", "ne", "lt", "ge")
    return {name: outcome(lambda name=name: SIGNS[name](a, b)) for name in names}


def _with_number(mx, dtypes, number):
    found = {}
    for dtype in dtypes:
        a = mx.nd.array([1, 7, 3], dtype=dtype)
        for name, sign in SIGNS.items():
            found[f"{dtype} {name}"] = outcome(lambda a=a, sign=sign: sign(a, number))
            found[f"{dtype} {name} reflected"] = outcome(lambda a=a, sign=sign: sign(number, a))
    return found


@case(rtol=2e-3)
def signs_with_a_whole_number(mx, random):
    return _with_number(mx, FLOATS + INTEGERS, 2)


@case(rtol=2e-3)
def signs_with_a_fraction_and_floats(mx, random):
    return _with_number(mx, FLOATS, 2.5)


@case
def signs_with_a_fraction_and_integers(mx, random):
    return _with_number(mx, INTEGERS, 2.5)


@case
def signs_with_a_negative_number_and_floats(mx, random):
    return _with_number(mx, FLOATS, -2)


@case
def signs_with_kinds_of_numbers(mx, random):
    a = mx.nd.array([1, 7, 3])
    whole = mx.nd.array([1, 7, 3], dtype="int32")
    numbers = {
        "bool": True, "int32": np.int32(2), "int64": np.int64(2), "float16": np.float16(0.5),
        "float64": np.float64(2.5), "numpy bool": np.bool_(True), "large": 2**40,
        "inf": float("inf"), "nan": float("nan"), "uint8": np.uint8(3),
    }  # fmt: skip
    found = {}
    for name, number in numbers.items():
        found[f"{name} added"] = outcome(lambda n=number: a + n)
        found[f"{name} multiplied"] = outcome(lambda n=number: a * n)
        found[f"{name} compared"] = outcome(lambda n=number: a >= n)
        if name not in ("large", "inf", "nan"):
            found[f"{name} added to integers"] = outcome(lambda n=number: whole + n)
    return found


@case
def signs_with_other_things(mx, random):
    a = mx.nd.array([1, 2])
    others = {
        "None": None, "text": "1", "list": [1, 2], "tuple": (1, 2), "dict": {}, "set": {1},
        "NumPy": np.array([1.0, 2.0]), "object": object(), "complex": 1j, "bytes": b"1",
    }  # fmt: skip
    found = {}
    for name, other in others.items():
        for sign in ("add", "mul", "pow", "gt"):
            found[f"{name} {sign}"] = error_of(lambda o=other, s=sign: SIGNS[s](a, o))
        found[f"{name} added to"] = error_of(lambda o=other: o + a)
    return found


@case
def numpy_on_the_left(mx, random):
    a = mx.nd.array([1, 2])
    return {
        "number": outcome(lambda: np.float32(2) * a),
        "number added": outcome(lambda: np.float64(2) + a),
        "integer": outcome(lambda: np.int64(2) - a),
        "type": type(np.float32(2) * a).__name__,
    }


@case
def arrays_of_different_dtypes(mx, random):
    found = {}
    for left, right in (
        ("float32", "float64"), ("float32", "float16"), ("float32", "int32"), ("int32", "float32"),
        ("int32", "int64"), ("uint8", "int8"), ("float16", "int8"),
    ):  # fmt: skip
        a, b = mx.nd.ones((2,), dtype=left), mx.nd.ones((2,), dtype=right)
        for name in ("add", "mul", "pow", "eq", "lt"):
            found[f"{left} {name} {right}"] = error_of(
                lambda a=a, b=b, n=name: SIGNS[n](a, b).asnumpy()
            )
    return found


@case
def shapes_that_broadcast(mx, random):
    shapes = {
        "equal": ((2, 3), (2, 3)), "row": ((2, 3), (1, 3)), "column": ((2, 3), (2, 1)),
        "one": ((2, 3), (1,)), "vector": ((2, 3), (3,)), "outer": ((2, 1), (1, 3)),
        "missing axes": ((3,), (2, 3)), "many": ((2, 1, 3, 1), (4, 1, 5)),
        "ones": ((1, 1), (1,)),
    }  # fmt: skip
    found = {}
    for name, (left, right) in shapes.items():
        a = mx.nd.array(random.normal(size=left))
        b = mx.nd.array(random.normal(size=right))
        found[f"{name} sum"], found[f"{name} greater"] = outcome(lambda a=a, b=b: a + b), a > b
    return found


@case
def shapes_that_do_not_broadcast(mx, random):
    found = {}
    for left, right in (((2, 3), (2,)), ((2, 3), (3, 2)), ((4,), (3,)), ((2, 3), (4, 1))):
        a, b = mx.nd.ones(left), mx.nd.ones(right)
        for name in ("add", "mul", "lt"):
            found[f"{left} {name} {right}"] = error_of(
                lambda a=a, b=b, n=name: SIGNS[n](a, b).asnumpy()
            )
    return found


@case
def in_place_with_numbers(mx, random):
    found = {}
    for dtype in FLOATS + INTEGERS:
        for name, sign in IN_PLACE.items():
            x = mx.nd.array([1, 7, 9], dtype=dtype)
            found[f"{dtype} {name}"] = outcome(lambda x=x, sign=sign: sign(x, 2))
            found[f"{dtype} {name} dtype"] = x.dtype
    return found


@case
def in_place_with_fractions_and_integers(mx, random):
    found = {}
    for name, sign in IN_PLACE.items():
        x = mx.nd.array([1, 7, 9], dtype="int32")
        found[name] = outcome(lambda x=x, sign=sign: sign(x, 2.5))
        found[f"{name} dtype"], found[f"{name} afterwards"] = x.dtype, x
    return found


@case
def in_place_with_arrays(mx, random):
    found = {}
    for name, sign in IN_PLACE.items():
        x = mx.nd.array([[1, 7, 9], [2, 4, 6]])
        kept, view = x, x[1]
        result = sign(x, mx.nd.array([2, 3, 4]))
        found[name], found[f"{name} view"], found[f"{name} same"] = x, view, result is kept
    return found


@case
def in_place_on_views(mx, random):
    x = mx.nd.arange(12).reshape((3, 4))
    row = x[1]
    row += 100
    flat = x.reshape((12,))
    flat *= 2
    part = x[0:2]
    part -= mx.nd.array([1, 2, 3, 4])
    return {"x": x, "row": row, "flat": flat}


@case
def in_place_that_is_wrong(mx, random):
    x = mx.nd.ones((2, 3))
    read_only = mx.nd.ones((2,))
    power = mx.nd.array([2, 3])
    before = power
    power **= 2
    found = {
        "larger shape": raises(lambda: IN_PLACE["add"](mx.nd.ones((3,)), x)),
        "another shape": raises(lambda: IN_PLACE["add"](x, mx.nd.ones((2,))).asnumpy()),
        "another dtype": error_of(
            lambda: IN_PLACE["add"](x, mx.nd.ones((2, 3), dtype="float64")).asnumpy()
        ),
        "text": error_of(lambda: IN_PLACE["add"](x, "1")),
        "list": error_of(lambda: IN_PLACE["mul"](x, [1, 2, 3])),
        "None": error_of(lambda: IN_PLACE["sub"](x, None)),
        "x": x,
        "read only": read_only,
        "power": power,
        "power is new": power is not before,
    }
    return found


@case
def functions_of_arrays_and_numbers(mx, random):
    a, b = mx.nd.array([[1, 0, 3]]), mx.nd.array([[2], [3]])
    found = {}
    for name in FUNCTIONS:
        function = getattr(mx.nd, name)
        found[f"{name} arrays"] = outcome(lambda f=function: f(a, b))
        found[f"{name} array and number"] = outcome(lambda f=function: f(a, 2))
        found[f"{name} number and array"] = outcome(lambda f=function: f(3, b))
        found[f"{name} numbers"] = outcome(lambda f=function: f(3, 2))
        found[f"{name} text"] = error_of(lambda f=function: f(a, "1"))
        found[f"{name} two texts"] = raises(lambda f=function: f("1", []))
    return found


@case
def functions_of_integers(mx, random):
    a, b = mx.nd.array([1, 6, 3], dtype="int32"), mx.nd.array([2, 3, 4], dtype="int32")
    found = {}
    for name in FUNCTIONS:
        function = getattr(mx.nd, name)
        found[f"{name} arrays"] = outcome(lambda f=function: f(a, b))
        found[f"{name} number"] = outcome(lambda f=function: f(a, 2))
        found[f"{name} fraction"] = outcome(lambda f=function: f(a, 1.5))
    return found


@case
def unary_signs(mx, random):
    found = {}
    for dtype in FLOATS + INTEGERS:
        x = mx.nd.array([1, 7, 0], dtype=dtype)
        found[f"{dtype} negative"] = outcome(lambda x=x: -x)
        found[f"{dtype} absolute"] = outcome(lambda x=x: abs(x))
    x = mx.nd.ones((2,))
    boolean = x.astype("bool")
    return {
        **found,
        "plus": error_of(lambda: +x),
        "invert": error_of(lambda: ~x),
        "invert bool": error_of(lambda: ~boolean),
        "negative bool": outcome(lambda: -boolean),
        "negative zero": 1 / -mx.nd.zeros((1,)),
    }


@case
def signs_that_do_not_exist(mx, random):
    a, b = mx.nd.array([5, 7]), mx.nd.array([2, 3])
    return {
        "matrix product": error_of(lambda: a @ b),
        "floor division": error_of(lambda: a // b),
        "floor division by a number": error_of(lambda: a // 2),
        "and": error_of(lambda: a & b),
        "or": error_of(lambda: a | b),
        "xor": error_of(lambda: a ^ b),
        "shift": error_of(lambda: a << 1),
        "divmod": error_of(lambda: divmod(a, 2)),
        "round": error_of(lambda: round(a)),
        "python 2 division": a.__div__(2),
        "python 2 reflected": a.__rdiv__(2),
        "python 2 in place": a.__idiv__(2),
    }


@case
def signs_of_odd_floats(mx, random):
    inf, nan = float("inf"), float("nan")
    a = mx.nd.array([inf, -inf, nan, 0.0, -0.0, 1.0])
    b = mx.nd.array([inf, 1.0, nan, 0.0, 0.0, 0.0])
    return {name: outcome(lambda s=sign: s(a, b)) for name, sign in SIGNS.items()}


@case
def modulo_of_signs(mx, random):
    a = mx.nd.array([5, -5, 5, -5, 5.5, -0.5])
    b = mx.nd.array([3, 3, -3, -3, 2, 2])
    whole, by = mx.nd.array([5, -5, 5, -5], dtype="int32"), mx.nd.array([3, 3, -3, -3])
    return {
        "floats": a % b,
        "by 3": a % 3,
        "by -3": a % -3,
        "of 7": 7 % b,
        "integers": whole % by.astype("int32"),
        "integers by 3": whole % 3,
        "integers by -3": whole % -3,
        "of -7": -7 % by.astype("int32"),
    }


@case
def integers_that_overflow(mx, random):
    small = mx.nd.array([127, -128, 100], dtype="int8")
    unsigned = mx.nd.array([255, 0, 200], dtype="uint8")
    wide = mx.nd.array([2**31 - 1, -(2**31)], dtype="int32")
    return {
        "int8 sum": small + small,
        "int8 product": small * small,
        "int8 plus 1": small + 1,
        "int8 negative": -small,
        "uint8 sum": unsigned + unsigned,
        "uint8 minus 1": unsigned - 1,
        "uint8 negative": -unsigned,
        "int32 plus 1": wide + 1,
        "int32 product": wide * wide,
    }


@case
def precision_of_wide_integers(mx, random):
    x = mx.nd.array([1], dtype="int64") * 0 + 2**53
    y = mx.nd.array([3], dtype="int64")
    return {"sum": x + y, "plus 1": x + 1, "product": x * y, "compare": x + y > x}


@case
def out_of_binary_operators(mx, random):
    a, b = mx.nd.array([1, 2]), mx.nd.array([3, 4])
    target = mx.nd.zeros((2,))
    half = mx.nd.zeros((2,), dtype="float16")
    returned = mx.nd.broadcast_add(a, b, out=target)
    view = mx.nd.zeros((2, 2))
    mx.nd.elemwise_mul(a, b, out=view[1])
    return {
        "target": target,
        "returned": returned is target,
        "view": view,
        "into itself": mx.nd.elemwise_sub(a, b, out=a),
        "a": a,
        "another dtype": error_of(lambda: mx.nd.elemwise_add(a, b, out=half).asnumpy()),
        "another shape": error_of(lambda: mx.nd.elemwise_add(a, b, out=mx.nd.ones((3,)))),
        "no array": raises(lambda: mx.nd.elemwise_add(a, b, out=[1, 2])),
    }


@case
def out_of_several_outputs(mx, random):
    x = mx.nd.arange(6).reshape((2, 3))
    parts = [mx.nd.zeros((2, 1)) for _ in range(3)]
    returned = mx.nd.split(x, num_outputs=3, axis=1, out=parts)
    top = [mx.nd.zeros((2, 1)), mx.nd.zeros((2, 1))]
    mx.nd.topk(x, k=1, ret_typ="both", out=top)
    return {
        "parts": parts,
        "returned": returned is parts or [r is p for r, p in zip(returned, parts, strict=True)],
        "top": top,
        "too few": raises(lambda: mx.nd.split(x, num_outputs=3, axis=1, out=parts[:2])),
    }


@case
def out_of_another_dtype(mx, random):
    nd, x = mx.nd, mx.nd.array([1.5, 2.5])
    half = lambda: nd.zeros((2,), dtype="float16")  # noqa: E731
    whole = lambda n=2: nd.zeros((n,), dtype="int32")  # noqa: E731
    double = lambda: nd.zeros((2,), dtype="float64")  # noqa: E731
    calls = {
        "sqrt": lambda: nd.sqrt(x, out=half()), "cast": lambda: nd.cast(x, "int32", out=half()),
        "copy": lambda: nd._internal._copy(x, out=half()),
        "copyto": lambda: nd._internal._copyto(x, out=half()),
        "set value": lambda: nd._internal._set_value(src=3, out=whole()),
        "uniform": lambda: nd.random.uniform(shape=(2,), out=half()).dtype,
        "uniform of a dtype": lambda: nd.random.uniform(shape=(2,), dtype="float32", out=half()),
        "normal": lambda: nd.random.normal(0, 1, out=double()).dtype,
        "randint": lambda: nd.random.randint(0, 5, out=whole()).dtype,
        "sample": lambda: nd.sample_uniform(x, x + 1, out=double()).dtype,
        "multinomial": lambda: nd.sample_multinomial(x, out=nd.zeros((1,))),
        "zeros": lambda: nd.zeros((2,), out=half()), "ones": lambda: nd.ones((2,), out=whole()),
        "full": lambda: nd.full((2,), 3.5, out=whole()), "eye": lambda: nd.eye(1, 2, out=whole()),
        "argmax": lambda: nd.argmax(x, axis=0, out=whole(1)),
        "argsort": lambda: nd.argsort(x, out=whole()), "topk": lambda: nd.topk(x, out=whole(1)),
        "sum": lambda: nd.sum(x, axis=0, out=whole(1)),
        "clip": lambda: nd.clip(x, 0, 1, out=double()),
        "take": lambda: nd.take(x, nd.array([0, 1]), out=double()),
        "compare": lambda: nd.broadcast_greater(x, x, out=whole()),
        "concat": lambda: nd.concat(x, x, dim=0, out=whole(4)),
        "update": lambda: nd.sgd_update(x, x, lr=0.1, out=double()),
        "softmax": lambda: nd.softmax(x, dtype="float64", out=half()),
    }  # fmt: skip
    return {**{name: outcome(call) for name, call in calls.items()}, "x": x}
