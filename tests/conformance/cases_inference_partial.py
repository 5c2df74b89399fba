"""Inference in part: with an unknown batch size (0), from what follows, and of types backwards.

Ours may know more: `test_inference_partial.py` holds what is known against these results.
"""

from __future__ import annotations

from tests.conformance.case import case, error_of

MORE = "ours infers what the reference does, and more"
IMAGE, PHOTO, ROWS, MATRIX = (0, 4, 9, 9), (0, 7, 9, 3), (0, 3, 4), (0, 6)


def _operators(mx):
    """Return (name, symbol of x, shape of x with an unknown batch size), for common operators."""
    x, sym = mx.sym.Variable("x"), mx.sym
    window = {"kernel": (3, 3), "name": "c"}
    return [
        ("FullyConnected", sym.FullyConnected(x, num_hidden=5, name="f"), ROWS),
        (
            "FullyConnected not flat",
            sym.FullyConnected(x, num_hidden=5, flatten=False, name="f"),
            ROWS,
        ),
        ("Convolution", sym.Convolution(x, num_filter=6, **window), IMAGE),
        ("Convolution strided", sym.Convolution(x, num_filter=6, stride=(2, 2), **window), IMAGE),
        ("Deconvolution", sym.Deconvolution(x, num_filter=6, **window), IMAGE),
        ("Pooling", sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max"), IMAGE),
        ("Pooling global", sym.Pooling(x, global_pool=True, kernel=(1, 1)), IMAGE),
        ("BatchNorm", sym.BatchNorm(x, name="n"), IMAGE),
        ("LayerNorm", sym.LayerNorm(x, name="n"), ROWS),
        ("InstanceNorm", sym.InstanceNorm(x, name="n"), IMAGE),
        ("GroupNorm", sym.GroupNorm(x, num_groups=2, name="n"), IMAGE),
        ("L2Normalization", sym.L2Normalization(x), MATRIX),
        ("LRN", sym.LRN(x, nsize=3), IMAGE),
        ("Activation", sym.Activation(x, act_type="relu"), ROWS),
        ("LeakyReLU", sym.LeakyReLU(x, act_type="prelu", name="l"), ROWS),
        ("softmax", sym.softmax(x), MATRIX),
        ("log_softmax", sym.log_softmax(x), MATRIX),
        ("SoftmaxOutput", sym.SoftmaxOutput(x, name="s"), MATRIX),
        ("LinearRegressionOutput", sym.LinearRegressionOutput(x, name="s"), MATRIX),
        ("MakeLoss", sym.MakeLoss(x), MATRIX),
        ("Dropout", sym.Dropout(x), ROWS),
        ("Embedding", sym.Embedding(x, input_dim=7, output_dim=5, name="e"), MATRIX),
        ("relu", sym.relu(x), ROWS),
        ("exp", sym.exp(x), ROWS),
        ("clip", sym.clip(x, a_min=0, a_max=1), ROWS),
        ("scalar", x * 2 + 1, ROWS),
        ("Cast", sym.Cast(x, dtype="float16"), ROWS),
        ("BlockGrad", sym.BlockGrad(x), ROWS),
        ("zeros_like", sym.zeros_like(x), ROWS),
        ("Flatten", sym.Flatten(x), ROWS),
        ("reshape", sym.reshape(x, shape=(0, -1)), ROWS),
        ("reshape batch", sym.reshape(x, shape=(-1, 4)), ROWS),
        ("reshape merged", sym.reshape(x, shape=(-3, 0)), ROWS),
        ("transpose", sym.transpose(x, axes=(0, 2, 1)), ROWS),
        ("transpose all", sym.transpose(x), ROWS),
        ("SwapAxis", sym.SwapAxis(x, dim1=0, dim2=1), ROWS),
        ("expand_dims", sym.expand_dims(x, axis=1), ROWS),
        ("squeeze", sym.squeeze(x, axis=1), (0, 1, 4)),
        ("sum", sym.sum(x, axis=1), ROWS),
        ("mean kept", sym.mean(x, axis=(1, 2), keepdims=True), ROWS),
        ("max all", sym.max(x), ROWS),
        ("norm", sym.norm(x, axis=1), ROWS),
        ("argmax", sym.argmax(x, axis=1), ROWS),
        ("topk", sym.topk(x, k=2), MATRIX),
        ("sort", sym.sort(x), MATRIX),
        ("slice", sym.slice(x, begin=(None, 1), end=(None, 3)), ROWS),
        ("slice_axis", sym.slice_axis(x, axis=1, begin=1, end=3), ROWS),
        ("split", sym.split(x, num_outputs=2, axis=2), ROWS),
        ("split squeezed", sym.split(x, num_outputs=4, axis=2, squeeze_axis=True), ROWS),
        ("concat", sym.concat(x, sym.Variable("z", shape=(0, 2, 4)), dim=1), ROWS),
        ("stack", sym.stack(x, x, axis=1), ROWS),
        ("tile", sym.tile(x, reps=(1, 2, 1)), ROWS),
        ("repeat", sym.repeat(x, repeats=2, axis=1), ROWS),
        ("flip", sym.flip(x, axis=1), ROWS),
        ("pad", sym.pad(x, mode="edge", pad_width=(0, 0, 0, 0, 1, 1, 1, 1)), IMAGE),
        ("one_hot", sym.one_hot(x, depth=6), MATRIX),
        ("take", sym.take(sym.Variable("z", shape=(7, 5)), x), MATRIX),
        ("pick", sym.pick(x, sym.Variable("z"), axis=1), MATRIX),
        ("where", sym.where(sym.Variable("z"), x, x), ROWS),
        ("dot", sym.dot(x, sym.Variable("z")), MATRIX),
        ("batch_dot", sym.batch_dot(x, sym.Variable("z")), ROWS),
        ("elemwise_add", x + sym.Variable("z"), ROWS),
        ("broadcast_add", sym.broadcast_add(x, sym.Variable("z")), ROWS),
        ("broadcast_to", sym.broadcast_to(x, shape=(0, 3, 4)), (0, 1, 4)),
        ("UpSampling", sym.UpSampling(x, scale=2, sample_type="nearest"), IMAGE),
        ("SequenceMask", sym.SequenceMask(x), ROWS),
        ("SequenceLast", sym.SequenceLast(x), ROWS),
        ("SequenceReverse", sym.SequenceReverse(x), ROWS),
        ("cumsum", sym.cumsum(x, axis=1), ROWS),
        ("sample_normal", sym.sample_normal(x, sym.Variable("z"), shape=(2,)), MATRIX),
        ("cast_storage", sym.cast_storage(x, stype="default"), MATRIX),
        ("linalg.gemm2", sym.linalg.gemm2(x, sym.Variable("z")), ROWS),
        ("linalg.syrk", sym.linalg.syrk(x), ROWS),
        ("smooth_l1", sym.smooth_l1(x, scalar=1), ROWS),
        ("broadcast_like", sym.broadcast_like(x, sym.Variable("z")), ROWS),
        ("slice_like", sym.slice_like(x, sym.Variable("z", shape=(2, 2, 2)), axes=(1,)), ROWS),
        ("gather_nd", sym.gather_nd(x, sym.Variable("z", shape=(1, 5))), ROWS),
        ("box_iou", sym.contrib.box_iou(x, sym.Variable("z", shape=(3, 4))), (0, 4)),
        ("BilinearSampler", sym.BilinearSampler(x, sym.Variable("z")), IMAGE),
        ("ROIPooling", sym.ROIPooling(x, sym.Variable("z", shape=(3, 5)), (2, 2), 1.0), IMAGE),
        ("RNN", sym.RNN(x, state_size=4, num_layers=1, mode="gru", name="r"), (5, 0, 3)),
        ("ROIAlign", sym.contrib.ROIAlign(x, sym.Variable("z", shape=(3, 5)), (2, 2), 1.0), IMAGE),
        ("GridGenerator", sym.GridGenerator(x, "affine", (3, 4)), MATRIX),
        ("MultiBoxPrior", sym.contrib.MultiBoxPrior(x, sizes=(0.5, 0.2)), IMAGE),
        ("image.resize", sym.image.resize(x, size=(5, 4)), PHOTO),
        ("image.crop", sym.image.crop(x, x=0, y=0, width=3, height=2), PHOTO),
        ("bipartite_matching", sym.contrib.bipartite_matching(x, threshold=0.1), ROWS),
        ("interleaved", sym.contrib.interleaved_matmul_selfatt_qk(x, heads=2), (0, 2, 24)),
        ("space_to_depth", sym.space_to_depth(x, block_size=3), IMAGE),
    ]


@case(differs=MORE)
def shapes_with_an_unknown_batch_size(mx, random):
    return {
        name: error_or(lambda s=symbol, n=shape: s.infer_shape_partial(x=n))
        for name, symbol, shape in _operators(mx)
    }


@case(differs=MORE)
def whole_shapes_with_an_unknown_batch_size(mx, random):
    return {
        name: error_or(lambda s=symbol, n=shape: s.infer_shape(x=n))
        for name, symbol, shape in _operators(mx)
    }


@case(differs=MORE)
def shapes_where_nothing_is_known(mx, random):
    return {
        name: error_or(lambda s=symbol: s.infer_shape_partial())
        for name, symbol, _ in _operators(mx)
    }


@case(differs=MORE)
def batch_sizes_follow_from_what_comes_after(mx, random):
    made = {}
    for name, symbol, shape in _operators(mx):
        known = symbol.infer_shape_partial(x=(7, *shape[1:]))[1]
        if len(symbol.list_outputs()) > 1 or not known or 0 in known[0]:
            continue
        after = symbol + mx.sym.Variable("y")
        made[name] = error_or(lambda s=after, x=shape, y=known[0]: s.infer_shape_partial(x=x, y=y))
    return made


@case(differs=MORE)
def types_follow_from_what_comes_after(mx, random):
    made = {}
    for name, symbol, _ in _operators(mx):
        if len(symbol.list_outputs()) > 1:
            continue
        after = symbol + mx.sym.Variable("y")
        for dtype in ("float16", "float64", "int32"):
            made[f"{name} {dtype}"] = error_or(lambda s=after, d=dtype: s.infer_type_partial(y=d))
    return made


@case(differs=MORE)
def types_follow_from_data(mx, random):
    return {
        f"{name} {dtype}": error_or(lambda s=symbol, d=dtype: s.infer_type_partial(x=d))
        for name, symbol, _ in _operators(mx)
        for dtype in ("float16", "float64", "int32")
    }


def error_or(action):
    """Return the result of an action, or the name of the error."""
    name = error_of(action)
    return action() if name == "nothing" else name
