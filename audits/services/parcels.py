"""待传包: what a stuck phone could not send, handed in for its owner by somebody at a desk.

Everything goes through the same services as if the phone had sent it, as its owner; history says
who carried it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audits import queries
from audits.models import Answer, Assignment, Audit, Finding, Rectification
from audits.services import audits, evidence, findings
from stations import access
from stations.models import User
from stations.refusals import Refusal, bad_field
from stations.services import history

MOST_ENTRIES, MOST_BYTES = 2000, 1024 * 1024 * 1024
MANIFEST = "parcel.json"
NOT_A_PARCEL = (
    zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, AttributeError, RuntimeError
)  # fmt: skip


@dataclass
class Outcome:
    """`lines`: one per answer, photo and rectification, {what, id, item_code, status: new|held|refused, message}."""

    owner: User
    lines: list[dict[str, Any]] = field(default_factory=list)

    def count(self, status: str) -> int:
        return sum(line["status"] == status for line in self.lines)


def import_parcel(*, file: IO[bytes], by: User, now: dt.datetime) -> Outcome:
    access.require(by, "photos.import")
    try:
        with zipfile.ZipFile(file) as parcel:
            told = _told(parcel)
            owner = _owner(told)
            outcome = Outcome(owner)
            for one in told["audits"]:
                _audit(one, owner, by, now, outcome)
            for one in told["photos"]:
                _photo(parcel, one, owner, by, now, outcome)
            for one in told.get("rectifications", []):  # phones of before 整改 have none
                _rectification(one, owner, by, now, outcome)
    except NOT_A_PARCEL as error:
        raise bad_field("file", "not_a_parcel", _("这不是待传包，或已损坏。")) from error
    history.record(
        by=by, action="parcel.import", at=now, subject=f"user:{owner.username}",
        new=outcome.count("new"), held=outcome.count("held"), refused=outcome.count("refused"),
        device=str(told.get("device", ""))[:40],
    )  # fmt: skip
    return outcome


def _told(parcel: zipfile.ZipFile) -> dict[str, Any]:
    entries = parcel.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refusal("too_large", _("待传包太大，请分开导出。"), status=413)
    told = json.loads(parcel.read(MANIFEST))
    if told["version"] != 1:
        raise ValueError(told["version"])
    return dict(told)


def _owner(told: dict[str, Any]) -> User:
    roles = [User.Role.INSPECTOR, User.Role.STATION_HEAD]
    owner = User.objects.filter(username=str(told["person"]), role__in=roles).first()
    if owner is None:
        raise bad_field("file", "unknown_person", _("没有这个检查员或站长。"))
    return owner


def _audit(told: dict[str, Any], owner: User, by: User, now: dt.datetime, outcome: Outcome) -> None:
    answers = [
        audits.AnswerInput(
            str(one["item_code"]), str(one["result"]), str(one["note"] or ""),
            _moment(one["answered_at"], now), one["base_version"],
        )
        for one in told["answers"]
        if one["result"] in Answer.Result.values
    ]  # fmt: skip
    try:
        audit = _started(told, owner, by, now)
        found = audits.record_answers(audit=audit, answers=answers, by=owner, now=now)
    except Refusal as refusal:
        outcome.lines.append(_line("audit", str(told["id"]), "", "refused", refusal.message))
        return
    for one in found:
        status = {201: "new", 200: "new"}.get(one["status"], "refused")
        outcome.lines.append(
            _line("answer", str(audit.pk), one["item_code"], status, one.get("message", ""))
        )


def _started(told: dict[str, Any], owner: User, by: User, now: dt.datetime) -> Audit:
    """The owner's own audit, and one that whoever brings the parcel may see."""
    rows = Assignment.objects.visible_to(by).filter(inspector=owner)
    assignment = rows.filter(pk=int(told["assignment"])).first()
    if assignment is None:
        raise _not_found()
    held = Audit.objects.filter(assignment=assignment).first()
    if held:
        return held
    audit, _created = audits.start_audit(
        id=UUID(told["id"]), assignment=assignment, by=owner, now=now,
        started_at=_moment(told["started_at"], now), checklist=str(told.get("checklist") or ""),
    )  # fmt: skip
    return audit


