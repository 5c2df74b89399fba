"""The JSON text of symbols: what is written, and what is read back."""

from __future__ import annotations

from tests.conformance.case import case, error_of, raises

OLD_FORMAT = """{
  "nodes": [
    {"op": "null", "param": {}, "name": "data", "inputs": [], "backward_source_id": -1},
    {"op": "null", "param": {}, "name": "fc_weight", "inputs": [], "backward_source_id": -1},
    {"op": "null", "param": {}, "name": "fc_bias", "inputs": [], "backward_source_id": -1},
    {"op": "FullyConnected", "param": {"no_bias": "False", "num_hidden": "4"}, "name": "fc",
     "inputs": [[0, 0], [1, 0], [2, 0]], "backward_source_id": -1}
  ],
  "arg_nodes": [0, 1, 2],
  "heads": [[3, 0]]
}"""


def _convolutional(mx):
    data = mx.sym.Variable("data", shape=(0, 3, 8, 8))
    x = mx.sym.Convolution(data, kernel=(3, 3), num_filter=4, pad=(1, 1), name="conv")
    x = mx.sym.BatchNorm(x, fix_gamma=False, name="norm")
    x = mx.sym.Activation(x, act_type="relu", name="active")
    x = mx.sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type="max", name="pool")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flat"), num_hidden=10, name="dense")
    return mx.sym.SoftmaxOutput(x, name="softmax")


@case
def text_of_a_variable(mx, random):
    return {"text": mx.sym.Variable("x").tojson()}


@case
def text_of_a_network(mx, random):
    return {"text": _convolutional(mx).tojson()}


@case
def text_with_attributes(mx, random):
    x = mx.sym.Variable("x", attr={"mood": "calm"}, lr_mult=2, init=mx.init.Zero())
    with mx.AttrScope(ctx_group="first"):
        net = mx.sym.FullyConnected(x, num_hidden=2, name="dense")
    return {"text": net.tojson(), "again": mx.sym.load_json(net.tojson()).tojson()}


@case
def text_of_groups_and_pieces(mx, random):
    x = mx.sym.Variable("x")
    pieces = mx.sym.split(x, num_outputs=3, axis=1, name="pieces")
    net = mx.sym.Group([pieces[2], mx.sym.concat(pieces[0], pieces[1], dim=0, name="joined")])
    return {"text": net.tojson()}


@case
def values_of_attributes_as_text(mx, random):
    x = mx.sym.Variable("x")
    made = {
        "bool": mx.sym.sum(x, axis=1, keepdims=True),
        "tuple": mx.sym.sum(x, axis=(0, 1)),
        "none": mx.sym.sum(x, axis=None),
        "negative": mx.sym.slice_axis(x, axis=-1, begin=1, end=None),
        "float": mx.sym.clip(x, a_min=-0.5, a_max=1e-5),
        "scalar": x * 0.1,
        "whole scalar": x + 2,
        "dtype": mx.sym.cast(x, dtype="float16"),
        "shape": mx.sym.reshape(x, shape=(2, -1)),
        "numpy": mx.sym.clip(x, a_min=random.rand(3).astype("float32")[0], a_max=3),
        "with nones": mx.sym.slice(x, begin=(None, 1), end=(None, 2)),
    }
    return {name: symbol.list_attr() for name, symbol in made.items()}


@case
def reading_gives_the_same_network(mx, random):
    net = _convolutional(mx)
    again = mx.sym.load_json(net.tojson())
    return {
        "same text": again.tojson() == net.tojson(),
        "arguments": again.list_arguments(),
        "auxiliary": again.list_auxiliary_states(),
        "outputs": again.list_outputs(),
        "shapes": again.infer_shape(data=(2, 3, 8, 8)),
    }


@case
def reading_the_format_of_version_0(mx, random):
    net = mx.sym.load_json(OLD_FORMAT)
    return {
        "arguments": net.list_arguments(),
        "outputs": net.list_outputs(),
        "attributes": net.list_attr(),
        "text": net.tojson(),
        "shapes": net.infer_shape(data=(2, 3)),
    }


@case
def saving_and_loading_a_file(mx, random):
    import tempfile
    from pathlib import Path

    net = _convolutional(mx)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "net-symbol.json")
        net.save(path)
        text = Path(path).read_text()
        return {"same": text == net.tojson(), "loaded": mx.sym.load(path).list_arguments()}


@case
def pickling(mx, random):
    import pickle

    net = _convolutional(mx)
    return {"same": pickle.loads(pickle.dumps(net)).tojson() == net.tojson()}


@case
def bad_texts_raise(mx, random):
    unknown = '{"nodes": [{"op": "Nothing", "name": "n", "inputs": []}], "arg_nodes": [], '
    return {
        "no json": raises(lambda: mx.sym.load_json("{")),
        "unknown operator": error_of(lambda: mx.sym.load_json(unknown + '"heads": [[0, 0, 0]]}')),
        "not text": error_of(lambda: mx.sym.load_json(3)),
        "no file": error_of(lambda: mx.sym.load("/nonexistent/net-symbol.json")),
    }
