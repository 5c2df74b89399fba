"""CustomOp and CustomOpProp: what a user derives from to write an operator in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from ..base import MXNetError
from ..ndarray import NDArray
from ..ops.custom import MAKERS
from .call import make_user_operator

_Prop = TypeVar("_Prop", bound=type)


class CustomOp:
    """The computation of a custom operator; derive from it and write forward and backward.

    One instance serves one executor, or one eager call together with its backward, so that what
    `forward` keeps in `self` is there in `backward`.
    """

    def __init__(self) -> None:
        pass

    def forward(
        self,
        is_train: bool,
        req: list[str],
        in_data: list[NDArray],
        out_data: list[NDArray],
        aux: list[NDArray],
    ) -> None:
        """Compute the outputs; to be overridden.

        Parameters
        ----------
        is_train : bool
            Whether the caller trains.
        req : list of {'null', 'write', 'add'}
            How each output is written.
        in_data : list of NDArray
            The arguments.
        out_data : list of NDArray
            Where the outputs go; zeros at first.
        aux : list of NDArray
            The auxiliary states, which may be written.
        """

    def backward(
        self,
        req: list[str],
        out_grad: list[NDArray],
        in_data: list[NDArray],
        out_data: list[NDArray],
        in_grad: list[NDArray],
        aux: list[NDArray],
    ) -> None:
        """Compute the gradients of the arguments; to be overridden.

        Parameters
        ----------
        req : list of {'null', 'write'}
            How each gradient is written: 'null' where none is wanted.
        out_grad : list of NDArray
            The gradient of the loss with respect to each output.
        in_data, out_data, aux : list of NDArray
            As in `forward`.
        in_grad : list of NDArray
            Where the gradients go; zeros at first.
        """

    def assign(self, dst: NDArray, req: str, src: Any) -> None:
        """Write `src` into `dst` as `req` says.

        Parameters
        ----------
        dst : NDArray
            An element of `out_data` or `in_grad`.
        req : {'null', 'write', 'inplace', 'add'}
            Its element of `req`.
        src : NDArray, numpy.ndarray or number
            The values, of the shape of `dst` or broadcast to it.

        Examples
        --------
        >>> total = mx.nd.array([1, 2])
        >>> mx.operator.CustomOp().assign(total, "add", mx.nd.array([10, 20]))
        >>> total.asnumpy().tolist()
        [11.0, 22.0]
        """
        if req in ("write", "inplace"):
            dst[:] = src
        elif req == "add":
            dst[:] += src


class CustomOpProp:
    """The description of a custom operator; derive from it and register it.

    The attributes of a call, all of them strings, are the keyword arguments of ``__init__``.

    Parameters
    ----------
    need_top_grad : bool, default True
        Whether backward needs the gradients of the outputs; False for a loss.

    Examples
    --------
    >>> class Scale(mx.operator.CustomOp):
    ...     def __init__(self, factor):
    ...         self.factor = factor
    ...     def forward(self, is_train, req, in_data, out_data, aux):
    ...         self.assign(out_data[0], req[0], in_data[0] * self.factor)
    ...     def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
    ...         self.assign(in_grad[0], req[0], out_grad[0] * self.factor)
    >>> @mx.operator.register("doctest_scale")
    ... class ScaleProp(mx.operator.CustomOpProp):
    ...     def __init__(self, factor):
    ...         super().__init__()
    ...         self.factor = float(factor)
    ...     def create_operator(self, ctx, in_shapes, in_dtypes):
    ...         return Scale(self.factor)
    >>> mx.nd.Custom(mx.nd.array([1, 2]), op_type="doctest_scale", factor=3).asnumpy().tolist()
    [3.0, 6.0]
    """

    def __init__(self, need_top_grad: bool = True) -> None:
        self.need_top_grad_ = need_top_grad

    def list_arguments(self) -> list[str]:
        """Return the names of the arguments."""
        return ["data"]

    def list_outputs(self) -> list[str]:
        """Return the names of the outputs."""
        return ["output"]

    def list_auxiliary_states(self) -> list[str]:
        """Return the names of the auxiliary states."""
        return []

    def infer_shape(self, in_shape: list[list[int]]) -> tuple[Any, ...]:
        """Return the shapes of arguments, outputs and auxiliary states.

        Parameters
        ----------
        in_shape : list of list of int
            What is known of the arguments' shapes: ``[]`` where nothing is, -1 for an unknown
            length.
        """
        return in_shape, (in_shape[0],) * len(self.list_outputs()), ()

    def infer_type(self, in_type: list[Any]) -> tuple[Any, ...]:
        """Return the dtypes of arguments, outputs and auxiliary states.

        Parameters
        ----------
        in_type : list of NumPy type or None
            What is known of the arguments' dtypes.
        """
        first = in_type[0]
        states = [first] * len(self.list_auxiliary_states())
        return in_type, [first] * len(self.list_outputs()), states

    def infer_storage_type(self, in_stype: list[str]) -> tuple[list[str], list[str], list[str]]:
        """Return the storage types of arguments, outputs and auxiliary states.

        Arrays reach a custom operator dense, so nothing but the default can be kept.

        Raises
        ------
        AssertionError
            If an argument's is not 'default'.
        """
        _refuse_sparse("in_stype", in_stype)
        outputs = ["default"] * len(self.list_outputs())
        return in_stype, outputs, ["default"] * len(self.list_auxiliary_states())

    def infer_storage_type_backward(
        self,
        ograd_stype: list[str],
        in_stype: list[str],
        out_stype: list[str],
        igrad_stype: list[str],
        aux_stype: list[str],
    ) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
        """Return the storage types of all arrays of backward, in the order of the parameters.

        Raises
        ------
        AssertionError
            If one of them is neither 'default' nor 'undefined'.
        """
        _refuse_sparse("ograd_stype", ograd_stype)
        _refuse_sparse("in_stype", in_stype)
        _refuse_sparse("out_stype", out_stype)
        _refuse_sparse("igrad_stype", [s for s in igrad_stype if s != "undefined"])
        _refuse_sparse("aux_stype", aux_stype)
        given = (ograd_stype, in_stype, out_stype, igrad_stype, aux_stype)
        ograds, inputs, outputs, igrads, states = (["default"] * len(stypes) for stypes in given)
        return ograds, inputs, outputs, igrads, states

    def create_operator(self, ctx: Any, in_shapes: Any, in_dtypes: Any) -> CustomOp:
        """Return the operator that computes; to be overridden.

        Parameters
        ----------
        ctx : Context
            The device.
        in_shapes : list of list of int
            The shapes of arguments and auxiliary states.
        in_dtypes : list of int
            The codes of their dtypes, 0 for float32.
        """
        return CustomOp()

    def declare_backward_dependency(
        self, out_grad: Sequence[int], in_data: Sequence[int], out_data: Sequence[int]
    ) -> list[int]:
        """Return which arrays backward reads, of the numbers given.

        An operator that does not read `out_grad` is a loss, whose backward needs no head gradient.
        Everything else is handed to backward whether it is declared or not.
        """
        heads = list(out_grad) if self.need_top_grad_ else []
        return [*heads, *in_data, *out_data]


def _refuse_sparse(what: str, stypes: Sequence[str]) -> None:
    for index, stype in enumerate(stypes):
        if stype != "default":
            raise AssertionError(
                f"{what}[{index}] is {stype!r}, but a custom operator that does not override "
                "infer_storage_type and infer_storage_type_backward takes 'default' alone."
            )


def register(reg_name: str) -> Callable[[_Prop], _Prop]:
    """Return a decorator that makes a CustomOpProp known as ``op_type=reg_name``.

    A later registration takes the place of an earlier one of the same name.

    Parameters
    ----------
    reg_name : str
        The name to use with :func:`mxnet.nd.Custom` and :func:`mxnet.sym.Custom`.

    Raises
    ------
    MXNetError
        If the name is no string, or what is registered no class.
    """
    if not isinstance(reg_name, str) or not reg_name:
        raise MXNetError(f"register: the name is {reg_name!r}, but must be a string.")

    def decorate(prop_cls: _Prop) -> _Prop:
        if not isinstance(prop_cls, type):
            raise MXNetError(
                f"register: {reg_name} is a {type(prop_cls).__name__}, but must be a class "
                "derived from CustomOpProp."
            )
        MAKERS[reg_name] = partial(make_user_operator, reg_name, prop_cls)
        return prop_cls

    return decorate
