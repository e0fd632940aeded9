"""The same picture again: byte for byte, or re-saved, made smaller, cropped.

Two pictures whose coarse prints differ in at most eight of 63 bits share one of three bands of 21
bits but for two bits. 3 × 232 look-ups in an index find every one of them, however many photos
there are; a band of 21 bits has few strangers in it even among millions of prints.
The fine print then says which of those near are the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from uuid import UUID

from django.db import connection
from django.db.models import Q

from audits.images import COARSE_LIMIT, Print
from audits.models import EvidencePhoto, PhotoPrint
from audits.models.prints import BANDS

BITS = 21
WRONG = 2  # bits, in the best of three bands, of two prints within COARSE_LIMIT
SHOWN = 20  # of one picture used a hundred times, enough to judge it
AT_ONCE = 5_000
SELECT = f"SELECT id, {', '.join(BANDS)} FROM {PhotoPrint._meta.db_table}"
CHANGES = [
    sum(1 << bit for bit in bits)
    for wrong in range(WRONG + 1)
    for bits in combinations(range(BITS), wrong)
]


def keep(photo: EvidencePhoto, prints: Iterable[Print]) -> None:
    """Stored before anyone looks for twins: of two photos processed at once one sees the other."""
    PhotoPrint.objects.bulk_create([row(photo, one) for one in prints], ignore_conflicts=True)


def row(photo: EvidencePhoto, one: Print) -> PhotoPrint:
    named = dict(zip(BANDS, bands(one.coarse), strict=True))
    return PhotoPrint(photo=photo, view=one.view, fine=one.fine.to_bytes(32, "big"), **named)


def bands(coarse: int) -> tuple[int, int, int]:
    return coarse >> 2 * BITS, coarse >> BITS & (1 << BITS) - 1, coarse & (1 << BITS) - 1


def _joined(b0: int, b1: int, b2: int) -> int:
    return b0 << 2 * BITS | b1 << BITS | b2


def exact(photo: EvidencePhoto) -> list[EvidencePhoto]:
    same = EvidencePhoto.objects.filter(sha256=photo.sha256).exclude(pk=photo.pk)
    return list(same.order_by("received_at", "pk")[:SHOWN])


def near(photo: EvidencePhoto) -> list[EvidencePhoto]:
    """Those it shows again, whole or cut out of them, and those cut out of it; not of the same case,
    where before and after are meant to look alike."""
    prints = [one for _, one in _stored(Q(photo=photo))]
    rows = EvidencePhoto.objects.filter(pk__in=alike(prints) - {photo.pk})
    rows = rows.exclude(sha256=photo.sha256).exclude(kind=EvidencePhoto.Kind.SIGNATURE)
    return list(rows.exclude(_same_case(photo)).order_by("received_at", "pk")[:SHOWN])


def alike(prints: list[Print]) -> set[UUID]:
    """Photos of which one view looks like this whole, or whose whole looks like one of these views."""
    whole, cuts = [one for one in prints if not one.view], [one for one in prints if one.view]
    return _showing(whole, "") | _showing(cuts, " AND view = 0")


def _showing(prints: list[Print], only: str) -> set[UUID]:
    if not prints:
        return set()
    close = sorted({pk for number in range(len(BANDS)) for pk in _close(prints, only, number)})
    return {
        photo_id
        for start in range(0, len(close), AT_ONCE)
        for photo_id, other in _stored(Q(pk__in=close[start : start + AT_ONCE]))
        if any(one.is_like(other) for one in prints)
    }


def _close(prints: list[Print], only: str, number: int) -> Iterator[int]:
    """One band at a time: asked for all three at once, SQLite reads the whole table. As text: the
    databases look thousands of numbers up in the time Django needs to bind a hundred; in order,
    because they sort them anyhow, and Python does it in half the time."""
    coarse = [one.coarse for one in prints]
    own = {bands(one)[number] for one in coarse}
    values = {value ^ change for value in own for change in CHANGES}
    listed = str(sorted(values))[1:-1]
    with connection.cursor() as cursor:
        cursor.execute(f"{SELECT} WHERE {BANDS[number]} IN ({listed}){only}")
        for pk, *its in cursor:
            other = _joined(*its)
            if any((other ^ one).bit_count() <= COARSE_LIMIT for one in coarse):
                yield pk


def _stored(which: Q) -> Iterator[tuple[UUID, Print]]:
    rows = PhotoPrint.objects.filter(which)
    for photo_id, view, b0, b1, b2, fine in rows.values_list("photo_id", "view", *BANDS, "fine"):
        yield photo_id, Print(view, _joined(b0, b1, b2), int.from_bytes(fine, "big"))


def _same_case(photo: EvidencePhoto) -> Q:
    """The item as the visit saw it, and all that belongs to the problem it raised."""
    finding = photo.finding
    if finding is not None:
        same = Q(finding=finding)
        if finding.audit_id and finding.item_id:
            same |= Q(audit=finding.audit_id, item=finding.item_id)
        return same
    if photo.item_id is None:
        return Q(pk__in=[])
    return Q(audit=photo.audit_id, item=photo.item_id) | Q(
        finding__audit=photo.audit_id, finding__item=photo.item_id
    )
