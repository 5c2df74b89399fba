"""`mx.random`, `mx.nd.random`, `mx.sym.random`: what comes back, what is refused, and seeds.

The numbers themselves are those of other generators (docs/differences.md); their distributions are
tested in tests/ops/random and tests/unit/test_random.py.
"""

from __future__ import annotations

import numpy as np

from tests.conformance.case import case, error_of, raises

# By distribution: parameters, all positive.
PARAMETERS = {
    "uniform": {"low": 0, "high": 1},
    "normal": {"loc": 0.5, "scale": 1},
    "poisson": {"lam": 4},
    "exponential": {"scale": 2},
    "gamma": {"alpha": 2, "beta": 3},
    "negative_binomial": {"k": 3, "p": 0.5},
    "generalized_negative_binomial": {"mu": 2, "alpha": 0.3},
}


def _facts(drawn):
    """Return what is not up to chance."""
    if isinstance(drawn, (list, tuple)):
        return [_facts(each) for each in drawn]
    return drawn.shape, np.dtype(drawn.dtype).name, str(drawn.context)


def _of_all(function):
    """Return what a function of (name, parameters) finds for each distribution."""
    return {name: function(name, dict(given)) for name, given in PARAMETERS.items()}


def _arrays(mx, given, dtype="float32"):
    return {key: mx.nd.array([value, value], dtype=dtype) for key, value in given.items()}


# Draws with numbers as parameters.


@case
def shapes_of_draws(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, name)
        shapes = {"int": 3, "tuple": (2, 3), "list": [2, 3]}
        found = {label: _facts(function(**given, shape=s)) for label, s in shapes.items()}
        found["none given"] = _facts(function(**given))
        found["nothing given"] = _facts(function())
        found["by position"] = _facts(function(*given.values(), (4,)))
        found["mx.random"] = _facts(getattr(mx.random, name)(**given, shape=(2,)))
        found["empty"] = error_of(lambda: function(**given, shape=()).asnumpy())
        found["negative"] = error_of(lambda: function(**given, shape=(-1, 2)).asnumpy())
        return found

    return _of_all(draw)


@case
def dtypes_of_draws(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, name)

        def of(dtype):
            return lambda: function(**given, shape=(2,), dtype=dtype)

        floats = ("float16", "float32", "float64", np.float64)
        found = {str(dtype): _facts(of(dtype)()) for dtype in floats}
        for dtype in ("int32", "uint8", "nonsense"):
            found[dtype] = error_of(of(dtype))
        return found

    return _of_all(draw)


@case
def contexts_of_draws(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, name)
        found = {
            "context": _facts(function(**given, ctx=mx.cpu(1))),
            "text": _facts(function(**given, ctx="cpu(1)")),
        }
        with mx.cpu(1):
            found["current"] = _facts(function(**given))
        return found

    return _of_all(draw)


@case
def draws_into_arrays(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, name)

        def into(dtype="float32", **options):
            return function(**given, out=mx.nd.zeros((2, 3), dtype=dtype), **options)

        target = mx.nd.zeros((2, 3))
        return {
            "itself": function(**given, out=target) is target,
            "facts": _facts(into()),
            "float64": _facts(into("float64")),
            "shape beside": _facts(into(shape=(2, 3))),
            "another shape": error_of(lambda: into(shape=(4,))),
            "another dtype": error_of(lambda: into(shape=(2, 3), dtype="float64")),
        }

    return _of_all(draw)


@case
def wrong_parameters(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, name)

        def of(value):
            return error_of(lambda: function(**dict.fromkeys(given, value)).asnumpy())

        found = {
            "text": of("a"),
            "nothing": of(None),
            "NumPy array": of(np.array([1.0])),
            "unknown keyword": error_of(lambda: function(**given, foo=3)),
        }
        if len(given) > 1:
            first, second = given
            arrays = _arrays(mx, given)
            found["array first"] = error_of(
                lambda: function(**{first: arrays[first], second: given[second]})
            )
            found["array second"] = error_of(
                lambda: function(**{first: given[first], second: arrays[second]})
            )
            found["shapes"] = error_of(
                lambda: function(**{first: arrays[first], second: mx.nd.ones((3,))}).asnumpy()
            )
        return found

    return _of_all(draw)


@case
def parameters_out_of_range(mx, random):
    def of(name, *parameters):
        return error_of(lambda: getattr(mx.nd.random, name)(*parameters, shape=(2,)).asnumpy())

    return {
        "negative scale": of("normal", 0, -1),
        "negative lam": of("poisson", -1),
        "negative exponential": of("exponential", -1),
        "negative alpha": of("gamma", -1, 1),
        "negative beta": of("gamma", 1, -1),
        "negative k": of("negative_binomial", -1, 0.5),
        "negative p": of("negative_binomial", 1, -0.5),
        "negative mu": of("generalized_negative_binomial", -1, 1),
        "negative dispersion": of("generalized_negative_binomial", 1, -1),
        "NumPy numbers": of("normal", np.float32(1), np.int64(2)),
    }


