"""Shapes of NDArrays: reshape and its kin, what shares memory, transposing, and wrong calls."""

from __future__ import annotations

from tests.conformance.case import case, error_of, outcome, raises


@case
def facts_of_shapes(mx, random):
    found = {}
    for shape in ((1,), (4,), (2, 3), (2, 1, 3), (1, 1, 1, 1, 1)):
        x = mx.nd.zeros(shape)
        found[str(shape)] = (x.shape, x.ndim, x.size, len(x), x.T.shape, x.stype, str(x.ctx))
    x = mx.nd.zeros((2, 3))
    return {
        **found,
        "types": [type(part).__name__ for part in (x.shape, x.shape[0], x.ndim, x.size)],
        "read only shape": error_of(lambda: setattr(x, "ndim", 3)),
        "read only dtype": error_of(lambda: setattr(x, "dtype", "int32")),
        "read only context": error_of(lambda: setattr(x, "context", mx.cpu(1))),
        "shape that can not be": raises(lambda: setattr(x, "shape", (5, 5))),
    }


@case
def shapes_set_by_reshape(mx, random):
    x = mx.nd.arange(24).reshape((2, 3, 4))
    shapes = {
        "same": (2, 3, 4), "flat": (24,), "rest": (-1,), "rest first": (-1, 4), "keep": (0, 0, 0),
        "keep and rest": (0, -1), "copy rest": (-2,), "copy rest after": (6, -2),
        "merge": (-3, -2), "merge last": (0, -3), "split": (-4, 1, 2, -2),
        "split with rest": (-4, -1, 2, 0, 0), "split last": (0, 0, -4, 2, 2), "ones": (1, 2, 12, 1),
    }  # fmt: skip
    wrong = {
        "size": (5, 5), "two rests": (-1, -1, 4), "no divisor": (-1, 7), "too many keeps": (0,) * 4,
        "negative": (-5, 24), "split wrong": (-4, 2, 2, -2), "float": (2.5, 4),
    }  # fmt: skip
    return {
        **{name: outcome(lambda s=s: x.reshape(s).shape) for name, s in shapes.items()},
        **{f"wrong {n}": error_of(lambda s=s: x.reshape(s).asnumpy()) for n, s in wrong.items()},
        "list": x.reshape([4, 6]).shape,
        "numbers": x.reshape(4, -1).shape,
        "one number": x.reshape(24).shape,
        "keyword": x.reshape(shape=(6, 4)).shape,
        "keyword number": outcome(lambda: x.reshape(shape=24).shape),
        "reverse": x.reshape((-1, 0), reverse=True).shape,
        "reverse keeps": x.reshape((0, 0, -1), reverse=True).shape,
        "unknown": error_of(lambda: x.reshape((24,), order="C")),
        "nothing": error_of(lambda: x.reshape()),
        "empty": error_of(lambda: x.reshape(())),
        "none": error_of(lambda: x.reshape(None)),
        "twice": error_of(lambda: x.reshape((24,), shape=(24,))),
    }


@case
def what_shares_memory_with_an_array(mx, random):
    def shares(change):
        x = mx.nd.arange(6).reshape((2, 3))
        change(x)[:] = 100
        return float(x.sum().asscalar()) != 15

    ways = {
        "reshape": lambda x: x.reshape((6,)),
        "reshape to the same": lambda x: x.reshape((2, 3)),
        "row": lambda x: x[0],
        "rows": lambda x: x[0:1],
        "all": lambda x: x[:],
        "ellipsis": lambda x: x[...],
        "new axis": lambda x: x[None],
        "new axis inside": lambda x: x[:, None],
        "column": lambda x: x[:, 0],
        "element": lambda x: x[0, 0],
        "part of a row": lambda x: x[0, 1:],
        "part of rows": lambda x: x[:, 1:],
        "whole rows": lambda x: x[:, 0:3],
        "step": lambda x: x[::2],
        "step of one row": lambda x: x[0, ::2],
        "reversed": lambda x: x[::-1],
        "list": lambda x: x[[0]],
        "array": lambda x: x[mx.nd.array([0])],
        "transposed": lambda x: x.T,
        "vector transposed": lambda x: x.reshape((6,)).T,
        "transpose": lambda x: x.transpose(),
        "swapaxes": lambda x: x.swapaxes(0, 1),
        "expand_dims": lambda x: x.expand_dims(0),
        "expand_dims inplace": lambda x: x.expand_dims(0, inplace=True),
        "squeeze": lambda x: x.reshape((1, 2, 3)).squeeze(axis=0),
        "squeeze inplace": lambda x: x.reshape((1, 2, 3)).squeeze(axis=0, inplace=True),
        "flatten": lambda x: x.flatten(),
        "flatten inplace": lambda x: x.flatten(inplace=True),
        "copy": lambda x: x.copy(),
        "detach": lambda x: x.detach(),
        "astype": lambda x: x.astype("float32"),
        "astype without copy": lambda x: x.astype("float32", copy=False),
        "as_in_context": lambda x: x.as_in_context(mx.cpu()),
        "slice": lambda x: x.slice((0, 0), (1, 3)),
        "slice_axis": lambda x: x.slice_axis(0, 0, 1),
        "split": lambda x: x.split(2, axis=0)[0],
        "reshape_like": lambda x: x.reshape_like(mx.nd.zeros((3, 2))),
        "broadcast_to": lambda x: x.broadcast_to((2, 3)),
        "nd.reshape": lambda x: mx.nd.reshape(x, shape=(6,)),
        "nd.identity": lambda x: mx.nd.identity(x),
        "nd.array": lambda x: mx.nd.array(x),
        "BlockGrad": lambda x: mx.nd.BlockGrad(x),
        "iteration": lambda x: next(iter(x)),
        "as_nd_ndarray": lambda x: x.as_nd_ndarray(),
        "diag": lambda x: x.diag(),
    }
    return {name: shares(change) for name, change in ways.items()}


