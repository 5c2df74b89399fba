"""Rows for updates of several weights in one call, which the reference writes into `out` alone."""

from tests.ops.rows import Row, normal, uniform, values

FLOATS = ("float16", "float32", "float64")
NAN, INF = float("nan"), float("inf")
SHAPES = ((3, 2), (4,))
CLIPPED = {"rescale_grad": 0.5, "clip_gradient": 0.6}
TWO = {"lrs": (0.1, 0.2), "wds": (0.3, 0.4)}

# operator without "multi_", the arrays of each weight (those ending in + are positive, those
# ending in * float32), attributes beyond the rates
SGD = [
    ("sgd_update", "w g", {}),
    ("sgd_mom_update", "w g m", {"momentum": 0.9}),
    ("mp_sgd_update", "w g full*", {}),
    ("mp_sgd_mom_update", "w g m* full*", {"momentum": 0.9}),
]


def arrays(names, shapes=SHAPES, grad=None):
    """Return the arrays of each weight, one weight after the other."""
    found = []
    for shape in shapes:
        for name in names.split():
            dtype = "float32" if name.endswith("*") else None
            if name == "g" and grad is not None:
                found.append(grad)
            elif "+" in name:
                found.append(uniform(0.5, 2, *shape, dtype=dtype))
            else:
                found.append(normal(*shape, dtype=dtype))
    return found


def weights(names, count=2):
    """Return the names of the weights among the inputs."""
    return tuple(f"in{i * len(names.split())}" for i in range(count))


def many(op, names, attrs, inputs=None, count=2, **more):
    """Return a row that writes into its weights."""
    inputs = arrays(names) if inputs is None else inputs
    return Row(op, inputs, attrs, gradient=False, out=weights(names, count), **more)


ROWS = []
for stem, names, others in SGD:
    op, loaded = f"multi_{stem}", f"preloaded_multi_{stem}"
    dtypes = FLOATS
    one = {"lrs": (0.1,), "wds": (0.0,)}
    rates = [values([0.1, 0.2], "float32"), values([0.3, 0.4], "float32")]
    first = [values([0.1], "float32"), values([0.0], "float32")]
    odd = arrays(names, [(4,)], grad=values([0.0, 0.0, NAN, INF]))
    ROWS += [
        many(op, names, {**TWO, "num_weights": 2}, dtypes=dtypes),
        many(op, names, {**TWO, **others, **CLIPPED, "num_weights": 2}, dtypes=dtypes),
        many(op, names, {**one, "num_weights": 1}, arrays(names, [(2, 2)]), 1),
        many(op, names, one, odd, 1),
        many(op, names, {**TWO, "num_weights": 2}, arrays(names)[:-1], raises=True),
        many(op, names, {"lrs": (0.1,), "wds": (0.3, 0.4), "num_weights": 2}, raises=True),
        many(op, names, {"num_weights": 2}, raises=True),
        many(loaded, names, {"num_weights": 2}, [*arrays(names), *rates], dtypes=dtypes),
        many(loaded, names, {**others, **CLIPPED, "num_weights": 2}, [*arrays(names), *rates]),
        many(loaded, names, {}, [*odd, *first], 1),
        many(loaded, names, {"num_weights": 2}, raises=True),
        many(loaded, names, {"num_weights": 2}, [*arrays(names)[:-1], *rates], raises=True),
    ]

ADAMW = {**TWO, "etas": (1.0, 0.5), "num_weights": 2}
LAMB = {"learning_rates": (0.1, 0.2), "wds": (0.3, 0.4), "step_count": (2, 3), "num_tensors": 2}
for prefix, names, dtypes in (
    ("", "w g mean var+", FLOATS),
    ("mp_", "w g mean* var+* full*", FLOATS),
):
    adamw, lamb = f"_multi_{prefix}adamw_update", f"_multi_{prefix}lamb_update"
    one, scale = ("float16" if prefix else "float32",), values([1.0], "float32")
    moved = {"beta1": 0.7, "beta2": 0.8, "epsilon": 0.01}
    odd = arrays(names, [(4,)], grad=values([0.0, 0.0, 1.0, -1.0]))
    ROWS += [
        many(adamw, names, ADAMW, [*arrays(names), scale], dtypes=dtypes if prefix else one),
        many(
            adamw,
            names,
            {**ADAMW, **moved, "clip_gradient": 0.6},
            [*arrays(names), scale],
            dtypes=one,
        ),
        many(adamw, names, {"lrs": 0.1, "wds": 0.0, "etas": 1.0}, [*odd, scale], 1, dtypes=one),
        many(adamw, names, ADAMW, arrays(names), dtypes=one, raises=True),
        many(
            adamw,
            names,
            {**TWO, "num_weights": 2},
            [*arrays(names), scale],
            dtypes=one,
            raises=True,
        ),
        many(lamb, names, LAMB, dtypes=dtypes[:2]),
        many(
            lamb,
            names,
            {**LAMB, **moved, **CLIPPED, "lower_bound": 0.1, "upper_bound": 2.0},
            dtypes=one,
        ),
        many(lamb, names, {**LAMB, "bias_correction": False}, dtypes=one),
        many(lamb, names, {"learning_rates": 0.1, "wds": 0.0, "step_count": 1}, odd, 1, dtypes=one),
        many(lamb, names, LAMB, arrays(names)[:-1], dtypes=one, raises=True),
        many(lamb, names, {**LAMB, "step_count": (1,)}, dtypes=one, raises=True),
    ]

NARROW = "the reference wants rescale_grad in the weights' dtype, but reads it as float32"
ROWS += [
    many(
        "_multi_adamw_update",
        "w g mean var+",
        ADAMW,
        [*arrays("w g mean var+"), values([1.0], "float32")],
        dtypes=("float16", "float64"),
        differs=NARROW,
    ),
    # The reference computes norms in float32.
    many("_multi_lamb_update", "w g mean var+", LAMB, dtypes=("float64",), rtol=1e-4),
]

SPARSE_ALONE = "the reference takes row-sparse gradients only"
ADAGRAD = [normal(3, 2), normal(3, 2), uniform(0, 1, 3, 2)]
GROUPS = [normal(3, 2), normal(3, 2), uniform(0, 1, 3, 1)]
FULL = {"lr": 0.1, "epsilon": 0.3, "rescale_grad": 2, "clip_gradient": 1.5}
STILL = [normal(3, 1), values([[0.0], [0.0], [0.0]]), values([[0.0], [1.0], [1.0]])]
for op, given in (("sparse.adagrad_update", ADAGRAD), ("_contrib_group_adagrad_update", GROUPS)):
    ROWS += [
        Row(op, given, FULL, FLOATS, gradient=False, differs=SPARSE_ALONE),
        Row(op, STILL, {"lr": 0.1}, gradient=False, differs=SPARSE_ALONE),
        Row(op, given, {}, gradient=False, raises=True),
        Row(op, [given[0], normal(2, 2), given[2]], FULL, gradient=False, raises=True),
    ]
ROWS += [
    Row(
        "sparse.adagrad_update",
        ADAGRAD,
        {"lr": 0.1, "wd": 0.0},
        gradient=False,
        differs=SPARSE_ALONE,
    ),
    *[Row("reset_arrays", [(2,), (3,)], {"num_arrays": n}, raises=True) for n in (1, 3)],
]
ROWS += [
    many(
        "_multi_mp_lamb_update",
        "w g mean* var+* full*",
        {"learning_rates": 0.1, "wds": 0.0, "step_count": 1},
        arrays("w g mean* var+* full*", [(4,)]),
        1,
        dtypes=("float64",),
        rtol=1e-4,
    )
]
