"""Shape and type inference: from data to weights, backwards, in part, and where they contradict."""

from __future__ import annotations

from tests.conformance.case import case, error_of


def _dense(mx):
    return mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="dense")


@case
def shapes_of_weights_follow_from_data(mx, random):
    net = mx.sym.SoftmaxOutput(_dense(mx), name="softmax")
    return {
        "keyword": net.infer_shape(data=(2, 3)),
        "nothing known": net.infer_shape(),
        "from the weight": net.infer_shape(dense_weight=(4, 3)),
    }


@case
def shapes_in_part(mx, random):
    net = _dense(mx)
    return {
        "nothing known": net.infer_shape_partial(),
        "from the weight": net.infer_shape_partial(dense_weight=(4, 3)),
        "batch unknown": net.infer_shape_partial(data=(0, 3)),
        "unknown kept by infer_shape": net.infer_shape(data=(0, 3)),
    }


@case
def shapes_flow_backwards_through_elementwise(mx, random):
    a, b, c = mx.sym.Variable("a"), mx.sym.Variable("b"), mx.sym.Variable("c")
    net = mx.sym.relu(a + b) * c
    return {
        "from the last": net.infer_shape(c=(2, 3)),
        "from halves": net.infer_shape(a=(2, 0), c=(0, 3)),
        "contradiction": error_of(lambda: net.infer_shape(a=(2, 3), c=(2, 4))),
        "in part": net.infer_shape_partial(a=(2, 0)),
    }


@case
def begin_states_follow_from_the_step(mx, random):
    state = mx.sym.zeros(shape=(0, 5))
    net = mx.sym.FullyConnected(mx.sym.Variable("x"), num_hidden=5, name="i2h") + state
    return {
        "shapes": net.infer_shape(x=(3, 2)),
        "internal": net.get_internals().infer_shape(x=(3, 2)),
    }


@case
def shapes_of_convolutions(mx, random):
    x = mx.sym.Variable("data")
    made = {
        "plain": mx.sym.Convolution(x, kernel=(3, 3), num_filter=4, name="c"),
        "strided": mx.sym.Convolution(
            x, kernel=(3, 3), stride=(2, 2), pad=(1, 1), num_filter=4, name="c"
        ),
        "grouped": mx.sym.Convolution(x, kernel=(1, 1), num_filter=4, num_group=2, name="c"),
        "dilated": mx.sym.Convolution(x, kernel=(3, 3), dilate=(2, 2), num_filter=4, name="c"),
        "transposed": mx.sym.Deconvolution(
            x, kernel=(4, 4), stride=(2, 2), pad=(1, 1), num_filter=3, name="c"
        ),
        "pooled": mx.sym.Pooling(x, kernel=(3, 3), stride=(2, 2), pool_type="max", name="p"),
        "pooled full": mx.sym.Pooling(
            x, kernel=(3, 3), stride=(2, 2), pool_type="avg", pooling_convention="full", name="p"
        ),
        "normed": mx.sym.BatchNorm(x, name="n"),
    }
    return {name: net.infer_shape(data=(2, 4, 9, 9)) for name, net in made.items()}


@case
def shapes_of_operators_that_rearrange(mx, random):
    x = mx.sym.Variable("x")
    made = {
        "flatten": mx.sym.Flatten(x),
        "reshape": mx.sym.reshape(x, shape=(0, -1)),
        "copied": mx.sym.reshape(x, shape=(-2,)),
        "merged": mx.sym.reshape(x, shape=(-3, 0)),
        "split": mx.sym.reshape(x, shape=(-4, 1, 2, 0, 0)),
        "transpose": mx.sym.transpose(x, axes=(2, 0, 1)),
        "expand": mx.sym.expand_dims(x, axis=1),
        "sum": mx.sym.sum(x, axis=1),
        "sum all": mx.sym.sum(x),
        "kept": mx.sym.mean(x, axis=(0, 2), keepdims=True),
        "slice": mx.sym.slice_axis(x, axis=2, begin=1, end=3),
        "pieces": mx.sym.split(x, num_outputs=2, axis=2),
        "squeezed": mx.sym.split(x, num_outputs=4, axis=2, squeeze_axis=True),
        "concat": mx.sym.concat(x, x, dim=1),
        "stack": mx.sym.stack(x, x, axis=1),
        "tile": mx.sym.tile(x, reps=(2, 1, 3)),
        "embedding": mx.sym.Embedding(x, input_dim=7, output_dim=5),
        "one hot": mx.sym.one_hot(x, depth=6),
    }
    return {name: net.infer_shape(x=(2, 3, 4))[1] for name, net in made.items()}


