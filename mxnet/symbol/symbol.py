"""Symbol: outputs of a graph of operators, which are bound to arrays later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import (  # noqa: F401 - the kinds of numbers are names of this path
    MXNetError,
    NotImplementedForSymbol,
    integer_types,
    numeric_types,
    string_types,
)
from ..context import Context, current_context
from ..executor import Executor
from ..serialization import write_whole
from . import op  # noqa: F401 - a name of this path
from .arithmetic import Arithmetic
from .binding import bind_arrays, simple_bind_arrays
from .compose import stored_key
from .graph import HIDDEN_KEYS, Node, Output, copy_graph, split_variables, topological_order
from .graph_json import from_json, to_json
from .inferring import InferenceMethods
from .plan import Plan
from .register import set_symbol_class


class Symbol(Arithmetic, InferenceMethods):
    """One or more outputs of a graph.

    Made by :func:`mxnet.sym.Variable`, by an operator under `mx.sym`, or read from a file.

    Parameters
    ----------
    handle : list of (Node, int)
        The outputs.

    Examples
    --------
    >>> x = mx.sym.Variable("x")
    >>> y = mx.sym.FullyConnected(x, num_hidden=3, name="fc")
    >>> y.list_arguments()
    ['x', 'fc_weight', 'fc_bias']
    >>> y.infer_shape(x=(2, 5))[1]
    [(2, 3)]
    """

    __array_priority__ = 1000.0

    if TYPE_CHECKING:  # the methods that fluent.py makes from operators

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, handle: list[Output]) -> None:
        self._outputs = handle
        self._cached_plan: Plan | None = None
        self._cached_order: list[Node] | None = None

    # Names and lists.

    @property
    def name(self) -> str | None:
        """The name of the node, None for a group of several."""
        nodes = {id(node) for node, _ in self._outputs}
        return self._outputs[0][0].name if len(nodes) == 1 else None

    def _order(self) -> list[Node]:
        """Return the graph's nodes in topological order; a graph never changes."""
        if self._cached_order is None:
            self._cached_order = topological_order(self._outputs)
        return self._cached_order

    def list_arguments(self) -> list[str]:
        """Return the names of all variables but auxiliary states, depth first."""
        return [node.name for node in split_variables(self._order())[0]]

    def list_auxiliary_states(self) -> list[str]:
        """Return the names of all auxiliary states, depth first."""
        return [node.name for node in split_variables(self._order())[1]]

    def list_inputs(self) -> list[str]:
        """Return the names of all variables, auxiliary states included."""
        return [node.name for node in self._order() if node.op is None]

    def list_outputs(self) -> list[str]:
        """Return the names of the outputs, for example ``['fc_output']``."""
        return [node.output_name(index) for node, index in self._outputs]

    @property
    def num_outputs(self) -> int:
        """How many outputs there are."""
        return len(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)

    def __iter__(self) -> Iterator[Symbol]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: int | str | slice) -> Symbol:
        if isinstance(index, slice):
            return Symbol(self._outputs[index])
        if isinstance(index, str):
            found = [i for i, name in enumerate(self.list_outputs()) if name == index]
            if not found:
                raise ValueError(f"There is no output named {index!r}.")
            if len(found) > 1:
                raise ValueError(f"There are {len(found)} outputs named {index!r}.")
            return Symbol([self._outputs[found[0]]])
        if not isinstance(index, (int, np.integer)):
            raise TypeError(f"A Symbol is indexed by a number or a name, not by {index!r}.")
        if not 0 <= index < len(self._outputs):
            raise IndexError(f"Output {index} does not exist: there are {len(self._outputs)}.")
        return Symbol([self._outputs[index]])

    def __repr__(self) -> str:
        if self.name is not None:
            return f"<{type(self).__name__} {self.name}>"
        names = ", ".join(str(node.name) for node, _ in self._outputs)
        return f"<{type(self).__name__} group [{names}]>"

    def get_internals(self) -> Symbol:
        """Return a group of every output of every node, in topological order."""
        return Symbol([(n, i) for n in self._order() for i in range(n.count_visible())])

    def get_children(self) -> Symbol | None:
        """Return a group of the inputs of the outputs' nodes, None for a variable."""
        seen: set[int] = set()
        children: list[Output] = []
        for node, _ in self._outputs:
            if id(node) not in seen:
                seen.add(id(node))
                children += node.inputs
        return Symbol(children) if children else None

    # Attributes.

    def attr(self, key: str) -> str | None:
        """Return an attribute of the node, None where it has none."""
        if len({id(node) for node, _ in self._outputs}) != 1:
            return None
        attrs = self._outputs[0][0].attrs
        return attrs.get(key, attrs.get(stored_key(key)))

    def list_attr(self, recursive: bool = False) -> dict[str, str]:
        """Return the attributes of the node."""
        if recursive:
            raise DeprecationWarning("list_attr(recursive=True) is gone; use attr_dict().")
        return _shown_attrs(self._outputs[0][0].attrs)

    def attr_dict(self) -> dict[str, dict[str, str]]:
        """Return the attributes of every node that has some, by node name."""
        return {node.name: _shown_attrs(node.attrs) for node in self._order() if node.attrs}

    def _set_attr(self, **kwargs: str) -> None:
        """Set attributes of the node."""
        for key, value in kwargs.items():
            if not isinstance(value, str):
                raise ValueError(f"Attribute {key} is {value!r}, but attributes are strings.")
            for node, _ in self._outputs:
                node.attrs[stored_key(key)] = value

    # Composing.

    def __call__(self, *args: Symbol, **kwargs: Any) -> Symbol:
        """Return a copy of the graph in which variables are replaced by other symbols.

        Parameters
        ----------
        *args : Symbol
            Replacements in the order of `list_inputs()`.
        name : str, optional
            A new name for the node.
        **kwargs : Symbol
            Replacements by variable name.
        """
        name = kwargs.pop("name", None)
        if args and kwargs:
            raise TypeError("compose only accepts symbols all by position or all by name.")
        variables = [node for node in self._order() if node.op is None]
        names = [node.name for node in variables]
        given = dict(zip(names, args, strict=False)) | kwargs
        for key, value in given.items():
            if not isinstance(value, Symbol):
                raise TypeError(
                    f"compose: {key} is a {type(value).__name__}, but must be a Symbol."
                )
            if key not in names:
                raise MXNetError(f"compose: there is no variable {key!r}; there are {names}.")
            if len(value) != 1:
                raise MXNetError(f"compose: {key} has {len(value)} outputs, but must have one.")
        replace = {id(n): given[n.name]._outputs[0] for n in variables if n.name in given}
        copied = Symbol(copy_graph(self._outputs, replace))
        if name:
            copied._outputs[0][0].name = name
        return copied

    def __copy__(self) -> Symbol:
        return Symbol(copy_graph(self._outputs))

    def __deepcopy__(self, _: Any) -> Symbol:
        return self.__copy__()

    def __getstate__(self) -> dict[str, Any]:
        return {"handle": self.tojson()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(from_json(state["handle"]))  # type: ignore[misc]

    def __bool__(self) -> bool:
        raise NotImplementedForSymbol("__bool__", None)

    def as_nd_ndarray(self) -> Symbol:
        """Return the symbol itself."""
        return self

    def as_np_ndarray(self) -> Any:
        """Refuse: there is no `mx.np` here yet."""
        raise MXNetError("as_np_ndarray: mx.np is not implemented yet.")

    __nonzero__ = __bool__

    # Text and files.

    def tojson(self, remove_amp_cast: bool = True) -> str:
        """Return the graph as JSON text, as the reference writes it."""
        return to_json(self._outputs)

    def save(self, fname: str, remove_amp_cast: bool = True) -> None:
        """Write the graph as JSON text to a file."""
        if not isinstance(fname, str):
            raise TypeError(
                f"save: the file name is a {type(fname).__name__}, but must be a string."
            )
        write_whole(fname, self.tojson(remove_amp_cast).encode("utf-8"))

    def debug_str(self) -> str:
        """Return the graph in words, one node after another."""
        lines = ["Symbol Outputs:"]
        lines += [f"\toutput[{i}]={n.name}({k})" for i, (n, k) in enumerate(self._outputs)]
        for node in self._order():
            if node.op is None:
                lines.append(f"Variable:{node.name}")
                continue
            lines += ["--------------------", f"Op:{node.op.name}, Name={node.name}", "Inputs:"]
            aux = node.aux_positions()
            lines += [
                f"\targ[{i}]={child.name}({index}) version={int(i in aux)}"
                for i, (child, index) in enumerate(node.inputs)
            ]
            if node.attrs:
                lines.append("Attrs:")
                lines += [f"\t{key}={node.attrs[key]}" for key in sorted(node.attrs)]
        return "\n".join(lines) + "\n"

    # Binding.

    def _plan(self) -> Plan:
        if self._cached_plan is None:
            self._cached_plan = Plan(self._outputs)
        return self._cached_plan

    def bind(
        self,
        ctx: Context,
        args: Any,
        args_grad: Any = None,
        grad_req: Any = "write",
        aux_states: Any = None,
        group2ctx: Any = None,
        shared_exec: Executor | None = None,
    ) -> Executor:
        """Bind the symbol to arrays.

        Parameters
        ----------
        ctx : Context
            The device.
        args : list or dict of str to NDArray
            An array for each argument; NumPy arrays are accepted and copied.
        args_grad : list or dict of str to NDArray, optional
            Arrays that receive gradients; arguments without one get none.
        grad_req : str, list or dict of {'write', 'add', 'null'}
            How gradients are written.
        aux_states : list or dict of str to NDArray, optional
            An array for each auxiliary state.
        group2ctx, shared_exec
            Accepted for the reference's sake.

        Raises
        ------
        ValueError, TypeError
            If arrays are missing or of the wrong kind.
        MXNetError
            If shapes or dtypes contradict each other.
        """
        return bind_arrays(self, ctx, args, args_grad, grad_req, aux_states, group2ctx)

    def simple_bind(
        self,
        ctx: Context,
        grad_req: Any = "write",
        type_dict: dict[str, Any] | None = None,
        stype_dict: dict[str, str] | None = None,
        group2ctx: Any = None,
        shared_arg_names: Sequence[str] | None = None,
        shared_exec: Executor | None = None,
        shared_buffer: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Executor:
        """Bind the symbol to new arrays of zeros, whose shapes follow from those in `kwargs`.

        Parameters
        ----------
        ctx : Context
            The device.
        grad_req : str, list or dict of {'write', 'add', 'null'}
            How gradients are written.
        type_dict : dict of str to dtype, optional
            Known dtypes by name; the rest follows, float32 where nothing does.
        stype_dict : dict of str to str, optional
            Storage types; only 'default' is computed so far.
        shared_arg_names, shared_exec, shared_buffer
            Arguments whose arrays are taken from another executor, or from and into a dict.
        **kwargs : tuple of int
            Known shapes by name.
        """
        return simple_bind_arrays(
            self, ctx, grad_req, type_dict, stype_dict, group2ctx,
            shared_arg_names, shared_exec, shared_buffer, kwargs,
        )  # fmt: skip

    def eval(self, ctx: Context | None = None, **kwargs: Any) -> list[Any]:
        """Return the outputs for arrays given by name.

        Examples
        --------
        >>> a, b = mx.sym.Variable("a"), mx.sym.Variable("b")
        >>> (a + b).eval(a=mx.nd.ones((2,)), b=mx.nd.ones((2,)))[0].asnumpy().tolist()
        [2.0, 2.0]
        """
        return self.bind(ctx or current_context(), kwargs, grad_req="null").forward()

    def gradient(self, wrt: Any) -> Symbol:
        """Refuse: as in the reference, gradients come from an executor's backward."""
        raise MXNetError("gradient: bind the symbol and use backward instead.")

    def get_backend_symbol(self, backend: str) -> Symbol:
        """Refuse: there are no partitioning backends; torch runs the whole graph."""
        raise MXNetError(f"get_backend_symbol: there is no backend {backend!r}.")

    def optimize_for(
        self,
        backend: str,
        args: Any = None,
        aux: Any = None,
        ctx: Context | None = None,
        shape_dict: Any = None,
        type_dict: Any = None,
        stype_dict: Any = None,
        skip_infer: bool = False,
        **kwargs: Any,
    ) -> Symbol:
        """Refuse: there are no partitioning backends; torch runs the whole graph."""
        raise MXNetError(f"optimize_for: there is no backend {backend!r}.")


set_symbol_class(Symbol)


def _shown_attrs(attrs: dict[str, str]) -> dict[str, str]:
    """Return attributes as the user sees them: hidden keys under both spellings."""
    shown = dict(attrs)
    for key in HIDDEN_KEYS:
        stored = f"__{key}__"
        if stored in attrs:
            shown[key] = attrs[stored]
    return shown


# The public module path `mxnet.symbol.symbol` also holds the functions that make symbols.
from .creation import (  # noqa: E402, F401 - they need the class above
    arange,
    eye,
    full,
    histogram,
    linspace,
    ones,
    split_v2,
    zeros,
)
from .functions import (  # noqa: E402, F401 - they need the class above
    Group,
    Variable,
    hypot,
    load,
    load_json,
    maximum,
    minimum,
    pow,
    power,
    var,
)
