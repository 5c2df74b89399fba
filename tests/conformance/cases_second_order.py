"""Derivatives of second and third order where the reference has them, ties and edges included.

Each gradient is weighted by a random head before the next is taken. Operators that the reference
differentiates once only are in tests/ops/test_second_order.py.
"""

from __future__ import annotations

from tests.conformance.case import case

KINKS = [-2, -1, -0.5, -0.0, 0, 0.5, 1, 2]
EDGES = [*KINKS, float("inf"), -float("inf"), float("nan")]
INSIDE = [0.2, 0.4, 0.6, 0.8]

POWERS = ("exp", "expm1", "sqrt", "rsqrt", "cbrt", "rcbrt", "square", "reciprocal")
LOGARITHMS = ("log", "log10", "log1p", "log2")
ANGLES = ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "radians")
HYPERBOLIC = ("sinh", "cosh", "tanh", "arctanh")
ROUNDING = ("ceil", "fix", "floor", "rint", "round", "trunc")
CONSTANT = ("ones_like", "zeros_like", "BlockGrad", "logical_not", "make_loss", "argmax", "argmin")
COMPARISONS = ("equal", "not_equal", "greater", "greater_equal", "lesser", "lesser_equal")
LOGIC = ("logical_and", "logical_or", "logical_xor")


def _heads(mx, random, arrays):
    return [mx.nd.array(random.normal(size=array.shape)) for array in arrays]


def _orders(mx, random, function, *given):
    """Return the first and second derivatives of a function of arrays by each of them."""
    variables = [mx.nd.array(values) for values in given]
    for variable in variables:
        variable.attach_grad()
    with mx.autograd.record():
        outputs = function(*variables)
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        heads = _heads(mx, random, outputs)
        firsts = mx.autograd.grad(outputs, variables, heads, create_graph=True, retain_graph=True)
    mx.autograd.backward(firsts, _heads(mx, random, firsts))
    found = {f"first {i}": first for i, first in enumerate(firsts)}
    return {**found, **{f"second {i}": array.grad for i, array in enumerate(variables)}}


def _third(mx, random, function, values):
    """Return the third derivative of a function of one array."""
    x = mx.nd.array(values)
    x.attach_grad()
    with mx.autograd.record():
        y = function(x)
        for _ in range(2):
            head = _heads(mx, random, [y])
            y = mx.autograd.grad(y, x, head, create_graph=True, retain_graph=True)[0]
    mx.autograd.backward([y], _heads(mx, random, [y]))
    return x.grad


def _named(mx, random, names, *given):
    """Return first and second derivatives of operators of `mx.nd` by their names."""
    found = {}
    for name in names:
        orders = _orders(mx, random, getattr(mx.nd, name), *given)
        found.update({f"{name} {order}": array for order, array in orders.items()})
    return found


def _bent(mx, function):
    """Return the sine of a function: second derivatives pass its gradient by the head's way."""
    return lambda *arrays: mx.nd.sin(function(*arrays))


@case
def powers(mx, random):
    return _named(mx, random, POWERS, EDGES)


@case
def logarithms(mx, random):
    return _named(mx, random, LOGARITHMS, EDGES)


@case
def angles(mx, random):
    return _named(mx, random, ANGLES, EDGES)


@case
def hyperbolic_functions(mx, random):
    return _named(mx, random, HYPERBOLIC, EDGES)


@case
def kinks(mx, random):
    numbers = EDGES[:-1]  # the gradients of relu and clip at NaN differ: tests/ops/elementwise
    found = _named(mx, random, ("relu", "sigmoid", "abs"), numbers)
    clipped = _orders(mx, random, lambda x: mx.nd.clip(x, -1, 1), numbers)
    return {**found, **{f"clip {order}": array for order, array in clipped.items()}}


@case
def third_order(mx, random):
    found = {}
    names = [*POWERS, *LOGARITHMS, *ANGLES, *HYPERBOLIC, "relu", "sigmoid", "abs"]
    for name in names:
        if name not in ("exp", "radians"):  # the reference differentiates these twice only
            found[name] = _third(mx, random, getattr(mx.nd, name), INSIDE)
    found["clip"] = _third(mx, random, lambda x: mx.nd.clip(x, 0, 0.5), INSIDE)
    return found