# Draws with arrays as parameters.


@case
def draws_for_each_parameter(mx, random):
    def draw(name, given):
        function, arrays = getattr(mx.nd.random, name), _arrays(mx, given)
        on_second = {key: each.as_in_context(mx.cpu(1)) for key, each in arrays.items()}
        found = {
            "none": _facts(function(**arrays)),
            "int": _facts(function(**arrays, shape=3)),
            "tuple": _facts(function(**arrays, shape=(3, 4))),
            "dtype": _facts(function(**arrays, shape=3, dtype="float64")),
            "context": _facts(function(**on_second, shape=3)),
            "out": _facts(function(**arrays, shape=3, out=mx.nd.zeros((2, 3)))),
            "another out": error_of(lambda: function(**arrays, shape=3, out=mx.nd.zeros((2, 2)))),
            "operator": _facts(getattr(mx.nd, f"sample_{name}")(*arrays.values())),
        }
        for dtype in ("float64", "float16", "int32"):
            found[dtype] = _facts(function(**_arrays(mx, given, dtype), shape=3))
        matrices = {key: mx.nd.full((2, 3), value) for key, value in given.items()}
        found["matrices"] = _facts(function(**matrices, shape=4))
        return found

    return _of_all(draw)


@case
def draws_like_arrays(mx, random):
    def draw(name, given):
        function = getattr(mx.nd.random, f"{name}_like")
        options = {"lam": 0.5} if name == "exponential" else given
        x = mx.nd.ones((2, 3), ctx=mx.cpu(1))
        return {
            "plain": _facts(function(x)),
            "parameters": _facts(function(x, **options)),
            "float64": _facts(function(x.astype("float64"))),
            "float16": _facts(function(x.astype("float16"))),
            "integers": error_of(lambda: function(x.astype("int32")).asnumpy()),
        }

    return _of_all(draw)


# Single functions.


@case
def randn_draws(mx, random):
    randn = mx.nd.random.randn
    ones = mx.nd.ones((2,))
    return {
        "no shape": error_of(lambda: randn().asnumpy()),
        "shape": _facts(randn(2, 3)),
        "options": _facts(randn(2, 3, loc=1, scale=2, dtype="float64", ctx=mx.cpu(1))),
        "arrays": _facts(randn(2, loc=ones, scale=ones)),
        "out": _facts(randn(2, out=mx.nd.zeros((2,)))),
        "unknown": error_of(lambda: randn(2, foo=1)),
    }


@case
def whole_numbers(mx, random):
    randint = mx.nd.random.randint

    def error(*bounds, **options):
        return error_of(lambda: randint(*bounds, **options).asnumpy())

    return {
        "facts": _facts(randint(0, 10)),
        "shape": _facts(randint(0, 10, shape=(2, 3))),
        "by name": _facts(randint(low=0, high=3, shape=(2,))),
        "int32": _facts(randint(0, 10, shape=2, dtype="int32")),
        "int64": _facts(randint(0, 2**40, shape=2, dtype="int64")),
        "context": _facts(randint(0, 5, ctx=mx.cpu(1))),
        "out": _facts(randint(0, 5, out=mx.nd.zeros((2,), dtype="int32"))),
        "out int64": _facts(randint(0, 5, out=mx.nd.zeros((2,), dtype="int64"))),
        "NumPy numbers": _facts(randint(np.int32(1), np.int64(4))),
        "one number": randint(3, 4, shape=5),
        "bounds": _between(randint(-2, 3, shape=(500,)), -2, 2),
        "large bounds": _between(
            randint(2**40, 2**40 + 2, shape=(50,), dtype="int64"), 2**40, 2**40 + 1
        ),
        "out of floats": error(0, 5, out=mx.nd.zeros((2,))),
        **{dtype: error(0, 9, dtype=dtype) for dtype in ("float32", "uint8", "int8", "nonsense")},
        "floats": error(0.0, 10.0),
        "no high": error(5),
        "arrays": error(mx.nd.ones((2,)), mx.nd.ones((2,))),
        "array": error(0, mx.nd.ones((2,))),
    }


def _between(drawn, low, high):
    """Return whether both bounds were drawn, and nothing beyond them."""
    values = drawn.asnumpy()
    return int(values.min()) == low, int(values.max()) == high


