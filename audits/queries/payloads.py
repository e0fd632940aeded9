"""What a phone takes along: a sheet with its answers so far and what the last round said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from audits import deadlines
from audits.models import Assignment, Audit, AuditRevision, EvidencePhoto
from checklists import queries as checklists


def sheet_payload(assignment: Assignment, *, with_draft: bool = True) -> dict[str, Any]:
    """`audit`, the answers as they stand, is null without `with_draft` or before the start."""
    station, audit = assignment.station, getattr(assignment, "audit", None)
    return {
        "assignment": assignment.pk,
        "round": {
            "id": assignment.round_id,
            "name": assignment.round.name,
            "kind": assignment.round.kind,
        },
        "due_on": assignment.due_on,
        "status": assignment.status,
        "station": {
            "code": station.code,
            "name": station.name,
            "short_name": station.short_name,
            "kind": station.kind,
            "region": station.region.code,
            "region_name": station.region.name,
            "address": station.address,
            "phone": station.phone,
        },
        "checklist": {
            "slug": assignment.version.checklist.slug,
            "version": assignment.version.number,
            "hash": assignment.version.content_hash,
            "grades": assignment.version.grades,
        },
        "sections": _with_last_round(
            checklists.sheet(assignment.version, station.kind), last_revision(assignment)
        ),
        "audit": _so_far(audit) if audit and with_draft else None,
    }


def _so_far(audit: Audit) -> dict[str, Any]:
    return {
        "id": str(audit.pk),
        "state": audit.state,
        "revision": audit.revision,
        "answers": answers(audit),
        "photos": photos(audit),
    }


def answers(audit: Audit) -> list[dict[str, Any]]:
    rows = audit.answers.select_related("item", "answered_by").order_by("item__order")
    return [
        {
            "item_code": answer.item.code,
            "result": answer.result,
            "note": answer.note,
            "version": answer.version,
            "answered_at": answer.answered_at,
            "answered_by": str(answer.answered_by),
        }
        for answer in rows
    ]


def photos(audit: Audit) -> list[dict[str, Any]]:
    return [photo_link(photo) for photo in audit.photos.select_related("item")]


def photo_link(photo: EvidencePhoto) -> dict[str, Any]:
    return {
        "id": str(photo.pk),
        "item_code": photo.item.code if photo.item else None,
        "kind": photo.kind,
        "sha256": photo.sha256,
        "size": photo.size,
        "state": photo.state,
        "taken_at": photo.taken_at,
        "received_at": photo.received_at,
        "marks": photo.marks or [],
        "thumbnail": photo_url(photo.pk, "thumbnail"),
        "display": photo_url(photo.pk, "display"),
    }


def photo_url(photo_id: UUID | str, variant: str) -> str:
    return reverse(f"photo-{variant}", args=[photo_id])


def _with_last_round(
    sections: list[dict[str, Any]], revision: AuditRevision | None
) -> list[dict[str, Any]]:
    """Each item's `last`: its result, note and photos in the submission before this round."""
    before = {item["code"]: item for item in revision.tree["items"]} if revision else {}
    for section in sections:
        for item in section["items"]:
            held = before.get(item["code"])
            item["last"] = _last(held, revision) if held and revision else None
    return sections


def _last(item: dict[str, Any], revision: AuditRevision) -> dict[str, Any]:
    return {
        "round": revision.audit.assignment.round.name,
        "on": deadlines.local_day(revision.submitted_at),
        "result": item["result"],
        "note": item["note"],
        "photos": [
            {
                "id": photo["id"],
                "thumbnail": photo_url(photo["id"], "thumbnail"),
                "display": photo_url(photo["id"], "display"),
            }
            for photo in item["photos"]
        ],
    }


def last_revision(assignment: Assignment) -> AuditRevision | None:
    rows = AuditRevision.objects.filter(
        audit__assignment__station=assignment.station_id,
        audit__assignment__round__starts_on__lt=assignment.round.starts_on,
    ).select_related("audit__assignment__round")
    return rows.order_by("-submitted_at", "-number").first()