@case
def steps_are_flat(mx, random):
    return _named(mx, random, ROUNDING, EDGES)


@case
def constants_are_flat(mx, random):
    return _named(mx, random, CONSTANT, [KINKS])


@case
def comparisons_are_flat(mx, random):
    found = {}
    for name in (*COMPARISONS, *LOGIC):
        function = getattr(mx.nd, f"broadcast_{name}")
        for order, array in _orders(mx, random, function, KINKS, [0.5]).items():
            found[f"{name} {order}"] = array
    for name in COMPARISONS:
        function = getattr(mx.nd._internal, f"_{name}_scalar")
        orders = _orders(mx, random, lambda x, f=function: f(x, scalar=1), KINKS)
        found.update({f"{name} number {order}": array for order, array in orders.items()})
    return found


@case
def orderings_are_flat(mx, random):
    ways = {
        "argsort": mx.nd.argsort,
        "indices": lambda x: mx.nd.topk(x, k=2),
        "mask": lambda x: mx.nd.topk(x, k=2, ret_typ="mask"),
    }
    found = {}
    for name, function in ways.items():
        for order, array in _orders(mx, random, function, random.normal(size=(2, 4))).items():
            found[f"{name} {order}"] = array
    return found


@case
def codes_are_flat(mx, random):
    ways = {
        "one_hot": lambda x: mx.nd.one_hot(x, depth=4),
        "ravel": lambda x: mx.nd.ravel_multi_index(x, shape=(3, 4)),
        "unravel": lambda x: mx.nd.unravel_index(x, shape=(3, 4)),
        "arange_like": mx.nd.contrib.arange_like,
    }
    given = {"ravel": [[0, 2], [1, 3]], "unravel": [3, 11]}
    found = {}
    for name, function in ways.items():
        orders = _orders(mx, random, function, given.get(name, [0, 2, 3]))
        found.update({f"{name} {order}": array for order, array in orders.items()})
    return found


@case
def codings_are_flat(mx, random):
    boxes = [[[0.1, 0.2, 0.5, 0.6], [0.3, 0.3, 0.4, 0.9]]]
    anchors = mx.nd.array([[[0.2, 0.2, 0.6, 0.6], [0.1, 0.3, 0.5, 0.8]]])
    ranges = mx.nd.array([-1]), mx.nd.array([1])
    ways = {
        "quantize": (lambda x: mx.nd.contrib.quantize(x, *ranges)[1:], [-0.5, 0.5]),
        "quantize_v2": (lambda x: mx.nd.contrib.quantize_v2(x, out_type="int8")[1:], [-0.5, 0.5]),
        "box_decode": (lambda x: mx.nd.contrib.box_decode(x, anchors), boxes),
    }
    found = {}
    for name, (function, given) in ways.items():
        orders = _orders(mx, random, function, given)
        found.update({f"{name} {order}": array for order, array in orders.items()})
    return found


@case
def lighting(mx, random):
    light = {"alpha": (0.1, -0.2, 0.3)}
    function = _bent(mx, lambda x: mx.nd.image.adjust_lighting(x, **light))
    return _orders(mx, random, function, random.normal(size=(2, 2, 3)))


@case
def sums_with_numbers_of_sparse_arrays(mx, random):
    found = {}
    for name in ("_scatter_plus_scalar", "_scatter_minus_scalar"):
        function = getattr(mx.nd._internal, name)
        bent = _bent(mx, lambda x, f=function: f(x, scalar=2))
        for order, array in _orders(mx, random, bent, INSIDE).items():
            found[f"{name} {order}"] = array
    return found


@case
def moved_elements(mx, random):
    ways = {
        "transpose": mx.nd.transpose,
        "transpose by axes": lambda x: mx.nd.transpose(x, axes=(0, 2, 3, 1)),
        "depth_to_space": lambda x: mx.nd.depth_to_space(x, block_size=2),
        "space_to_depth": lambda x: mx.nd.space_to_depth(x, block_size=2),
        "identity": mx.nd.identity,
        "cast_storage": lambda x: mx.nd.cast_storage(x, stype="default"),
    }
    found = {}
    for name, function in ways.items():
        given = random.normal(size=(1, 4, 2, 2))
        for order, array in _orders(mx, random, _bent(mx, function), given).items():
            found[f"{name} {order}"] = array
    return found