@case
def reshaping_members(mx, random):
    x = mx.nd.arange(6).reshape((2, 1, 3))
    return {
        "expand": [x.expand_dims(axis).shape for axis in (0, 1, 3, -1, -4)],
        "expand inplace": [x.expand_dims(axis, inplace=True).shape for axis in (0, 3, -1)],
        "expand wrong": error_of(lambda: x.expand_dims(5).asnumpy()),
        "expand wrong inplace": raises(lambda: x.expand_dims(5, inplace=True).asnumpy()),
        "flat": x.flatten().shape,
        "flat inplace": x.flatten(inplace=True).shape,
        "vector flat": mx.nd.ones((3,)).flatten().shape,
        "squeezed": x.squeeze().shape,
        "squeezed axis": x.squeeze(axis=1).shape,
        "squeezed axes": x.expand_dims(0).squeeze(axis=(0, 2)).shape,
        "squeezed negative": x.squeeze(axis=-2).shape,
        "squeezed inplace": x.squeeze(inplace=True).shape,
        "squeezed wrong": error_of(lambda: x.squeeze(axis=0).asnumpy()),
        "squeezed wrong inplace": raises(lambda: x.squeeze(axis=0, inplace=True)),
        "squeezed to nothing": mx.nd.ones((1, 1)).squeeze().shape,
        "broadcast": x.broadcast_to((2, 4, 3)).shape,
        "broadcast more axes": x.broadcast_to((5, 2, 1, 3)).shape,
        "broadcast keeping": outcome(lambda: x.broadcast_to((0, 4, 0)).shape),
        "broadcast fewer axes": error_of(lambda: x.broadcast_to((2, 3))),
        "broadcast wrong": error_of(lambda: x.broadcast_to((3, 1, 3)).asnumpy()),
        "broadcast like": x.broadcast_like(mx.nd.zeros((2, 5, 3))).shape,
        "broadcast axes": x.broadcast_axes(axis=1, size=4).shape,
    }


@case
def transposing_members(mx, random):
    x = mx.nd.arange(24).reshape((2, 3, 4))
    return {
        "all": x.transpose(),
        "tuple": x.transpose((1, 0, 2)),
        "keyword": x.transpose(axes=(2, 1, 0)).shape,
        "T": x.T,
        "T of a vector": mx.nd.arange(3).T,
        "swap": x.swapaxes(0, 2),
        "swap keywords": x.swapaxes(dim1=1, dim2=2).shape,
        "wrong length": raises(lambda: x.transpose((0, 1)).asnumpy()),
        "wrong axis": raises(lambda: x.transpose((0, 1, 3)).asnumpy()),
    }


@case(differs="axes may come one by one, as in NumPy; the reference takes them for other arguments")
def transposing_by_numbers(mx, random):
    x = mx.nd.arange(24).reshape((2, 3, 4))
    return {"numbers": outcome(lambda: x.transpose(2, 0, 1).shape)}


@case
def slice_assignments(mx, random):
    x = mx.nd.zeros((3, 4))
    y = x.slice_assign(mx.nd.ones((2, 2)), (0, 1), (2, 3), (1, 1))
    z = x.slice_assign_scalar(5, (2, 0), (3, 4), (1, 2))
    w = mx.nd.zeros((3, 4))
    w.slice_assign_scalar(7, (None, None), (None, None), (2, 2))
    return {
        "x": x, "same": (y is x, z is x), "open": w,
        "wrong shape": raises(
            lambda: x.slice_assign(mx.nd.ones((3, 3)), (0, 0), (1, 1), (1, 1)).asnumpy()
        ),
    }  # fmt: skip
