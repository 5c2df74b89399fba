"""Composing symbols: names, arguments, outputs, internals, groups, attributes."""

from __future__ import annotations

from tests.conformance.case import case, error_of, raises


def _perceptron(mx):
    data = mx.sym.Variable("data")
    first = mx.sym.FullyConnected(data, num_hidden=8, name="first")
    active = mx.sym.Activation(first, act_type="relu", name="active")
    last = mx.sym.FullyConnected(active, num_hidden=3, name="last")
    return mx.sym.SoftmaxOutput(last, name="softmax")


@case
def automatic_names_count_by_operator(mx, random):
    x = mx.sym.Variable("x")
    made = [
        mx.sym.FullyConnected(x, num_hidden=2),
        mx.sym.FullyConnected(x, num_hidden=2),
        mx.sym.Activation(x, act_type="tanh"),
        mx.sym.relu(x),
        mx.sym.Flatten(x),
        mx.sym.concat(x, x, dim=1),
        mx.sym.BatchNorm(x),
        mx.sym.SoftmaxOutput(x),
        mx.sym.Convolution(x, kernel=(3, 3), num_filter=2),
        mx.sym.broadcast_add(x, x),
        mx.sym.reshape(x, shape=(-1,)),
        mx.sym.sum(x),
        mx.sym.transpose(x),
        mx.sym.Dropout(x),
        mx.sym.LeakyReLU(x),
        mx.sym.Pooling(x, kernel=(2, 2), pool_type="max"),
    ]
    return {
        "names": [each.name for each in made],
        "outputs": [each.list_outputs() for each in made],
        "arguments": [each.list_arguments() for each in made],
    }


@case
def names_of_arithmetic(mx, random):
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    made = [
        a + b, a - b, a * b, a / b, a % b, a**b, -a,
        a + 1, 1 + a, a - 1, 1 - a, a * 2, 2 * a, a / 2, 2 / a, a % 2, a**2,
        a == b, a != b, a > b, a >= b, a < b, a <= b, a == 1, a > 1, a <= 1,
    ]  # fmt: skip
    return {"names": [each.name for each in made], "last": made[-1].list_outputs()}


@case
def arguments_in_order_of_use(mx, random):
    net = _perceptron(mx)
    return {
        "arguments": net.list_arguments(),
        "outputs": net.list_outputs(),
        "auxiliary": net.list_auxiliary_states(),
        "inputs": net.list_inputs(),
        "name": net.name,
        "count": len(net),
    }


@case
def auxiliary_states_are_not_arguments(mx, random):
    net = mx.sym.BatchNorm(mx.sym.Variable("data"), name="norm")
    return {
        "arguments": net.list_arguments(),
        "auxiliary": net.list_auxiliary_states(),
        "inputs": net.list_inputs(),
        "outputs": net.list_outputs(),
    }


@case
def an_argument_used_twice_is_listed_once(mx, random):
    x, y = mx.sym.Variable("x"), mx.sym.Variable("y")
    return {"arguments": (x * y + x).list_arguments(), "one": (x * x).list_arguments()}


@case
def internals_are_every_output_of_every_node(mx, random):
    internals = _perceptron(mx).get_internals()
    return {
        "outputs": internals.list_outputs(),
        "count": len(internals),
        "by name": internals["active_output"].list_arguments(),
        "by index": internals[1].name,
        "unknown name": error_of(lambda: internals["nothing"]),
        "index out of range": error_of(lambda: internals[100]),
    }


@case
def children_are_the_direct_inputs(mx, random):
    net = _perceptron(mx)
    children = net.get_children()
    return {
        "outputs": children.list_outputs(),
        "of a child": children[0].get_children().list_outputs(),
        "of a variable": mx.sym.Variable("v").get_children(),
    }


@case
def groups_keep_the_order_of_their_members(mx, random):
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    group = mx.sym.Group([a * b, b, mx.sym.relu(a, name="positive")])
    return {
        "outputs": group.list_outputs(),
        "arguments": group.list_arguments(),
        "name": group.name,
        "count": len(group),
        "names of members": [each.name for each in group],
        "second": group[1].list_outputs(),
        "nested": mx.sym.Group([group, a]).list_outputs(),
        "empty": error_of(lambda: mx.sym.Group([])),
    }


@case
def outputs_of_one_operator_are_indexed(mx, random):
    pieces = mx.sym.SliceChannel(mx.sym.Variable("data"), num_outputs=3, name="pieces")
    return {
        "outputs": pieces.list_outputs(),
        "count": len(pieces),
        "second": pieces[1].list_outputs(),
        "by name": pieces["pieces_output2"].list_outputs(),
        "iterated": [each.list_outputs() for each in pieces],
        "name of piece": pieces[1].name,
        "out of range": error_of(lambda: pieces[3]),
        "composed": (pieces[0] + pieces[2]).list_arguments(),
    }


@case
def calling_a_symbol_replaces_its_variables(mx, random):
    net = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=4, name="dense")
    below = mx.sym.Activation(mx.sym.Variable("input"), act_type="relu", name="below")
    composed = net(data=below, name="composed")
    return {
        "arguments": composed.list_arguments(),
        "outputs": composed.list_outputs(),
        "original is left": net.list_arguments(),
        "unknown keyword": error_of(lambda: net(nothing=below)),
    }