@case
def picked_elements(mx, random):
    def gather(x, places):
        return mx.nd.gather_nd(x, places)

    def scatter(x, places):
        return mx.nd.scatter_nd(x, places, shape=(2, 3))

    places, twice = [[0, 1], [2, 0]], [[0, 0], [2, 2]]
    found = {}
    for name, function, given in (
        ("gather", gather, (random.normal(size=(2, 3)), places)),
        ("gather twice", gather, (random.normal(size=(2, 3)), twice)),
        ("scatter", scatter, (random.normal(size=(2,)), places)),
    ):
        for way, bent in (("", function), (" bent", _bent(mx, function))):
            orders = _orders(mx, random, bent, *given)
            found.update({f"{name}{way} {order}": array for order, array in orders.items()})
    return found


@case
def sums_and_products_with_numbers(mx, random):
    ways = {
        "x + y": mx.nd.elemwise_add,
        "add_n": lambda x, y: mx.nd.add_n(x, y, x),
        "x + 2": lambda x, y: x + 2,
        "x - 2": lambda x, y: x - 2,
        "2 - x": lambda x, y: 2 - x,
        "-x": lambda x, y: mx.nd.negative(x),
        "over a root": lambda x, y: mx.nd.contrib.div_sqrt_dim(x),
    }
    found = {}
    for name, function in ways.items():
        given = random.normal(size=(2, 3)), random.normal(size=(2, 3))
        if name in ("x + y", "add_n"):
            orders = _orders(mx, random, _bent(mx, function), *given)
        else:
            one = _bent(mx, function)
            orders = _orders(mx, random, lambda x, f=one: f(x, None), given[0])
        found.update({f"{name} {order}": array for order, array in orders.items()})
    return found


@case
def straight_through_estimators(mx, random):
    found = {}
    for name in ("round_ste", "sign_ste"):
        function = _bent(mx, getattr(mx.nd.contrib, name))
        for order, array in _orders(mx, random, function, KINKS).items():
            found[f"{name} {order}"] = array
    return found


@case
def matrix_products(mx, random):
    shapes = {(): ((2, 3, 4), (2, 4, 2)), ("transpose_a",): ((2, 4, 3), (2, 4, 2))}
    shapes[("transpose_a", "transpose_b")] = ((2, 4, 3), (2, 2, 4))
    found = {}
    for turned, (left, right) in shapes.items():

        def product(x, y, turned=turned):
            return mx.nd.batch_dot(x, y, **dict.fromkeys(turned, True))

        for way, function in (("", product), ("bent ", _bent(mx, product))):
            given = random.normal(size=left), random.normal(size=right)
            orders = _orders(mx, random, function, *given)
            found.update({f"{way}{turned} {order}": array for order, array in orders.items()})
    return found


@case
def fully_connected_layers(mx, random):
    found = {}
    for bias in (False, True):

        def layer(*arrays, bias=bias):
            return mx.nd.FullyConnected(*arrays, num_hidden=3, no_bias=not bias)

        shapes = ((2, 4), (3, 4), (3,))[: 2 + bias]
        orders = _orders(mx, random, layer, *[random.normal(size=shape) for shape in shapes])
        found.update({f"bias {bias} {order}": array for order, array in orders.items()})
    return found


@case(differs="the reference's second derivatives have the wrong sign")
def inverse_hyperbolic_functions(mx, random):
    found = _named(mx, random, ("arcsinh",), EDGES)
    return {**found, **_named(mx, random, ("arccosh",), [1.5, 2, 3])}


@case(differs="the reference takes the way by the head gradient for a constant")
def ways_that_the_reference_drops(mx, random):
    layer = {
        "clip": lambda x: mx.nd.clip(x, -1, 1),
        "radians": mx.nd.radians,
        "Dropout": lambda x: mx.nd.Dropout(x, p=0),
    }
    found = {}
    for name, function in layer.items():
        for order, array in _orders(mx, random, _bent(mx, function), INSIDE).items():
            found[f"{name} {order}"] = array

    def dense(*arrays):
        return mx.nd.FullyConnected(*arrays, num_hidden=3)

    given = [random.normal(size=shape) for shape in ((2, 4), (3, 4), (3,))]
    for order, array in _orders(mx, random, _bent(mx, dense), *given).items():
        found[f"FullyConnected {order}"] = array
    return found
