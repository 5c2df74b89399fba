"""Common operators, eager, on arrays of four million floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import MEANS, Goal, benchmark
from benchmarks.inputs import array, words

MEANS["operators"] = 4.0
SIDE = 2000
MATRIX = (SIDE, SIDE)
IMAGES = (16, 25, 100, 100)
COLUMN, ROW = (SIDE, 1), (1, SIDE)

Work = Callable[[Any, Any], Any]
"""``(mx.nd, x) -> NDArray``: what is timed, where x(shape, kind, name) gives the inputs."""


def case(name: str, work: Work, compares: bool = True) -> None:
    """Register the time from the call of an operator until its result is there.

    Without `compares` the results of the two sides may differ (ties, rounding).
    """

    def setup(mx: Any) -> Callable[[], Any]:
        nd = mx.nd
        held: dict[Any, Any] = {}

        def inputs(shape: tuple[int, ...] = MATRIX, kind: str = "plain", name: str = "") -> Any:
            key = (shape, kind, name)
            if key not in held:
                held[key] = array(mx, *key)
            return held[key]

        def run() -> Any:
            result = work(nd, inputs)
            nd.waitall()  # the reference only queues
            return result if compares else None

        return run

    benchmark(name, Goal(speedup=1))(setup)


def function(name: str, kind: str = "plain", **attrs: Any) -> None:
    """Register an operator of one matrix."""
    details = " ".join(f"{key}={value}" for key, value in attrs.items())
    case(f"{name} {details}".strip(), lambda nd, x: getattr(nd, name)(x(kind=kind), **attrs))


def binary(name: str) -> None:
    """Register an operator of two matrices."""
    case(name, lambda nd, x: getattr(nd, name)(x(kind="positive"), x(MATRIX, "positive", "b")))


def operator(symbol: str, work: Work) -> None:
    """Register what an infix operator of Python calls."""
    case(symbol, work)


for _name in [
    "abs",
    "sign",
    "floor",
    "ceil",
    "round",
    "rint",
    "trunc",
    "fix",
    "square",
    "exp",
    "expm1",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "arctan",
    "arcsinh",
    "degrees",
    "radians",
    "negative",
    "relu",
    "sigmoid",
    "softsign",
    "hard_sigmoid",
    "erf",
    "smooth_l1",
    "logical_not",
    "identity",
    "BlockGrad",
    "zeros_like",
    "ones_like",
]:
    function(_name)
for _name in words("sqrt rsqrt cbrt rcbrt log log10 log2 log1p reciprocal gamma gammaln"):
    function(_name, "positive")
for _name in words("arcsin arccos arctanh erfinv"):
    function(_name, "inside")
function("arccosh", "above one")
for _name in words("relu sigmoid softrelu softsign tanh"):
    function("Activation", act_type=_name)
for _name in words("leaky elu selu gelu"):
    function("LeakyReLU", act_type=_name)
case(
    "LeakyReLU act_type=prelu",
    lambda nd, x: nd.LeakyReLU(x(), x((SIDE,), "inside"), act_type="prelu"),
)
function("clip", a_min=-1, a_max=1)
for _name in words("float16 float64 int32 uint8"):
    function("cast", "positive", dtype=_name)

for _name in words("add sub mul div"):
    binary(f"elemwise_{_name}")
for _name in words(
    "equal not_equal greater greater_equal lesser lesser_equal maximum minimum power hypot mod "
    "logical_and logical_or logical_xor"
):
    binary(f"broadcast_{_name}")
for _name in words("add mul power greater maximum"):
    case(
        f"broadcast_{_name}, a column",
        lambda nd, x, op=f"broadcast_{_name}": getattr(nd, op)(
            x(kind="positive"), x(COLUMN, "positive")
        ),
    )
    case(
        f"broadcast_{_name}, a row",
        lambda nd, x, op=f"broadcast_{_name}": getattr(nd, op)(
            x(kind="positive"), x(ROW, "positive")
        ),
    )
operator("x + 2", lambda nd, x: x() + 2)
operator("2 - x", lambda nd, x: 2 - x())
operator("x * 2", lambda nd, x: x() * 2)
operator("x / 3", lambda nd, x: x() / 3)
operator("1 / x", lambda nd, x: 1 / x(kind="positive"))
operator("x ** 2", lambda nd, x: x() ** 2)
operator("x ** 1.7", lambda nd, x: x(kind="positive") ** 1.7)
operator("x % 0.7", lambda nd, x: x(kind="positive") % 0.7)
operator("x > 0.5", lambda nd, x: x() > 0.5)
operator("x == 1", lambda nd, x: x(kind="truth") == 1)
operator("maximum(x, 0.5)", lambda nd, x: nd.maximum(x(), 0.5))
case("add_n of four", lambda nd, x: nd.add_n(*[x(name=str(i)) for i in range(4)]))

case("norm", lambda nd, x: nd.norm(x()), compares=False)  # the reference's has three digits
for _axis in (0, 1):
    function("norm", "inside", axis=_axis)
for _name in words("sum mean prod max min nansum"):
    for _axis in (None, 0, 1):
        function(_name, "inside", **({} if _axis is None else {"axis": _axis}))
case("sum of images, axis=(0, 2, 3)", lambda nd, x: nd.sum(x(IMAGES), axis=(0, 2, 3)))
case("mean of images, axis=(2, 3)", lambda nd, x: nd.mean(x(IMAGES), axis=(2, 3)))
case("max of images, axis=1", lambda nd, x: nd.max(x(IMAGES), axis=1))
case("moments axes=0", lambda nd, x: nd.moments(x(), axes=(0,)))
for _name in ("argmax", "argmin"):
    for _axis in (0, 1):
        function(_name, axis=_axis)
function("argmax_channel")
for _name in ("sort", "argsort"):
    function(_name)
    function(_name, axis=0)
case("sort of a vector", lambda nd, x: nd.sort(x((SIDE * SIDE,))))
case("argsort of a vector", lambda nd, x: nd.argsort(x((SIDE * SIDE,))), compares=False)
function("topk", k=1)
function("topk", k=10)
function("topk", k=10, ret_typ="value")
case("topk k=10 both", lambda nd, x: nd.topk(x(), k=10, ret_typ="both"))
case("topk k=10 mask", lambda nd, x: nd.topk(x(), k=10, ret_typ="mask"))
for _name in words("softmax log_softmax softmin"):
    function(_name)
    function(_name, axis=0)
function("SoftmaxActivation")
function("L2Normalization")
case("softmax_cross_entropy", lambda nd, x: nd.softmax_cross_entropy(x(), x((SIDE,), "below 9")))

case("dot", lambda nd, x: nd.dot(x(), x(name="b")))
case("dot transpose_b", lambda nd, x: nd.dot(x(), x(name="b"), transpose_b=True))
case("dot with a vector", lambda nd, x: nd.dot(x(), x((SIDE,))))
case("dot of vectors", lambda nd, x: nd.dot(x((SIDE * SIDE,)), x((SIDE * SIDE,), name="b")))
case("batch_dot", lambda nd, x: nd.batch_dot(x((64, 250, 250)), x((64, 250, 250), name="b")))
case("linalg_gemm2", lambda nd, x: nd.linalg_gemm2(x(), x(name="b"), alpha=0.5))
case("linalg_syrk", lambda nd, x: nd.linalg_syrk(x()))

function("transpose")
case("transpose to channels last", lambda nd, x: nd.transpose(x(IMAGES), axes=(0, 2, 3, 1)))
case("transpose to channels first", lambda nd, x: nd.transpose(x(IMAGES), axes=(0, 3, 1, 2)))
case("swapaxes 0, 2", lambda nd, x: nd.swapaxes(x((100, 200, 200)), 0, 2))
function("reshape", shape=(-1, 100))
function("expand_dims", axis=1)
function("flip", axis=0)
function("flip", axis=1)
case("concat dim=0", lambda nd, x: nd.concat(x(), x(name="b"), dim=0))
case("concat dim=1", lambda nd, x: nd.concat(x(), x(name="b"), dim=1))
case("stack", lambda nd, x: nd.stack(x(), x(name="b")))
function("split", num_outputs=4, axis=1)
function("split", num_outputs=4, axis=0)
function("slice", begin=(100, 100), end=(1900, 1900))
function("slice", begin=(0, 0), end=(2000, 2000), step=(1, 2))
function("slice_axis", axis=1, begin=500, end=1500)
case("slice_like", lambda nd, x: nd.slice_like(x(), x((1500, 1500))))
case("x[100:1900, 100:1900]", lambda nd, x: x()[100:1900, 100:1900])
case("take rows", lambda nd, x: nd.take(x(), x((SIDE,), "below 2000")))
case("take columns", lambda nd, x: nd.take(x(), x((SIDE,), "below 2000"), axis=1))
case("take of a vector", lambda nd, x: nd.take(x((SIDE,)), x(MATRIX, "below 2000")))
case("Embedding", lambda nd, x: nd.Embedding(x((64, 625), "below 10000"), x((10000, 100)),
                                              input_dim=10000, output_dim=100))  # fmt: skip
case("pick", lambda nd, x: nd.pick(x((SIDE * 200, 10)), x((SIDE * 200,), "below 10")))
case(
    "batch_take",
    lambda nd, x: nd.batch_take(x((SIDE * 200, 10)), x((SIDE * 200,), "int below 10")),
)
case("gather_nd", lambda nd, x: nd.gather_nd(x(), x((2, SIDE * SIDE), "below 2000")))
case("one_hot", lambda nd, x: nd.one_hot(x((40000,), "below 100"), 100))
case("where", lambda nd, x: nd.where(x(kind="truth"), x(), x(name="b")))
case("where by rows", lambda nd, x: nd.where(x((SIDE,), "truth"), x(), x(name="b")))
case("tile", lambda nd, x: nd.tile(x((1000, 1000)), (2, 2)))
case("repeat axis=0", lambda nd, x: nd.repeat(x((1000, 2000)), 2, axis=0))
case("repeat axis=1", lambda nd, x: nd.repeat(x((2000, 1000)), 2, axis=1))
case("broadcast_to a row", lambda nd, x: nd.broadcast_to(x(ROW), MATRIX))
case("broadcast_to a column", lambda nd, x: nd.broadcast_to(x(COLUMN), MATRIX))
case("broadcast_axis", lambda nd, x: nd.broadcast_axis(x((SIDE, 1, 100)), axis=1, size=20))
for _name in ("constant", "edge", "reflect"):
    case(
        f"pad {_name}",
        lambda nd, x, mode=_name: nd.pad(x(IMAGES), mode=mode, pad_width=(0, 0, 0, 0, 2, 2, 2, 2)),
    )
case("depth_to_space", lambda nd, x: nd.depth_to_space(x((10, 40, 100, 100)), 2))
case("space_to_depth", lambda nd, x: nd.space_to_depth(x((10, 40, 100, 100)), 2))
case("UpSampling", lambda nd, x: nd.UpSampling(x((10, 10, 100, 100)), scale=2,
                                               sample_type="nearest"))  # fmt: skip
case("im2col", lambda nd, x: nd.im2col(x((4, 10, 100, 100)), kernel=(3, 3), pad=(1, 1)))
function("diag")
case("SequenceMask", lambda nd, x: nd.SequenceMask(x((50, 40, 2000)), x((40,), "below 50"), True))
case(
    "SequenceReverse", lambda nd, x: nd.SequenceReverse(x((50, 40, 2000)), x((40,), "below 50"), 1)
)
case("zeros", lambda nd, x: nd.zeros(MATRIX))
case("full", lambda nd, x: nd.full(MATRIX, 3))
case("arange", lambda nd, x: nd.arange(SIDE * SIDE))
case("eye", lambda nd, x: nd.eye(SIDE))
case("copy", lambda nd, x: x().copy())
case("LayerNorm", lambda nd, x: nd.LayerNorm(x(), x((SIDE,)), x((SIDE,), name="b")))
case("InstanceNorm", lambda nd, x: nd.InstanceNorm(x(IMAGES), x((25,)), x((25,), name="b")))
case("GroupNorm", lambda nd, x: nd.GroupNorm(x(IMAGES), x((5,)), x((5,), name="b"), num_groups=5))
case("LRN", lambda nd, x: nd.LRN(x(IMAGES), nsize=5))


def update(name: str, states: int, **attrs: Any) -> None:
    """Register a step of an optimizer for four million weights, which it writes in place."""

    def setup(mx: Any) -> Callable[[], Any]:
        weight = array(mx, MATRIX, "plain", "weight").copy()
        held = [mx.nd.zeros(MATRIX) for _ in range(states)]
        gradient = array(mx, MATRIX)

        def run() -> None:
            getattr(mx.nd, name)(weight, gradient, *held, out=weight, **attrs)
            mx.nd.waitall()

        return run

    benchmark(name, Goal(speedup=1))(setup)


update("sgd_update", 0, lr=1e-4, wd=1e-4)
update("sgd_mom_update", 1, lr=1e-4, wd=1e-4, momentum=0.9)
update("nag_mom_update", 1, lr=1e-4, wd=1e-4, momentum=0.9)
update("adam_update", 2, lr=1e-4, wd=1e-4)
update("rmsprop_update", 1, lr=1e-4, wd=1e-4)
update("ftrl_update", 2, lr=1e-4, wd=1e-4)
update("signsgd_update", 0, lr=1e-4, wd=1e-4)
update("signum_update", 1, lr=1e-4, wd=1e-4, momentum=0.9)
