"""Where an operator has no row for an aspect, and what stands for it; both tables may only shrink.

`ELSEWHERE` names the conformance case, ``<file>/<case>``, that states an aspect; "attributes" are
all of them. `EXCEPTIONS` says why there is nothing to state.
"""

from __future__ import annotations

_HERE = "operators/"
_GRAPHS = "graphs/"


def _all(case: str, *aspects: str) -> dict[str, str]:
    return dict.fromkeys(aspects, case)


_PRECISIONS = (
    f"{_HERE}control_flow_in_every_precision",
    "float16",
    "float64",
    "edge",
    "two shapes",
)
_BFLOAT16 = {"dtype=bfloat16": f"{_HERE}bfloat16_results"}
_ZEROS = {"gradient": f"{_HERE}draws_have_gradients_of_zeros"}

ELSEWHERE: dict[str, dict[str, str]] = {
    "Custom": {
        **_all("custom/eager_values_and_gradients", "typical", "attributes"),
        **_all("custom/half_and_double_precision", "float16", "float64"),
        **_all("custom/gradients_add_up", "gradient"),
        **_all("custom/errors_of_calls", "wrong call"),
        **_all(f"{_HERE}custom_operators_meet_edges", "edge", "two shapes"),
    },
    "_foreach": {
        **_all("control_flow/text_of_foreach", "attributes"),
        **_all("control_flow/values_and_gradients_of_foreach", "typical", "gradient"),
        **_all("control_flow/errors_of_symbols", "wrong call"),
        **_all(*_PRECISIONS),
    },
    "_while_loop": {
        **_all("control_flow/text_of_while_loop", "attributes"),
        **_all("control_flow/values_and_gradients_of_while_loop", "typical", "gradient"),
        **_all("control_flow/errors_of_symbols", "wrong call"),
        **_all(*_PRECISIONS),
    },
    "_cond": {
        **_all("control_flow/text_of_cond", "attributes"),
        **_all("control_flow/values_and_gradients_of_cond", "typical", "gradient"),
        **_all("control_flow/errors_of_symbols", "wrong call"),
        **_all(*_PRECISIONS),
    },
    "_contrib_getnnz": _all(
        f"{_HERE}stored_elements_are_counted",
        *("typical", "float16", "float64", "edge", "two shapes", "attributes"),
    ),
    "_contrib_dgl_adjacency": _all(f"{_GRAPHS}adjacency_is_of_ones", "typical", "wrong call"),
    "_contrib_dgl_csr_neighbor_non_uniform_sample": _all(
        f"{_GRAPHS}weighted_walks_over_all_neighbours",
        *("typical", "wrong call", "edge", "two shapes", "attributes"),
    ),
    "_contrib_dgl_csr_neighbor_uniform_sample": {
        **_all(f"{_GRAPHS}walks_over_all_neighbours", "typical", "two shapes", "attributes"),
        **_all(f"{_GRAPHS}walks_of_full_seeds_and_no_hops", "edge"),
        **_all(f"{_GRAPHS}walks_refuse_dense_graphs", "wrong call"),
    },
    "_contrib_dgl_graph_compact": {
        **_all(f"{_GRAPHS}walks_without_their_room", "typical", "two shapes", "edge", "attributes"),
        "return_mapping=False": f"{_GRAPHS}walks_without_their_room",
        **_all(f"{_GRAPHS}walks_refuse_dense_graphs", "wrong call"),
    },
    "_contrib_dgl_subgraph": {
        **_all(f"{_GRAPHS}subgraphs_of_sets_of_vertices", "typical", "edge", "two shapes"),
        **_all(
            f"{_GRAPHS}a_subgraph_without_the_old_numbers", "attributes", "return_mapping=False"
        ),
        "return_mapping=True": f"{_GRAPHS}subgraphs_of_sets_of_vertices",
        **_all(f"{_GRAPHS}subgraphs_refuse_what_is_no_set", "wrong call"),
    },
    "_contrib_edge_id": _all(
        f"{_HERE}edges_have_stored_values", "typical", "float16", "float64", "two shapes"
    ),
    "_sparse_retain": {
        **_all(f"{_HERE}rows_are_retained", "typical", "float16", "float64", "two shapes"),
        "gradient": f"{_HERE}retained_rows_have_gradients",
    },
    "_copyto": _all(
        f"{_HERE}copyto_writes_what_is_given",
        *("typical", "float16", "float64", "edge", "two shapes", "wrong call"),
    ),
    "_set_value": _all(
        f"{_HERE}set_value_fills_what_is_given",
        *("typical", "float16", "float64", "edge", "two shapes", "wrong call", "attributes"),
    ),
    "_zeros_without_dtype": _all(
        f"{_HERE}zeros_take_the_dtype_of_what_they_meet",
        *("typical", "float16", "float64", "edge", "two shapes", "attributes"),
    ),
    "reset_arrays": _all(
        f"{_HERE}reset_arrays_zeroes_what_is_given",
        *("typical", "float16", "float64", "edge", "two shapes", "attributes"),
    ),
    "_cvimread": _all(
        f"{_HERE}images_are_read_from_files",
        *("typical", "to_rgb=False", "to_rgb=True", "attributes"),
    ),
    **dict.fromkeys(
        (
            *("Cast", "amp_cast", "_zeros", "_ones", "_full", "_arange", "_linspace", "one_hot"),
            "Embedding",
        ),
        _BFLOAT16,
    ),
    **dict.fromkeys(
        (
            *("_random_exponential_like", "_random_gamma_like", "_random_normal_like"),
            *("_sample_exponential", "_sample_gamma", "_sample_generalized_negative_binomial"),
        ),
        _ZEROS,
    ),
}

