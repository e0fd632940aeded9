import http.server
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config import mirror


class Bucket(http.server.BaseHTTPRequestHandler):
    """As much of S3 as a copy needs: a bucket that is made, listed and filled."""

    objects: dict[str, bytes]
    is_made: bool

    def do_GET(self) -> None:
        if not type(self).is_made:
            return self.answer(404, "<Error><Code>NoSuchBucket</Code></Error>")
        rows = "".join(
            f"<Contents><Key>{name}</Key><Size>{len(content)}</Size></Contents>"
            for name, content in self.objects.items()
        )
        return self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>")

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = unquote(urlsplit(self.path).path).removeprefix("/evidence").strip("/")
        if name:
            self.objects[name] = content
        else:
            type(self).is_made = True
        self.answer(200, "")

    def answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def bucket(settings, tmp_path):
    handler = type("ThisBucket", (Bucket,), {"objects": {}, "is_made": False})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MEDIA_ROOT = tmp_path
    settings.S3 = {
        "endpoint": f"http://127.0.0.1:{server.server_port}",
        "bucket": "evidence",
        "access_key": "mirror",
        "secret_key": "secret",
    }
    yield handler.objects
    server.shutdown()


def put(root: Path, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_only_whole_files_are_copied_and_only_once(bucket, tmp_path):
    put(tmp_path, "evidence/ab/one.jpg", b"one")
    put(tmp_path, "copies/ab/one-display.jpg", b"display")
    put(tmp_path, "copies/ab/two.jpg.1f.part", b"half")
    put(tmp_path, "incoming/abc", b"arriving")

    first, second = mirror.run(), mirror.run()

    assert (first, second) == ((2, 2), (0, 2))
    assert bucket == {"evidence/ab/one.jpg": b"one", "copies/ab/one-display.jpg": b"display"}


def test_a_copy_of_another_size_is_sent_again(bucket, tmp_path):
    put(tmp_path, "evidence/ab/one.jpg", b"one")
    mirror.run()
    bucket["evidence/ab/one.jpg"] = b"on"

    assert mirror.run() == (1, 1)
    assert bucket["evidence/ab/one.jpg"] == b"one"


def test_what_is_gone_here_stays_there(bucket, tmp_path):
    put(tmp_path, "evidence/ab/one.jpg", b"one")
    mirror.run()
    (tmp_path / "evidence/ab/one.jpg").unlink()

    assert mirror.run() == (0, 0)
    assert bucket == {"evidence/ab/one.jpg": b"one"}


def test_mirror_says_that_it_has_nowhere_to_copy_to():
    with pytest.raises(CommandError, match="S3_ENDPOINT is not set"):
        call_command("mirror")
