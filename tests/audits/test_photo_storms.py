"""Photos against a live server: cut on the way, fifty at once, and a disk with no room left."""

import hashlib
import http.client
import os
import resource
import shutil
import socket
import subprocess
import threading
import uuid
from pathlib import Path

import pytest
from knox.models import AuthToken

from audits import store
from audits.models import EvidencePhoto, OutboxRow
from tests import make
from tests.audits.uploads import nothing_left, put

BOUNDARY = "station-audits"


def multipart(content: bytes, **fields: object) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return b"".join(parts) + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


class Phone:
    def __init__(self, live_server, user) -> None:
        self.address = (live_server.thread.host, live_server.thread.port)
        _, token = AuthToken.objects.create(user)
        self.headers = {
            "Authorization": f"Token {token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }

    def put(self, id, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            connection.request("PUT", f"/api/v1/photos/{id}/", body, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def put_raw(self, id, body: bytes, length: int) -> bytes:
        """Announce `length`, send `body`, and hang up the sending side."""
        head = f"PUT /api/v1/photos/{id}/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        head += f"Content-Length: {length}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        with socket.create_connection(self.address, timeout=30) as line:
            line.sendall(head.encode() + b"\r\n" + body)
            line.shutdown(socket.SHUT_WR)
            return line.makefile("rb").read()


@pytest.fixture
def audit(transactional_db, task):
    return make.audit(task)


@pytest.fixture
def phone(live_server, cast):
    return Phone(live_server, cast.inspector)


def test_body_cut_on_the_way_is_400_and_a_retry_succeeds(phone, audit):
    content, photo_id = make.picture(3), uuid.uuid4()
    body = multipart(content, sha256=hashlib.sha256(content).hexdigest(), audit=audit.pk)

    for share in (0.05, 0.5, 0.99):
        part = body[: int(len(body) * share)]
        for length in (len(body), len(part)):
            answer = phone.put_raw(photo_id, part, length)
            assert answer.split(b"\r\n")[0].split()[1:2] == [b"400"]
            assert nothing_left()

    assert phone.put(photo_id, body)[0] == 201


def test_fifty_copies_at_once_make_one_row_one_file_one_receipt(phone, audit):
    content, photo_id = make.picture(3), uuid.uuid4()
    sha256 = hashlib.sha256(content).hexdigest()
    body = multipart(content, sha256=sha256, audit=audit.pk, item_code="A01")
    answers = []

    threads = [
        threading.Thread(target=lambda: answers.append(phone.put(photo_id, body)))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    photo = EvidencePhoto.objects.get()
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len({receipt for _, receipt in answers}) == 1
    assert [path for path in store.root().rglob("*") if path.is_file()] == [
        store.absolute(photo.path)
    ]
    assert store.sha256_of(photo.path) == sha256
    assert OutboxRow.objects.filter(topic="photo.process").count() == 1


def test_two_pictures_race_for_one_id_and_the_first_wins(phone, audit):
    contents = [make.picture(seed) for seed in range(8)]
    photo_id, answers = uuid.uuid4(), []

    def send(content):
        sha256 = hashlib.sha256(content).hexdigest()
        status, _ = phone.put(photo_id, multipart(content, sha256=sha256, audit=audit.pk))
        answers.append((status, sha256))

    threads = [threading.Thread(target=send, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    photo = EvidencePhoto.objects.get()
    assert sorted(status for status, _ in answers) == [201] + [409] * 7
    assert [sha256 for status, sha256 in answers if status == 201] == [photo.sha256]
    assert [path for path in store.root().rglob("*") if path.is_file()] == [
        store.absolute(photo.path)
    ]


@pytest.fixture
def small_disk(settings, tmp_path):
    """MEDIA_ROOT on a disk of 300 KB."""
    mount = shutil.which("mount")
    place = tmp_path / "small"
    place.mkdir()
    mounted = mount and os.geteuid() == 0 and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=300k", "tmpfs", place], capture_output=True
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("only root may mount the small disk this needs")
    settings.MEDIA_ROOT = place
    yield place
    subprocess.run([shutil.which("umount"), "-l", place], check=True)


def test_full_disk_is_507_without_row_or_partial_file(cast, task, api, small_disk: Path):
    audit, client = make.audit(task), api(cast.inspector)
    small, large = make.picture(1, (320, 240)), make.picture(2, (1600, 1200))
    assert len(small) < 150_000 < 300_000 < len(large)

    held = put(client, uuid.uuid4(), small, audit=audit.pk)
    full = put(client, uuid.uuid4(), large, audit=audit.pk)
    seen = client.get(f"/api/v1/photos/{held.data['id']}/original/")
    seen_bytes = b"".join(seen.streaming_content)
    filler = small_disk / "filler"
    room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    filler.write_bytes(bytes(room))
    full_to_the_brim = put(client, uuid.uuid4(), small, audit=audit.pk)
    filler.unlink()
    recovered = put(client, uuid.uuid4(), small, audit=audit.pk)

    assert (held.status_code, seen_bytes) == (201, small)
    assert (full.status_code, full.data["code"]) == (507, "storage_full")
    assert full_to_the_brim.status_code == 507
    assert recovered.status_code == 201
    rows = {
        str(store.absolute(path)) for path in EvidencePhoto.objects.values_list("path", flat=True)
    }
    assert {str(path) for path in small_disk.rglob("*") if path.is_file()} == rows


def test_write_the_system_cuts_short_is_507_without_row_or_partial_file(cast, task, api):
    audit, client = make.audit(task), api(cast.inspector)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        cut = put(client, uuid.uuid4(), make.picture(2, (1600, 1200)), audit=audit.pk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (cut.status_code, cut.data["code"]) == (507, "storage_full")
    assert nothing_left()
