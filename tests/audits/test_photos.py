"""`PUT photos/{uuid}/`: judged in the contract's order; what is refused leaves no row and no file."""

import hashlib
import uuid

import pytest

from audits import store
from audits.models import EvidencePhoto, Finding
from audits.services import evidence
from stations.models import HistoryEntry
from tests import make
from tests.audits import drawn
from tests.audits.uploads import files, nothing_left, put


@pytest.fixture
def audit(task):
    return make.audit(task)


@pytest.fixture
def client(cast, api):
    return api(cast.inspector)


def test_receipt_names_what_is_on_the_disk(cast, audit, client):
    photo_id, content = uuid.uuid4(), make.picture(3)

    first = put(client, photo_id, content, audit=audit.pk, item_code="A01")
    again = put(client, photo_id, content, audit=audit.pk, item_code="A01")

    photo = EvidencePhoto.objects.get()
    sha256 = hashlib.sha256(content).hexdigest()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    assert {name: first.data[name] for name in ("id", "sha256", "size", "state")} == {
        "id": str(photo_id), "sha256": sha256, "size": len(content), "state": "stored"
    }  # fmt: skip
    assert files() == [f"evidence/{photo_id.hex[:2]}/{photo_id}-{sha256[:16]}.jpg"]
    assert store.absolute(photo.path).read_bytes() == content
    assert (photo.station, photo.item.code, photo.uploaded_by) == (
        cast.station, "A01", cast.inspector
    )  # fmt: skip
    assert HistoryEntry.objects.filter(action="photo.attach").count() == 1


# ---- the order: 404, 409, 413, 400 ----


@pytest.mark.parametrize(
    "wrong",
    [{}, {"sha256": "no"}, {"sha256": None}, {"file": None}, {"taken_at": "soon"}, {"kind": "odd"}],
)
def test_scope_comes_first_whatever_else_is_wrong(cast, audit, api, wrong):
    for person in (cast.stranger, cast.inspector2, cast.head):
        refused = put(api(person), uuid.uuid4(), audit=audit.pk, **wrong)
        assert (refused.status_code, refused.data["code"]) == (404, "not_found")
    unknown = put(api(cast.inspector), uuid.uuid4(), audit=uuid.uuid4(), **wrong)
    assert (unknown.status_code, unknown.data["code"]) == (404, "not_found")
    assert nothing_left()


def test_finding_out_of_scope_is_not_found(cast, task, api):
    make.submitted(task, A02="fail")
    photos = EvidencePhoto.objects.count()

    refused = put(api(cast.stranger), uuid.uuid4(), finding=Finding.objects.get().pk, kind="after")

    assert (refused.status_code, EvidencePhoto.objects.count()) == (404, photos)


def test_id_with_other_bytes_is_409_before_size_and_format(audit, client, monkeypatch):
    photo_id = uuid.uuid4()
    put(client, photo_id, audit=audit.pk)
    monkeypatch.setattr(evidence, "MAX_BYTES", 100)

    for other in (make.picture(4), b"", b"%PDF-1.7", bytes(1000)):
        refused = put(client, photo_id, other, audit=audit.pk)
        assert (refused.status_code, refused.data["code"]) == (409, "id_has_other_bytes")
    assert len(files()) == EvidencePhoto.objects.count() == 1


def test_id_of_a_photo_elsewhere_is_409(cast, audit, client):
    photo_id = uuid.uuid4()
    put(client, photo_id, audit=audit.pk, item_code="A01")
    make.assignment(cast.bureau, cast.inspector, cast.other_station)

    refused = put(client, photo_id, audit=audit.pk, item_code="A02")

    assert (refused.status_code, refused.data["code"]) == (409, "id_used_elsewhere")


def test_repeat_whose_bytes_are_not_those_named_is_no_receipt(audit, client):
    photo_id, content = uuid.uuid4(), make.picture(3)
    put(client, photo_id, content, audit=audit.pk)
    sha256 = hashlib.sha256(content).hexdigest()

    for other in (make.picture(4), content[:500], b""):
        refused = put(client, photo_id, other, audit=audit.pk, sha256=sha256)
        assert (refused.status_code, refused.data["errors"][0]["code"]) == (400, "hash_mismatch")


