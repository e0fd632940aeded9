"""What a person says of a photo that looked odd. The verdict stays with the flag for good."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audits.models import EvidencePhoto, PhotoFlag
from audits.queries.flags import own_among
from stations import access
from stations.models import User
from stations.refusals import Refusal, conflict
from stations.services import history


@transaction.atomic
def judge(
    *, photo: EvidencePhoto, verdict: str, kind: str = "", by: User, now: dt.datetime
) -> list[PhotoFlag]:
    """The open flags of the photo, or those of one kind, with their verdict."""
    access.require(by, "findings.review")
    rows = PhotoFlag.objects.select_for_update().filter(photo=photo, verdict="")
    flags = list(rows.filter(kind=kind) if kind else rows)
    _refuse_own(photo, flags, by)
    if not flags:
        raise conflict("no_open_flag", _("这张照片没有待判断的疑点，可能别人刚判断过。"))
    for flag in flags:
        flag.verdict, flag.verdict_by, flag.verdict_at = verdict, by, now
    PhotoFlag.objects.bulk_update(flags, ["verdict", "verdict_by", "verdict_at"])
    history.record(
        by=by, action="photo.judge", at=now, subject=f"photo:{photo.pk}",
        station=photo.station_id, verdict=verdict, kinds=sorted({flag.kind for flag in flags}),
    )  # fmt: skip
    return flags


def _refuse_own(photo: EvidencePhoto, flags: list[PhotoFlag], by: User) -> None:
    """A verdict settles the pair: neither of the two may be the judge's own."""
    own = list(own_among(by, [photo.pk, *[flag.other_id for flag in flags]]))
    if any(one.uploaded_by_id == by.pk for one in own):
        raise Refusal("own_photo", _("拍照的人不能判断自己的照片。"), status=403)
    if own:
        raise Refusal("own_station", _("本站账号不能判断本站的照片。"), status=403)