def _photo(
    parcel: zipfile.ZipFile,
    told: dict[str, Any],
    owner: User,
    by: User,
    now: dt.datetime,
    outcome: Outcome,
) -> None:
    code = str(told.get("item_code") or "")
    try:
        content = parcel.read(f"photos/{UUID(told['id'])}")
        created = _attached(told, code, content, owner, by, now)
        status, message = "new" if created else "held", ""
    except Refusal as refusal:
        status, message = "refused", refusal.message
    except KeyError:
        status, message = "refused", _("包里没有这张照片的文件。")
    outcome.lines.append(_line("photo", str(told["id"]), code, status, message))


def _attached(
    told: dict[str, Any], code: str, content: bytes, owner: User, by: User, now: dt.datetime
) -> bool:
    exif, marks = json.loads(told.get("exif") or "{}"), json.loads(told.get("marks") or "[]")
    _kept, created = evidence.attach_photo(
        id=UUID(told["id"]),
        subject=_subject(told, code, owner, by),
        kind=str(told["kind"]),
        sha256=hashlib.sha256(content).hexdigest() if not told.get("sha256") else told["sha256"],
        file=ContentFile(content, name="photo"),
        capture=evidence.Capture(
            taken_at=_moment(told["taken_at"], now),
            exif={**(exif if isinstance(exif, dict) else {}), "carried": "parcel"},
            marks=marks,
        ),
        by=owner,
        now=now,
        carried_by=by,
    )
    return created


def _subject(told: dict[str, Any], code: str, owner: User, by: User) -> evidence.Subject:
    if "finding" in told:
        return evidence.Subject(finding=_finding(int(told["finding"]), owner, by))
    rows = Audit.objects.visible_to(by).select_related(
        "assignment__station", "assignment__version", "assignment__round"
    )
    audit = rows.filter(pk=UUID(told["audit"])).first()
    if audit is None:
        raise _not_found()
    item = next((one for one in queries.items_of(audit) if one.code == code), None)
    if code and item is None:
        raise bad_field("item_code", "unknown_item", _("这张检查表没有这一项。"))
    return evidence.Subject(audit=audit, item=item)


def _finding(pk: int, owner: User, by: User) -> Finding:
    """Of the owner's station, and one that whoever brings the parcel may see."""
    rows = Finding.objects.visible_to(by)
    found = rows.filter(pk__in=Finding.objects.visible_to(owner).filter(pk=pk).values("pk")).first()
    if found is None:
        raise _not_found()
    return found


def _rectification(
    told: dict[str, Any], owner: User, by: User, now: dt.datetime, outcome: Outcome
) -> None:
    words = {"measure": str(told["measure"])[:2000], "person": str(told["person"])[:40]}
    photos = [UUID(one) for one in told["photos"]]
    status, message = "new", ""
    try:
        finding = _finding(int(told["finding"]), owner, by)
        if _is_handed_in(finding, photos, words["measure"], owner):
            status = "held"
        else:
            _hand_in(finding, photos, words, owner, by, now)
    except Refusal as refusal:
        status, message = "refused", refusal.message
    outcome.lines.append(_line("rectification", str(told["finding"]), "", status, message))


def _hand_in(
    finding: Finding, photos: list[UUID], words: dict[str, str], owner: User, by: User,
    now: dt.datetime,
) -> None:  # fmt: skip
    carrier = by.username
    with transaction.atomic():
        if finding.status == Finding.Status.OPEN:
            findings.start(finding=finding, by=owner, now=now, carried_by=carrier, **words)
        findings.submit(
            finding=finding, photos=photos, by=owner, now=now, carried_by=carrier, **words
        )
        history.record(
            by=by, action="rectification.import", at=now, subject=f"finding:{finding.pk}",
            station=finding.station_id, owner=owner.username,
        )  # fmt: skip


def _is_handed_in(finding: Finding, photos: list[UUID], measure: str, owner: User) -> bool:
    attempts = Rectification.objects.filter(finding=finding, submitted_by=owner, measure=measure)
    return any({photo.pk for photo in one.photos.all()} == set(photos) for one in attempts)


def _not_found() -> Refusal:
    return Refusal("not_found", _("没有找到，或不在您的范围内。"), status=404)


def _moment(text: Any, now: dt.datetime) -> dt.datetime:
    found = parse_datetime(str(text))
    return found if found and found.tzinfo else now


def _line(what: str, id: str, item_code: str, status: str, message: str) -> dict[str, Any]:
    return {"what": what, "id": id, "item_code": item_code, "status": status, "message": message}