def test_over_thirty_megabytes_is_413_before_hash_and_format(audit, client):
    refused = put(
        client, uuid.uuid4(), bytes(evidence.MAX_BYTES + 1), audit=audit.pk, sha256="0" * 64
    )

    assert (refused.status_code, refused.data["code"]) == (413, "too_large")
    assert nothing_left()


def test_body_far_too_large_is_413_unread(client):
    refused = client.put(
        f"/api/v1/photos/{uuid.uuid4()}/", b"", content_type="multipart/form-data; boundary=x",
        headers={"content-length": "100000000"}, CONTENT_LENGTH="100000000",
    )  # fmt: skip

    assert (refused.status_code, refused.data["code"]) == (413, "too_large")


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [cut, flipped, lambda content: b"", lambda content: content + b"x"]
)
def test_bytes_other_than_the_phone_s_are_400(audit, client, damage):
    content = make.picture(3)

    refused = put(
        client, uuid.uuid4(), damage(content), audit=audit.pk,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip

    assert (refused.status_code, refused.data["code"]) == (400, "invalid")
    assert refused.data["errors"] == [
        {
            "field": "file",
            "code": "hash_mismatch",
            "message": "照片没有传完整，请重试；手机里的照片还在。",
        }
    ]
    assert nothing_left()


NO_PHOTOS = {
    "empty": (b"", "hash_mismatch"),
    "pdf": (b"%PDF-1.7\n" + bytes(4000), "unsupported_format"),
    "text": ("这不是照片".encode() * 100, "not_a_picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 50, "unsupported_format"),
    "gif": (drawn.saved(drawn.quarters(), "GIF"), "unsupported_format"),
    "tiff": (drawn.saved(drawn.quarters(), "TIFF"), "unsupported_format"),
    "cut": (cut(drawn.saved(drawn.scene(1))), "truncated"),
    "small": (drawn.saved(drawn.quarters((199, 400))), "side_too_small"),
    "long": (drawn.flat_png(12_050, 200), "side_too_large"),
    "bomb": (drawn.flat_png(12_000, 12_000), "too_many_pixels"),
    "claimed": (
        drawn.with_size(drawn.saved(drawn.quarters()), (11_000, 11_000)),
        "too_many_pixels",
    ),
    "moving": (
        drawn.saved(
            drawn.quarters(), "WEBP", save_all=True, append_images=[drawn.scene(2, (400, 240))]
        ),
        "animated",
    ),
}


@pytest.mark.parametrize("kind", NO_PHOTOS)
def test_no_photo_is_400_with_a_sentence(audit, client, kind):
    content, code = NO_PHOTOS[kind]

    refused = put(client, uuid.uuid4(), content, audit=audit.pk)

    [error] = refused.data["errors"]
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert (error["field"], error["code"]) == ("file", code)
    assert error["message"] == refused.data["detail"]
    assert "照片" in error["message"] or "图" in error["message"]
    assert nothing_left()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_phone_formats_are_taken(audit, client, kind):
    assert (
        put(client, uuid.uuid4(), drawn.saved(drawn.scene(1), kind), audit=audit.pk).status_code
        == 201
    )


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"audit": None}, ["audit"]),
        ({"finding": 1}, ["audit"]),
        ({"audit": "x"}, ["audit"]),
        ({"file": None}, ["file"]),
        ({"sha256": None, "file": None}, ["file", "sha256"]),
        ({"sha256": "z" * 64}, ["sha256"]),
        ({"kind": "selfie"}, ["kind"]),
        ({"taken_at": "yesterday"}, ["taken_at"]),
        ({"item_code": "Z99"}, ["item_code"]),
        ({"kind": "after"}, ["kind"]),
    ],
)
def test_wrong_fields_are_named(audit, client, fields, named):
    refused = put(client, uuid.uuid4(), **({"audit": audit.pk} | fields))

    assert refused.status_code == 400
    assert [error["field"] for error in refused.data["errors"]] == named
    assert nothing_left()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.jpg",
        "..\\x",
        "照片.jpg",
        "x" * 4000 + ".jpg",
        "a.php.jpg",
        "CON",
        "\u202egpj.exe",
    ],
)
def test_file_s_own_name_means_nothing(audit, client, name):
    sent = put(client, uuid.uuid4(), audit=audit.pk, name=name)

    assert sent.status_code == 201
    assert [path.split("/")[0] for path in files()] == ["evidence"]
