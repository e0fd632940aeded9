"""Pictures of an activity: looked at like evidence, kept beside it, copies drawn by the worker."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audits import images, outbox, store
from stations.models import User
from stations.refusals import Refusal, bad_field, conflict
from stations.services import history
from targets.models import Activity, ActivityPhoto

MAX_BYTES = 30 * 1024 * 1024
MOST = 12
FOLDER = "activities"


def attach_photo(
    *, activity: Activity, file: File[bytes], by: User, now: dt.datetime
) -> ActivityPhoto:
    """The same picture sent again gives the one already there."""
    if activity.withdrawn_at:
        raise conflict("withdrawn", _("这条记录已经撤销。"))
    if (file.size or 0) > MAX_BYTES:
        raise Refusal("too_large", _("照片超过 30 MB，请换一张。"), status=413)
    try:
        incoming = store.receive(file.chunks())
    except OSError as error:
        raise Refusal("storage_full", _("服务器暂时存不下，请稍后重试。"), status=507) from error
    try:
        return _kept(activity, incoming, by, now)
    finally:
        store.discard(incoming)


def _kept(
    activity: Activity, incoming: store.Incoming, by: User, now: dt.datetime
) -> ActivityPhoto:
    if held := activity.photos.filter(sha256=incoming.sha256).first():
        return held
    if activity.photos.count() >= MOST:
        raise conflict("too_many", _("一次活动最多放 12 张照片。"))
    picture = _inspected(incoming)
    id = uuid4()
    photo = ActivityPhoto(
        id=id, activity=activity, sha256=incoming.sha256, size=incoming.size, mime=picture.mime,
        path=f"{FOLDER}/{id.hex[:2]}/{id}.{picture.extension}", received_at=now, uploaded_by=by,
    )  # fmt: skip
    store.keep(incoming, photo.path)
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
            history.record(
                by=by, action="activity.photo", at=now, subject=activity.subject,
                sha256=photo.sha256,
            )  # fmt: skip
            outbox.queue("activity.photo", [photo.pk], now=now)
    except IntegrityError:
        store.remove(photo.path)
        return activity.photos.get(sha256=incoming.sha256)
    return photo


def _inspected(incoming: store.Incoming) -> images.Picture:
    try:
        return images.inspect(incoming.path)
    except images.PictureRefused as refused:
        raise bad_field("file", refused.code, _(refused.message_zh)) from refused
