"""What a check of a network finds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...symbol import Symbol


@dataclass
class Comparison:
    """One element of an input, or one direction, along which a gradient was compared.

    Parameters
    ----------
    input : str
        The input's name.
    position : tuple of int or None
        The element; None for a direction, along which many elements move at once.
    analytic, numeric : float
        What backward gives, and what finite differences give.
    error : float
        How many tolerances they are apart; more than 1 fails.
    """

    input: str
    position: tuple[int, ...] | None
    analytic: float
    numeric: float
    error: float

    @property
    def place(self) -> str:
        """The input and the position in words, for example ``weight[3, 0]``."""
        if self.position is None:
            return f"{self.input} along a direction"
        return element(self.input, self.position)


@dataclass
class Deviation:
    """One element that is not finite, or whose float32 value differs from its float64 value.

    Parameters
    ----------
    name : str
        The output's name, or ``gradient of <input>``.
    position : tuple of int
        The element.
    single, double : float
        Its values in float32 and in float64; equal where only the second is known.
    """

    name: str
    position: tuple[int, ...]
    single: float
    double: float

    @property
    def place(self) -> str:
        """The name and the position in words."""
        return element(self.name, self.position)


def element(name: str, position: tuple[int, ...]) -> str:
    """Return an element in words, for example ``weight[3, 0]``."""
    return f"{name}[{', '.join(map(str, position))}]"


@dataclass
class NodeCheck:
    """What was found at one node.

    Parameters
    ----------
    name, operator : str
        The node's name and that of its operator.
    inputs : list of str
        The operator's names of its inputs.
    shapes : list of tuple of int
        The shapes of its visible outputs.
    gradient : {'', 'none', 'checked', 'loss', 'own'}
        '': it was not looked at; 'none': there is nothing to differentiate; 'checked': held against
        finite differences of the outputs; 'loss': of the loss that the operator stands for; 'own':
        by design no derivative of anything, so not compared.
    forward_error, backward_error : float
        The largest difference between float32 and float64 of an output and of a gradient, in
        units of the tolerance.
    comparisons : list of Comparison
        Every element and direction that was compared.
    kinks : int
        How many of these lay at a kink or an edge of the domain, and were looked at beside it.
    deviations : list of Deviation
        The worst elements that are not finite or not precise.
    reasons : list of str
        What is wrong.
    notes : list of str
        What could not be checked as usual, and why.
    unchecked : str
        Why the node was not checked at all; empty if it was.
    """

    name: str
    operator: str
    inputs: list[str]
    shapes: list[tuple[int, ...]]
    gradient: str = ""
    forward_error: float = 0.0
    backward_error: float = 0.0
    comparisons: list[Comparison] = field(default_factory=list)
    kinks: int = 0
    deviations: list[Deviation] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchecked: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.reasons

    @property
    def status(self) -> str:
        """'ok', 'wrong' or 'unchecked'."""
        if self.reasons:
            return "wrong"
        return "unchecked" if self.unchecked else "ok"

    @property
    def gradient_error(self) -> float:
        """The largest error of a gradient, in units of the tolerance."""
        return max((c.error for c in self.comparisons), default=0.0)

    @property
    def precision_error(self) -> float:
        """The largest difference between float32 and float64, in units of the tolerance."""
        return max(self.forward_error, self.backward_error)

    @property
    def worst(self) -> Comparison | None:
        """The comparison with the largest error."""
        return max(self.comparisons, key=lambda c: c.error, default=None)


@dataclass
class NetworkCheck:
    """What was found at every node of a network.

    Parameters
    ----------
    nodes : list of NodeCheck
        One for each operator, in topological order.
    symbol : Symbol
        The network.
    drawn : list of str
        The arguments whose values nobody gave, so that they were drawn.
    """

    nodes: list[NodeCheck]
    symbol: Symbol
    drawn: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every node passed."""
        return all(node.passed for node in self.nodes)

    @property
    def failures(self) -> list[NodeCheck]:
        """The nodes that failed."""
        return [node for node in self.nodes if not node.passed]

    @property
    def first_failure(self) -> NodeCheck | None:
        """The first node that failed, None if none did."""
        return next(iter(self.failures), None)

    @property
    def comparisons(self) -> int:
        """How many gradients were compared."""
        return sum(len(node.comparisons) for node in self.nodes)