@case
def classes(mx, random):
    rows = mx.nd.array([[0.2, 0.8], [1, 0]])
    draw = mx.nd.random.multinomial
    sure = mx.nd.array([0, 1, 0])
    drawn, logs = draw(sure, shape=2, get_prob=True)
    found = {
        "one": _facts(draw(rows)),
        "vector": _facts(draw(rows[0])),
        "int": _facts(draw(rows, shape=3)),
        "tuple": _facts(draw(rows, shape=(3, 4))),
        "empty": _facts(draw(rows, shape=())),
        "vector int": _facts(draw(rows[0], shape=5)),
        "three axes": _facts(draw(mx.nd.ones((2, 2, 2)) / 2)),
        "logs": _facts(draw(rows, shape=3, get_prob=True)),
        "logs of a vector": _facts(draw(rows[0], get_prob=True)),
        "logs in float64": _facts(draw(rows.astype("float64"), get_prob=True)),
        "out": _facts(draw(rows, out=mx.nd.zeros((2,), dtype="int32"))),
        "sure": draw(sure, shape=4), "sure drawn": drawn, "sure log": logs,
        "mx.random": _facts(mx.random.multinomial(rows)),
        "integers": error_of(lambda: draw(rows.astype("int32")).asnumpy()),
        "nothing": error_of(lambda: draw(None)),
        "NumPy array": raises(lambda: draw(np.array([0.5, 0.5]))),
        "negative shape": error_of(lambda: draw(rows, shape=-1).asnumpy()),
    }  # fmt: skip
    for dtype in ("float16", "float32", "float64", "uint8"):
        found[dtype] = _facts(draw(rows, dtype=dtype))
    found["int64"] = error_of(lambda: draw(rows, dtype="int64"))
    return found


@case
def log_probabilities_have_gradients(mx, random):
    sure = mx.nd.array([[0, 1, 0], [0, 0, 1]])
    sure.attach_grad()
    with mx.autograd.record():
        drawn, logs = mx.nd.random.multinomial(sure, shape=2, get_prob=True)
        loss = logs * mx.nd.array([[1, 2], [3, 4]])
    loss.backward()
    return {"drawn": drawn, "gradient": sure.grad}


@case
def shuffled_rows(mx, random):
    x = mx.nd.arange(12).reshape((4, 3))
    shuffle = mx.nd.random.shuffle

    def rows(array):
        return sorted(array.asnumpy().tolist())

    target = mx.nd.zeros((4, 3))
    shuffle(x, out=target)
    once = mx.nd.arange(4)
    shuffle(once, out=once)
    return {
        "rows": rows(shuffle(x)),
        "facts": _facts(shuffle(x)),
        "source": x,
        "vector": rows(shuffle(mx.nd.arange(5))),
        "integers": _facts(shuffle(x.astype("int32"))),
        "out": rows(target),
        "in place": rows(once),
        "single": shuffle(mx.nd.array([7])),
        "mx.random": rows(mx.random.shuffle(x)),
        "NumPy array": raises(lambda: shuffle(np.arange(4))),
    }


# Symbols.


@case
def symbols_of_draws(mx, random):
    def draw(name, given):
        function = getattr(mx.sym.random, name)
        variables = {key: mx.sym.Variable(key, shape=(2,)) for key in given}
        found = {}
        for label, symbol in (
            ("numbers", function(**given, shape=(2, 3), name="draw")),
            ("int", function(**given, shape=2, name="draw")),
            ("float64", function(**given, shape=(2, 3), dtype="float64", name="draw")),
            ("context", function(**given, shape=2, ctx="cpu(1)", name="draw")),
            ("symbols", function(**variables, shape=(3,), name="draw")),
            ("symbols float64", function(**variables, shape=(3,), dtype="float64", name="draw")),
        ):
            attrs = sorted(symbol.attr_dict()["draw"].items())
            types = [np.dtype(each).name for each in symbol.infer_type()[1] or []]
            found[label] = symbol.list_arguments(), symbol.infer_shape()[1], types, attrs
        drawn = function(**given, shape=(2, 3)).bind(mx.cpu(), {}).forward()[0]
        found["drawn"] = _facts(drawn)
        arrays = _arrays(mx, given)
        drawn = function(**variables, shape=(3,)).bind(mx.cpu(), arrays).forward()[0]
        found["drawn for each"] = _facts(drawn)
        found["arrays"] = error_of(lambda: function(**arrays))
        if len(given) > 1:
            first, second = given
            mixed = {first: variables[first], second: given[second]}
            found["mixed"] = error_of(lambda: function(**mixed))
        return found

    return _of_all(draw)


