"""疑点照片: what waits for a person's judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audits.models import EvidencePhoto, PhotoFlag
from stations.models import User


def suspicious(user: User, region: str = "", *, is_judged: bool = False) -> QuerySet[EvidencePhoto]:
    """Photos in scope with an open flag, or with one judged; the newest first, those flags at hand
    as `shown_flags`, with `is_reached` where the viewer may open the twin. Of two alike that both
    belong here only the later is shown, with the earlier beside it."""
    rows = EvidencePhoto.objects.visible_to(user)
    reached = rows.filter(pk=OuterRef("other"))
    if region:
        rows = rows.filter(station__region__path__contains=f"{region}/")
    flags = PhotoFlag.objects.judged() if is_judged else leading(rows)
    shown = flags.select_related("other__station", "verdict_by").order_by("kind", "pk")
    own = EvidencePhoto.objects.filter(_own(user), pk__in=[OuterRef("photo"), OuterRef("other")])
    shown = shown.annotate(is_reached=Exists(reached), is_own=Exists(own))
    return (
        rows.filter(pk__in=flags.values("photo"), station__is_practice=False)
        .select_related("station__region", "item", "finding__item", "uploaded_by")
        .prefetch_related(Prefetch("flags", shown, to_attr="shown_flags"))
        .order_by("-received_at", "-pk")
    )


def leading(rows: QuerySet[EvidencePhoto], until: dt.datetime | None = None) -> QuerySet[PhotoFlag]:
    """Open flags, now or at a moment past, but for those that the later of the pair, being among
    `rows`, shows."""
    moment = OuterRef("photo__received_at")
    later = Q(received_at__gt=moment) | Q(received_at=moment, pk__gt=OuterRef("photo"))
    shown = rows.filter(later, pk=OuterRef("other"), station__is_practice=False)
    return PhotoFlag.objects.waiting(until).exclude(Exists(shown))


def may_judge(photo: Any) -> bool:
    """A photo of `suspicious`, all its open flags at once."""
    return not any(flag.is_own for flag in photo.shown_flags)


def pairs(photo: Any) -> list[EvidencePhoto]:
    """The twins to be shown beside a photo of `suspicious`."""
    return [flag.other for flag in photo.shown_flags if flag.other and flag.is_reached][:3]


@dataclass
class FlagGroup:
    """The flags of one kind on one photo; `twins` and what was said of them only where the viewer
    may open them."""

    kind: str
    word: str
    detail: Any
    twins: list[EvidencePhoto] = field(default_factory=list)
    judged: list[PhotoFlag] = field(default_factory=list)
    of_twins: list[PhotoFlag] = field(default_factory=list)
    is_open: bool = False
    may_be_judged: bool = False
    is_own: bool = False  # the viewer's own, one of the two: not theirs to judge


def grouped(user: User, photo: EvidencePhoto) -> list[FlagGroup]:
    raised = list(photo.flags.select_related("other__station", "verdict_by").order_by("kind", "pk"))
    rows = EvidencePhoto.objects.visible_to(user).filter(pk__in=[one.other_id for one in raised])
    reached = set(rows.values_list("pk", flat=True)) if raised else set()
    said = _said_of_twins(photo) if raised else {}
    pair = [photo.pk, *[one.other_id for one in raised]]
    own = set(own_among(user, pair).values_list("pk", flat=True)) if raised else set()
    groups: dict[str, FlagGroup] = {}
    for flag in raised:
        group = groups.setdefault(
            flag.kind, FlagGroup(flag.kind, flag.get_kind_display(), flag.detail)
        )
        _add(group, flag, said.get((flag.other_id, flag.kind)), flag.other_id in reached)
        group.is_own |= bool(own & {photo.pk, flag.other_id})
    return list(groups.values())


def own_among(user: User, ids: Iterable[UUID | None]) -> QuerySet[EvidencePhoto]:
    """Those the person took, or of a station of theirs: not theirs to judge."""
    return EvidencePhoto.objects.filter(_own(user), pk__in=[pk for pk in ids if pk])


def _own(user: User) -> Q:
    return Q(uploaded_by=user) | Q(station__in=user.stations.all())


def _said_of_twins(photo: EvidencePhoto) -> dict[tuple[UUID | None, str], PhotoFlag]:
    flags = PhotoFlag.objects.judged().filter(other=photo).select_related("verdict_by")
    return {(flag.photo_id, flag.kind): flag for flag in flags}


def _add(group: FlagGroup, flag: PhotoFlag, said: PhotoFlag | None, is_reached: bool) -> None:
    group.may_be_judged |= not flag.verdict
    group.is_open |= not flag.verdict and said is None
    if flag.verdict:
        group.judged.append(flag)
    if flag.other and is_reached:
        group.twins.append(flag.other)
        if said:
            group.of_twins.append(said)