_BYTES = "it reads the bytes of a file: uint8, one axis, no gradient"
_OWN_NODE = "the reference puts this node into graphs itself; nobody can call it"
_NO_INPUTS = "the reference's function takes no inputs; test_backwards.py holds it"
_PREDICTION = "quantized operators are for prediction: both refuse the gradient"

_EDGE_NUMBERS = dict.fromkeys(
    ("float16", "float64", "gradient"), "graphs hold the numbers of edges, which are int64"
)

EXCEPTIONS: dict[str, dict[str, str]] = {
    "_CrossDeviceCopy": dict.fromkeys(
        ("typical", "float16", "float64", "gradient", "edge", "wrong call", "two shapes"), _OWN_NODE
    ),
    "_contrib_SparseEmbedding": {
        "dtype=bfloat16": "the reference lists it for dtype, but does not take it"
    },
    "_contrib_backward_hawkesll": {
        "float16": "the reference has the operator whose gradient this is in float32 and float64",
        "gradient": _NO_INPUTS,
        "two shapes": _NO_INPUTS,
    },
    "_contrib_backward_index_copy": {"gradient": _NO_INPUTS},
    "_contrib_backward_quadratic": {"gradient": _NO_INPUTS},
    "_contrib_dgl_adjacency": {
        **_EDGE_NUMBERS,
        **dict.fromkeys(("edge", "two shapes"), "each stored element becomes 1"),
    },
    "_contrib_dgl_csr_neighbor_non_uniform_sample": _EDGE_NUMBERS,
    "_contrib_dgl_csr_neighbor_uniform_sample": _EDGE_NUMBERS,
    "_contrib_dgl_graph_compact": {
        **_EDGE_NUMBERS,
        "return_mapping=True": "the reference's mapping is empty; test_storage_graphs.py holds it",
    },
    "_contrib_dgl_subgraph": _EDGE_NUMBERS,
    "_contrib_edge_id": {"gradient": "it looks values up by node: the reference has no gradient"},
    "_contrib_getnnz": {"gradient": "it counts: the reference has no gradient"},
    "_contrib_quantized_act": {"gradient": _PREDICTION},
    "_contrib_quantized_elemwise_add": {"gradient": _PREDICTION},
    "_contrib_quantized_elemwise_mul": {"gradient": _PREDICTION},
    "_contrib_quantized_embedding": {
        "dtype=bfloat16": "NumPy has no such word; the others have rows, and change nothing"
    },
    "_contrib_quantized_pooling": {"gradient": _PREDICTION},
    "_contrib_quantized_rnn": {
        "gradient": _PREDICTION,
        **dict.fromkeys(
            ("attribute projection_size", "attribute use_sequence_length"),
            "they are for RNN alone: rows state that they are refused",
        ),
    },
    "_copyto": {"gradient": "it writes into what it is given: nothing is recorded"},
    "_cvimdecode": {"gradient": _BYTES},
    "_cvimread": dict.fromkeys(("float16", "float64", "edge", "two shapes"), _BYTES),
    "_sample_unique_zipfian": {"edge": "one class alone is drawn in a row: shapes are positive"},
}

STATISTICS: dict[str, str] = {
    "_random_": "random/test_distributions.py",
    "_sample_": "random/test_distributions.py",
    "_shuffle": "random/test_distributions.py",
    "_image_": "image/test_randomness.py",
    "Dropout": "nn/test_dropout.py",
    "LeakyReLU": "nn/test_dropout.py",
    "RNN": "recurrent/test_rnn.py",
}
"""Beginnings of the names of random operators, and the file that tests their statistics."""
