"""Bytes out: to those in scope, with headers that keep them there; copies stripped; originals."""

import hashlib
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from audits import outbox, store
from audits.models import EvidencePhoto
from stations.models import HistoryEntry
from tests import make
from tests.audits import drawn

VARIANTS = ["original", "display", "thumbnail"]


@pytest.fixture
def photo(cast, task):
    audit = make.submitted(task)
    outbox.drain()
    return audit.photos.get()


def url(photo, variant):
    return f"/api/v1/photos/{photo.pk}/{variant}/"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("variant", VARIANTS)
def test_bytes_are_for_those_in_scope(cast, photo, api, variant):
    statuses = {
        name: api(getattr(cast, name)).get(url(photo, variant)).status_code
        for name in ("bureau", "supervisor", "inspector", "head")
    }
    outside = {
        name: api(getattr(cast, name)).get(url(photo, variant)).status_code
        for name in ("inspector2", "stranger", "sysadmin", "auditor")
    }

    assert set(statuses.values()) == {200}
    assert outside == {"inspector2": 404, "stranger": 404, "sysadmin": 403, "auditor": 403}
    assert api(None).get(url(photo, variant)).status_code == 401


@pytest.mark.parametrize("variant", VARIANTS)
def test_bytes_go_out_sandboxed_and_are_not_kept_on_the_way(cast, photo, api, variant):
    answer = api(cast.bureau).get(url(photo, variant))

    assert {name: answer[name] for name in ("Cache-Control", "X-Content-Type-Options")} == {
        "Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"
    }  # fmt: skip
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("accept", ["image/webp", "image/*", "text/html", "nonsense"])
def test_bytes_are_told_whatever_the_caller_accepts(cast, photo, api, accept):
    answer = api(cast.bureau).get(url(photo, "thumbnail"), headers={"accept": accept})

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")


def test_copies_are_smaller_and_say_nothing_of_phone_or_place(cast, task, api):
    tags = drawn.exif(6)
    tags[0x010F] = "SECRETMAKER"
    tags.get_ifd(0x8825).update({1: "N", 2: (22.0, 39.0, 1.0), 3: "E", 4: (114.0, 1.0, 1.0)})
    content = drawn.saved(
        drawn.scene(5, (1600, 1200)), exif=tags, comment=b"<script>SECRET</script>"
    )
    photo = make.photo(cast.inspector, audit=make.audit(task), content=content)
    outbox.drain()

    sizes = {}
    for variant in ("display", "thumbnail"):
        copy = body(api(cast.inspector).get(url(photo, variant)))
        image = Image.open(io.BytesIO(copy))
        sizes[variant] = max(image.size)
        assert image.height > image.width
        assert not image.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & image.info.keys()
        assert b"SECRET" not in copy
    original = body(api(cast.inspector).get(url(photo, "original")))

    assert sizes["display"] == 1280
    assert sizes["thumbnail"] < 500
    assert original == content
    assert EvidencePhoto.objects.get().exif["make"] == "SECRETMAKER"


def test_copy_not_drawn_yet_is_404_with_its_own_code(cast, task, api):
    photo = make.photo(cast.inspector, audit=make.audit(task))

    answer = api(cast.inspector).get(url(photo, "display"))

    assert (answer.status_code, answer.data["code"]) == (404, "not_ready")


def test_file_gone_from_the_disk_is_said_not_thrown(cast, photo, api):
    store.remove(photo.path)

    answer = api(cast.bureau).get(url(photo, "original"))

    assert (answer.status_code, answer.data["code"]) == (404, "file_damaged")


def test_media_folder_has_no_address(cast, photo, client):
    for path in (photo.path, photo.display_path):
        assert client.get(f"/media/{path}").status_code == 404


def test_metadata_tells_receipt_and_flags(cast, photo, api):
    make.photo(
        cast.head,
        finding=make.noted(cast.inspector, cast.station),
        content=store.absolute(photo.path).read_bytes(),
    )
    outbox.drain()

    told = api(cast.bureau).get(f"/api/v1/photos/{photo.pk}/").data
    twin = EvidencePhoto.objects.get(kind="after")
    flags = api(cast.bureau).get(f"/api/v1/photos/{twin.pk}/").data["flags"]

    assert (told["id"], told["sha256"], told["state"]) == (str(photo.pk), photo.sha256, "processed")
    assert (told["item_code"], told["uploaded_by"]) == ("A01", "inspector")
    assert [flag["kind"] for flag in flags] == ["exact_reuse"]


# ---- the camera's own file, behind its smaller copy ----


def put_original(client, id, content, sha256=None):
    form = {
        "file": SimpleUploadedFile("o.jpg", content, "image/jpeg"),
        "sha256": sha256 or hashlib.sha256(content).hexdigest(),
    }
    return client.put(f"/api/v1/photos/{id}/original/", form, format="multipart")


def test_original_has_a_receipt_of_its_own(cast, photo, api):
    client, content = api(cast.inspector), make.picture(41)

    first = put_original(client, photo.pk, content)
    again = put_original(client, photo.pk, content)
    other = put_original(client, photo.pk, make.picture(42))
    lying = put_original(client, photo.pk, make.picture(42), hashlib.sha256(content).hexdigest())

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    assert (first.data["sha256"], first.data["size"]) == (
        hashlib.sha256(content).hexdigest(), len(content)
    )  # fmt: skip
    assert (other.status_code, other.data["code"]) == (409, "id_has_other_bytes")
    assert lying.data["errors"][0]["code"] == "hash_mismatch"
    assert body(client.get(url(photo, "original"))) == content
    assert HistoryEntry.objects.filter(action="photo.original").count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("bureau", 403), ("head", 403), ("inspector2", 404), ("stranger", 404), ("sysadmin", 403)],
)
def test_original_comes_from_who_took_the_photo(cast, photo, api, who, status):
    refused = put_original(api(getattr(cast, who)), photo.pk, make.picture(41))

    assert refused.status_code == status
    assert not EvidencePhoto.objects.get().original_path


def test_original_of_an_unknown_photo_is_404(cast, api):
    refused = put_original(api(cast.inspector), uuid.uuid4(), make.picture(41))

    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "hash_mismatch"), (b"%PDF-1.7" + bytes(500), "unsupported_format")],
)
def test_original_that_is_no_photo_leaves_nothing(cast, photo, api, content, code):
    before = sorted(store.root().rglob("*"))

    refused = put_original(api(cast.inspector), photo.pk, content)

    assert (refused.status_code, refused.data["errors"][0]["code"]) == (400, code)
    assert sorted(store.root().rglob("*")) == before
