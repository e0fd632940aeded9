"""Parse, validate, hash, check, store, insert. The work nobody can leave out, and only that."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParser
from django.utils import timezone

from audits import images
from bench.bare import files
from bench.bare.models import Answer, Audit, Photo

RESULTS = {"pass", "partial", "fail", "na", "unable"}
SHA256 = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[A-Z]+[0-9]{2}")


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def start(request: HttpRequest, id: UUID) -> JsonResponse:
    given = json.loads(request.body)
    started_at = dt.datetime.fromisoformat(given["started_at"])
    Audit.objects.create(id=id, assignment=int(given["assignment"]), started_at=started_at)
    return JsonResponse({"id": str(id)}, status=201)


def answers(request: HttpRequest, id: UUID) -> JsonResponse:
    rows = [_answer(id, one) for one in json.loads(request.body)["answers"]]
    Answer.objects.bulk_create(rows)
    return JsonResponse({"answers": [{"item_code": row.item_code, "status": 201} for row in rows]})


def _answer(audit_id: UUID, given: dict[str, Any]) -> Answer:
    if given["result"] not in RESULTS or not CODE.fullmatch(given["item_code"]):
        raise ValueError(given)
    if given["result"] != "pass" and not given["note"].strip():
        raise ValueError(given)
    return Answer(
        audit_id=audit_id,
        item_code=given["item_code"],
        result=given["result"],
        note=given["note"],
        answered_at=dt.datetime.fromisoformat(given["answered_at"]),
    )


def photo(request: HttpRequest, id: UUID) -> JsonResponse:
    fields, uploads = MultiPartParser(request.META, request, request.upload_handlers).parse()
    return _stored(id, fields, uploads["file"], is_checked=True)


def _stored(id: UUID, fields: Any, upload: Any, *, is_checked: bool) -> JsonResponse:
    if not SHA256.fullmatch(fields["sha256"]) or not CODE.fullmatch(fields["item_code"]):
        raise ValueError(fields)
    draft, sha256, size = files.receive(upload.chunks())
    if sha256 != fields["sha256"]:
        raise ValueError("hash")
    if is_checked:
        images.inspect(draft)
    name = f"{id.hex[:2]}/{id}.jpg"
    files.keep(draft, name, is_synced=is_checked)
    Photo.objects.create(
        id=id,
        audit_id=UUID(fields["audit"]),
        item_code=fields["item_code"],
        sha256=sha256,
        size=size,
        path=name,
        taken_at=dt.datetime.fromisoformat(fields["taken_at"]),
    )
    return JsonResponse({"id": str(id), "sha256": sha256, "size": size}, status=201)


def submit(request: HttpRequest, id: UUID) -> JsonResponse:
    photos = [str(UUID(photo_id)) for photo_id in json.loads(request.body)["photos"]]
    Audit.objects.filter(pk=id).update(declared=photos, submitted_at=timezone.now())
    return JsonResponse({"state": "submitted", "photos_declared": len(photos)})


def whole(request: HttpRequest, id: UUID) -> JsonResponse:
    """The same audit in one request, without decoding and without fsync."""
    fields, uploads = MultiPartParser(request.META, request, request.upload_handlers).parse()
    given = json.loads(fields["audit"])
    with transaction.atomic():
        Audit.objects.create(
            id=id, assignment=given["assignment"], submitted_at=timezone.now(),
            started_at=dt.datetime.fromisoformat(given["started_at"]),
        )  # fmt: skip
        Answer.objects.bulk_create(_answer(id, one) for one in given["answers"])
        for about in given["photos"]:
            about["audit"] = str(id)
            _stored(UUID(about["id"]), about, uploads[about["id"]], is_checked=False)
    return JsonResponse({"state": "submitted"}, status=201)
