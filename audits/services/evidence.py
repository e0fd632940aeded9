"""佐证照片: the rules of intake. Receipt only after the bytes are durable and the row committed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audits import deadlines, images, outbox, store
from audits.models import Audit, EvidencePhoto, Finding, FindingEvent
from audits.queries import sightings
from audits.services import audits
from checklists.models import Item
from stations import access
from stations.inserts import Insert
from stations.lookups import Lookup
from stations.models import User
from stations.refusals import Refusal, bad_field, conflict
from stations.services import history

MAX_BYTES = 30 * 1024 * 1024

_held, _photos = Lookup(EvidencePhoto.objects.all), Insert(EvidencePhoto)


@dataclass(frozen=True)
class Subject:
    """What the photo is evidence of: an audit (and its item), or a finding."""

    audit: Audit | None = None
    item: Item | None = None
    finding: Finding | None = None

    @property
    def station_id(self) -> int:
        if self.audit:
            return self.audit.assignment.station_id
        assert self.finding is not None
        return self.finding.station_id

    def is_of(self, photo: EvidencePhoto) -> bool:
        return (photo.audit_id, photo.item_id, photo.finding_id) == (
            self.audit.pk if self.audit else None,
            self.item.pk if self.item else None,
            self.finding.pk if self.finding else None,
        )


@dataclass(frozen=True)
class Capture:
    """What the phone says of the moment; kept and flagged, never refused."""

    taken_at: dt.datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy: Decimal | None = None
    exif: dict[str, Any] = field(default_factory=dict)
    marks: list[dict[str, Any]] = field(default_factory=list)


def attach_photo(
    *,
    id: UUID,
    subject: Subject,
    kind: str,
    sha256: str,
    file: File[bytes],
    capture: Capture,
    by: User,
    now: dt.datetime,
    carried_by: User | None = None,
) -> tuple[EvidencePhoto, bool]:
    """The photo of this id, and whether it was stored now. The first one wins, always.

    `carried_by`: who brought it for `by`, whose phone could not send it.
    """
    if held := _held.get(id):
        _refuse_mismatch(_digest(file), _same(held, subject, sha256).sha256)
        return held, False
    _may_attach(id, subject, kind, by, now)
    with _received(file, sha256) as incoming:
        picture = _inspected(incoming)
        name = f"{store.EVIDENCE}/{id.hex[:2]}/{id}-{sha256[:16]}.{picture.extension}"
        photo = EvidencePhoto(
            id=id,
            station_id=subject.station_id,
            audit=subject.audit,
            item=subject.item,
            finding=subject.finding,
            kind=kind,
            sha256=incoming.sha256,
            size=incoming.size,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            path=name,
            taken_at=capture.taken_at,
            latitude=capture.latitude,
            longitude=capture.longitude,
            accuracy=capture.accuracy,
            exif=capture.exif,
            marks=images.clean_marks(capture.marks) or None,
            received_at=now,
            uploaded_by=by,
        )
        store.keep(incoming, name)
        return _committed(photo, subject, by, now, carried_by)


def _committed(
    photo: EvidencePhoto,
    subject: Subject,
    by: User,
    now: dt.datetime,
    carried_by: User | None = None,
) -> tuple[EvidencePhoto, bool]:
    """The row, or the one that was faster.

    A file is removed only when another one holds this id for good, or none ever will. After any
    other failure it stays for `reconcile`: a parallel copy of the request may be about to need it.
    """
    try:
        with transaction.atomic():
            # Locked first: it may have been submitted while this photo was being read.
            audit = audits.lock(subject.audit) if subject.audit else None
            if audit:
                _refuse_undeclared(photo.pk, audit)
            _photos.add(photo)
            history.record(
                by=carried_by or by, action="photo.import" if carried_by else "photo.attach",
                at=now, subject=f"photo:{photo.pk}", station=photo.station_id,
                sha256=photo.sha256, kind=photo.kind, owner=by.username,
            )  # fmt: skip
            outbox.queue("photo.process", [photo.pk], now=now)
            if audit and audits.complete_if_whole(audit=audit, by=by, now=now):
                outbox.queue("station.changed", [photo.station_id], now=now)
    except (IntegrityError, Refusal) as error:
        winner = EvidencePhoto.objects.filter(pk=photo.pk).first()
        if winner is None:
            if isinstance(error, Refusal):
                store.remove(photo.path)
            raise
        if winner.path != photo.path:
            store.remove(photo.path)
        return _same(winner, subject, photo.sha256), False
    return photo, True


def _same(held: EvidencePhoto, subject: Subject, sha256: str) -> EvidencePhoto:
    if held.sha256 != sha256:
        raise conflict("id_has_other_bytes", _("这个编号已存有另一张照片，请重新拍照。"))
    if not subject.is_of(held):
        raise conflict("id_used_elsewhere", _("这个编号的照片属于另一处，请重新拍照。"))
    return held


def _may_attach(id: UUID, subject: Subject, kind: str, by: User, now: dt.datetime) -> None:
    access.require(by, "photos.add")
    if subject.audit:
        _may_attach_to_audit(id, subject.audit, kind, by)
    else:
        _may_attach_to_finding(subject, kind, by, now)


def _may_attach_to_audit(id: UUID, audit: Audit, kind: str, by: User) -> None:
    if not audit.is_filled_by(by):
        raise Refusal("not_allowed", _("只有这次检查的检查员能传照片。"), status=403)
    if kind not in {EvidencePhoto.Kind.SITE, EvidencePhoto.Kind.SIGNATURE}:
        raise bad_field("kind", "not_for_audit", _("检查照片只能是现场照片或签名。"))
    _refuse_undeclared(id, audit)


def _refuse_undeclared(id: UUID, audit: Audit) -> None:
    if not audit.is_open and str(id) not in audit.declared:
        raise conflict("audit_submitted", _("检查已提交，不能再加照片。"), state=audit.state)


def _may_attach_to_finding(subject: Subject, kind: str, by: User, now: dt.datetime) -> None:
    finding = subject.finding
    assert finding is not None
    if kind == EvidencePhoto.Kind.AFTER:
        if not _may_show_it_fixed(finding, by, now):
            access.require(by, "findings.rectify")
    elif kind == EvidencePhoto.Kind.SITE:
        access.require(by, "findings.review")
    elif kind == EvidencePhoto.Kind.BEFORE:
        access.require(by, "findings.raise")
    else:
        raise bad_field("kind", "not_for_finding", _("问题照片只能是整改前、整改后或现场照片。"))
    if not _takes(finding, kind, by):
        raise conflict("illegal_move", _("这个问题现在不能加照片。"), present_status=finding.status)


def _may_show_it_fixed(finding: Finding, by: User, now: dt.datetime) -> bool:
    """立行立改: who saw it failing that day also shows it put right."""
    today = deadlines.local_day(now)
    return sightings.may_be_fixed(finding, by, today)


def _takes(finding: Finding, kind: str, by: User) -> bool:
    """The picture of what was seen may follow its words late, whatever has become of the problem."""
    if kind != EvidencePhoto.Kind.BEFORE:
        return finding.status in Finding.UNSOLVED
    seen = finding.events.filter(kind__in=FindingEvent.SEEN, by=by)
    return finding.status in Finding.ACTIVE or seen.exists()


@contextmanager
def _received(file: File[bytes], sha256: str) -> Iterator[store.Incoming]:
    if (file.size or 0) > MAX_BYTES:
        raise too_large()
    try:
        incoming = store.receive(file.chunks())
    except OSError as error:
        raise Refusal("storage_full", _("服务器暂时存不下，请稍后重试。"), status=507) from error
    try:
        _refuse_mismatch(incoming.sha256 if incoming.size else "", sha256)
        yield incoming
    finally:
        store.discard(incoming)


def _refuse_mismatch(received: str, sha256: str) -> None:
    if received != sha256:
        raise bad_field("file", "hash_mismatch", _("照片没有传完整，请重试；手机里的照片还在。"))


def _digest(file: File[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def too_large() -> Refusal:
    return Refusal("too_large", _("照片超过 30 MB，请用普通拍照模式重拍。"), status=413)


def _inspected(incoming: store.Incoming) -> images.Picture:
    try:
        return images.inspect(incoming.path)
    except images.PictureRefused as refused:
        raise bad_field("file", refused.code, _(refused.message_zh)) from refused


def attach_original(
    *, photo: EvidencePhoto, sha256: str, file: File[bytes], by: User, now: dt.datetime
) -> tuple[EvidencePhoto, bool]:
    """The camera's untouched file behind a smaller copy already held."""
    if photo.original_sha256:
        if photo.original_sha256 != sha256:
            raise conflict("id_has_other_bytes", _("这张照片已存有另一个原图。"))
        _refuse_mismatch(_digest(file), sha256)
        return photo, False
    if photo.uploaded_by_id != by.pk:
        raise Refusal("not_allowed", _("只有拍照的人能传原图。"), status=403)
    with _received(file, sha256) as incoming:
        picture = _inspected(incoming)
        name = f"{store.EVIDENCE}/{photo.pk.hex[:2]}/{photo.pk}-{sha256[:16]}-o.{picture.extension}"
        store.keep(incoming, name)
        with transaction.atomic():
            first = EvidencePhoto.objects.filter(pk=photo.pk, original_sha256="").update(
                original_sha256=incoming.sha256, original_size=incoming.size,
                original_mime=picture.mime, original_path=name, original_received_at=now,
            )  # fmt: skip
            history.record(
                by=by, action="photo.original", at=now, subject=f"photo:{photo.pk}",
                station=photo.station_id, sha256=incoming.sha256,
            )  # fmt: skip
    photo.refresh_from_db()
    if not first and photo.original_path != name:
        store.remove(name)
    return photo, bool(first)
