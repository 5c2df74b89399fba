"""Downloads from a real HTTP server on this machine, which also sends damaged files."""

from __future__ import annotations

import bz2
import http.server
import io
import os
import pathlib
import threading
import zipfile

import pytest

from mxnet import test_utils
from mxnet.test_utils import download


def zip_bytes(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


class Server:
    """What the server has, what was asked of it, and how it misbehaves.

    Parameters
    ----------
    files : dict of str to bytes
        Content by path.
    truncate : int
        How many of the next answers stop half-way.
    fail : int
        How many of the next answers are errors.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.truncate = self.fail = 0
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                content = server.files.get(self.path.partition("?")[0])
                if content is None or server.fail:
                    server.fail = max(0, server.fail - 1)
                    self.send_error(404 if content is None else 500)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                cut = server.truncate > 0
                server.truncate = max(0, server.truncate - 1)
                self.wfile.write(content[: len(content) // 2] if cut else content)

            def log_message(self, *args: object) -> None:
                pass

        self.http = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    running = Server()
    running.files["/a.txt"] = b"hello" * 100
    thread = threading.Thread(target=running.http.serve_forever, args=(0.01,))
    thread.start()
    yield running
    running.http.shutdown()
    running.http.server_close()
    thread.join()


def files() -> list[str]:
    return sorted(str(p) for p in pathlib.Path().rglob("*") if p.is_file())


def test_a_file_is_named_after_the_address(server):
    assert download(f"{server.url}/a.txt") == "a.txt"
    assert pathlib.Path("a.txt").read_bytes() == server.files["/a.txt"]


def test_the_query_is_no_part_of_the_name(server):
    assert download(f"{server.url}/a.txt?version=2#top") == "a.txt"
    assert server.asked == ["/a.txt?version=2"]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"fname": "b.txt"}, "b.txt"),
        ({"dirname": "one/two"}, "one/two/a.txt"),
        ({"fname": "one/b.txt"}, "one/b.txt"),
        ({"fname": "two/b.txt", "dirname": "one"}, "one/two/b.txt"),
    ],
)
def test_name_and_folder_can_be_chosen(server, arguments, path):
    assert download(f"{server.url}/a.txt", **arguments) == os.path.join(*path.split("/"))
    assert files() == [path]


def test_an_address_without_a_name_needs_one(server):
    with pytest.raises(ValueError, match="does not end with a file name; give fname"):
        download(f"{server.url}/")


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_overwritten(server):
    pathlib.Path("a.txt").write_text("mine")
    download(f"{server.url}/a.txt")
    assert pathlib.Path("a.txt").read_text() == "mine"
    assert server.asked == []
    download(f"{server.url}/a.txt", overwrite=True)
    assert pathlib.Path("a.txt").read_bytes() == server.files["/a.txt"]


@pytest.mark.parametrize("trouble", ["fail", "truncate"])
def test_trouble_that_passes_is_survived(server, trouble, caplog):
    setattr(server, trouble, 2)
    download(f"{server.url}/a.txt", retries=3)
    assert pathlib.Path("a.txt").read_bytes() == server.files["/a.txt"]
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "download failed, retrying, 2 attempts left",
        "download failed, retrying, 1 attempt left",
    ]


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 1), (3, 3)])
def test_an_error_of_the_server_is_raised_after_all_attempts(server, retries, attempts):
    with pytest.raises(AssertionError, match=r"failed to open http.*/none.txt: 404 Not Found"):
        download(f"{server.url}/none.txt", retries=retries)
    assert len(server.asked) == attempts


def test_a_broken_transfer_leaves_no_file(server):
    server.truncate = 1
    with pytest.raises(OSError, match="250 bytes arrived of the 500 that were announced"):
        download(f"{server.url}/a.txt", retries=1)
    assert files() == []


def test_a_broken_transfer_leaves_the_old_file(server):
    pathlib.Path("a.txt").write_text("old")
    server.truncate = 1
    with pytest.raises(OSError, match="bytes arrived"):
        download(f"{server.url}/a.txt", overwrite=True, retries=1)
    assert files() == ["a.txt"]
    assert pathlib.Path("a.txt").read_text() == "old"


def test_a_server_that_is_not_there_is_an_error(server):
    with pytest.raises(OSError, match="refused"):
        download("http://127.0.0.1:1/a.txt", retries=1)


class TestZip:
    @pytest.mark.parametrize("absolute", [False, True])
    def test_an_archive_is_unpacked_in_its_folder(self, server, tmp_path, absolute):
        server.files["/z.zip"] = zip_bytes(inner="text")
        folder = str(tmp_path / "d") if absolute else "d"
        assert test_utils.get_zip_data(folder, f"{server.url}/z.zip", "z.zip") is None
        assert files() == ["d/inner", "d/z.zip"]
        test_utils.get_zip_data(folder, f"{server.url}/z.zip", "z.zip")
        assert len(server.asked) == 1

    def test_the_archive_may_get_another_name(self, server):
        server.files["/z.zip"] = zip_bytes(inner="text")
        test_utils.get_zip_data("d", f"{server.url}/z.zip", "y.zip")
        assert files() == ["d/inner", "d/y.zip"]

    @pytest.mark.parametrize("damage", ["whole", "cut", "flipped"])
    def test_a_damaged_archive_is_refused_every_time(self, server, damage):
        good = zip_bytes(inner="text" * 50)
        middle = len(good) // 4
        flipped = good[:middle] + bytes([good[middle] ^ 255]) + good[middle + 1 :]
        damaged = {"whole": b"no zip", "cut": good[:-30], "flipped": flipped}
        server.files["/z.zip"] = damaged[damage]
        for _ in range(2):
            with pytest.raises(zipfile.BadZipFile, match="is not a whole zip archive"):
                test_utils.get_zip_data("d", f"{server.url}/z.zip", "z.zip")
            assert files() == []
        server.files["/z.zip"] = good
        test_utils.get_zip_data("d", f"{server.url}/z.zip", "z.zip")
        assert files() == ["d/inner", "d/z.zip"]


class TestBz2:
    @pytest.mark.parametrize("absolute", [False, True])
    def test_a_file_is_unpacked_and_its_packed_form_removed(self, server, tmp_path, absolute):
        server.files["/x.bz2"] = bz2.compress(b"data")
        folder = str(tmp_path / "d") if absolute else "d"
        assert test_utils.get_bz2_data(folder, "x", f"{server.url}/x.bz2", "x.bz2") is None
        assert files() == ["d/x"]
        assert pathlib.Path("d/x").read_bytes() == b"data"
        test_utils.get_bz2_data(folder, "x", f"{server.url}/x.bz2", "x.bz2")
        assert len(server.asked) == 1

    def test_a_packed_file_that_is_there_is_used(self, server):
        pathlib.Path("d").mkdir()
        pathlib.Path("d/x.bz2").write_bytes(bz2.compress(b"mine"))
        test_utils.get_bz2_data("d", "x", f"{server.url}/x.bz2", "x.bz2")
        assert pathlib.Path("d/x").read_bytes() == b"mine"
        assert server.asked == []

    @pytest.mark.parametrize("damaged", [b"no bz2", bz2.compress(b"data" * 999)[:-9]])
    def test_a_damaged_file_is_refused_every_time(self, server, damaged):
        server.files["/x.bz2"] = damaged
        for _ in range(2):
            with pytest.raises(OSError, match="is not a whole bz2 file"):
                test_utils.get_bz2_data("d", "x", f"{server.url}/x.bz2", "x.bz2")
            assert files() == []


class TestModel:
    def test_graph_and_parameters_are_downloaded(self, server):
        server.files |= {"/s.json": b"{}", "/p.params": b"p"}
        info = {"net": {"symbol": f"{server.url}/s.json", "params": f"{server.url}/p.params"}}
        prefix, epoch = test_utils.download_model("net", "models", info)
        assert (prefix, epoch) == (os.path.join("models", "net"), 0)
        assert files() == ["models/net-0000.params", "models/net-symbol.json"]
        assert test_utils.download_model("other", "models", info) == (None, 0)

    def test_models_of_the_vanished_server_are_refused(self):
        with pytest.raises(ValueError, match=r"data\.mxnet\.io.*no longer exists"):
            test_utils.download_model("imagenet1k-resnet-18")
