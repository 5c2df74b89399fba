"""The registry against the reference's schema: names, inputs, attributes, enums and defaults."""

from __future__ import annotations

import gzip
import json
import math
import pathlib
from typing import Any

import pytest

from mxnet.ops import registry
from mxnet.ops.registry import REQUIRED, Operator

SPEC: dict[str, Any] = json.loads(
    gzip.decompress((pathlib.Path(__file__).parents[2] / "spec" / "operators.json.gz").read_bytes())
)

EXCLUDED_PREFIXES = (
    "_np",  # come with mx.np
    "_backward",  # internal halves of gradients, which torch's tape takes the place of
    "_broadcast_backward",
    "_split_v2_backward",
    "_sg_",  # fused subgraphs of oneDNN
)
EXCLUDED = {
    "_CachedOp",  # machinery of the C++ engine, no operators of a user's
    "_CachedOpThreadSafe",
    "_CustomFunction",
    "_NDArray",
    "_Native",
    "_NoGradient",
    "_imdecode",
}
"""Names that this project does not have, and why; the list may only shrink."""

INCLUDED = {"_np_cumsum"}
"""Operators that this project has, though their prefix is excluded."""


def _is_excluded(name: str) -> bool:
    canonical = SPEC[name]["canonical"]
    if canonical in INCLUDED:
        return False
    return any(
        label.startswith(EXCLUDED_PREFIXES) or label in EXCLUDED for label in (name, canonical)
    )


UNLISTED_INPUTS = {
    "BatchNorm_v1": ("moving_mean", "moving_var"),
    "IdentityAttachKLSparseReg": ("moving_avg",),
    "_CrossDeviceCopy": ("data",),
    "_contrib_backward_hawkesll": (
        *("ograd", "ograd_state", "lda", "alpha", "beta", "state"),
        *("lags", "marks", "valid_length", "max_time"),
    ),
    "_contrib_backward_index_copy": ("ograd", "old_tensor", "index_vector", "new_tensor"),
    "_contrib_backward_quadratic": ("ograd", "data"),
}
"""Inputs that the reference's listing leaves out though the operators have them."""

GRAPH_INPUTS = {
    "_cond": {"cond", "then_branch", "else_branch"},
    "_foreach": {"fn"},
    "_while_loop": {"cond", "func"},
}
"""Inputs that the reference's listing names but that are graphs, which a node holds itself."""

FIRST_OF_MANY = {
    "_contrib_dgl_csr_neighbor_non_uniform_sample": {"csr_matrix", "probability"},
    "_contrib_dgl_csr_neighbor_uniform_sample": {"csr_matrix"},
    "_contrib_dgl_subgraph": {"graph"},
}
"""Inputs that the reference's listing names but that a call gives as the first of many."""

# The listing of _linspace shows the attributes of _arange.
UNLISTED_ATTRIBUTES = {
    "_linspace": ({"infer_range", "step", "repeat"}, {"num", "endpoint"}),
    "_contrib_backward_quadratic": (set(), {"a", "b", "c"}),
}
"""Attributes that the reference lists but does not take, and takes but does not list."""

WANTED = sorted(name for name in SPEC if not _is_excluded(name))
PRESENT = [name for name in WANTED if name in set(registry.names())]


def test_every_operator_of_the_reference_is_there() -> None:
    missing = sorted({SPEC[name]["canonical"] for name in WANTED} - set(registry.names()))
    assert missing == []


def test_every_alias_of_the_reference_is_there() -> None:
    assert sorted(set(WANTED) - set(registry.names())) == []


@pytest.mark.parametrize("name", PRESENT)
def test_an_operator_has_the_inputs_of_the_reference(name: str) -> None:
    operator, facts = registry.get(name), SPEC[name]
    shown = [label for label in operator.inputs if label not in UNLISTED_INPUTS.get(name, ())]
    graphs = GRAPH_INPUTS.get(name, set()) | FIRST_OF_MANY.get(name, set())
    assert shown == [label for label, _ in facts["inputs"] if label not in graphs]
    assert operator.variadic == any(many for _, many in facts["inputs"])


def _same_default(operator: Operator, name: str, fact: dict[str, Any]) -> bool:
    attribute = operator.attributes[name]
    if "default" not in fact and not fact["required"]:
        return not attribute.required  # the reference does not tell this default
    if fact["required"] or attribute.required:
        return fact["required"] and attribute.default is REQUIRED
    theirs = attribute.kind.parse(None if fact["default"] in ("None", None) else fact["default"])
    ours = attribute.default
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-30)
    return bool(ours == theirs)


@pytest.mark.parametrize("name", PRESENT)
def test_an_operator_has_the_attributes_of_the_reference(name: str) -> None:
    operator, facts = registry.get(name), SPEC[name]
    aside = {facts["count"], operator.count_attribute}
    if "device" in operator.injected:
        aside.add("ctx")  # some of the reference's listings leave it out
    listed, own = UNLISTED_ATTRIBUTES.get(name, (set(), set()))
    expected = set(facts["attrs"]) - aside - listed
    assert set(operator.attributes) - aside - own == expected
    for key in expected:
        if (name, key) == ("_linspace", "stop"):
            continue  # listed as optional, but the reference refuses to do without
        fact, attribute = facts["attrs"][key], operator.attributes[key]
        assert _same_default(operator, key, fact), (key, attribute.default, fact)
        if fact.get("enum"):
            ours = {choice for choice in attribute.kind.choices if choice != "None"}
            assert ours == {choice for choice in fact["enum"] if choice not in (None, "None")}, key


@pytest.mark.parametrize("name", sorted({registry.get(name).name for name in registry.names()}))
def test_an_operator_is_documented(name: str) -> None:
    text = registry.get(name).__doc__
    assert text
    assert text.strip().split("\n\n")[0].endswith((".", ":"))