@case
def missing_inputs_become_variables(mx, random):
    return {
        "dense": mx.sym.FullyConnected(num_hidden=4, name="dense").list_arguments(),
        "no bias": mx.sym.FullyConnected(num_hidden=4, no_bias=True, name="dense").list_arguments(),
        "convolution": mx.sym.Convolution(
            kernel=(3, 3), num_filter=2, name="conv"
        ).list_arguments(),
        "embedding": mx.sym.Embedding(input_dim=5, output_dim=2, name="e").list_arguments(),
        "softmax": mx.sym.SoftmaxOutput(name="softmax").list_arguments(),
        "prelu": mx.sym.LeakyReLU(act_type="prelu", name="prelu").list_arguments(),
        "leaky": mx.sym.LeakyReLU(act_type="leaky", name="leaky").list_arguments(),
        "layer norm": mx.sym.LayerNorm(name="norm").list_arguments(),
        "rnn": mx.sym.RNN(state_size=4, num_layers=1, mode="lstm", name="rnn").list_arguments(),
        "dot": mx.sym.dot(name="dot").list_arguments(),
        "by keyword": mx.sym.FullyConnected(
            weight=mx.sym.Variable("w"), num_hidden=4, name="dense"
        ).list_arguments(),
    }


@case
def name_prefix_and_names_given(mx, random):
    x = mx.sym.Variable("x")
    with mx.name.Prefix("stage_"):
        automatic = mx.sym.relu(x)
        given = mx.sym.relu(x, name="mine")
        layer = mx.sym.FullyConnected(x, num_hidden=2)
    return {
        "automatic": automatic.name,
        "given": given.name,
        "layer": layer.list_arguments(),
        "after": mx.sym.relu(x).name,
    }


@case
def attributes_of_nodes(mx, random):
    x = mx.sym.Variable("x", attr={"mood": "angry"}, lr_mult=2.0, shape=(2, 3), dtype="float32")
    net = mx.sym.FullyConnected(
        x, num_hidden=4, name="dense", attr={"__group__": "first", "__mood__": "calm"}
    )
    return {
        "one": x.attr("mood"),
        "none": x.attr("nothing"),
        "listed": x.list_attr(),
        "operator's": net.list_attr(),
        "all": net.attr_dict(),
        "number": error_of(lambda: mx.sym.Variable("y", attr={"number": 1})),
    }


@case
def attribute_scopes(mx, random):
    with mx.AttrScope(__group__="outer", stage="1"):
        outside = mx.sym.Variable("outside")
        with mx.AttrScope(stage="2"):
            inside = mx.sym.relu(outside, name="inside")
    return {
        "outside": outside.list_attr(),
        "inside": inside.list_attr(),
        "after": mx.sym.Variable("after").list_attr(),
        "not a string": error_of(lambda: mx.AttrScope(stage=2)),
    }


@case
def attributes_are_set_later(mx, random):
    net = mx.sym.relu(mx.sym.Variable("x"), name="active")
    net._set_attr(mood="calm")
    return {"one": net.attr("mood"), "all": net.attr_dict()}


@case
def variables_know_their_declarations(mx, random):
    x = mx.sym.Variable("x", shape=(3, 0), lr_mult=0.5, wd_mult=0, dtype="float16", stype="default")
    y = mx.sym.var("y", init=mx.init.Constant(2))
    return {
        "x": x.list_attr(),
        "y": y.list_attr(),
        "name is no string": error_of(lambda: mx.sym.Variable(1)),
    }


@case
def printed_symbols(mx, random):
    a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
    return {
        "variable": repr(a),
        "node": repr(mx.sym.relu(a, name="positive")),
        "group": repr(mx.sym.Group([a, b])),
        "pieces": repr(mx.sym.split(a, num_outputs=2, name="pieces")),
    }


@case
def copies_are_independent(mx, random):
    import copy

    net = mx.sym.relu(mx.sym.Variable("x"), name="active")
    other = copy.deepcopy(net)
    other._set_attr(mood="calm")
    return {"original": net.attr("mood"), "copy": other.attr("mood"), "same": copy.copy(net).name}


@case
def methods_are_operators(mx, random):
    x = mx.sym.Variable("x")
    made = [
        x.reshape((2, 3)), x.transpose(), x.sum(axis=1), x.relu(), x.exp(), x.astype("float16"),
        x.slice_axis(axis=0, begin=0, end=1), x.expand_dims(axis=0), x.flatten(), x.clip(0, 1),
        x.softmax(), x.norm(), x.argmax(axis=1), x.tile(reps=(2,)), x.one_hot(depth=3),
    ]  # fmt: skip
    return {"names": [each.name for each in made], "attributes": made[0].list_attr()}


@case
def wrong_uses_raise(mx, random):
    x = mx.sym.Variable("x")
    return {
        "two variables of one name": mx.sym.Group([x, mx.sym.Variable("x")]).list_arguments(),
        "not a symbol": raises(lambda: mx.sym.relu(3)),
        "truth": error_of(lambda: bool(x)),
        "add a string": error_of(lambda: x + "1"),
        "missing attribute": error_of(lambda: mx.sym.FullyConnected(x)),
        "bad enum": error_of(lambda: mx.sym.Activation(x, act_type="nothing")),
        "iterate a variable": [each.name for each in x],
    }


@case
def ready_made_constants(mx, random):
    return {
        "zeros": mx.sym.zeros((2, 3)).list_attr(),
        "ones": mx.sym.ones((2, 3), dtype="float16", name="o").list_attr(),
        "full": mx.sym.full((2,), 3).list_attr(),
        "arange": mx.sym.arange(0, 6, step=2).list_attr(),
        "arguments": (mx.sym.zeros((2,)) + mx.sym.Variable("x")).list_arguments(),
        "value": mx.sym.arange(0, 6, step=2).bind(mx.cpu(), {}).forward()[0],
        "pow": mx.sym.pow(mx.sym.Variable("x"), 2).list_outputs(),
        "maximum": mx.sym.maximum(mx.sym.Variable("x"), mx.sym.Variable("y")).list_outputs(),
        "hypot": mx.sym.hypot(3, mx.sym.Variable("y")).list_outputs(),
    }