@case
def declared_shapes_count(mx, random):
    x = mx.sym.Variable("x", shape=(2, 3))
    partly = mx.sym.Variable("y", shape=(0, 3))
    return {
        "declared": mx.sym.relu(x).infer_shape(),
        "partly": mx.sym.relu(partly).infer_shape(),
        "completed": (mx.sym.relu(partly) + x).infer_shape(),
        "contradicted": error_of(lambda: mx.sym.relu(x).infer_shape(x=(4, 5))),
    }


@case
def contradictions_raise(mx, random):
    net = _dense(mx)
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    return {
        "weight": error_of(lambda: net.infer_shape(data=(2, 3), dense_weight=(4, 5))),
        "dot": error_of(lambda: mx.sym.dot(a, b).infer_shape(a=(2, 3), b=(4, 5))),
        "broadcast": error_of(lambda: mx.sym.broadcast_add(a, b).infer_shape(a=(2, 3), b=(2, 4))),
        "unknown name": error_of(lambda: net.infer_shape(nothing=(2, 3), data=(2, 3))),
        "both ways": error_of(lambda: net.infer_shape((2, 3), data=(2, 3))),
    }


@case
def broadcasting_and_dot(mx, random):
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    return {
        "broadcast": mx.sym.broadcast_mul(a, b).infer_shape(a=(2, 1, 4), b=(1, 3, 1)),
        "dot": mx.sym.dot(a, b).infer_shape(a=(2, 3), b=(3, 5)),
        "transposed": mx.sym.dot(a, b, transpose_a=True).infer_shape(a=(3, 2), b=(3, 5)),
        "batch": mx.sym.batch_dot(a, b).infer_shape(a=(7, 2, 3), b=(7, 3, 5)),
        "vectors": mx.sym.dot(a, b).infer_shape(a=(3,), b=(3,)),
        "to": mx.sym.broadcast_to(a, shape=(2, 3)).infer_shape(a=(1, 3)),
        "like": mx.sym.broadcast_like(a, b).infer_shape(a=(1, 3), b=(4, 3)),
    }


@case
def internals_have_shapes(mx, random):
    net = mx.sym.SoftmaxOutput(_dense(mx), name="softmax").get_internals()
    shapes = net.infer_shape(data=(2, 3))[1]
    return dict(zip(net.list_outputs(), shapes, strict=True))


@case
def types_follow_from_data(mx, random):
    import numpy as np

    net = mx.sym.SoftmaxOutput(_dense(mx), name="softmax")
    return {
        "half": net.infer_type(data="float16"),
        "double": net.infer_type(data=np.float64),
        "nothing known": net.infer_type(),
        "from the weight": net.infer_type(dense_weight="float64"),
        "in part": net.infer_type_partial(),
        "contradiction": error_of(
            lambda: _dense(mx).infer_type(data="float16", dense_weight="float64")
        ),
    }


@case
def types_of_casts_and_indices(mx, random):
    x = mx.sym.Variable("x")
    return {
        "cast": mx.sym.cast(x, dtype="int32").infer_type(x="float64"),
        "arguments of cast": mx.sym.cast(x, dtype="float16").infer_type(),
        "argmax": mx.sym.argmax(x, axis=0).infer_type(x="float64"),
        "topk": mx.sym.topk(x, ret_typ="both").infer_type(x="float64"),
        "topk int": mx.sym.topk(x, dtype="int32").infer_type(x="float64"),
        "one hot": mx.sym.one_hot(x, depth=3, dtype="float16").infer_type(x="int32"),
        "embedding": mx.sym.Embedding(
            x, input_dim=3, output_dim=2, dtype="float64", name="e"
        ).infer_type(x="int32"),
        "zeros": mx.sym.zeros((2,), dtype="int8").infer_type(),
        "batch norm half": mx.sym.BatchNorm(x, name="norm").infer_type(x="float16"),
        "comparison": (x > 1).infer_type(x="float16"),
        "declared": mx.sym.relu(mx.sym.Variable("y", dtype="float16")).infer_type(),
    }
