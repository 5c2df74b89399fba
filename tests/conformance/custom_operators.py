"""What the cases of custom operators in use define their operators with."""

from __future__ import annotations


def define(mx, name, forward, backward=None, top=True, **methods):
    """Register an operator whose forward and backward are functions of the op and of the arrays.

    ``forward(op, req, data, out, aux)``, ``backward(op, req, heads, data, out, grads, aux)``;
    `methods` replace those of the CustomOpProp, without `self`.
    """

    class Op(mx.operator.CustomOp):
        def forward(self, is_train, req, in_data, out_data, aux):
            forward(self, req, in_data, out_data, aux)

        def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
            backward(self, req, out_grad, in_data, out_data, in_grad, aux)

    def made(self, **attrs):
        mx.operator.CustomOpProp.__init__(self, need_top_grad=top)
        self.attrs = attrs

    body = {label: _method(function) for label, function in methods.items()}
    body = {"create_operator": lambda self, ctx, shapes, types: Op(), **body, "__init__": made}
    return mx.operator.register(name)(type("Prop", (mx.operator.CustomOpProp,), body))


def _method(function):
    return lambda self, *args: function(*args)


def double(op, req, data, out, aux):
    op.assign(out[0], req[0], data[0] * 2)


def double_back(op, req, heads, data, out, grads, aux):
    op.assign(grads[0], req[0], heads[0] * 2)


def settled(mx, action):
    """Run an action and wait for it, so that a late error of the reference belongs to it."""
    result = action()
    mx.nd.waitall()
    return result


def pair_rules():
    """Return what an operator of two arguments and two outputs says of itself."""
    return {
        "list_arguments": lambda: ["x", "y"],
        "list_outputs": lambda: ["sum", "difference"],
        "infer_shape": lambda shapes: (shapes, [shapes[0]] * 2, []),
    }


def define_pair(mx, name, seen=None):
    """Register an operator of two arguments whose outputs are their sum and difference."""

    def forward(op, req, data, out, aux):
        op.assign(out[0], req[0], data[0] + data[1])
        op.assign(out[1], req[1], data[0] - data[1])

    def backward(op, req, heads, data, out, grads, aux):
        if seen is not None:
            seen.append((list(req), [head.asnumpy().tolist() for head in heads]))
        op.assign(grads[0], req[0], heads[0] + heads[1])
        op.assign(grads[1], req[1], heads[0] - heads[1])

    define(mx, name, forward, backward, **pair_rules())
