"""Networks and their parameters in files: ``prefix-symbol.json`` and ``prefix-0001.params``."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from . import ndarray as nd
from . import symbol as sym
from .ndarray import NDArray
from .symbol import Symbol

Parameters = Mapping[str, NDArray]


def save_checkpoint(
    prefix: str,
    epoch: int,
    symbol: Symbol | None,
    arg_params: Parameters,
    aux_params: Parameters,
    remove_amp_cast: bool = True,
) -> None:
    """Write a network and its parameters to files.

    Parameters
    ----------
    prefix : str
        How the files' names begin.
    epoch : int
        Number of the epoch, of four digits or more in the name of the ``.params`` file.
    symbol : Symbol or None
        The network; None writes parameters only.
    arg_params, aux_params : dict of str to NDArray
        Parameters and auxiliary states.
    remove_amp_cast : bool, default True
        Whether casts that mixed precision put in are taken out.
    """
    if symbol is not None:
        symbol.save(f"{prefix}-symbol.json", remove_amp_cast=remove_amp_cast)
    name = f"{prefix}-{epoch:04d}.params"
    save_params(name, arg_params, aux_params)
    logging.info('Saved checkpoint to "%s"', name)


def save_params(fname: str, arg_params: Parameters, aux_params: Parameters) -> None:
    """Write parameters to a file, as ``arg:name`` and ``aux:name``."""
    arguments = {f"arg:{name}": array for name, array in arg_params.items()}
    states = {f"aux:{name}": array for name, array in aux_params.items()}
    nd.save(fname, {**arguments, **states})


def load_params_file(fname: str) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """Return the parameters and the auxiliary states of a file.

    Raises
    ------
    ValueError
        If a name begins neither with ``arg:`` nor with ``aux:``.
    """
    loaded = nd.load(fname)
    if not loaded:
        logging.warning("The file %s holds no parameters.", fname)
        return {}, {}
    parameters: dict[str, dict[str, NDArray]] = {"arg": {}, "aux": {}}
    for full_name, array in loaded.items() if isinstance(loaded, dict) else enumerate(loaded):
        kind, _, name = str(full_name).partition(":")
        if kind not in parameters or not name:
            raise ValueError(
                f"{fname} holds {full_name!r}, but names of parameters begin with 'arg:' or 'aux:'."
            )
        parameters[kind][name] = array
    return parameters["arg"], parameters["aux"]


def load_params(prefix: str, epoch: int) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """Return the parameters and the auxiliary states that `save_checkpoint` wrote.

    Parameters
    ----------
    prefix : str
        How the files' names begin.
    epoch : int
        Number of the epoch.

    Returns
    -------
    arg_params, aux_params : dict of str to NDArray
    """
    return load_params_file(f"{prefix}-{epoch:04d}.params")


def load_checkpoint(
    prefix: str, epoch: int
) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Return the network, the parameters and the auxiliary states that `save_checkpoint` wrote.

    Parameters
    ----------
    prefix : str
        How the files' names begin.
    epoch : int
        Number of the epoch.

    Returns
    -------
    symbol : Symbol
    arg_params, aux_params : dict of str to NDArray

    Examples
    --------
    >>> import os, tempfile
    >>> prefix = os.path.join(tempfile.mkdtemp(), "net")
    >>> network = mx.sym.FullyConnected(mx.sym.Variable("data"), num_hidden=1, name="fc")
    >>> mx.model.save_checkpoint(prefix, 3, network, {"fc_bias": mx.nd.array([7])}, {})
    >>> network, arg_params, aux_params = mx.model.load_checkpoint(prefix, 3)
    >>> network.list_outputs(), arg_params["fc_bias"].asnumpy().tolist()
    (['fc_output'], [7.0])
    """
    symbol = sym.load(f"{prefix}-symbol.json")
    return (symbol, *load_params(prefix, epoch))