@case
def symbols_of_other_draws(mx, random):
    p, x = mx.sym.Variable("p", shape=(2, 2)), mx.sym.Variable("x", shape=(4, 3))
    r = mx.sym.random
    found = {}
    for label, symbol in (
        ("randn", r.randn(2, 3, name="draw")),
        ("randint", r.randint(0, 5, shape=(2,), name="draw")),
        ("randint int64", r.randint(0, 5, shape=(2,), dtype="int64", name="draw")),
        ("multinomial", r.multinomial(p, shape=3, name="draw")),
        ("multinomial logs", r.multinomial(p, shape=3, get_prob=True, name="draw")),
        ("shuffle", r.shuffle(x, name="draw")),
        ("uniform like", r.uniform_like(x, name="draw")),
        ("normal like", r.normal_like(x, loc=1, scale=2, name="draw")),
    ):
        outputs = symbol.list_outputs() if label != "multinomial" else ["draw_output"]
        shapes = symbol.infer_shape()[1][: len(outputs)]
        found[label] = symbol.list_arguments(), outputs, shapes
    return found


# Seeds.


def _draw(mx, ctx=None):
    return mx.nd.random.uniform(shape=(4,), ctx=ctx or mx.cpu(0)).asnumpy().tolist()


@case
def seeds_repeat_draws(mx, random):
    def twice(name, given):
        draws = []
        for _ in range(2):
            mx.random.seed(42)
            function = getattr(mx.nd.random, name)
            draws.append(
                [
                    function(**given, shape=(5,)).asnumpy().tolist(),
                    function(**_arrays(mx, given), shape=5).asnumpy().tolist(),
                    getattr(mx.nd.random, f"{name}_like")(mx.nd.ones((5,))).asnumpy().tolist(),
                ]
            )
        return draws[0] == draws[1]

    found = _of_all(twice)
    for name, draw in {
        "randn": lambda: mx.nd.random.randn(5),
        "randint": lambda: mx.nd.random.randint(0, 1000, shape=(5,)),
        "multinomial": lambda: mx.nd.random.multinomial(mx.nd.ones((8,)) / 8, shape=5),
        "shuffle": lambda: mx.nd.random.shuffle(mx.nd.arange(20)),
        "dropout": lambda: _dropped(mx),
        "bound": lambda: mx.sym.random.normal(0, 1, shape=(5,)).bind(mx.cpu(), {}).forward()[0],
    }.items():
        draws = []
        for _ in range(2):
            mx.random.seed(7)
            draws.append(draw().asnumpy().tolist())
        found[name] = draws[0] == draws[1]
    return found


def _dropped(mx):
    with mx.autograd.train_mode():
        return mx.nd.Dropout(mx.nd.ones((100,)), p=0.5)


@case
def seeds_differ(mx, random):
    found = {}
    mx.random.seed(3)
    first, second = _draw(mx), _draw(mx)
    found["draws go on"] = first == second
    mx.random.seed(4)
    found["another seed"] = first == _draw(mx)
    mx.random.seed(3)
    found["the seed again"] = first == _draw(mx)
    return found


@case
def seeds_of_contexts(mx, random):
    """The CPU contexts share a generator."""
    found, one, two = {}, mx.cpu(0), mx.cpu(1)
    mx.random.seed(3)
    first = _draw(mx, one)
    found["contexts go on"] = first == _draw(mx, two)
    mx.random.seed(3)
    found["of the other"] = first == _draw(mx, two)
    mx.random.seed(3)
    mx.random.seed(9, ctx=two)
    found["the other's seed"] = first == _draw(mx, one)
    mx.random.seed(9, ctx=two)
    nine = _draw(mx, two)
    mx.random.seed(9, ctx=one)
    found["same seed"] = nine == _draw(mx, two)
    mx.random.seed(9, ctx=one)
    found["named"] = nine == _draw(mx, one)
    mx.random.seed(9, ctx="all")
    found["all"] = nine == _draw(mx, one)
    mx.random.seed(9, ctx="cpu")
    found["text"] = nine == _draw(mx, one)
    return found


@case
def seeds_that_are_accepted(mx, random):
    def repeats(seed):
        draws = []
        for _ in range(2):
            mx.random.seed(seed)
            draws.append(_draw(mx))
        return draws[0] == draws[1]

    found = {str(seed): repeats(seed) for seed in (0, -1, 2**31, 2**40, 2**70, True, np.int64(5))}
    for seed in (1.5, 3.0, "a", None, np.float32(3)):
        found[repr(plain(seed))] = error_of(lambda seed=seed: mx.random.seed(seed))
    found["context"] = raises(lambda: mx.random.seed(1, ctx=3))
    return found


def plain(seed):
    """Return a seed whose repr is the same under every NumPy."""
    return ("NumPy", float(seed)) if isinstance(seed, np.floating) else seed


@case
def seeds_leave_numpy_alone(mx, random):
    np.random.seed(0)
    expected = np.random.rand()
    np.random.seed(0)
    mx.random.seed(1)
    _draw(mx)
    return {"same": np.random.rand() == expected}
