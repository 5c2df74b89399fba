"""Files from the network: never taken for good unless they arrived whole."""

from __future__ import annotations

import bz2
import contextlib
import http.client
import logging
import os
import pathlib
import shutil
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from typing import Any

_TIMEOUT = 30.0  # seconds without a byte
_FIRST_PAUSE = 0.1  # seconds; doubled after each failed attempt
_CHUNK = 1 << 20  # bytes


def download(
    url: str,
    fname: str | None = None,
    dirname: str | None = None,
    overwrite: bool = False,
    retries: int = 5,
) -> str:
    """Download a file; what is there already is kept.

    The file appears under its name only when every byte has arrived.

    Parameters
    ----------
    url : str
        An http, https, ftp or file address.
    fname : str, optional
        Name or path of the file, default the last part of the address without its query.
    dirname : str, optional
        Folder in which `fname` lies, default the current one; folders are made.
    overwrite : bool, default False
        Whether to download although the file exists.
    retries : int, default 5
        How many attempts to make, at least one.

    Returns
    -------
    str
        The path of the file.

    Raises
    ------
    AssertionError
        If the server answers with an error.
    OSError
        If the server can not be reached, stops for 30 seconds or sends too little.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> source = pathlib.Path(folder.name, "a.txt")
    >>> _ = source.write_text("hello")
    >>> path = mx.test_utils.download(source.as_uri(), dirname=folder.name + "/copies")
    >>> pathlib.Path(path).read_text()
    'hello'
    >>> folder.cleanup()
    """
    path = _target(url, fname, dirname)
    if path.exists() and not overwrite:
        logging.info("%s exists, skipping download", path)
        return str(path)
    with _arriving(path) as part:
        _fetch(url, part, max(1, retries))
    return str(path)


def _target(url: str, fname: str | None, dirname: str | None) -> pathlib.Path:
    name = fname or urllib.parse.unquote(os.path.basename(urllib.parse.urlsplit(url).path))
    if not name:
        raise ValueError(f"{url} does not end with a file name; give fname.")
    return pathlib.Path(dirname or "", name)


@contextlib.contextmanager
def _arriving(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a temporary path beside `path` that becomes `path` if the block succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fetch(url: str, path: pathlib.Path, attempts: int) -> None:
    """Write the resource to `path`, trying again after each failure until none is left."""
    for left in range(attempts - 1, -1, -1):
        try:
            _transfer(url, path)
        except (AssertionError, OSError) as error:
            if not left:
                raise
            plural = "s" if left > 1 else ""
            logging.warning("download failed, retrying, %d attempt%s left: %s", left, plural, error)
            time.sleep(_FIRST_PAUSE * 2 ** (attempts - 1 - left))
        else:
            logging.info("downloaded %s into %s successfully", url, path)
            return


def _transfer(url: str, path: pathlib.Path) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "mxnet-torch"})
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        raise AssertionError(f"failed to open {url}: {error.code} {error.reason}") from None
    promised = response.headers.get("Content-Length")
    with response, open(path, "wb") as file:
        try:
            shutil.copyfileobj(response, file, _CHUNK)
        except http.client.HTTPException as error:
            raise OSError(f"{url}: the transfer broke off: {error}.") from None
        received = file.tell()
    if promised is not None and int(promised) != received:
        raise OSError(f"{url}: {received} bytes arrived of the {promised} that were announced.")


def get_zip_data(data_dir: str, url: str, data_origin_name: str) -> None:
    """Download a zip archive into a folder and unpack it there, unless the archive is there.

    Parameters
    ----------
    data_dir : str
        The folder, absolute or relative; made if need be.
    url : str
        The address of the archive.
    data_origin_name : str
        The name that the archive gets in the folder.

    Raises
    ------
    zipfile.BadZipFile
        If the archive is damaged. It is not kept, so that the next call downloads it anew.
    """
    archive = pathlib.Path(data_dir, data_origin_name)
    if archive.exists():
        return
    with _arriving(archive) as part:
        _fetch(url, part, 5)
        _unpack_zip(url, part, archive.parent)


def _unpack_zip(url: str, part: pathlib.Path, folder: pathlib.Path) -> None:
    try:
        with zipfile.ZipFile(part) as archive:
            damaged = archive.testzip()
            if damaged is not None:
                raise zipfile.BadZipFile(f"its member {damaged} is damaged")
            archive.extractall(folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise zipfile.BadZipFile(f"{url} is not a whole zip archive: {error}.") from None


def get_bz2_data(data_dir: str, data_name: str, url: str, data_origin_name: str) -> None:
    """Download a bz2 file and unpack it into a folder, unless what it holds is there.

    Parameters
    ----------
    data_dir : str
        The folder, absolute or relative; made if need be.
    data_name : str
        The name of the unpacked file in the folder.
    url : str
        The address of the bz2 file.
    data_origin_name : str
        The name of the bz2 file in the folder. It is removed once it is unpacked; one that is
        there already is used instead of the network.

    Raises
    ------
    OSError
        If the bz2 file is damaged. It is not kept, so that the next call downloads it anew.
    """
    unpacked, origin = pathlib.Path(data_dir, data_name), pathlib.Path(data_dir, data_origin_name)
    if unpacked.exists():
        return
    if not origin.exists():
        with _arriving(origin) as part:
            _fetch(url, part, 5)
    try:
        with _arriving(unpacked) as part, bz2.open(origin) as source, open(part, "wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)
    except (OSError, EOFError) as error:
        raise OSError(f"{url} is not a whole bz2 file: {error}.") from None
    finally:
        origin.unlink(missing_ok=True)


def download_model(
    model_name: str, dst_dir: str = "./", meta_info: dict[str, Any] | None = None
) -> tuple[str | None, int]:
    """Download the graph and the parameters of a trained model.

    Parameters
    ----------
    model_name : str
        A key of `meta_info`.
    dst_dir : str, default './'
        The folder for both files; made if need be.
    meta_info : dict
        From model names to ``{'symbol': url, 'params': url}``.

    Returns
    -------
    prefix : str or None
        The path that `mx.model.load_checkpoint` takes, None if `meta_info` lacks the model.
    epoch : int
        The epoch of the checkpoint, always 0.

    Raises
    ------
    ValueError
        Without `meta_info`: the servers that had MXNet's own models are gone.
    """
    if meta_info is None:
        raise ValueError(
            "download_model needs meta_info={name: {'symbol': url, 'params': url}}: the server "
            "data.mxnet.io, from which MXNet took its own trained models, no longer exists."
        )
    if model_name not in meta_info:
        return None, 0
    prefix = os.path.join(dst_dir, model_name)
    download(meta_info[model_name]["symbol"], f"{prefix}-symbol.json")
    download(meta_info[model_name]["params"], f"{prefix}-0000.params")
    return prefix, 0
