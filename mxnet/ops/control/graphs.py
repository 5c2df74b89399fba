"""What the control flow operators share: graphs as functions of tensors, and their inference.

This room knows tensors alone. The graphs lie among the parsed attributes, put there by whoever made
the node. The attributes ``*_locs`` say which inputs of the node the inputs of a graph are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Protocol

import torch

from ...base import MXNetError
from ..attributes import Kind, Shape, kind_of
from ..registry import DTypes, Shapes
from ..rules import same_types, unify

Places = Annotated[tuple[int, ...], Kind("tuple of <long>", kind_of(Shape).parse)]
"""Positions of inputs."""


class Graph(Protocol):
    """A graph of operators as a function of tensors."""

    input_names: tuple[str, ...]
    states: tuple[int, ...]

    def run(
        self, tensors: Sequence[torch.Tensor], is_train: bool
    ) -> tuple[list[torch.Tensor], dict[int, torch.Tensor]]:
        """Return the outputs, and new auxiliary states by the place of the input; on torch's tape
        where it is on."""

    def infer_shapes(self, inputs: Shapes, outputs: Shapes) -> tuple[Shapes, Shapes]:
        """Return the shapes of inputs and outputs with what follows filled in."""

    def infer_types(self, inputs: DTypes, outputs: DTypes) -> tuple[DTypes, DTypes]:
        """Return the dtypes of inputs and outputs with what follows filled in."""


class Values:
    """The values of a node's inputs while its graphs run.

    Auxiliary states of the graphs are inputs among others. They go from step to step, and what
    training makes of them is written at the end, if the run is recorded.

    Parameters
    ----------
    data : sequence of torch.Tensor
        The inputs.
    graphs : iterable of (Graph, sequence of int)
        Each graph, and which inputs of the node its own are.
    """

    def __init__(
        self, data: Sequence[torch.Tensor], graphs: Iterable[tuple[Graph, Sequence[int]]]
    ) -> None:
        self._data, self.current = data, list(data)
        self._states = {places[place] for graph, places in graphs for place in graph.states}
        for place in self._states:
            self.current[place] = data[place].detach().clone()

    def run(self, graph: Graph, places: Sequence[int], is_train: bool) -> list[torch.Tensor]:
        """Run a graph on the inputs at `places`, and keep the states that it returns."""
        outputs, states = graph.run([self.current[place] for place in places], is_train)
        for place, state in states.items():
            self.current[places[place]] = state.detach()
        return outputs

    def write_states(self) -> None:
        """Write the states where they came from."""
        if self._states and torch.is_grad_enabled():
            with torch.no_grad():
                for place in self._states:
                    self._data[place].detach().copy_(self.current[place])


def graphs_of(name: str, subgraphs: tuple[Graph, ...] | None) -> tuple[Graph, ...]:
    """Return the graphs of a node; refuse a call that has none."""
    if subgraphs is None:
        raise MXNetError(
            f"its graphs are missing; use mx.sym.contrib.{name} or mx.nd.contrib.{name} instead"
        )
    return subgraphs


def names_of(
    subgraphs: Sequence[Graph] | None, places: Sequence[Sequence[int]]
) -> tuple[str, ...] | None:
    """Return the names of a node's inputs: those that its graphs have for them.

    Parameters
    ----------
    subgraphs : sequence of Graph or None
        The graphs; None where the node has none yet.
    places : sequence of sequence of int
        For each graph, which inputs of the node its own are.
    """
    if subgraphs is None:
        return None
    names = {
        place: name
        for graph, own in zip(subgraphs, places, strict=True)
        for place, name in zip(own, graph.input_names, strict=True)
    }
    return tuple(names[place] for place in sorted(names))


def truth(value: torch.Tensor, what: str) -> bool:
    """Return whether the one element of a tensor is true."""
    if value.numel() != 1:
        raise MXNetError(f"{what} has shape {tuple(value.shape)}, but must hold one element")
    return bool(value)


def infer_at(
    infer: Callable[[list[Any], list[Any]], tuple[list[Any], list[Any]]],
    places: Sequence[int],
    known: list[Any],
    outputs: list[Any],
) -> tuple[list[Any], list[Any]]:
    """Return what a graph's inference makes of a node's inputs, and the graph's outputs.

    Parameters
    ----------
    infer : callable(inputs, outputs) -> (inputs, outputs)
        A graph's inference of shapes or types.
    places : sequence of int
        Which inputs of the node those of the graph are.
    known : list
        What is known of the node's inputs.
    outputs : list
        What is known of the graph's outputs.
    """
    inner, results = infer([known[place] for place in places], outputs)
    found = list(known)
    for place, value in zip(places, inner, strict=True):
        found[place] = value
    return found, results


def unified(first: Shapes, second: Shapes) -> Shapes:
    """Return what two lists of partial shapes together say."""
    return [unify(a, b) for a, b in zip(first, second, strict=True)]


def agreed(first: DTypes, second: DTypes) -> DTypes:
    """Return what two lists of dtypes together say."""
    return [same_types([a], [b], {})[0][0] for a, b in zip(first, second, strict=True)]


def step_of(shape: Any) -> Any:
    """Return the shape of one slice along the first axis."""
    return None if shape is None else shape[1:]


def stack_of(length: int, step: Any) -> Any:
    """Return the shape of `length` slices along a new first axis."""
    return None if step is None else (length, *step)
